"""OFAC's Enhanced XML (`sanctionsData`): names in several scripts, typed features and dates, relationships by id.

The schema is published as ENHANCED_XML.xsd; the element names here are those of the official file of 2025-01-10.
"""

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path

from core.errors import ListContentError, ListFormatError
from lists.dates import exact_day
from lists.entity import Address, Name, NameType, PartialDate, Quality, Relationship
from lists.source import ParsedList
from lists.sources.ofac_entry import Entry, entity_id, finished
from lists.sources.ofac_labels import Said, say
from lists.sources.ofac_measures import CONTAINER, SDN, listings
from lists.sources.ofac_words import (
    ADDRESS_PARTS,
    ALIAS_TYPES,
    NAME_PARTS,
    REGION_PARTS,
    RELATIONSHIPS,
    SCRIPTS,
    STREET_PARTS,
    TRUTH,
)
from lists.xml import Taken, elements, root

NAMESPACE = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/ENHANCED_XML"

REFERENCE_PARTS = frozenset({"referenceValue", "featureType"})
"""Ignored: the file's own dictionary. Entries repeat every value of it in words."""

RUNNING_NUMBERS = ("@id", "@refId")
"""Ignored: OFAC's running numbers, and the place in that dictionary of a word that stands in the entry itself."""

IGNORED_IN_GENERAL_INFO = ("identityId",)
IGNORED_IN_FEATURE = ("@id", "versionId", "valueRefId", "isPrimary")
IGNORED_IN_DOCUMENT = ("@id",)


SDN_KEY = "ofac_sdn"
"""The source whose listing date is that of the SDN List; a party may be on both of OFAC's lists."""


def is_enhanced(head: bytes) -> bool:
    """True if the file's head is that of an Enhanced file, of either list."""
    return root(head) == (NAMESPACE, "sanctionsData")


def is_non_sdn(head: bytes) -> bool:
    """True if the head's publication filter names the non-SDN lists, and not the SDN List.

    Raises nothing: a file without a filter is taken for the SDN list, whose count would then be out of range.
    """
    about = head.partition(b"</publicationInfo>")[0].decode("utf-8", errors="replace")
    names = re.findall(r"<sanctionsList\b[^>]*>([^<]+)<", about)
    return bool(names) and SDN not in names


def parse(path: Path, *, source: str) -> ParsedList:
    """Read an Enhanced file as the list `source`.

    Raises ListFormatError if it is no such XML or is cut short, ListContentError for what no rule knows.
    """
    entries: list[Entry] = []
    published: date | None = None
    containers = {"sanctionsData", "referenceValues", "featureTypes", "entities"}
    for element in elements(path, {"publicationInfo", "entity", *REFERENCE_PARTS}, within=containers):
        if element.tag == f"{{{NAMESPACE}}}entity":
            entries.append(_entry(Taken(element, f"OFAC entry {element.get('id')}"), source))
        elif element.tag == f"{{{NAMESPACE}}}publicationInfo":
            published = _published(Taken(element))
    if published is None:
        raise ListFormatError(f"{path.name} does not say its date (publicationInfo/dataAsOf)")
    return ParsedList(finished(entries, {}, source), published, "OFAC Enhanced XML")


def _published(taken: Taken) -> date | None:
    taken.ignore("filters")  # read by `is_non_sdn`
    day = exact_day(taken.text("dataAsOf"))
    taken.finish()
    return day


def _entry(taken: Taken, source: str) -> Entry:
    info = _needed(taken, "generalInfo")
    info.ignore(*IGNORED_IN_GENERAL_INFO)
    entry = Entry(taken.attr("id"), _word(info, "entityType"))
    if title := info.text("title"):
        say(entry, Said("Title", title))
    entry.remarks = info.text("remarks")
    _measures(taken, entry, on_sdn=source == SDN_KEY)
    _each(taken, "names", "name", lambda name: _name(name, entry))
    _each(taken, "addresses", "address", lambda address: _address(address, entry))
    _each(taken, "features", "feature", lambda feature: _feature(feature, entry))
    _each(taken, "identityDocuments", "identityDocument", lambda document: _document(document, entry))
    _each(taken, "relationships", "relationship", lambda tie: _relationship(tie, entry))
    taken.finish()
    return entry


def _measures(taken: Taken, entry: Entry, *, on_sdn: bool) -> None:
    lists: dict[str, date | None] = {}
    for one in _items(taken, "sanctionsLists", "sanctionsList"):
        one.ignore(*RUNNING_NUMBERS)
        since, name = one.attr("datePublished"), one.own_text()
        lists[name] = exact_day(since)
        entry.facts.append(("Listed on", f"{name}, {since}" if since else name))
    codes = _words(taken, "sanctionsPrograms", "sanctionsProgram")
    types = _words(taken, "sanctionsTypes", "sanctionsType")
    entry.facts.extend(("Legal authority", name) for name in _words(taken, "legalAuthorities", "legalAuthority"))
    entry.programmes = listings(codes, types, lists, where=entry.where)
    own = (day for name, day in lists.items() if day and name != CONTAINER and (name == SDN) is on_sdn)
    entry.listed_on = min(own, default=None)


def _name(taken: Taken, entry: Entry) -> None:
    taken.ignore("@id")
    primary = entry.known(TRUTH, taken.text("isPrimary"), "isPrimary")
    type_ = NameType.PRIMARY if primary else entry.known(ALIAS_TYPES, _word(taken, "aliasType"), "alias type")
    quality = Quality.WEAK if entry.known(TRUTH, taken.text("isLowQuality"), "isLowQuality") else Quality.STRONG
    if primary:
        taken.ignore("aliasType")
    for translation in _items(taken, "translations", "translation"):
        main = entry.known(TRUTH, translation.text("isPrimary"), "isPrimary")
        script = entry.known(SCRIPTS, _word(translation, "script"), "script")
        value, parts = _written(translation, entry)
        name_type = NameType.ALIAS if primary and not main else type_
        entry.names.append(Name(value, name_type, quality, script=script, parts=parts))


def _written(translation: Taken, entry: Entry) -> tuple[str, tuple[tuple[str, str], ...]]:
    """One spelling, given name first, and the parts it is made of; one part alone is no division."""
    translation.ignore("@id")
    given, family = translation.text("formattedFirstName"), translation.text("formattedLastName")
    full = translation.text("formattedFullName")
    parts = []
    for part in _items(translation, "nameParts", "namePart"):
        part.ignore("@id")
        parts.append((entry.known(NAME_PARTS, _word(part, "type"), "name part"), part.text("value")))
    value = " ".join(filter(None, (given, family))) or full
    if not value:
        raise ListContentError(f"{entry.where}: a name is empty")
    divided = [(part, text) for part, text in parts if part != "whole"]
    return value, tuple(divided if len(parts) > 1 else ())


def _address(taken: Taken, entry: Entry) -> None:
    taken.ignore("@id")
    country = _word(taken, "country")
    for translation in _items(taken, "translations", "translation"):
        translation.ignore("@id", "isPrimary")
        entry.known(SCRIPTS, _word(translation, "script"), "script")
        parts: dict[str, str] = {}
        for part in _items(translation, "addressParts", "addressPart"):
            part.ignore("@id")
            name = _word(part, "type")
            if name not in ADDRESS_PARTS or name in parts:
                raise ListContentError(f"{entry.where}: the address part {name!r} is not known or stands twice")
            parts[name] = part.text("value")
        entry.address(
            Address(
                street=_joined(parts, STREET_PARTS),
                city=parts.get("CITY", ""),
                region=_joined(parts, REGION_PARTS),
                postcode=parts.get("POSTAL CODE", ""),
            ),
            country,
        )


def _feature(taken: Taken, entry: Entry) -> None:
    taken.ignore(*IGNORED_IN_FEATURE)
    kind = _needed(taken, "type")
    kind.ignore("@featureTypeId")
    note = "; ".join(filter(None, (_unless(_word(taken, "reliability"), "Confirmed"), taken.text("comments"))))
    value, dated = taken.text("value"), _dates(taken.one("valueDate"), entry)
    if dated:
        dated = PartialDate(dated.earliest, dated.latest, dated.approximate, value)
    say(entry, Said(kind.own_text(), value, note=note, dated=dated))


def _document(taken: Taken, entry: Entry) -> None:
    taken.ignore(*IGNORED_IN_DOCUMENT)
    holder = taken.one("name")
    if holder:
        holder.ignore("@nameId", "@nameTranslationId")
    in_name = holder.own_text() if holder else ""
    valid = entry.known(TRUTH, taken.text("isValid"), "isValid")
    issued, expires = _day(taken, "issueDate", entry), _day(taken, "expirationDate", entry)
    issuer, place = taken.text("issuingAuthority"), taken.text("issuingLocation")
    main = entry.names[0].value if entry.names else ""
    note = (
        "" if valid else "not valid",
        f"issued by {issuer}" if issuer else "",
        f"issued in {place}" if place else "",
        f"in the name of {in_name}" if in_name and not _same_words(in_name, main) else "",
        taken.text("comments"),
    )
    said = Said(
        label=_word(taken, "type"),
        value=taken.text("documentNumber"),
        country=_word(taken, "issuingCountry"),
        issued=issued,
        expires=expires,
        note="; ".join(filter(None, note)),
    )
    say(entry, said)


def _relationship(taken: Taken, entry: Entry) -> None:
    taken.ignore("@id")
    words = _word(taken, "type")
    other = _needed(taken, "relatedEntity")
    uid, name = other.attr("entityId"), other.own_text()
    quality, comments = _word(taken, "quality"), taken.text("comments")
    note = "; ".join(filter(None, (words, f"quality {quality}" if quality else "", comments)))
    type_ = entry.known(RELATIONSHIPS, words, "relationship type")
    entry.relationships.append(Relationship(type_, entity_id(uid) if uid else None, name, note))


def _dates(taken: Taken | None, entry: Entry) -> PartialDate | None:
    """OFAC's period: it begins between two days and ends between two; the whole of it is the range."""
    if taken is None:
        return None
    taken.ignore("@id", "isDateRange")
    about = entry.known(TRUTH, taken.text("isApproximate"), "isApproximate")
    days = [exact_day(taken.text(name)) for name in ("fromDateBegin", "fromDateEnd", "toDateBegin", "toDateEnd")]
    known = [day for day in days if day]
    if not known:
        raise ListContentError(f"{entry.where}: a date is empty")
    return PartialDate(min(known), max(known), about)


def _day(taken: Taken, name: str, entry: Entry) -> str:
    """The date of a document, as OFAC's other formats write it: one day, or from when to when."""
    found = _dates(taken.one(name), entry)
    if found is None:
        return ""
    if found.earliest == found.latest:
        return found.earliest.isoformat()
    return f"{found.earliest.isoformat()} to {found.latest.isoformat()}"


def _each(taken: Taken, container: str, item: str, read: Callable[[Taken], None]) -> None:
    for one in _items(taken, container, item):
        read(one)


def _items(taken: Taken, container: str, item: str) -> list[Taken]:
    holder = taken.one(container)
    return holder.all(item) if holder else []


def _words(taken: Taken, container: str, item: str) -> list[str]:
    found = []
    for one in _items(taken, container, item):
        one.ignore(*RUNNING_NUMBERS)
        found.append(one.own_text())
    return found


def _word(taken: Taken, name: str) -> str:
    """The text of a child that is a value of the file's dictionary; "" if there is none."""
    found = taken.one(name)
    if found is None:
        return ""
    found.ignore("@refId")
    return found.own_text()


def _needed(taken: Taken, name: str) -> Taken:
    found = taken.one(name)
    if found is None:
        raise ListContentError(f"{taken.where}: it has no <{name}>")
    return found


def _joined(parts: dict[str, str], names: tuple[str, ...]) -> str:
    return ", ".join(filter(None, (parts.get(name, "") for name in names)))


def _same_words(ordered: str, natural: str) -> bool:
    """True for `LAST, First` and `First LAST`."""
    return sorted(ordered.replace(",", "").split()) == sorted(natural.replace(",", "").split())


def _unless(text: str, usual: str) -> str:
    return "" if text == usual else text
