"""Lexicon: phrases of words, in any script or romanisation, that stand for a concept; the longest phrase is found.

Every spelling is indexed by the words' own keys (native letters, base letters, sound), so one Cyrillic spelling also
reads all its romanisations. How a spelling may vary depends on its column:

english        an English plural
cyrillic       as is, in Cyrillic and in all romanisations; stems for inflected words
persian        native letters only, with ی, ها and های (قرب and غرب must never meet through Latin)
persian_latin  with ezafe: -e, -ye
latin          as is: other languages in Latin letters; stems for inflected words
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from screening.names.clean import tidy
from screening.names.persian import unify
from screening.names.tables import Row, records
from screening.names.token import Role
from screening.names.words import Word, fold_word

_PREFIX = {
    Role.LEGAL_FORM: "form",
    Role.CONCEPT: "trade",
    Role.SOFT: "soft",
    Role.PLACE: "place",
    Role.NATION: "nation",
    Role.WORD: "word",
}
_STEM_REST = 7  # строит* reads stroitelnogo; more would read brand names (MATCHING.md, step 8)
_SHORT_STEM_REST = {3: 4, 4: 6}  # by the length of the stem
_OTHER_WORD = re.compile("[bdfp]|o(?![vwyjierlg]|mu|mi|n[aei]|m$|sti?u?$|stn|to$|n$|$)..+")
"""In what follows a stem: letters that no ending has, or a linking o with another word after it."""
_SOUNDING = ("cyrillic", "persian_latin")
"""Columns whose spellings are romanisations of one another; a German stem must not sound like a Persian name."""
_JOINED_COLUMNS = ("persian", "persian_latin")  # کشتی‌سازی is written as one word or two
_PERSIAN_ENDINGS = ("ی", "ها", "های", "هایی")
_ARABIC_STARTS = ("ال", "وال", "و", "لل", "بال")
_MASCULINE = "ен"  # Bulgarian: национален, but национална as национальная
_MIN_SOUND = 4  # shorter words are looked up by their letters only: "po" and "nk" sound like too much
_EDGE_ROLES = (Role.LEGAL_FORM, Role.CONCEPT)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a phrase stands for. `edge_only`: a form or trade word of one or two letters, read at the name's edges."""

    role: Role
    concepts: tuple[str, ...]
    edge_only: bool


@dataclass(slots=True)
class _Node:
    children: dict[int, "_Node"] = field(default_factory=dict)
    entry: Entry | None = None


class Lexicon:
    """Phrases by their words. Built once from table rows; look-ups never change it."""

    def __init__(self, rows: Iterable[Row]) -> None:
        """Index the rows; of two rows with the same words the first stands."""
        self._exact: dict[str, list[int]] = {}
        self._stems: dict[str, list[int]] = {}
        self._ids: dict[tuple[str, ...], int] = {}
        self._root = _Node()
        for row in rows:
            self._add(row)

    def atoms(self, word: Word) -> tuple[int, ...]:
        """Return the ids of the table words that a word can be, exact ones before stems, long stems before short."""
        return _atoms(self, word)

    def longest(self, words: Sequence[Word], start: int, edge: tuple[int, int]) -> tuple[int, Entry] | None:
        """Return (end, entry) of the longest phrase that begins at word `start`, or None.

        `edge` is the first and last position, where alone an `edge_only` entry counts.
        """
        best: tuple[int, Entry] | None = None
        layer: list[tuple[_Node, int]] = [(self._root, start)]
        while layer:
            following: list[tuple[_Node, int]] = []
            for node, position in layer:
                for child in self._children(node, words, position):
                    following.append((child, position + 1))
                    entry = child.entry
                    if entry and (best is None or position + 1 > best[0]) and self._allowed(entry, start, edge):
                        best = (position + 1, entry)
                inside = node is not self._root and bool(node.children) and position < len(words)
                if inside and connects(words[position].text):
                    following.append((node, position + 1))
            layer = following
        return best

    def _children(self, node: _Node, words: Sequence[Word], position: int) -> list[_Node]:
        if position >= len(words):
            return []
        children = node.children
        return [children[atom] for atom in self.atoms(words[position]) if atom in children]

    @staticmethod
    def _allowed(entry: Entry, start: int, edge: tuple[int, int]) -> bool:
        return not entry.edge_only or start in edge

    def _add(self, row: Row) -> None:
        words = [(word.rstrip("*"), word.endswith("*")) for word in tidy(row.spelling).split()]
        self._insert(row, _without_connectors(words))
        if len(words) == 2 and row.column in _JOINED_COLUMNS:
            self._insert(row, [("".join(text for text, _ in words), words[-1][1])])

    def _insert(self, row: Row, content: list[tuple[str, bool]]) -> None:
        node = self._root
        for text, stem in content:
            atom = self._stem_atom(text, row.column in _SOUNDING) if stem else self._exact_atom(text, row.column)
            node = node.children.setdefault(atom, _Node())
        if node.entry is None:
            short = row.role in _EDGE_ROLES and len(content) == 1 and len(content[0][0]) <= 2
            node.entry = Entry(
                row.role, tuple(f"{_PREFIX[row.role]}:{concept}" for concept in row.concept.split()), short
            )

    def _exact_atom(self, text: str, column: str) -> int:
        keys: list[str] = []
        for index, variant in enumerate(_variants(text, column)):
            folded = (unify(variant),) if column == "persian" else _keys(fold_word(variant), column in _SOUNDING)
            keys.extend(key if index == 0 else "+" + key for key in folded)
        return self._register(self._exact, tuple(dict.fromkeys(keys)))

    def _stem_atom(self, text: str, sounding: bool) -> int:
        # a stem is not a word's end, so the rules for endings must not see it as one
        word = fold_word(text)
        last = "m" if word.plain.endswith("n") else "n"
        longer = fold_word(text + ({"m": "м", "n": "н"}[last] if word.script == "Cyrl" else last))
        sound = (f"~{longer.sound.removesuffix(last)}",) if sounding else ()
        return self._register(self._stems, (word.plain, *sound))

    def _register(self, table: dict[str, list[int]], keys: tuple[str, ...]) -> int:
        marker = ("stem" if table is self._stems else "word", *keys)
        atom = self._ids.setdefault(marker, len(self._ids))
        for key in keys:
            atoms = table.setdefault(key, [])
            if atom not in atoms:
                atoms.append(atom)
        return atom

    def _find(self, word: Word) -> tuple[int, ...]:
        found: list[int] = []
        for key in _keys(word):
            found.extend(self._exact.get(key, ()))
            found.extend(self._exact.get("+" + key, ()))
        if word.script != "Arab":
            found.extend(self._find_stems(word.plain, ""))
            found.extend(self._find_stems(word.sound, "~"))
        if word.script == "Cyrl" and word.native.endswith(_MASCULINE):
            found.extend(self._find_stems(word.plain[:-2] + "n", ""))
        return tuple(dict.fromkeys(found))

    def _find_stems(self, letters: str, mark: str) -> list[int]:
        found: list[int] = []
        for length in range(len(letters), 2, -1):
            atoms = self._stems.get(mark + letters[:length])
            if atoms and _inflects(letters[length:], length):
                found.extend(atoms)
        return found


@cache
def _connectors() -> frozenset[str]:
    return frozenset(record["spelling"].casefold() for record in records("connectors.csv"))


def connects(text: str) -> bool:
    """Tell whether a written word only joins others (and, of, und, и, va); in a phrase it may be there or not."""
    return text.casefold() in _connectors()  # a Greek sigma is the same at the end of a word


def _keys(word: Word, sounding: bool = True) -> tuple[str, ...]:
    """Return the keys of a word, best first: its own letters, base letters and, if it is long enough, its sound."""
    if word.script == "Arab":
        return (word.native,)
    native = (word.native,) if word.native else ()
    sound = (f"~{word.sound}",) if sounding and len(word.plain) >= _MIN_SOUND else ()
    return (*native, word.plain, *sound)


def _without_connectors(words: list[tuple[str, bool]]) -> list[tuple[str, bool]]:
    """Leave out connectors between words, not at the ends; a phrase with single letters is kept as it is (d.o.o.)."""
    if len(words) < 3 or any(len(text) == 1 for text, _ in words):
        return words
    inner = [pair for pair in words[1:-1] if not connects(pair[0])]
    return [words[0], *inner, words[-1]]


def _inflects(rest: str, stem: int) -> bool:
    """Whether what follows a stem is an ending, not another word: энерг-етика, but not Энерго-маш or Иркутск-декор."""
    if len(rest) > _SHORT_STEM_REST.get(stem, _STEM_REST):
        return False
    return _OTHER_WORD.search(rest) is None


@lru_cache(maxsize=1 << 17)
def _atoms(lexicon: Lexicon, word: Word) -> tuple[int, ...]:
    return lexicon._find(word)


def _variants(text: str, column: str) -> list[str]:
    if len(text) <= 2:
        return [text]
    if column == "english":
        return [text, _english_plural(text)]
    if column == "persian":
        bare = text.removeprefix(_ARABIC_STARTS[0])
        return [text, *(text + ending for ending in _PERSIAN_ENDINGS), *(start + bare for start in _ARABIC_STARTS)]
    if column == "persian_latin":
        return [text, text + "e", text + "ye"]
    return [text]


def _english_plural(text: str) -> str:
    if text.endswith("y") and text[-2:-1] not in "aeiou":
        return text[:-1] + "ies"
    return text + ("es" if text.endswith(("s", "x", "ch", "sh")) else "s")
