"""The UN file's births, documents and addresses, and what its free remarks say in a fixed form."""

import re
from dataclasses import replace

from core.errors import ListContentError
from lists.countries import listed_country
from lists.dates import between, exact_day, of_parts, partial_date
from lists.entity import Address, Identifier, Kind, PartialDate, Place, VesselFacts
from lists.identifiers import is_label, is_valid, listed_identifier, number_in
from lists.joining import unique
from lists.xml import Taken

Facts = list[tuple[str, str]]

_IMO = re.compile(r"\bIMO\)?(?:\s+[Nn]umber)?:?\s+(\d{7})\b")
_FLAG = re.compile(r"\bFlag State:\s*([^.;]+)")
_GENDER = re.compile(r"\bGender:\s*(male|female)\b", re.IGNORECASE)
_REFERENCE = re.compile(r"\b[A-Z]{2}[ie]\.\d{3}\b")
_PHONE = re.compile(r"^(?:Tel|Phone|Telephone)[.: ]+(.+)$", re.IGNORECASE)
_BEFORE_DETAILS = re.compile(r"\b(?:issued|expire[sd]?|under|born|valid)\b|,|\(")
_FEWEST_DIGITS = 3
"""Residential card number 665 is the shortest seen."""
_DATE_TYPES = ("EXACT", "APPROXIMATELY", "BETWEEN", "")


def births(entry: Taken, aliases: list[Taken], facts: Facts) -> tuple[tuple[PartialDate, ...], tuple[Place, ...]]:
    """Dates and places of birth of the entry and of its aliases (false papers give others, which a party may use)."""
    dates = [_birth_date(birth, facts) for birth in entry.all("INDIVIDUAL_DATE_OF_BIRTH")]
    places = [_place(place, facts) for place in entry.all("INDIVIDUAL_PLACE_OF_BIRTH")]
    for alias in aliases:
        if day := alias.text("DATE_OF_BIRTH"):
            dates.append(partial_date(day))
            facts.append(("birth date of an alias", day))
        city, country = alias.text("CITY_OF_BIRTH"), alias.text("COUNTRY_OF_BIRTH")
        if city or country:
            places.append(Place(", ".join(filter(None, (city, country))), listed_country(country)))
    return unique(date for date in dates if date), unique(place for place in places if place)


def documents(entry: Taken, facts: Facts) -> list[Identifier]:
    """Identity documents. TYPE_OF_DOCUMENT is an enumeration and must be known; TYPE_OF_DOCUMENT2 is free text, so
    one that the table does not name leaves the document under the first, kept as its note.
    """
    found = (_document(paper, facts) for paper in entry.all("INDIVIDUAL_DOCUMENT"))
    return [identifier for identifier in found if identifier]


def addresses(elements: list[Taken], facts: Facts) -> tuple[tuple[Address, ...], tuple[tuple[str, str], ...]]:
    """Addresses and the telephone numbers that stand in their notes; other notes become facts."""
    homes, contacts = [], []
    for element in elements:
        street, city = element.text("STREET"), element.text("CITY")
        region, postcode, country = (element.text(tag) for tag in ("STATE_PROVINCE", "ZIP_CODE", "COUNTRY"))
        text = ", ".join(filter(None, (street, city, region, postcode, country)))
        note = element.text("NOTE")
        if phone := _PHONE.match(note):
            contacts.append(("phone", phone[1]))
        elif note:
            facts.append(("address", f"{text}: {note}" if text else note))
        if text:
            homes.append(Address(text, street, city, region, postcode, listed_country(country)))
    return unique(homes), unique(contacts)


def numbers_in(remarks: str, kind: Kind) -> list[Identifier]:
    """IMO numbers that the remarks give: a company's where it passes the company check, as those of DPRK shipowners."""
    return [listed_identifier("un", "IMO number", number, kind=kind) for number in _IMO.findall(remarks)]


def vessel_in(remarks: str) -> VesselFacts | None:
    """Facts of a ship, if the remarks tell of one: a flag State and an IMO number that is a ship's."""
    flag = _FLAG.search(remarks)
    if not flag or not any(is_valid("imo", number) for number in _IMO.findall(remarks)):
        return None
    return VesselFacts(flag=listed_country(flag[1].strip()))


def said_gender(remarks: str) -> str:
    """Gender where the remarks say `Gender: male`, as older entries do; "" if they do not."""
    found = _GENDER.search(remarks)
    return found[1].lower() if found else ""


def references_in(remarks: str, own: str) -> list[str]:
    """Reference numbers of other entries that the remarks name (`designated under IRi.016`)."""
    return [reference for reference in unique(_REFERENCE.findall(remarks)) if reference != own]


def _birth_date(birth: Taken, facts: Facts) -> PartialDate | None:
    kind, note = birth.text("TYPE_OF_DATE"), birth.text("NOTE")
    day, year = birth.text("DATE"), birth.text("YEAR")
    first, last = birth.text("FROM_YEAR"), birth.text("TO_YEAR")
    if kind not in _DATE_TYPES:
        raise ListContentError(f"{birth.where}: the type of date {kind!r} is not known")
    about = kind == "APPROXIMATELY" or note.startswith("Approximately")
    found = _stated_date(day, year, (first, last), note)
    if note and not note.startswith("Approximately"):
        facts.append(("birth date", f"{day or year}: {note}" if day or year else note))
    return replace(found, approximate=about or found.approximate) if found else None


def _stated_date(day: str, year: str, years: tuple[str, str], note: str) -> PartialDate | None:
    """The date, or its range, or a note that is nothing but a date (`Nov. 1973`)."""
    if day:
        return partial_date(day)
    if years[0] or years[1]:
        return between(int(years[0] or years[1]), int(years[1] or years[0]))
    if year:
        return of_parts(int(year))
    try:
        return partial_date(note) if note else None
    except ListContentError:  # `30-35 years old`, `24/06/1402 (Hijri Calendar)`: kept as a fact by the caller
        return None


def _place(place: Taken, facts: Facts) -> Place | None:
    street, city, region, country = (place.text(tag) for tag in ("STREET", "CITY", "STATE_PROVINCE", "COUNTRY"))
    text = ", ".join(filter(None, (street, city, region, country)))
    note = place.text("NOTE")
    facts.append(("place of birth", f"{text}: {note}" if note and text else note))
    return Place(text, listed_country(country)) if text else None


def _document(paper: Taken, facts: Facts) -> Identifier | None:
    first, second = paper.text("TYPE_OF_DOCUMENT"), paper.text("TYPE_OF_DOCUMENT2")
    number, note = paper.text("NUMBER"), paper.text("NOTE")
    issuer, place = paper.text("ISSUING_COUNTRY"), paper.text("COUNTRY_OF_ISSUE")
    country = issuer or place  # the issuing country is whose document it is; the other where it was handed out
    where = ", ".join(filter(None, (paper.text("CITY_OF_ISSUE"), place if place != country else "")))
    issued, expires = exact_day(paper.text("DATE_OF_ISSUE")), exact_day(paper.text("DATE_OF_EXPIRY"))
    if not first and not number and not note:
        return None
    exact = f"{first} | {second}" if second else first
    known = is_label("un", exact)
    value = number_in(number or _number_of(second) or _number_of(note))
    said = (f"issued in {where}" if where else "", note, "" if known else second)
    if not any(letter.isalnum() for letter in value):
        facts.append(("document without a number", "; ".join(filter(None, (exact, country, *said)))))
        return None
    label = exact if known else first
    found = listed_identifier("un", label, value, country=listed_country(country), note="; ".join(filter(None, said)))
    return replace(found, text=number or value, issued=issued, expires=expires, strong=found.strong and known)


def _number_of(prose: str) -> str:
    """The number that a label or a note gives where NUMBER is empty: `Libyan passport number 347834, issued under …`.
    Only what stands before the first comma, date or name is looked at; "" if that holds no number.
    """
    beginning = _BEFORE_DETAILS.split(prose, maxsplit=1)[0]
    return beginning if sum(letter.isdigit() for letter in beginning) >= _FEWEST_DIGITS else ""
