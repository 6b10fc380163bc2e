"""One entry of an OFAC list while it is read, whichever of the three formats it came in.

An `Entry` gathers what its parser finds and becomes a listed entity when the file is read. What OFAC's labels mean
is not known here but in `ofac_labels`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from core.errors import ListContentError
from lists.countries import listed_country
from lists.entity import (
    Address,
    Identifier,
    Kind,
    ListedEntity,
    Name,
    NameType,
    PartialDate,
    Place,
    Programme,
    Quality,
    Relationship,
)
from lists.names import script_of
from lists.sources.ofac_craft import Craft

T = TypeVar("T")

AUTHORITY = "ofac"
PAGE = "https://sanctionssearch.ofac.treas.gov/Details.aspx?id="

KINDS = {
    "individual": Kind.PERSON,
    "entity": Kind.ORGANIZATION,
    "vessel": Kind.VESSEL,
    "aircraft": Kind.AIRCRAFT,
}
"""sdnType (XML) and SDN_Type (CSV) in lower case. The CSV leaves it out for entities."""

LINKED_TO = "Linked To"
"""OFAC's words in remarks for a tie whose nature classic XML and CSV do not tell (Enhanced does)."""


class Entry:
    """What has been read of one entry. Lists keep the file's order; nothing is judged before `entity`."""

    __slots__ = (
        "addresses",
        "birth_dates",
        "birth_places",
        "contacts",
        "craft",
        "facts",
        "genders",
        "identifiers",
        "kind",
        "listed_on",
        "names",
        "nationalities",
        "programmes",
        "relationships",
        "remarks",
        "said",
        "secondary",
        "titles",
        "uid",
        "where",
    )

    def __init__(self, uid: str, sdn_type: str) -> None:
        self.uid = uid
        self.where = f"OFAC entry {uid}"
        if not uid.isdigit():
            raise ListContentError(f"an OFAC entry has the uid {uid!r}, which is no number")
        kind = KINDS.get(sdn_type.lower())
        if kind is None:
            raise ListContentError(f"{self.where}: the type {sdn_type!r} is not known")
        self.kind = kind
        self.names: list[Name] = []
        self.birth_dates: dict[str, PartialDate] = {}
        self.birth_places: dict[str, Place] = {}
        self.nationalities: dict[str, None] = {}
        self.genders: list[str] = []
        self.titles: list[str] = []
        self.identifiers: list[Identifier] = []
        self.addresses: list[Address] = []
        self.contacts: list[tuple[str, str]] = []
        self.programmes: tuple[Programme, ...] = ()
        self.secondary: list[str] = []
        self.craft = Craft()
        self.relationships: list[Relationship] = []
        self.facts: list[tuple[str, str]] = []
        self.said: dict[tuple[str, str], None] = {}
        self.listed_on: date | None = None
        self.remarks = ""

    def has_said(self, label: str, value: str) -> bool:
        """True if the entry has said so already, a closing full stop apart."""
        return (label, value.rstrip(".")) in self.said

    def name(self, given: str, family: str, type_: NameType, quality: Quality = Quality.STRONG) -> None:
        """Add a name as classic files divide it, equal ones too.

        A person's that is not divided but reads `LAST, First` (in CSV, and weak aliases in classic XML) is so here.
        """
        if not family and not given:
            raise ListContentError(f"{self.where}: a name is empty")
        if not given and self.kind is Kind.PERSON:
            family, _, given = family.partition(", ")
        whole = f"{given} {family}" if given and family else given or family
        parts = (("given", given), ("family", family)) if given and family else ()
        self.names.append(Name(whole, type_, quality, script=script_of(whole), parts=parts))

    def another_name(self, value: str, type_: NameType, quality: Quality = Quality.STRONG) -> None:
        """Add a name that a remark or a feature tells, unless it is there already."""
        self.name("", value, type_, quality)
        if any(self.names[-1].value == known.value for known in self.names[:-1]):
            self.names.pop()

    def known(self, table: Mapping[str, T], word: str, what: str) -> T:
        """Return what `word` means by `table`. Raises ListContentError naming it and this entry if it is not there."""
        try:
            return table[word]
        except KeyError:
            raise ListContentError(f"{self.where}: the {what} {word!r} is not known") from None

    def address(self, address: Address, country: str) -> None:
        """Add an address with its country as published; one that says nothing at all is passed over (OFAC has such)."""
        parts = (address.street, address.city, address.region, address.postcode, country)
        text = ", ".join(filter(None, parts))
        if not text:
            return
        try:
            self.addresses.append(replace(address, text=text, country=listed_country(country)))
        except ListContentError as error:
            raise ListContentError(f"{self.where}: {error}") from error

    def link(self, name: str) -> None:
        """Add a tie that remarks state as "Linked To: NAME", once."""
        if all(name != known.other_name for known in self.relationships):
            self.relationships.append(Relationship("other", other_name=name, note=LINKED_TO))

    def entity(self, source: str) -> ListedEntity:
        """Return the listed entity. Raises ListContentError if it has no name."""
        if not self.names:
            raise ListContentError(f"{self.where}: it has no name")
        return ListedEntity(
            id=entity_id(self.uid),
            source=source,
            kind=self.kind,
            names=tuple(self.names),
            birth_dates=tuple(self.birth_dates.values()),
            birth_places=tuple(self.birth_places.values()),
            nationalities=tuple(self.nationalities),
            genders=tuple(self.genders),
            titles=tuple(self.titles),
            identifiers=tuple(self.identifiers),
            addresses=tuple(self.addresses),
            contacts=tuple(self.contacts),
            programmes=self.programmes,
            secondary_sanctions=tuple(self.secondary),
            vessel=self.craft.facts(),
            relationships=tuple(self.relationships),
            facts=tuple(self.facts),
            listed_on=self.listed_on,
            remarks=self.remarks,
            url=PAGE + self.uid,
        )


def entity_id(uid: str) -> str:
    """Return the id of the listed entity with this uid."""
    return f"ofac:{uid}"


def listed_name(given: str, family: str) -> str:
    """Return a name as OFAC orders it in "Linked To" and in CSV: `LAST, First`."""
    return f"{family}, {given}" if given and family else family or given


def finished(entries: Iterable[Entry], uids: Mapping[str, list[str]], source: str) -> tuple[ListedEntity, ...]:
    """Return the entries of a whole file as listed entities, "Linked To" parties with their ids.

    `uids` has the uids of all entries by their main name as OFAC orders it; a name that just one entry has is that
    party. Raises ListContentError if two entries have one uid.
    """
    found: dict[str, ListedEntity] = {}
    for entry in entries:
        entity = _tied(entry.entity(source), uids)
        if entity.id in found:
            raise ListContentError(f"{entry.where}: the uid occurs twice")
        found[entity.id] = entity
    return tuple(found.values())


def _tied(entity: ListedEntity, uids: Mapping[str, list[str]]) -> ListedEntity:
    if not any(relationship.other_id is None for relationship in entity.relationships):
        return entity
    ties = []
    for relationship in entity.relationships:
        found = uids.get(relationship.other_name, []) if relationship.other_id is None else []
        ties.append(replace(relationship, other_id=entity_id(found[0])) if len(found) == 1 else relationship)
    return replace(entity, relationships=tuple(ties))
