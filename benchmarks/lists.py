"""The real lists and the development cases that benchmarks run on. Both lie beside the project, in `../shared`."""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from lists.entity import Kind, ListedEntity
from lists.files import files_in, unpack
from lists.source import discover, format_of
from screening.matching.index import ListIndex

SHARED = Path(__file__).resolve().parents[2] / "shared"
LISTS = ("ofac_sdn", "ofac_cons", "eu_fsf", "un_sc", "us_csl")
MOST_BYTES = 200_000_000
"""Of one unpacked file."""


def read_lists(directory: Path, sources: tuple[str, ...] = LISTS) -> list[ListedEntity]:
    """Return the entities of these sources from the files in a directory, each source from the first file it knows."""
    found: list[ListedEntity] = []
    known = discover()
    with TemporaryDirectory() as into:
        opened = [file.path for path in files_in(directory) for file in unpack(path, Path(into), MOST_BYTES)]
        for key in sources:
            for path in opened:
                form = format_of(known[key], path)
                if form is not None:
                    found.extend(form.parse(path).entities)
                    break
    return found


@cache
def listed_entities() -> tuple[ListedEntity, ...]:
    """Return all entities of today's lists."""
    return tuple(read_lists(SHARED / "lists" / "current"))


@cache
def full_index() -> ListIndex:
    """Return an index over today's lists, in memory."""
    return ListIndex.build(listed_entities())


@dataclass(frozen=True, slots=True)
class Case:
    """One row of a case file: a query, what it is, and what must (or must not) be found."""

    id: str
    name: str
    kind: Kind | None
    birth_date: str
    country: str
    expected: frozenset[str]
    tags: dict[str, str]


@dataclass(frozen=True, slots=True)
class PairCase:
    """One labelled pair of names."""

    a: str
    b: str
    kind: Kind | None
    same: bool
    tags: dict[str, str]


SCHEMAS = {"Person": Kind.PERSON, "Vessel": Kind.VESSEL, "Airplane": Kind.AIRCRAFT}


def cases(name: str) -> list[Case]:
    """Return the search cases of `../shared/eval/<name>.csv`."""
    return [
        Case(
            id=row["query_id"],
            name=row["query_name"],
            kind=Kind(row["kind"]) if row["kind"] else None,
            birth_date=row.get("birth_date", ""),
            country=row.get("country", ""),
            expected=frozenset(filter(None, row.get("expected_ids", "").split(";"))),
            tags=row,
        )
        for row in _rows(name)
    ]


def pair_cases(name: str) -> list[PairCase]:
    """Return the labelled pairs of `../shared/eval/<name>.csv`."""
    return [
        PairCase(
            a=row["query_name"],
            b=row["candidate_name"],
            kind=SCHEMAS.get(row["schema"], Kind.ORGANIZATION),
            same=row["label"] == "true",
            tags=row,
        )
        for row in _rows(name)
    ]


def _rows(name: str) -> list[dict[str, str]]:
    with (SHARED / "eval" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
