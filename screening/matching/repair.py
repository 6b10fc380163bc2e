"""Repair: another reading of a subject's name whose words the lists do not know (MATCHING.md, step 5).

Only words that no listed name has are touched, and the name as written is always read too: *Borisnova* is a name, not
"Boris nova". Owns letters read wrongly, words run together or apart, and typing errors in legal forms and trade words.
"""

import re
from collections.abc import Callable
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA

from screening.matching import numbers as n
from screening.names.tables import spellings
from screening.names.words import fold_word

Knows = Callable[[str], bool]
"""Whether some listed name has a word of this sound."""

_LOOKALIKES = str.maketrans("АВЕКМНОРСТУХаеорсухкі", "ABEKMHOPCTYXaeopcyxki")
_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
_LATIN = re.compile(r"[A-Za-z]")
_WORD = re.compile(r"[^\W_]+")
_DIGITS_AS_LETTERS = ("01358", "oiesb"), ("01358", "olesb")
_PAIRS_AS_LETTERS = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"))
_GLUED_FORMS = ("llc", "ltd", "ooo", "oao", "zao", "pao", "jsc", "fze", "fzco", "gmbh", "inc")
_TRADE = "vocabulary.csv"
_TABLES = (("legal_forms.csv", n.REPAIR_FORM_LETTERS), (_TRADE, n.REPAIR_WORD_LETTERS))


def repaired(name: str, knows: Knows, *, person: bool) -> str | None:
    """Return the name with its unknown words repaired, or None if there is nothing to repair."""
    text = _one_script(name)
    if not person:
        text = _spelt_forms(_rejoined(text, knows))
    result = _WORD.sub(lambda match: _word(match.group(), knows, person), text)
    return result if result != name else None


def _one_script(name: str) -> str:
    """A name in Latin letters with a few Cyrillic ones that look the same is a Latin name."""
    if not _CYRILLIC.search(name) or not _LATIN.search(name):
        return name
    latin = name.translate(_LOOKALIKES)
    return name if _CYRILLIC.search(latin) else latin


def _rejoined(text: str, knows: Knows) -> str:
    """Put table words together that a blank has split: comp any."""
    words = text.split(" ")
    at = 0
    while at + 1 < len(words):
        joined = (words[at] + words[at + 1]).lower()
        if joined in _table_words() and not (_known(words[at], knows) and _known(words[at + 1], knows)):
            words[at : at + 2] = [words[at] + words[at + 1]]
        at += 1
    return " ".join(words)


def _spelt_forms(text: str) -> str:
    """Put right one misspelt word inside a spelt-out legal form, known to the lists or not: joint sock company."""
    words = text.split(" ")
    lowered = [word.lower() for word in words]
    masked = _masked_forms()
    for at, found in enumerate(lowered):
        for first in range(max(0, at - n.REPAIR_PHRASE_WORDS + 1), at + 1):
            window = lowered[first : first + n.REPAIR_PHRASE_WORDS]
            meant = masked.get((at - first, *window[: at - first], *window[at - first + 1 :]))
            if meant and found != meant and OSA.distance(found, meant, score_cutoff=1) <= 1:
                words[at] = meant
    return " ".join(words)


@cache
def _masked_forms() -> dict[tuple[int | str, ...], str]:
    """Return each word of a spelt-out English legal form by its place and the words beside it."""
    found: dict[tuple[int | str, ...], str] = {}
    for row in spellings("legal_forms.csv"):
        words = row.spelling.split() if row.column == "english" else []
        for start in range(len(words) - n.REPAIR_PHRASE_WORDS + 1):
            part = words[start : start + n.REPAIR_PHRASE_WORDS]
            for at, word in enumerate(part):
                if len(word) >= n.REPAIR_LETTERS:
                    found.setdefault((at, *part[:at], *part[at + 1 :]), word)
    return found


def _word(word: str, knows: Knows, person: bool) -> str:
    if not word.isascii() or len(word) < n.REPAIR_LETTERS or word.isdigit() or _known(word, knows):
        return word
    lowered = word.lower()
    if misread := _misread(lowered, knows):
        return misread
    if person or not lowered.isalpha():
        return word
    return _unglued(lowered, knows) or _table_word(lowered) or _split(lowered, knows) or word


def _known(word: str, knows: Knows) -> bool:
    return knows(fold_word(word).sound) and word.isalpha()


def _misread(word: str, knows: Knows) -> str:
    """Letters that a scanner took for digits or for two letters."""
    if not word.isalpha():
        tried = [word.translate(str.maketrans(*table)) for table in _DIGITS_AS_LETTERS]
    else:
        tried = [word.replace(seen, meant) for seen, meant in _PAIRS_AS_LETTERS if seen in word]
    return next((t for t in tried if t.isalpha() and (_known(t, knows) or t in _table_words())), "")


def _unglued(word: str, knows: Knows) -> str:
    """CLOUDRUNLLC: a legal form run on to a known word."""
    for form in _GLUED_FORMS:
        stem = word.removesuffix(form)
        if stem != word and len(stem) >= n.REPAIR_LETTERS and _known(stem, knows):
            return f"{stem} {form}"
    return ""


def _table_word(word: str) -> str:
    """One typing error in a word of a legal form, or in a longer trade word: STCK, LIABILPTY."""
    found = process.extractOne(word, _table_words_near(len(word)), scorer=OSA.distance, score_cutoff=1)
    return found[0] if found is not None and found[0] != word else ""


def _split(word: str, knows: Knows) -> str:
    """Two known words run together: SIBERIANBRANCH."""
    shortest = n.REPAIR_LETTERS
    for at in range(shortest, len(word) - shortest + 1):
        first, second = word[:at], word[at:]
        if _is_word(first, knows) and _is_word(second, knows):
            return f"{first} {second}"
    return ""


def _is_word(word: str, knows: Knows) -> bool:
    return word in _table_words() or _known(word, knows)


@cache
def _table_words_near(letters: int) -> tuple[str, ...]:
    """Table words that one typing error may part from a word of so many letters, in the tables' order.

    A short trade word of another language is rather a name that looks like it: Tengri, Hungarian tengeri.
    """
    return tuple(
        word
        for word, foreign in _table_words().items()
        if abs(len(word) - letters) <= 1 and (not foreign or len(word) >= n.REPAIR_FOREIGN_LETTERS)
    )


@cache
def _table_words() -> dict[str, bool]:
    """Latin words of the tables that are long enough not to be mistaken for names, in the tables' order.

    Each with whether it is a trade word of another language than English, Russian or Persian only.
    """
    found: dict[str, bool] = {}
    for table, letters in _TABLES:
        for row in spellings(table):
            for word in row.spelling.split():
                if word.isascii() and word.isalpha() and len(word) >= letters:
                    found[word] = found.get(word, True) and row.column == "latin" and table == _TRADE
    return found
