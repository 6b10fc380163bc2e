"""Tables: the CSV files of the deal rules, read once."""

import csv
import hashlib
import json
from collections.abc import Mapping
from functools import cache
from importlib import resources

from anyascii import anyascii

from lists.countries import table_sha256

BESIDE_RULES = ("free_mail", "goods", "goods_words", "government_words", "places")
"""The tables that rules read; the rules themselves have a hash of their own."""


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of `data/<name>.csv`."""
    text = resources.files("screening.deals.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def tables_hash() -> str:
    """SHA-256 over every table that an assessment rests on beside the rules: goods, words, places, free mail domains
    and countries.
    """
    content = [[name, [dict(row) for row in rows(name)]] for name in BESIDE_RULES]
    text = json.dumps([content, table_sha256()], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def folded(text: str) -> str:
    """Return words as they are compared: Latin letters and digits in lower case, one blank between them."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in anyascii(text).casefold()).split())


def has_words(text: str, words: str) -> bool:
    """Say whether the words stand in the text as whole words, in this order. Both are folded."""
    return f" {words} " in f" {text} "
