"""What a word does in a person's name: patronymic, initial, particle, honorific, given name."""

import re
from functools import lru_cache

from screening.names.tables import records
from screening.names.words import Word, fold_word

_PATRONYMIC = re.compile(
    r"(?P<base>.{2,}?)(?:[oea]viCs?|[oea]vic(?:ius|us|is)?|[oea]viC(?:ius|us|is)|[oea]vna|[oea]una|ivna|(?P<short>iC|iCna|iniCna))$"
)
_SHORT_BASES = re.compile(r"(?:il|kuzm|nikit|fom|luk|foma|sav|mik|ilin|kuzmin|nikitin|fomin|lukin|savi?)$")
TURKIC_MARKERS = frozenset("ogly oglu oghlu ogli ogla kyzy kizi gyzy gizi qizi kzy uly uulu uli kyz".split())
"""Turkic for son or daughter of, after the father's name, in `plain` letters."""

_BASE_ENDINGS = ("", "i", "a", "ei", "e", "o")


@lru_cache(maxsize=1)
def _given_names() -> dict[str, str]:
    """Return canonical names by native letters, base letters and `~`sound; the first row that claims a key keeps it."""
    table: dict[str, str] = {}
    for record in records("given_names.csv"):
        name = record["name"]
        for spelling in (name, *record["latin"].split(";"), *record["cyrillic"].split(";"), *record["persian"].split(";")):
            if spelling:
                for key in _keys(fold_word(spelling)):
                    table.setdefault(key, name)
    return table


def _keys(word: Word) -> tuple[str, ...]:
    if word.script == "Arab":
        return (word.native,)
    return (word.native, word.plain, "~" + word.sound) if word.native else (word.plain, "~" + word.sound)


@lru_cache(maxsize=1)
def _person_words() -> dict[str, str]:
    table: dict[str, str] = {}
    for record in records("person_words.csv"):
        word = fold_word(record["spelling"])
        table.setdefault(word.native if word.script == "Arab" else word.plain, record["role"])
    return table


def given_name(word: Word) -> str:
    """Return the canonical given name (`nikolai` for Mykola), or "" if the word is not in the table."""
    table = _given_names()
    return next((table[key] for key in _keys(word) if key in table), "")


def person_word(word: Word) -> str:
    """Return `honorific` or `particle` for such a word, else ""."""
    return _person_words().get(word.native if word.script == "Arab" else word.plain, "")


@lru_cache(maxsize=1 << 15)
def patronymic_base(word: Word) -> str | None:
    """Return the father's canonical name of a Russian, Ukrainian or Belarusian patronymic, in any romanisation.

    "" if the word has the form of a patronymic of a name that is not in the table; None if it has not the form.
    """
    found = _PATRONYMIC.match(word.sound)
    if found is None or word.script == "Arab":
        return None
    base = found["base"]
    if found["short"] and not _SHORT_BASES.match(base):
        return None
    table = _given_names()
    return next((table[key] for ending in _BASE_ENDINGS if (key := f"~{base}{ending}") in table), "")
