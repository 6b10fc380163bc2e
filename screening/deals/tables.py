"""Tables: the CSV files of the deal rules, read once."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib import resources

from anyascii import anyascii


@cache
def rows(name: str) -> tuple[Mapping[str, str], ...]:
    """Return the rows of `data/<name>.csv`."""
    text = resources.files("screening.deals.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


@cache
def folded(text: str) -> str:
    """Return words as they are compared: Latin letters and digits in lower case, one blank between them."""
    return " ".join("".join(letter if letter.isalnum() else " " for letter in anyascii(text).casefold()).split())


def has_words(text: str, words: str) -> bool:
    """Say whether the words stand in the text as whole words, in this order. Both are folded."""
    return f" {words} " in f" {text} "
