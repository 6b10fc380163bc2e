"""Every row of the tables is reached: reading its spelling gives what the row says."""

import csv
from collections.abc import Callable
from importlib import resources

import pytest

from screening.names.akin import akin_to, families
from screening.names.assemble import company_tokens, lexicon
from screening.names.clean import tidy, words_of
from screening.names.lexicon import connects
from screening.names.roles import given_name, says
from screening.names.tables import LEXICON_TABLES, TABLES_HASH, Row, records, spellings
from screening.names.token import Role
from screening.names.words import fold_word

PREFIX = {
    Role.LEGAL_FORM: "form",
    Role.CONCEPT: "trade",
    Role.SOFT: "soft",
    Role.NATION: "nation",
    Role.PLACE: "place",
    Role.WORD: "word",
}


def _wrong(row: Row) -> bool:
    words = [fold_word(word) for word in words_of(tidy(row.spelling.replace("*", "")))]
    tokens = company_tokens(words)
    wanted = {f"{PREFIX[row.role]}:{concept}" for concept in row.concept.split()}
    return {token.concept for token in tokens} != wanted or {(t.first, t.last) for t in tokens} != {(0, len(words) - 1)}


@pytest.mark.parametrize("table", LEXICON_TABLES)
def test_every_spelling_reads_as_its_concept(table: str) -> None:
    rows = list(spellings(table))
    assert len(rows) > 50
    assert [(row.concept, row.column, row.spelling) for row in rows if _wrong(row)] == []


def test_every_spelling_of_a_given_name_is_that_name() -> None:
    wrong = [
        (record["name"], spelling, given_name(fold_word(spelling)))
        for record in records("given_names.csv")
        for column in ("latin", "cyrillic", "persian")
        for spelling in record[column].split(";")
        if spelling and given_name(fold_word(spelling)) != record["name"]
    ]
    assert wrong == []


def test_every_small_word_is_told() -> None:
    assert all(says(fold_word(record["spelling"]), record["role"]) for record in records("person_words.csv"))
    assert all(connects(record["spelling"].upper()) for record in records("connectors.csv"))


@pytest.mark.parametrize("table", [*LEXICON_TABLES, "given_names.csv", "acronyms.csv"])
def test_tables_are_whole_and_hold_nothing_twice(table: str) -> None:
    text = (resources.files("screening.names") / "data" / table).read_text(encoding="utf-8")
    head, *rows = list(csv.reader(text.splitlines()))
    assert all(len(row) == len(head) for row in rows)
    assert len({tuple(row) for row in rows}) == len(rows)
    cells = [cell.split(";") for row in rows for cell in row if ";" in cell]
    assert [cell for cell in cells if len(set(cell)) != len(cell) or "" in cell] == []


def test_the_tables_hash_follows_every_byte() -> None:
    import hashlib

    from screening.names import tables

    read: Callable[[str], bytes] = tables._read
    digest = hashlib.sha256()
    for name in sorted(path.name for path in (resources.files("screening.names") / "data").iterdir()):
        if name.endswith(".csv"):
            assert name in tables._FILES, f"{name} is in no hash"
    for name in tables._FILES:
        digest.update(name.encode() + b"\0" + read(name) + b"\0")
    assert digest.hexdigest() == TABLES_HASH


def test_the_lexicon_is_built_once() -> None:
    assert lexicon() is lexicon()


def test_akin_concepts_are_concepts_of_the_tables() -> None:
    rows = [row for table in LEXICON_TABLES for row in spellings(table)]
    known = {f"{PREFIX[row.role]}:{part}" for row in rows for part in row.concept.split()}
    assert all(family <= known and len(family) > 1 for family in families())
    assert all(record["example"] for record in records("akin.csv"))
    assert "trade:works" in akin_to("trade:plant")
    assert "trade:plant" not in akin_to("trade:plant")
