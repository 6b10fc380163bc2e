"""EU consolidated list of financial sanctions, format FSF 1.1 (Council of the EU, published by DG FISMA).

One `sanctionEntity` per party, with one `regulation` that lists it; a party listed under two regulations comes twice
under one reference and is joined here. No name is marked as the main one. Names are weak where the file says
strong="false" or a name's remark says that it is of low quality. Country "00" is the file's word for unknown.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from core.errors import ListContentError
from lists.countries import country, listed_country
from lists.dates import EARLIEST_YEAR, PERSIAN_YEARS, between, exact_day, of_parts, partial_date, persian_span
from lists.entity import Address, Kind, ListedEntity, PartialDate, Place, Programme
from lists.joining import joined, unique
from lists.programmes import programme
from lists.source import Expect, Format, ParsedList, Source
from lists.sources.eu_names import names_of, titles_and_genders
from lists.sources.eu_papers import IGNORED, flag, identifier, remarks_of
from lists.xml import Taken, elements, root, root_attributes

NAMESPACE = "http://eu.europa.ec/fpi/fsd/export"
PAGE = "https://data.europa.eu/data/datasets/consolidated-list-of-persons-groups-and-entities-subject-to-eu-financial-sanctions"

IGNORED_OF_REGULATION = ("@logicalId", "corrigendum")

_KINDS = {"P": Kind.PERSON, "E": Kind.ORGANIZATION}
_CONTACTS = {"PHONE": "phone", "FAX": "fax", "EMAIL": "email", "WEB": "website"}
_CALENDARS = ("GREGORIAN", "ISLAMIC", "BUDDHIST", "COPTIC", "ETHIOPIC")
_UNKNOWN_COUNTRY = "00"


def recognises(head: bytes, _path: Path) -> bool:
    """True for a file whose root is the EU's `export`, whatever its name."""
    return root(head) == (NAMESPACE, "export")


def parse(path: Path) -> ParsedList:
    """Read the file. Raises ListFormatError or ListContentError; the message names the entity."""
    published = root_attributes(path).get("generationDate", "")
    found: dict[str, ListedEntity] = {}
    for element in elements(path, {"sanctionEntity"}, within={"export"}):
        entity = _entity(Taken(element))
        found[entity.id] = joined(found[entity.id], entity) if entity.id in found else entity
    return ParsedList(tuple(found.values()), exact_day(published), FORMAT.name)


def _entity(entry: Taken) -> ListedEntity:
    reference, number = entry.attr("euReferenceNumber"), entry.attr("logicalId")
    entry.where = f"eu:{reference or number}"
    try:
        entity = _read(entry)
    except ListContentError as error:
        if str(error).startswith(entry.where):
            raise
        raise ListContentError(f"{entry.where}: {error}") from error
    entry.finish()
    return entity


def _read(entry: Taken) -> ListedEntity:
    kind = _kind(entry)
    facts = [("UN reference", entry.attr("unitedNationId")), ("designation", entry.attr("designationDetails"))]
    facts.append(("delisting date", entry.attr("delistingDate")))
    aliases = entry.all("nameAlias")
    names = names_of(aliases, facts)
    titles, genders = titles_and_genders(aliases, facts)
    listing, changed_on, url = _regulation(entry.one("regulation"), facts)
    births = [_birth(birth, facts, persian=listing.code == "IRN") for birth in entry.all("birthdate")]
    homes = [_address(address, facts) for address in entry.all("address")]
    papers = [identifier(paper, kind, facts) for paper in entry.all("identification")]
    facts.extend((info.attr("key"), info.attr("value")) for info in entry.all("additionalInformation"))
    nationalities = [code for citizen in entry.all("citizenship") if (code := _citizenship(citizen, facts))]
    return ListedEntity(
        id=entry.where,
        source=SOURCE.key,
        kind=kind,
        names=names,
        birth_dates=unique(date for date, _ in births if date),
        birth_places=unique(place for _, place in births if place),
        nationalities=unique(nationalities),
        genders=genders,
        titles=titles,
        identifiers=unique(paper for paper in papers if paper),
        addresses=unique(address for address, _ in homes if address),
        contacts=unique(contact for _, contacts in homes for contact in contacts),
        programmes=(listing,),
        facts=unique((label, text) for label, text in facts if text),
        listed_on=exact_day(entry.attr("designationDate")),
        changed_on=exact_day(changed_on),
        remarks=remarks_of(entry),
        url=url or PAGE,
    )


def _kind(entry: Taken) -> Kind:
    subject = entry.one("subjectType")
    code = subject.attr("classificationCode") if subject else ""
    if subject is None or code not in _KINDS:
        raise ListContentError(f"{entry.where}: the subject type {code!r} is not known")
    subject.ignore("@code")  # person or enterprise: the same in a word
    return _KINDS[code]


def _regulation(regulation: Taken | None, facts: list[tuple[str, str]]) -> tuple[Programme, str, str]:
    """The programme, the day of the act's publication and its address; an entry without a programme is kept."""
    if regulation is None:
        return programme("eu", ""), "", ""
    regulation.ignore(*IGNORED_OF_REGULATION)
    act = regulation.attr("numberTitle")
    listing = programme("eu", regulation.attr("programme"))
    published, in_force = regulation.attr("publicationDate"), regulation.attr("entryIntoForceDate")
    said_by = f"{regulation.attr('regulationType')} by {regulation.attr('organisationType')}"
    if act:
        facts.append(("regulation", f"{act}, {said_by}, published {published}, in force {in_force}"))
    listing = replace(listing, legal_basis="; ".join(filter(None, (act, listing.legal_basis))))
    remark = remarks_of(regulation)
    facts.append(("regulation remark", remark))
    return listing, published, regulation.text("publicationUrl")


def _citizenship(citizen: Taken, facts: list[tuple[str, str]]) -> str | None:
    citizen.ignore(*IGNORED)
    details = [citizen.attr("region"), remarks_of(citizen)]
    for label, name in (("since", "acquisitionDate"), ("until", "disenfranchisementDate")):
        if day := citizen.attr(name):
            details.append(f"{label} {day}")
    code = _country(citizen)
    note = ", ".join(filter(None, details))
    facts.append(("citizenship", f"{code or 'unknown'}: {note}" if note else ""))
    return code


def _birth(birth: Taken, facts: list[tuple[str, str]], *, persian: bool) -> tuple[PartialDate | None, Place | None]:
    birth.ignore(*IGNORED)
    code = _country(birth)
    where = [birth.attr(name) for name in ("place", "city", "zipCode", "region")]
    text = ", ".join(filter(None, where))
    facts.append(("birth remark", remarks_of(birth)))
    return _birth_date(birth, facts, persian=persian), Place(text, code) if text or code else None


def _birth_date(birth: Taken, facts: list[tuple[str, str]], *, persian: bool) -> PartialDate | None:
    """The date, if the file gives one; `birthdate` is Gregorian in every calendar (24/6/1402 ISLAMIC: 1982-04-19).
    Iran's entries have Persian years that are called Gregorian (Hossein Salami: 1339, which is 1960); any other
    year out of reason, or in another calendar, is kept as a fact.
    """
    circa, calendar, exact = flag(birth, "circa"), birth.attr("calendarType"), birth.attr("birthdate")
    year, month, day = (int(birth.attr(name) or 0) for name in ("year", "monthOfYear", "dayOfMonth"))
    first, last = (int(birth.attr(name) or 0) for name in ("yearRangeFrom", "yearRangeTo"))
    if calendar not in _CALENDARS:
        raise ListContentError(f"{birth.where}: the calendar {calendar!r} is not known")
    said = "-".join(str(part) for part in (year, month, day) if part) or f"{first} to {last}"
    if calendar != "GREGORIAN":
        facts.append(("birth date", f"{said}, {calendar} calendar"))
    if exact:
        return replace(partial_date(exact), approximate=circa)
    if persian and year in PERSIAN_YEARS:
        facts.append(("birth date", f"{said}, read as Persian"))
        return PartialDate(*persian_span(year, month, day), approximate=circa, text=said)
    if calendar != "GREGORIAN" or 0 < (year or first) < EARLIEST_YEAR:
        facts.append(("birth date", said))
        return None
    if first or last:
        return between(first or last, last or first, approximate=circa)
    return of_parts(year, month, day, approximate=circa) if year else None


def _address(address: Taken, facts: list[tuple[str, str]]) -> tuple[Address | None, list[tuple[str, str]]]:
    address.ignore(*IGNORED)
    street, box, city = address.attr("street"), address.attr("poBox"), address.attr("city")
    postcode, region, place = address.attr("zipCode"), address.attr("region"), address.attr("place")
    code, described = _country_of_address(address, street)
    text = ", ".join(filter(None, (street, box, place, postcode, city, region, described)))
    note = [remarks_of(address), "as at the time of listing" if flag(address, "asAtListingTime") else ""]
    if said := ", ".join(filter(None, note)):
        facts.append(("address", f"{text}: {said}" if text else said))
    contacts = []
    for info in address.all("contactInfo"):
        key, value = info.attr("key"), info.attr("value")
        if key not in _CONTACTS:
            raise ListContentError(f"{address.where}: the contact {key!r} is not known")
        contacts.append((_CONTACTS[key], value))
    if not text:
        return None, contacts
    whole = ", ".join(filter(None, (street, box)))
    area = ", ".join(filter(None, (place, region)))
    return Address(text=text, street=whole, city=city, region=area, postcode=postcode, country=code), contacts


def _country_of_address(address: Taken, street: str) -> tuple[str | None, str]:
    """Code and description. Where a free-text address was cut at the comma of a country's name ("… KOREA" and
    "DEMOCRATIC PEOPLE'S REPUBLIC OF"), the two are put together again.
    """
    code, description = address.attr("countryIso2Code"), address.attr("countryDescription")
    described = "" if description == "UNKNOWN" else description
    if code and code != _UNKNOWN_COUNTRY:
        return listed_country(code), described
    if described and country(described) is None:
        joined = country(f"{street.rpartition(',')[2].strip()}, {described}")
        return joined or listed_country(described), described
    return listed_country(described), described


def _country(element: Taken) -> str | None:
    code, description = element.attr("countryIso2Code"), element.attr("countryDescription")
    if code and code != _UNKNOWN_COUNTRY:
        return listed_country(code)
    return listed_country("" if description == "UNKNOWN" else description)


FORMAT = Format("EU FSF 1.1", recognises, parse)
SOURCE = Source(
    key="eu_fsf",
    authority="eu",
    title="EU consolidated list of persons, groups and entities subject to financial sanctions",
    publisher="European Commission, DG FISMA",
    url="https://webgate.ec.europa.eu/fsd/fsf/public/files/xmlFullSanctionsList_1_1/content?token=dG9rZW4tMjAxNw",
    formats=(FORMAT,),
    expect=Expect(fewest=4_000, most=12_000),  # 5,307 in April 2025, 5,873 in April 2026
    every=timedelta(hours=6),
    page=PAGE,
    licence="Reuse allowed with the source named (Commission Decision 2011/833/EU)",
    covers=("EU asset freezes",),
)
