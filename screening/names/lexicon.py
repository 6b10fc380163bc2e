"""Lexicon: phrases of words, in any script or romanisation, that stand for a concept; the longest phrase is found.

Every spelling is indexed by the words' own keys (native letters, base letters, sound), so one Cyrillic spelling also
reads all its romanisations. How a spelling may vary depends on its column:

english        an English plural
cyrillic       as is, in Cyrillic and in all romanisations; stems for inflected words
persian        native letters only, with ی, ها and های (قرب and غرب must never meet through Latin)
persian_latin  with ezafe: -e, -ye
latin          as is: other languages in Latin letters; stems for inflected words
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from screening.names.tables import Row
from screening.names.token import Role
from screening.names.words import Word, fold_word

CONNECTORS = frozenset(
    "and & of the for in at to und et y e i va ve ye o oe og och ja is es un ir a an de del della di dei da do dos das "
    "du des der die des la le les los las el en na po v s z ze pri pour pro per par fur für von zu vo la och af av "
    "и й по при на в с у за для та і й و در به از".split()
)
"""Words that join; inside a phrase they may be there or not."""

_PREFIX = {
    Role.LEGAL_FORM: "form",
    Role.CONCEPT: "trade",
    Role.SOFT: "soft",
    Role.PLACE: "place",
    Role.NATION: "nation",
}
_STEM_REST = 7  # строит* reads stroitelnogo; more would read brand names (MATCHING.md, step 8)
_SHORT_STEM_REST = {3: 4, 4: 6}
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
        self._exact: dict[str, int] = {}
        self._stems: dict[str, tuple[int, int]] = {}
        self._root = _Node()
        self._next = 0
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
                if node is not self._root and node.children and position < len(words):
                    if words[position].text.lower() in CONNECTORS:
                        following.append((node, position + 1))
            layer = following
        return best

    def known(self, word: Word) -> bool:
        """Tell whether a word alone stands for something."""
        return any(atom in self._root.children and self._root.children[atom].entry for atom in self.atoms(word))

    def _children(self, node: _Node, words: Sequence[Word], position: int) -> list[_Node]:
        if position >= len(words):
            return []
        children = node.children
        return [children[atom] for atom in self.atoms(words[position]) if atom in children]

    @staticmethod
    def _allowed(entry: Entry, start: int, edge: tuple[int, int]) -> bool:
        return not entry.edge_only or start in edge

    def _add(self, row: Row) -> None:
        written = [(word.rstrip("*"), word.endswith("*")) for word in row.spelling.split()]
        content = [pair for pair in written if pair[0].lower() not in CONNECTORS] if len(written) > 1 else written
        nodes = [self._root]
        for text, stem in content:
            atoms = self._atoms_for(text, stem, row.column)
            nodes = [node.children.setdefault(atom, _Node()) for node in nodes for atom in atoms]
        short = row.role in _EDGE_ROLES and len(content) == 1 and len(content[0][0]) <= 2
        entry = Entry(row.role, tuple(f"{_PREFIX[row.role]}:{concept}" for concept in row.concept.split()), short)
        for node in nodes:
            if node.entry is None:
                node.entry = entry

    def _atoms_for(self, text: str, stem: bool, column: str) -> list[int]:
        if stem:
            return [self._stem_atom(text)]
        return [self._exact_atom(variant, column) for variant in _variants(text, column)]

    def _exact_atom(self, text: str, column: str) -> int:
        word = fold_word(text)
        keys = [word.native] if column == "persian" else [word.plain]
        if column != "persian" and len(word.plain) >= _MIN_SOUND:
            keys.append(word.sound)
        atom = next((self._exact[key] for key in keys if key in self._exact), self._next)
        self._next = max(self._next, atom + 1)
        for key in keys:
            self._exact.setdefault(key, atom)
        return self._exact[keys[0]]

    def _stem_atom(self, text: str) -> int:
        # a stem is not a word's end, so the rules for endings must not see it as one
        word, longer = fold_word(text), fold_word(text + ("н" if fold_word(text).script == "Cyrl" else "n"))
        keys = {word.plain, longer.sound[:-1]}
        atom = next((self._stems[key][0] for key in keys if key in self._stems), self._next)
        self._next = max(self._next, atom + 1)
        for key in keys:
            self._stems.setdefault(key, (atom, _SHORT_STEM_REST.get(len(key), _STEM_REST)))
        return atom

    def _find(self, word: Word) -> tuple[int, ...]:
        found: list[int] = []
        for key in word.keys:
            if key in self._exact and (len(key) >= _MIN_SOUND or key != word.sound or key == word.plain):
                found.append(self._exact[key])
        if word.script != "Arab":
            found.extend(self._find_stems(word.plain))
            found.extend(self._find_stems(word.sound))
        return tuple(dict.fromkeys(found))

    def _find_stems(self, key: str) -> list[int]:
        found = []
        for length in range(len(key), 2, -1):
            stem = self._stems.get(key[:length])
            if stem is not None and len(key) - length <= stem[1]:
                found.append(stem[0])
        return found


@lru_cache(maxsize=1 << 17)
def _atoms(lexicon: Lexicon, word: Word) -> tuple[int, ...]:
    return lexicon._find(word)


def _variants(text: str, column: str) -> list[str]:
    if column == "english":
        return [text, _english_plural(text)]
    if column == "persian":
        return [text, text + "ی", text + "ها", text + "های"] if len(text) > 2 else [text]
    if column == "persian_latin":
        return [text, text + "e", text + "ye"] if len(text) > 2 else [text]
    return [text]


def _english_plural(text: str) -> str:
    if text.endswith("y") and text[-2:-1] not in "aeiou":
        return text[:-1] + "ies"
    return text + ("es" if text.endswith(("s", "x", "ch", "sh")) else "s")

