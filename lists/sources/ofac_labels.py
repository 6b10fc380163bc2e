"""What OFAC's labels mean: where each labelled value of an entry belongs in a listed entity.

Enhanced XML, classic XML and CSV say the same things under the same labels, those of `lists/data/identifier_types.csv`
and the few below that have a field of their own. An unknown label raises.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from core.errors import ListContentError
from lists.countries import listed_country
from lists.dates import partial_date
from lists.entity import Identifier, Kind, NameType, PartialDate, Place
from lists.identifiers import canonical, clean, is_valid, listed_identifier
from lists.sources.ofac_craft import Craft
from lists.sources.ofac_entry import AUTHORITY, Entry


@dataclass(frozen=True, slots=True)
class Said:
    """One thing an entry says: OFAC's label, the value as published, and what stands beside it, as published too."""

    label: str
    value: str
    country: str = ""
    issued: str = ""
    expires: str = ""
    note: str = ""
    dated: PartialDate | None = None


def say(entry: Entry, said: Said) -> None:
    """Put one labelled value where it belongs. Raises ListContentError for a label or a value no rule knows."""
    entry.said[said.label, said.value.rstrip(".")] = None
    try:
        handler = _BY_LABEL.get(said.label)
        if handler is None:
            row = canonical(AUTHORITY, said.label)
            handler = _BY_KIND.get(row.kind) or _BY_TYPE.get(row.type, _fact)
        handler(entry, said)
    except ListContentError as error:
        raise ListContentError(f"{entry.where}: {error}") from error


_IMO_WRITTEN = re.compile(r"^IMO\s*\d{7}$")


def _identifier(entry: Entry, said: Said) -> None:
    code = listed_country(said.country)
    issued, issued_note = _day("issued", said.issued)
    expires, expires_note = _day("expires", said.expires)
    note = "; ".join(filter(None, (said.note, issued_note, expires_note)))
    found = listed_identifier(AUTHORITY, said.label, said.value, country=code, kind=entry.kind, note=note)
    if issued or expires:
        found = replace(found, issued=issued, expires=expires)
    entry.identifiers.append(_maritime(entry, found) if _IMO_WRITTEN.match(said.value) else found)


def _maritime(entry: Entry, found: Identifier) -> Identifier:
    """A number that says it is the IMO's, whatever its label: OFAC puts those of 127 shipping companies under
    "Identification Number" and "Company Number". Which of the two IMO numbers it is, its check digit tells.
    """
    ordered = ("imo", "imo_company") if entry.kind is Kind.VESSEL else ("imo_company", "imo")
    for type_ in ordered:
        if is_valid(type_, found.text):
            return replace(found, type=type_, value=clean(type_, found.text), country=None, strong=True)
    return found


def _day(word: str, text: str) -> tuple[date | None, str]:
    """The day, or, where only its month or year is given, a note with the text."""
    if not text:
        return None, ""
    found = partial_date(text)
    if found.earliest == found.latest and not found.approximate:
        return found.earliest, ""
    return None, f"{word} {text}"


def _contact(entry: Entry, said: Said) -> None:
    kind = canonical(AUTHORITY, said.label).type
    entry.contacts.append((kind, said.value))
    if said.note:
        entry.facts.append((f"{said.label} {said.value}", said.note))


def _gender(entry: Entry, said: Said) -> None:
    if said.value.lower() not in ("male", "female"):
        raise ListContentError(f"the gender {said.value!r} is not known")
    entry.genders.append(said.value.lower())


def _secondary(entry: Entry, said: Said) -> None:
    entry.secondary.append(f"{said.label} {said.value}")


def _another_name(entry: Entry, said: Said) -> None:
    entry.another_name(said.value, NameType.ALIAS)
    _fact(entry, said)


def _fact(entry: Entry, said: Said) -> None:
    entry.facts.append((said.label, f"{said.value} {said.note}" if said.note else said.value))


def _registered_in(entry: Entry, said: Said) -> None:
    if code := listed_country(said.value):
        entry.nationalities[code] = None
    _fact(entry, said)


def _born(entry: Entry, said: Said) -> None:
    try:
        entry.birth_dates[said.value] = said.dated or partial_date(said.value)
    except ListContentError:  # "1 Jan 1958 or 1964" and the like: kept in OFAC's words
        _fact(entry, said)


def _born_in(entry: Entry, said: Said) -> None:
    entry.birth_places[said.value] = Place(said.value, _country_of_place(said.value))


def _national(entry: Entry, said: Said) -> None:
    if code := listed_country(said.value):
        entry.nationalities[code] = None
    else:
        _fact(entry, said)


def _citizen(entry: Entry, said: Said) -> None:
    if code := listed_country(said.value):
        entry.nationalities[code] = None
    _fact(entry, said)


def _craft(entry: Entry, said: Said) -> None:
    if not entry.craft.tell(said.label, said.value):
        _fact(entry, said)


def _title(entry: Entry, said: Said) -> None:
    entry.titles.extend(said.value.split("; "))


_QUALIFIED = re.compile(r"^(?:possibly|alt\.|near) ", re.IGNORECASE)


def _country_of_place(text: str) -> str | None:
    """The country that a place of birth ends with: `Tehran, Iran`; `Pyongyang, Korea, North` has two such parts."""
    parts = [part.strip() for part in _QUALIFIED.sub("", text).split(",")]
    for size in (2, 1):
        if len(parts) >= size and (code := _known_country(", ".join(parts[-size:]))):
            return code
    return None


def _known_country(text: str) -> str | None:
    try:
        return listed_country(text)
    except ListContentError:
        return None


_BY_LABEL: dict[str, Callable[[Entry, Said], None]] = {
    "Birthdate": _born,
    "Place of Birth": _born_in,
    "Nationality Country": _national,
    "Citizenship Country": _citizen,
    "Title": _title,
    **dict.fromkeys(Craft.LABELS, _craft),
}

_BY_KIND: dict[str, Callable[[Entry, Said], None]] = {"identifier": _identifier, "contact": _contact}

_BY_TYPE: dict[str, Callable[[Entry, Said], None]] = {
    "secondary_sanctions_flag": _secondary,
    "gender": _gender,
    "name": _another_name,
    "fact_country": _registered_in,
}
