"""Entities: look up and search what is listed, apart from any screening. Public data, so nothing is recorded."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from core.database import Database
from core.errors import NotFound
from lists.entity import Identifier, Kind, ListedEntity
from lists.identifiers import TYPES, clean
from lists.snapshots import entity
from screening.live_index import LiveIndex
from screening.matching.index import ListIndex
from screening.matching.matcher import search
from screening.matching.policy import Policy
from screening.matching.result import ScoredCandidate
from screening.matching.subject import Subject

WORTH_SHOWING = 600
"""Score, in tenths, from which a search shows an entity that lacks a word asked for ("Soleimani Qasem Reza"). One that
has them all is shown whatever its score: "Soleimani" alone, half of the listed name, scores 363."""

MOST_FOUND = 200
"""A search that meets more is too wide to be read; its words have to be made more particular."""


LEAST_DIGITS = 5
"""Shorter numbers are on every second paper, and name nobody."""


@dataclass(frozen=True, slots=True)
class Met:
    """One listed entity that a search met, by which of its names, and how alike that is (tenths of a point)."""

    id: str
    lists: tuple[str, ...]
    kind: Kind
    primary_name: str
    met_name: str
    score: int


class EntityService:
    """Reads from the index in force and from the snapshots. One per process."""

    def __init__(self, database: Database, live: LiveIndex) -> None:
        self._database = database
        self._live = live

    async def get(self, entity_id: str, as_of: datetime | None = None) -> tuple[ListedEntity, ...]:
        """Return the entity as each list in force has it (at `as_of`, if given). Raises NotFound."""
        async with self._database.read() as session:
            listings = await entity(session, entity_id, as_of)
        if not listings:
            when = "" if as_of is None else f" on {as_of.date()}"
            raise NotFound(f"no list in force{when} has the entity {entity_id!r}")
        return listings

    async def search(self, words: str, *, skip: int = 0, limit: int = 50) -> tuple[Met, ...]:
        """Return the listed entities that a name, a number or an id meets, the likest first, from behind `skip`.

        Raises Unavailable while no list is loaded.
        """
        index = self._live.current().index
        met = await asyncio.to_thread(lambda: tuple(_search(index, words)))
        return met[skip : skip + limit]


def _search(index: ListIndex, words: str) -> Iterator[Met]:
    listed = index.listings(words)
    if listed:
        lists = tuple(listing.source for listing in listed)
        yield Met(words, lists, listed[0].kind, listed[0].primary_name, words, 1000)
    subject = Subject(words, identifiers=tuple(_numbers(words)))
    for candidate in search(index, subject, Policy(), MOST_FOUND):
        has_all = not candidate.explanation.subject_left
        if (has_all or candidate.score >= WORTH_SHOWING) and not (listed and candidate.entity_id == words):
            yield _met(candidate)


def _numbers(words: str) -> Iterator[Identifier]:
    """Words that may be a number, as a number of every type: whoever searches need not know which it is."""
    if sum(letter.isdigit() for letter in words) < LEAST_DIGITS:
        return
    for known in TYPES():
        value = clean(known.type, words)
        if value:
            yield Identifier(known.type, value, known.country, text=words, strong=True)


def _met(candidate: ScoredCandidate) -> Met:
    return Met(
        id=candidate.entity_id,
        lists=candidate.sources,
        kind=candidate.kind,
        primary_name=candidate.primary_name,
        met_name=candidate.listed_name,
        score=candidate.score,
    )
