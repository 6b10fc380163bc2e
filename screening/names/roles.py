"""What a word does in a person's name: given name, patronymic, honorific, particle, or a part of a compound name."""

import re
from functools import lru_cache

from screening.names.tables import records
from screening.names.words import Word, fold_word

_PATRONYMIC = re.compile(
    r"(?P<base>.{2,}?)(?:[oea]viC(?:s|ius|us|is)?|[oea]vic(?:ius|us|is)?|[oea]vna|[oea]una|ivna|(?P<short>iC|iCna|iniCna))$"
)
_SHORT_BASES = re.compile(r"(?:il|kuzm|nikit|fom|luk|foma|sav|mik|ilin|kuzmin|nikitin|fomin|lukin|savi?)$")
_BASE_ENDINGS = ("", "i", "a", "ei", "e", "o", "ia")  # what a father's name loses before -ovich: Ilya, Ilyich


@lru_cache(maxsize=1)
def _given_names() -> dict[str, str]:
    """Return canonical names by native letters, base letters and `~`sound; the first row that claims a key keeps it."""
    table: dict[str, str] = {}
    for record in records("given_names.csv"):
        name = record["name"]
        cells = (record[column].split(";") for column in ("latin", "cyrillic", "persian"))
        for spelling in (name, *(spelling for cell in cells for spelling in cell)):
            if spelling:
                for key in _keys(fold_word(spelling)):
                    table.setdefault(key, name)
    return table


def _keys(word: Word) -> tuple[str, ...]:
    if word.script == "Arab":
        return (word.native,)
    return (word.native, word.plain, "~" + word.sound) if word.native else (word.plain, "~" + word.sound)


@lru_cache(maxsize=1)
def _person_words() -> dict[str, frozenset[str]]:
    """Return the small words of personal names by what they do (see `says`)."""
    table: dict[str, set[str]] = {}
    for record in records("person_words.csv"):
        table.setdefault(record["role"], set()).add(_letters(fold_word(record["spelling"])))
    return {role: frozenset(words) for role, words in table.items()}


def _letters(word: Word) -> str:
    return word.native if word.script == "Arab" else word.plain


def says(word: Word, role: str) -> bool:
    """Tell whether a word is one of a kind of small words: article, servant_of (Abd), father_of (Abu), father_of_the
    (Abol), of_the_faith (Din, Allah), child_of (oglu, kyzy).
    """
    return _letters(word) in _person_words()[role]


def given_name(word: Word) -> str:
    """Return the canonical given name (`nikolai` for Mykola), or "" if the word is not in the table."""
    table = _given_names()
    return next((table[key] for key in _keys(word) if key in table), "")


def person_word(word: Word) -> str:
    """Return `honorific` or `particle` for such a word, else ""."""
    return next((role for role in ("honorific", "particle") if says(word, role)), "")


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
    bases = [base + ending for ending in _BASE_ENDINGS]
    if base.endswith("e"):  # Mykola, Mykolaivna: ai sounds ei
        bases.append(base[:-1] + "a")
    return next((table[key] for whole in bases if (key := f"~{whole}") in table), "")
