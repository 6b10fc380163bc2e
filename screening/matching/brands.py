"""Common brand words: words that hundreds of unrelated firms chose as their name, in any of the corridor's languages.

Vector, Garant, Setareh or Horizon says little: "Optima Packaging" is not the listed "Optima". A firm called by such a
word is told by the rest of its name too, so its trade words keep their full weight (MATCHING.md, "common brand words").
"""

import csv
from functools import cache
from importlib import resources

from screening.names.words import fold_word

TABLE = "brand_words.csv"


@cache
def common_brands() -> frozenset[str]:
    """Return the common brand words by their sound."""
    text = (resources.files("screening.matching") / TABLE).read_text("utf-8")
    return frozenset(fold_word(row["word"]).sound for row in csv.DictReader(text.splitlines()))
