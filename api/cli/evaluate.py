"""`caspian evaluate`: the matcher on a CSV, through the real scorer, index and policy, unrecorded."""

import asyncio
import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Annotated, TextIO

import typer

from api.cli.setup import index_in_force, read_settings
from core.errors import FieldError, InvalidInput
from lists.dates import read_birth_date
from lists.entity import Kind, ListedEntity, Name, NameType
from screening.matching.index import ListIndex
from screening.matching.matcher import compare, search
from screening.matching.policy import Policy
from screening.matching.result import Outcome, ScoredCandidate
from screening.matching.subject import Subject
from screening.services.screen import policy_of

app = typer.Typer(no_args_is_help=True, help="Measure the matcher on your own cases; nothing is recorded.")

SCHEMAS = {
    "person": Kind.PERSON,
    "company": Kind.ORGANIZATION,
    "organization": Kind.ORGANIZATION,
    "vessel": Kind.VESSEL,
    "airplane": Kind.AIRCRAFT,
    "aircraft": Kind.AIRCRAFT,
}
PAIR_COLUMNS = ("query_name", "candidate_name", "schema")
SEARCH_COLUMNS = ("query_id", "query_name", "kind", "birth_date", "country")
MOST_ROWS = 20

Input = Annotated[Path, typer.Argument(metavar="IN.csv", exists=True, dir_okay=False, help="UTF-8 CSV with a header.")]


@app.command()
def pairs(path: Input) -> None:
    """Score pairs of names (columns query_name, candidate_name, schema): the same rows with `score` and `match`."""
    policy = policy_of(read_settings())
    with path.open(newline="", encoding="utf-8-sig") as file:
        reader = _reader(file, PAIR_COLUMNS)
        writer = csv.DictWriter(sys.stdout, [*(reader.fieldnames or ()), "score", "match"], lineterminator="\n")
        writer.writeheader()
        for number, row in enumerate(reader, start=2):
            scored = _pair(row, number, policy)
            matched = scored.outcome is not Outcome.CLEAR
            writer.writerow(row | {"score": _fraction(scored.score), "match": str(matched).lower()})


@app.command(name="search")
def search_command(path: Input) -> None:
    """Search the lists in force for each row: up to 20 results a query, near-misses too; rank 0 where there is none."""
    policy = policy_of(read_settings())
    index = asyncio.run(index_in_force(read_settings()))
    with path.open(newline="", encoding="utf-8-sig") as file:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(("query_id", "rank", "entity_id", "score", "outcome"))
        for number, row in enumerate(_reader(file, SEARCH_COLUMNS), start=2):
            writer.writerows(_results(row["query_id"], _subject(row, number), index, policy))


def _reader(file: TextIO, needed: Iterable[str]) -> "csv.DictReader[str]":
    reader = csv.DictReader(file)
    missing = [name for name in needed if name not in (reader.fieldnames or ())]
    if missing:
        message = f"the file's header has no column {', '.join(missing)}; it needs {', '.join(needed)}"
        raise InvalidInput(message)
    return reader


def _pair(row: dict[str, str], number: int, policy: Policy) -> ScoredCandidate:
    kind = SCHEMAS.get(row["schema"].strip().lower())
    if kind is None:
        raise _bad(number, "schema", f"{row['schema']!r} is none of {', '.join(sorted(SCHEMAS))}")
    for column in ("query_name", "candidate_name"):
        if not row[column].strip():
            raise _bad(number, column, "is empty")
    listed = ListedEntity(
        id="pair:1", source="pair", kind=kind, names=(Name(row["candidate_name"], type=NameType.PRIMARY),)
    )
    return compare(Subject(name=row["query_name"], kind=kind), listed, policy)


def _subject(row: dict[str, str], number: int) -> Subject:
    kind, birth_date, country = (row[column].strip() for column in SEARCH_COLUMNS[2:])
    if kind and kind not in set(Kind):
        raise _bad(number, "kind", f"{kind!r} is none of {', '.join(Kind)}")
    try:
        born = read_birth_date(birth_date) if birth_date else None
    except ValueError as error:
        raise _bad(number, "birth_date", str(error)) from error
    return Subject(
        name=row["query_name"],
        kind=Kind(kind) if kind else None,
        birth_date=born,
        countries=tuple(code.upper() for code in country.replace(";", " ").split()),
    )


def _results(query_id: str, subject: Subject, index: ListIndex, policy: Policy) -> Iterator[tuple[object, ...]]:
    found = search(index, subject, policy, limit=MOST_ROWS)
    if not found:
        yield (query_id, 0, "", "", "")
    for rank, scored in enumerate(found, start=1):
        outcome = "below" if scored.outcome is Outcome.CLEAR else scored.outcome.value
        yield (query_id, rank, scored.entity_id, _fraction(scored.score), outcome)


def _fraction(tenths: int) -> str:
    return f"{tenths / 1000:.3f}"


def _bad(row: int, field: str, message: str) -> InvalidInput:
    return InvalidInput(f"row {row}, column {field}: {message}", [FieldError(f"{row}.{field}", message)])
