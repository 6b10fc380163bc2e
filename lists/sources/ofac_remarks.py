"""OFAC's remarks, where its CSV form keeps all that has no column: read strictly into labelled values.

A remark is a run of segments joined by "; " and closed by a full stop: `DOB 28 Jul 1963; POB Belize; Passport
P0017003 (Belize) issued 1 Jan 2001; alt. Passport …; a.k.a. 'BURTON'; Linked To: MAHAN AIR.` Labels are those of
classic XML. A segment that is not wholly understood is kept, word for word, as the rest.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from core.errors import ListContentError
from lists.countries import country
from lists.dates import partial_date
from lists.entity import NameType, Quality
from lists.identifiers import canonical, labels
from lists.sources.ofac_entry import AUTHORITY, Entry
from lists.sources.ofac_labels import Said, say
from lists.xml import squeeze

PREFIXES = {
    "DOB": "Birthdate",
    "POB": "Place of Birth",
    "nationality": "Nationality Country",
    "citizen": "Citizenship Country",
}
"""How remarks (and Enhanced XML's `publishDescription`) abbreviate the four features of a birth."""

COUNTRY_LABELS = frozenset({"Nationality Country", "Citizenship Country"})

PHONES = {
    "Telephone": "phone",
    "Telephone No.": "phone",
    "Telephone Number": "phone",
    "Phone No.": "phone",
    "Fax": "fax",
    "Fax No.": "fax",
    "Fax Number": "fax",
}
"""Numbers that stand in remarks alone; classic XML has no label for them."""

_ALTERNATIVE = re.compile(r"^alt\. ")
_QUOTED_NAME = re.compile(r"^([afn]\.k|d\.b)\.a\. '(.+)'$")
_LINKED = re.compile(r"^\(?Linked To: (.+)$")
_GENDER = re.compile(r"^Gender (Male|Female)$")
_IDENTIFIER = re.compile(r"^(.*?)(?: \(((?:[^()]|\([^()]*\))+)\))?(?: issued (.+?))?(?: expires (.+?))?$")

_NAME_TYPES = {"a.k": NameType.ALIAS, "f.k": NameType.FORMER, "n.k": NameType.ALIAS, "d.b": NameType.ALIAS}


@dataclass(slots=True)
class Remarks:
    """What a remark says: labelled values, weak names (OFAC puts those in quotes), ties, numbers, and the rest."""

    said: list[Said] = field(default_factory=list)
    weak_names: list[tuple[NameType, str]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    contacts: list[tuple[str, str]] = field(default_factory=list)
    rest: str = ""


def read_remarks(text: str) -> Remarks:
    """Read a whole remark; never raises, since what is not understood stays in `rest`."""
    remarks, left = Remarks(), []
    for segment in _segments(text):
        if not _take(segment, remarks):
            left.append(segment)
    remarks.rest = "; ".join(left)
    return remarks


def take_remarks(entry: Entry, text: str) -> str:
    """Give an entry what its remark says and nothing else has said yet; return the rest that was not understood."""
    remarks = read_remarks(text)
    for said in remarks.said:
        if not entry.has_said(said.label, said.value):
            say(entry, said)
    for type_, name in remarks.weak_names:
        entry.another_name(name, type_, Quality.WEAK)
    for name in remarks.links:
        entry.link(name)
    entry.contacts.extend(remarks.contacts)
    return "; ".join(part for part in remarks.rest.split("; ") if part not in entry.titles)


def _segments(text: str) -> list[str]:
    whole = squeeze(text)
    if whole.endswith(".") and not whole.endswith((" Co.", " Ltd.", " Inc.")):
        whole = whole[:-1]
    return [segment.strip() for segment in whole.split("; ") if segment.strip()]


def _take(segment: str, remarks: Remarks) -> bool:
    if match := _QUOTED_NAME.match(segment):
        remarks.weak_names.append((_NAME_TYPES[match[1]], match[2]))
        return True
    if match := _LINKED.match(segment):
        remarks.links.append(_balanced(match[1].strip()))
        return True
    plain = _ALTERNATIVE.sub("", segment)
    said = _birth(plain) or _phone(plain, remarks) or _labelled(plain)
    if isinstance(said, Said):
        remarks.said.append(said)
    return bool(said)


def _balanced(name: str) -> str:
    """A name without the bracket that closes `(Linked To: A; Linked To: B (C))`; its own brackets stay."""
    return name.removesuffix(")") if name.count(")") > name.count("(") else name


def _birth(segment: str) -> Said | None:
    word, _, value = segment.partition(" ")
    label = PREFIXES.get(word)
    if label is None or not value:
        return None
    if label in COUNTRY_LABELS and country(value) is None:
        return None
    if label == "Birthdate" and not _is_date(value):
        return None
    return Said(label, value)


def _phone(segment: str, remarks: Remarks) -> bool:
    for words in sorted(PHONES, key=len, reverse=True):
        value = segment.removeprefix(f"{words} ")
        if value != segment and any(letter.isdigit() for letter in value):
            remarks.contacts.append((PHONES[words], value))
            return True
    return False


def _labelled(segment: str) -> Said | None:
    match = _label_pattern().match(segment)
    if match is None:
        return None
    label, value = match[1], match[2].strip()
    kind = canonical(AUTHORITY, label).kind
    if not value or (kind == "contact" and " " in value and not any(letter.isdigit() for letter in value)):
        return None
    if label == "Gender" and not _GENDER.match(segment):
        return None
    if kind != "identifier":
        return Said(label, value)
    return _identifier(label, value)


def _identifier(label: str, value: str) -> Said | None:
    match = _IDENTIFIER.match(value)
    if match is None or not any(letter.isalnum() for letter in match[1]):
        return None
    number, place, issued, expires = match[1], match[2] or "", match[3] or "", match[4] or ""
    if place and country(place) is None:
        number, place = f"{number} ({place})", ""
    if any(text and not _is_date(text) for text in (issued, expires)):
        return None
    return Said(label, number, country=place, issued=issued, expires=expires)


def _is_date(text: str) -> bool:
    try:
        partial_date(text)
    except ListContentError:
        return False
    return True


@cache
def _label_pattern() -> re.Pattern[str]:
    """Every label of the table, the longest first, followed by its value."""
    known = sorted((label for label in labels(AUTHORITY) if label not in PREFIXES.values()), key=len, reverse=True)
    return re.compile(rf"^({'|'.join(re.escape(label) for label in known)}) (.+)$")
