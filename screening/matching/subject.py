"""Subject: whom we screen, cleaned and typed, ready for the matcher."""

from dataclasses import dataclass

from lists.entity import Identifier, Kind, PartialDate


@dataclass(frozen=True, slots=True)
class Subject:
    """A counterparty. Only `name` or one identifier is needed; all else helps to tell two of one name apart.

    `countries` are ISO 3166-1 alpha-2: nationality, registration, residence or flag. `kind` None searches all kinds.
    """

    name: str
    kind: Kind | None = None
    other_names: tuple[str, ...] = ()
    birth_date: PartialDate | None = None
    countries: tuple[str, ...] = ()
    gender: str | None = None
    identifiers: tuple[Identifier, ...] = ()
    addresses: tuple[str, ...] = ()
    vessel_type: str = ""
    gross_tonnage: int | None = None
    built: int | None = None
