"""ScreenedParty: a party or an owner with what the lists say of it, as the rules read it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from screening.answer import Found
from screening.matching.result import Outcome

AUTHORITIES: Mapping[str, str] = {"ofac": "ofac", "us": "ofac", "eu": "eu", "uk": "uk", "un": "un"}
"""The first part of an entity's id to whose list it is; another authority's is kept under its own name."""

BLOCKING = frozenset({"blocking", "unknown", "transaction_ban", "vessel_service_ban"})
"""Measures that forbid dealing with the party. `unknown` is an entry without a programme: never read as nothing."""


@dataclass(frozen=True, slots=True)
class Tie:
    """A tie that a list states of a matched entity: it is owned or controlled by another one."""

    entity_id: str
    other_id: str
    other_name: str
    blocked_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class SharedContact:
    """A listed entity that has the party's address, telephone number, e-mail domain or web domain."""

    entity_id: str
    name: str
    kind: str
    value: str


@dataclass(frozen=True)
class ScreenedParty:
    """One party or owner. `path` is its place in the deal (`parties.0`, `parties.0.owners.1`)."""

    path: str
    outcome: Outcome
    matches: tuple[Found, ...] = ()
    near_misses: tuple[Found, ...] = ()
    searchable: bool = True
    ties: tuple[Tie, ...] = ()
    contacts: tuple[SharedContact, ...] = ()
    warnings: tuple[str, ...] = ()
    considered: int = 0

    @cached_property
    def hits(self) -> tuple[Found, ...]:
        """Those that are very likely the party itself."""
        return tuple(found for found in self.matches if found.outcome is Outcome.MATCH)

    @cached_property
    def doubts(self) -> tuple[Found, ...]:
        """Those that a person must look at."""
        return tuple(found for found in self.matches if found.outcome is Outcome.REVIEW)

    @cached_property
    def blocked_by(self) -> frozenset[str]:
        """The authorities that forbid dealing with the party itself."""
        return frozenset(authority(found) for found in self.hits if blocks(found))


def authority(found: Found) -> str:
    """Return whose list an entity is on."""
    key = found.entity_id.partition(":")[0]
    return AUTHORITIES.get(key, key)


def blocks(found: Found) -> bool:
    """Say whether a listing forbids dealing with the party, rather than some dealings only."""
    return any(listing.measure in BLOCKING for listing in found.listings)


def has_measure(found: Found, measure: str) -> bool:
    """Say whether one of the entity's listings is of this measure."""
    return any(listing.measure == measure for listing in found.listings)
