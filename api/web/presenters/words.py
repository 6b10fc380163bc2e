"""Words of two names side by side: which belong together, in which script each name stands, which way it runs.

Equal numbers on both sides belong together. A word looks `same`, `alike` or `left` (no counterpart); a word that the
matcher neither paired nor missed (a particle, a legal form it passed over) has no look.
"""

import unicodedata
from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures
from api.web.text import _
from screening.matching.result import AlignedPair, Explanation, Leftover, Relation

SAME_RELATIONS: Final = frozenset({Relation.SAME, Relation.SOUND, Relation.MEANING, Relation.JOINED})
"""Relations that the legend calls "same word" when the words are also fully alike."""

SAME_FROM: Final = 95
"""Similarity (0-100) from which a pair of those relations is drawn as the same word, not as a similar one."""


@dataclass(frozen=True, slots=True)
class Word:
    """One written word with its look and the number it shares with its counterpart."""

    text: str
    look: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    """One name, word by word, with its language for the browser and its direction."""

    words: tuple[Word, ...]
    lang: str
    rtl: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the word table. An empty text means: no counterpart on that side."""

    subject: str
    listed: str
    alike: str
    weight: str
    note: str


def lines(explanation: Explanation) -> tuple[Line, Line]:
    """Return the subject's and the listed name, aligned words numbered in the subject's order."""
    subject: dict[int, Word] = {}
    listed: dict[int, Word] = {}
    for number, pair in enumerate(in_order(explanation.pairs), start=1):
        look = "same" if is_same(pair) else "alike"
        subject.update({at: Word(explanation.subject_words[at], look, number) for at in pair.subject_words})
        listed.update({at: Word(explanation.listed_words[at], look, number) for at in pair.listed_words})
    return (
        _line(explanation.subject_words, subject, explanation.subject_left),
        _line(explanation.listed_words, listed, explanation.listed_left),
    )


def plain_line(text: str) -> Line:
    """Return a name that nothing is aligned to, as one line of plain words."""
    return Line(tuple(Word(word) for word in text.split()), language(text), is_rtl(text))


def rows(explanation: Explanation) -> tuple[Row, ...]:
    """Return the word table: aligned pairs first, then what was left over on either side."""
    paired = [
        Row(p.subject_text, p.listed_text, str(p.similarity), figures.share(p.weight), p.note)
        for p in in_order(explanation.pairs)
    ]
    mine = [Row(left.text, "", "0", figures.share(left.weight), "") for left in explanation.subject_left]
    theirs = [Row("", left.text, "0", figures.share(left.weight), "") for left in explanation.listed_left]
    return tuple(paired + mine + theirs)


def in_order(pairs: tuple[AlignedPair, ...]) -> list[AlignedPair]:
    """Return aligned pairs in the order of the subject's words."""
    return sorted(pairs, key=lambda pair: (pair.subject_words, pair.listed_words))


def is_same(pair: AlignedPair) -> bool:
    """Whether a pair is one word on both sides, be it in another script, spelling or language."""
    return pair.relation in SAME_RELATIONS and pair.similarity >= SAME_FROM


def language(text: str) -> str:
    """Return the language tag for a written name: `fa` or `ar`, `ru`, `zh`, `he`, else `en`, from its script.

    A name says its script, hardly its language: Arabic letters are taken as Persian (most subjects here), unless the
    text has a ta marbuta or an Arabic article; Cyrillic is taken as Russian.
    """
    script = _script(text)
    if script == "ARABIC":
        return "ar" if "ة" in text or any(w.startswith("ال") and len(w) > 3 for w in text.split()) else "fa"
    return {"CYRILLIC": "ru", "CJK": "zh", "HEBREW": "he"}.get(script, "en")


def is_rtl(text: str) -> bool:
    """Whether the first strong letter runs from right to left."""
    strong = (unicodedata.bidirectional(letter) for letter in text)
    return next((kind in {"R", "AL"} for kind in strong if kind in {"L", "R", "AL"}), False)


def same_script(explanation: Explanation) -> bool:
    """Whether both names are written in one script."""
    return _script(" ".join(explanation.subject_words)) == _script(" ".join(explanation.listed_words))


def quoted(text: str) -> str:
    """Return a word or phrase in the quotation marks of running text, isolated so that its direction stays its own."""
    return _("“%s”") % (f"\u2068{text}\u2069" if is_rtl(text) else text)


def _line(words: tuple[str, ...], aligned: dict[int, Word], left: tuple[Leftover, ...]) -> Line:
    missing = {leftover.word for leftover in left}
    shown = tuple(aligned.get(at) or Word(word, "left" if at in missing else "") for at, word in enumerate(words))
    text = " ".join(words)
    return Line(shown, language(text), is_rtl(text))


def _script(text: str) -> str:
    for letter in text:
        if letter.isalpha():
            return unicodedata.name(letter, "").split(" ")[0]
    return ""
