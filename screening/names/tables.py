"""The CSV tables of `data/`: read once, hashed for the configuration that every decision names.

Cells hold several spellings apart by `;`. A `*` after a word makes it a stem; a blank makes a phrase.
"""

import csv
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

from screening.names.token import Role

LEXICON_TABLES = ("legal_forms.csv", "vocabulary.csv", "places.csv", "brand_nouns.csv")
"""Tables of a company's words, in the order in which they are asked."""

_FILES = (*LEXICON_TABLES, "given_names.csv", "person_words.csv", "connectors.csv", "acronyms.csv", "akin.csv")
LANGUAGE_COLUMNS = ("english", "cyrillic", "persian", "persian_latin", "latin")


@dataclass(frozen=True, slots=True)
class Row:
    """One spelling of one concept. `column` tells how it may be inflected (see `lexicon`)."""

    table: str
    concept: str
    role: Role
    column: str
    spelling: str


def _read(name: str) -> bytes:
    return (resources.files("screening.names") / "data" / name).read_bytes()


def _tables_hash() -> str:
    digest = hashlib.sha256()
    for name in _FILES:
        digest.update(name.encode() + b"\0" + _read(name) + b"\0")
    return digest.hexdigest()


TABLES_HASH = _tables_hash()
"""SHA-256 over all tables: a changed row is a changed configuration of the matcher."""


@cache
def records(name: str) -> tuple[dict[str, str], ...]:
    """Return the records of a table as dicts. Raises FileNotFoundError if there is no such table."""
    return tuple(csv.DictReader(_read(name).decode().splitlines()))


def spellings(table: str) -> Iterator[Row]:
    """Yield every spelling of a vocabulary table (columns concept, role and one per way of inflecting)."""
    for record in records(table):
        for column in LANGUAGE_COLUMNS:
            for spelling in record[column].split(";"):
                if spelling.strip():
                    yield Row(table, record["concept"], Role(record["role"]), column, spelling.strip())
