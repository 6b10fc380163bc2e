"""Editions: the list files at hand, recognised by content, read, and put in order. No database, no network.

Of several files for one list the later published wins. An earlier one of the same format comes first as history, so
that what changed between the two is kept; of another format it is left aside, since formats differ in what they say.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from core.errors import ListError, ListFormatError
from lists import files, reading
from lists.content import PreparedList
from lists.files import FetchedFile, OpenedFile
from lists.source import Format, Source

AT_ONCE = 2
"""Files read at the same time: each costs a core and up to 400 MB."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A file that a source knows by its content."""

    source: Source
    form: Format
    opened: OpenedFile
    fetched: FetchedFile


@dataclass(frozen=True, slots=True)
class Edition:
    """A candidate, read: what it holds, or why it cannot be used."""

    candidate: Candidate
    prepared: PreparedList | ListError

    @property
    def published_on(self) -> date:
        """The day the publisher dates it; the first of all days if the file names none, or is not sound."""
        found = None if isinstance(self.prepared, ListError) else self.prepared.published_on
        return found or date.min


@dataclass(frozen=True, slots=True)
class Unknown:
    """A file that is not a candidate. `error` says why; None for a companion, which is read with its main file."""

    name: str
    error: ListError | None


@dataclass(frozen=True, slots=True)
class Order:
    """In which order the editions of one source come into force, and which are left aside."""

    unsound: tuple[Edition, ...]
    superseded: tuple[Edition, ...]
    history: tuple[Edition, ...]
    newest: Edition | None


def collect(
    paths: Iterable[Path], sources: Sequence[Source], into: Path, max_bytes: int, at: datetime
) -> tuple[list[Candidate], list[Unknown]]:
    """Open every file, unpacking into the directory `into`, and tell whose format it is. Never raises for one file."""
    candidates: list[Candidate] = []
    unknown: list[tuple[OpenedFile, ListError]] = []
    broken: list[Unknown] = []
    for number, path in enumerate(paths):
        try:
            opened = files.unpack(path, into / str(number), max_bytes)
        except ListFormatError as error:
            broken.append(Unknown(path.name, error))
            continue
        for file in opened:
            known = files.recognise(file, sources)
            if known is None:
                unknown.append((file, files.why_unknown(file, sources[0] if len(sources) == 1 else None)))
            else:
                fetched = FetchedFile(path, files.sha256_of(path), file.name, str(path), at)
                candidates.append(Candidate(*known, file, fetched))
    companions = {c.opened.path.parent / name for c in candidates for name in c.form.companions}
    return candidates, [*broken, *(_unknown(file, error, companions) for file, error in unknown)]


def _unknown(file: OpenedFile, error: ListError, companions: set[Path]) -> Unknown:
    belongs = file.path.with_name(file.path.name.lower()) in companions
    return Unknown(file.name, None if belongs else error)


async def read_all(candidates: Iterable[Candidate]) -> list[Edition]:
    """Read the candidates, two at a time; one that is not sound harms no other."""
    turn = asyncio.Semaphore(AT_ONCE)

    async def read(candidate: Candidate) -> Edition:
        async with turn:
            try:
                return Edition(candidate, await reading.read(candidate.form, candidate.opened.path))
            except ListError as error:
                return Edition(candidate, error)

    return list(await asyncio.gather(*map(read, candidates)))


def order(editions: Iterable[Edition], in_force: date | None) -> Order:
    """Put the editions of one source in order; `in_force` is the publication date of the one in force.

    Of two with one date, the format that the source names first wins.
    """
    everything = list(editions)
    unsound = tuple(e for e in everything if isinstance(e.prepared, ListError))
    sound = sorted((e for e in everything if not isinstance(e.prepared, ListError)), key=_rank)
    if not sound:
        return Order(unsound, (), (), None)
    *earlier, newest = sound
    form = newest.candidate.form
    history = tuple(e for e in earlier if e.candidate.form is form and _between(e, in_force, newest))
    return Order(unsound, tuple(e for e in earlier if e not in history), history, newest)


def _rank(edition: Edition) -> tuple[date, int]:
    formats = edition.candidate.source.formats
    return edition.published_on, -formats.index(edition.candidate.form)


def _between(edition: Edition, in_force: date | None, newest: Edition) -> bool:
    return (in_force or date.min) < edition.published_on < newest.published_on
