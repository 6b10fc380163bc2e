"""Common words: brands that hundreds of unrelated firms chose, and family names that millions bear.

Vector, Garant, Setareh or Horizon says little: "Optima Packaging" is not the listed "Optima". A firm called by such a
word is told by the rest of its name too, so its trade words keep their full weight (MATCHING.md, "common brand words").
Likewise Ivanov, Karimi or Wang: a person is told by such a family name only together with all other names, and between
two of them a letter's difference (Karimi, Karami) is another family rather than an error of writing.
"""

import csv
from collections.abc import Iterator
from functools import cache
from importlib import resources

from screening.names.token import Token
from screening.names.words import fold_word

_BRANDS, _FAMILY_NAMES = "brand_words.csv", "family_names.csv"
_FEMININE = ("v", "n")
"""Endings of Russian family names that take an a for women: Ivanova, Putina."""
_SLAVIC = ("ru", "uk")


@cache
def common_brands() -> frozenset[str]:
    """Return the common brand words by their sound."""
    return frozenset(fold_word(word).sound for _, word in _rows(_BRANDS))


@cache
def common_family_names() -> frozenset[str]:
    """Return the common family names by their sound, men's and women's, and by their Persian letters."""
    found: set[str] = set()
    for language, name in _rows(_FAMILY_NAMES):
        for part in name.split():
            word = fold_word(part)
            found.add(word.native if word.script == "Arab" else word.sound)
            if language in _SLAVIC and word.sound.endswith(_FEMININE):
                found.add(word.sound + "a")
            elif language in _SLAVIC and word.sound.endswith("ki"):
                found.add(word.sound.removesuffix("i") + "aia")
    return frozenset(found)


def is_common_family_name(token: Token) -> bool:
    """Whether millions bear this family name."""
    names = common_family_names()
    return token.sound in names or (bool(token.native) and token.native in names)


def _rows(table: str) -> Iterator[tuple[str, str]]:
    text = (resources.files("screening.matching") / table).read_text("utf-8")
    return ((row["language"], row["word"]) for row in csv.DictReader(text.splitlines()))
