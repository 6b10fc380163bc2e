"""ListedEntity: who is on a list, with everything the publisher's file says, in one frozen shape for all lists.

Values are *cleaned* (dates, countries, identifiers in canonical form) but names are kept exactly as published;
folding of names happens when an index is built and is never stored.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pydantic import TypeAdapter


class Kind(StrEnum):
    """What is listed. `None` in a subject means: not said, search all kinds."""

    PERSON = "person"
    ORGANIZATION = "organization"
    VESSEL = "vessel"
    AIRCRAFT = "aircraft"


class NameType(StrEnum):
    """The role of a name: the listing's main name, another name in use, or one no longer in use."""

    PRIMARY = "primary"
    ALIAS = "alias"
    FORMER = "former"


class Quality(StrEnum):
    """How well a name identifies. OFAC's weak AKA (FAQ 122-125), the EU's strong="false", the UN's Low."""

    STRONG = "strong"
    WEAK = "weak"


class Measure(StrEnum):
    """What a listing does. It comes from the list and sanctions type, never from the programme tag alone."""

    BLOCKING = "blocking"  # asset freeze, property blocked
    SECTORAL = "sectoral"  # OFAC SSI and directives: some dealings restricted, not blocked
    CAPTA = "capta"  # correspondent or payable-through account restrictions
    MENU_BASED = "menu_based"  # OFAC NS-MBS
    INVESTMENT = "investment"  # OFAC CMIC: securities
    EXPORT_CONTROL = "export_control"  # BIS, State
    TRANSACTION_BAN = "transaction_ban"
    VESSEL_SERVICE_BAN = "vessel_service_ban"
    PORT_BAN = "port_ban"
    TRAVEL_BAN = "travel_ban"
    ARMS_EMBARGO = "arms_embargo"
    REJECT = "reject"  # OFAC NS-PLC: reject, do not block
    OTHER = "other"
    UNKNOWN = "unknown"  # the file names no programme (604 EU entries); never read as "none"


@dataclass(frozen=True, slots=True)
class Name:
    """One name as published. `script` is ISO 15924 (`Latn`, `Cyrl`, `Arab`), `language` ISO 639-1, both if known.

    `parts` keeps the publisher's own division as (part, value) pairs, part being one of given, middle, family,
    patronymic, matronymic, maiden, title, suffix, whole; the UN, which does not say which is which, has first, second,
    third, fourth.
    """

    value: str
    type: NameType = NameType.ALIAS
    quality: Quality = Quality.STRONG
    script: str | None = None
    language: str | None = None
    parts: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date known in part, as the range of days it may be. `text` is how the file puts it."""

    earliest: date
    latest: date
    approximate: bool = False
    text: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A number or code. `type` is the canonical type of `lists/data/identifier_types.csv`: imo, imo_company, inn,
    ogrn, okpo, lei, bic, passport, national_id, tax_id, registration, mmsi, call_sign, crypto_wallet:XBT …

    `value` is canonical (upper case, no blanks or hyphens), `text` as published, `label` the publisher's own type
    name, `country` ISO 3166-1 alpha-2. `strong`: it names one entity (with its country where it has one).
    """

    type: str
    value: str
    country: str | None = None
    text: str = ""
    label: str = ""
    strong: bool = False
    issued: date | None = None
    expires: date | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Address:
    """A postal address; `country` ISO 3166-1 alpha-2; `text` is the whole as one line."""

    text: str = ""
    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A place of birth, of registration or of operation."""

    text: str
    country: str | None = None


@dataclass(frozen=True, slots=True)
class Programme:
    """Why and how it is listed: the publisher's code, what it does, on what legal basis, in plain words."""

    code: str
    measure: Measure
    title: str = ""
    legal_basis: str = ""
    meaning: str = ""
    list_name: str = ""
    listed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Relationship:
    """A tie that the list itself states. `type`: owned_or_controlled_by, owns_or_controls, acting_for, family,
    associate, leader_or_official, provides_support_to, other. `other_id` is an entity id if the file gives one.
    """

    type: str
    other_id: str | None = None
    other_name: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class VesselFacts:
    """What a list says of a ship or an aircraft. Flags are ISO 3166-1 alpha-2 where they can be told."""

    flag: str | None = None
    former_flags: tuple[str, ...] = ()
    type: str = ""
    gross_tonnage: int | None = None
    deadweight: int | None = None
    built: str = ""
    owner: str = ""
    call_sign: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class ListedEntity:
    """One entry of one list. `id` is `<authority>:<publisher's own id>`; `source` the key of the list it came from.

    Two lists of one authority may carry the same id (88 OFAC uids are on both of its lists): same party, two listings.
    `contacts` are (kind, value) pairs, kind being phone, fax, email or website; `facts` are (label, text) pairs of
    whatever the file says that has no field of its own; `secondary_sanctions` OFAC's own texts, word for word.
    """

    id: str
    source: str
    kind: Kind
    names: tuple[Name, ...]
    birth_dates: tuple[PartialDate, ...] = ()
    birth_places: tuple[Place, ...] = ()
    death_dates: tuple[PartialDate, ...] = ()
    nationalities: tuple[str, ...] = ()
    genders: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[Address, ...] = ()
    contacts: tuple[tuple[str, str], ...] = ()
    programmes: tuple[Programme, ...] = ()
    secondary_sanctions: tuple[str, ...] = ()
    vessel: VesselFacts | None = None
    relationships: tuple[Relationship, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    listed_on: date | None = None
    changed_on: date | None = None
    remarks: str = ""
    url: str = ""

    @property
    def primary_name(self) -> str:
        """The listing's main name, as published."""
        return next((n.value for n in self.names if n.type is NameType.PRIMARY), self.names[0].value)


_ADAPTER = TypeAdapter(ListedEntity)


def to_json(entity: ListedEntity) -> bytes:
    """Return the entity as compact JSON with its defaults left out: the same entity gives the same bytes."""
    return _ADAPTER.dump_json(entity, exclude_defaults=True)


def from_json(data: bytes | str) -> ListedEntity:
    """Read back what `to_json` wrote. Raises pydantic.ValidationError on anything else."""
    return _ADAPTER.validate_json(data)
