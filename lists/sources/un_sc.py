"""UN Security Council consolidated list (all sanctions committees in one file).

Individuals and entities, each with a reference number whose letters tell the regime (IRi, IRe: Iran). Aliases of
persons are Good or Low in quality, of entities a.k.a. or f.k.a. The published schema lacks some elements of the
files of 2026 (HAS_INTERPOL_LINK, DATE_OF_EXPIRY). UN_LIST_TYPE "GB" is Guinea-Bissau, not Great Britain.
"""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from core.errors import ListContentError
from lists.countries import listed_country
from lists.dates import exact_day
from lists.entity import Kind, ListedEntity, Name, NameType, Quality, Relationship
from lists.joining import unique
from lists.names import script_of
from lists.programmes import programme
from lists.source import Expect, Format, ParsedList, Source
from lists.sources.un_details import addresses, births, documents, numbers_in, references_in, said_gender, vessel_in
from lists.xml import Taken, elements, root, root_attributes

ROOT = "CONSOLIDATED_LIST"
PAGE = "https://main.un.org/securitycouncil/en/content/un-sc-consolidated-list"

IGNORED = ("DATAID", "VERSIONNUM", "SORT_KEY", "SORT_KEY_LAST_MOD", "HAS_INTERPOL_LINK")
"""The file's own row numbers and sort keys, and a flag that INTERPOL_LINK says again."""

_KINDS = {"INDIVIDUAL": Kind.PERSON, "ENTITY": Kind.ORGANIZATION}
_QUALITIES = {
    "": (NameType.ALIAS, Quality.STRONG),
    "Good": (NameType.ALIAS, Quality.STRONG),
    "Low": (NameType.ALIAS, Quality.WEAK),
    "a.k.a.": (NameType.ALIAS, Quality.STRONG),
    "f.k.a.": (NameType.FORMER, Quality.STRONG),
}
_GENDERS = {"": "", "Male": "male", "Female": "female"}
_PARTS = (("first", "FIRST_NAME"), ("second", "SECOND_NAME"), ("third", "THIRD_NAME"), ("fourth", "FOURTH_NAME"))
"""The UN numbers the parts of a name and does not say which is the family name: KIM is first, AL-TIKRITI fourth."""
_NOT_STATED = "na"
_IN_SCRIPT = "in Arabic script:"


def recognises(head: bytes, _path: Path) -> bool:
    """True for a file whose root is the UN's `CONSOLIDATED_LIST`, whatever its name."""
    return root(head) == ("", ROOT)


def parse(path: Path) -> ParsedList:
    """Read the file. Raises ListFormatError or ListContentError; the message names the entity."""
    generated = root_attributes(path).get("dateGenerated", "")
    found: dict[str, ListedEntity] = {}
    for element in elements(path, _KINDS, within={ROOT, "INDIVIDUALS", "ENTITIES"}):
        entity = _entity(Taken(element))
        if entity.id in found:
            raise ListContentError(f"{entity.id} is in the file twice")
        found[entity.id] = entity
    return ParsedList(tuple(found.values()), exact_day(generated), FORMAT.name)


def _entity(entry: Taken) -> ListedEntity:
    reference = entry.text("REFERENCE_NUMBER")
    if not reference:
        raise ListContentError(f"an {entry.tag} has no REFERENCE_NUMBER")
    entry.where = f"un:{reference}"
    try:
        entity = _read(entry, reference)
    except ListContentError as error:
        if str(error).startswith(entry.where):
            raise
        raise ListContentError(f"{entry.where}: {error}") from error
    entry.finish()
    return entity


def _read(entry: Taken, reference: str) -> ListedEntity:
    entry.ignore(*IGNORED)
    prefix, facts = entry.tag, list[tuple[str, str]]()
    remarks, listed_on = entry.text("COMMENTS1"), exact_day(entry.text("LISTED_ON"))
    vessel = vessel_in(remarks)
    kind = Kind.VESSEL if vessel else _KINDS[prefix]
    names = _names(entry)
    aliases = entry.all(f"{prefix}_ALIAS")
    names += _aliases(aliases, facts)
    dates, places = births(entry, aliases, facts)
    identifiers = (*documents(entry, facts), *numbers_in(remarks, kind))
    nationalities = _nationalities(entry, facts)
    homes, contacts = addresses(entry.all(f"{prefix}_ADDRESS"), facts)
    facts.extend(("designation", text) for text in _values(entry, "DESIGNATION"))
    facts.append(("INTERPOL notice", entry.text("INTERPOL_LINK")))
    _check_list_type(entry)
    others = references_in(remarks, reference)
    return ListedEntity(
        id=entry.where,
        source=SOURCE.key,
        kind=kind,
        names=names,
        birth_dates=dates,
        birth_places=places,
        nationalities=nationalities,
        genders=_genders(entry, remarks),
        titles=_values(entry, "TITLE"),
        identifiers=unique(identifiers),
        addresses=homes,
        contacts=contacts,
        programmes=(replace(programme("un", entry.text("UN_LIST_TYPE")), listed_on=listed_on),),
        vessel=vessel,
        relationships=tuple(Relationship("other", f"un:{other}", note="named in the remarks") for other in others),
        facts=unique((label, text) for label, text in facts if text),
        listed_on=listed_on,
        changed_on=max((day for text in _values(entry, "LAST_DAY_UPDATED") if (day := exact_day(text))), default=None),
        remarks=remarks,
        url=PAGE,
    )


def _names(entry: Taken) -> tuple[Name, ...]:
    parts = tuple((part, value) for part, tag in _PARTS if (value := entry.text(tag)))
    value = " ".join(value for _, value in parts)
    if not value:
        raise ListContentError("the entry has no name")
    main = Name(value, NameType.PRIMARY, script=script_of(value), parts=parts if len(parts) > 1 else ())
    original = entry.text("NAME_ORIGINAL_SCRIPT")
    return (main, Name(original, script=script_of(original))) if original else (main,)


def _aliases(aliases: list[Taken], facts: list[tuple[str, str]]) -> tuple[Name, ...]:
    """Aliases; an empty one is the file's way to say that there is none, and one may hold several, parted by `;`.
    A note is kept, and where it gives the name in Arabic letters, that is an alias too.
    """
    names: list[Name] = []
    for alias in aliases:
        value, quality, note = alias.text("ALIAS_NAME"), alias.text("QUALITY"), alias.text("NOTE")
        if quality not in _QUALITIES:
            raise ListContentError(f"{alias.where}: the alias quality {quality!r} is not known")
        type_, strength = _QUALITIES[quality]
        facts.append(("alias", f"{value}: {note}" if note else ""))
        written = note.partition(_IN_SCRIPT)[2].strip()
        several = [name.strip() for name in (*value.split(";"), written)]
        names.extend(Name(name, type_, strength, script_of(name)) for name in several if name)
    return tuple(names)


def _values(entry: Taken, tag: str) -> tuple[str, ...]:
    """The VALUEs of all elements `tag`, empty ones left out."""
    return unique(text for element in entry.all(tag) for text in element.texts("VALUE") if text)


def _nationalities(entry: Taken, facts: list[tuple[str, str]]) -> tuple[str, ...]:
    codes = []
    for text in _values(entry, "NATIONALITY"):
        code = None if text == _NOT_STATED else listed_country(text)
        codes.append(code)
        facts.append(("nationality", "" if code or text == _NOT_STATED else text))
    return unique(code for code in codes if code)


def _genders(entry: Taken, remarks: str) -> tuple[str, ...]:
    gender = entry.text("GENDER")
    if gender not in _GENDERS:
        raise ListContentError(f"the gender {gender!r} is not known")
    return unique(filter(None, (_GENDERS[gender], said_gender(remarks))))


def _check_list_type(entry: Taken) -> None:
    for text in _values(entry, "LIST_TYPE"):
        if text != "UN List":
            raise ListContentError(f"the list type {text!r} is not known")


FORMAT = Format("UN consolidated XML", recognises, parse)
SOURCE = Source(
    key="un_sc",
    authority="un",
    title="United Nations Security Council consolidated list",
    publisher="United Nations Security Council",
    url="https://scsanctions.un.org/resources/xml/en/consolidated.xml",
    formats=(FORMAT,),
    expect=Expect(fewest=600, most=3_000),  # 877 in April 2025, 1,011 in August 2026
    every=timedelta(hours=6),
    page=PAGE,
    licence="Reuse allowed with the United Nations named as the source",
    covers=("UN asset freezes, travel bans and arms embargoes",),
)
