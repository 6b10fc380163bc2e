"""Acronyms: the initials of a name as it is written, and facts about who uses which acronym or earlier name."""

from collections.abc import Iterable
from functools import lru_cache

from screening.names.clean import tidy, words_of
from screening.names.lexicon import connects
from screening.names.tables import records
from screening.names.token import ReadName, Role
from screening.names.words import fold_word

_UNTELLING = (Role.LEGAL_FORM, Role.SOFT, Role.NATION, Role.PARTICLE)
_WITHOUT_INITIAL = (Role.LEGAL_FORM, Role.PARTICLE, Role.NUMBER)
_SPELLS_A_STATE = frozenset(
    (
        *("soft:national", "soft:state", "soft:federal", "soft:corporation"),
        *("trade:united", "trade:central", "nation:iran", "nation:russia"),
    )
)
_FREE_LENGTH = 4
"""Three letters are as good as any firm's initials (MATCHING.md: 20 innocents of 1,543 at once)."""


@lru_cache(maxsize=1)
def _facts() -> dict[str, tuple[str, ...]]:
    facts: dict[str, tuple[str, ...]] = {}
    for record in records("acronyms.csv"):
        for short in record["short"].split(";"):
            facts[_run_together(words_of(tidy(short)))] = tuple(record["names"].split(";"))
    return facts


def full_names(read: ReadName) -> tuple[str, ...]:
    """Return the other names of an organisation that is written by its acronym or short name alone, else nothing.

    These are facts from `data/acronyms.csv`, not comparison: no letter of T-Bank tells that it was Tinkoff.
    """
    facts = _facts()
    whole = facts.get(_run_together(read.words))
    if whole:
        return whole
    telling = [token.text for token in read.tokens if token.role not in _UNTELLING]
    return facts.get(_run_together(telling), ())


def _run_together(words: Iterable[str]) -> str:
    return "".join(words).replace(" ", "").lower()


def initials_of(read: ReadName) -> set[str]:
    """Return the acronyms that a name's words spell: four letters or more, or three of a national or state body.

    Never from Persian or Arabic script, whose acronyms are made of the translated name.
    """
    if read.script == "Arab":
        return set()
    whole: list[str] = []
    telling: list[str] = []
    done = -1
    for token in read.tokens:
        if token.role in _WITHOUT_INITIAL or token.first <= done:
            continue
        done = token.last
        letters = _letters(read, token.first, token.last)
        whole.extend(letters)
        if token.concept != "soft:company":
            telling.extend(letters)
    stately = any(token.concept in _SPELLS_A_STATE for token in read.tokens)
    shortest = 3 if stately else _FREE_LENGTH
    return {"".join(letters) for letters in (whole, telling) if len(letters) >= shortest}


def _letters(read: ReadName, first: int, last: int) -> list[str]:
    return [
        fold_word(word).plain[:1]
        for word in read.words[first : last + 1]
        if not connects(word) and fold_word(word).plain
    ]
