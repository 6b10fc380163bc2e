"""ListIndex: the listed entities of all lists, ready to be searched. Immutable, mapped, safe to share by threads.

Owns the arrays and their decoding. How a subject finds its candidates in it is `retrieve`; how it is made is `build`.
"""

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from lists.entity import Kind, ListedEntity, from_json
from screening.matching import identity, keys
from screening.matching import numbers as n
from screening.matching.build import KINDS, ROLES, SCRIPTS, TERM_TEXTS, build, group_of
from screening.matching.likeness import Lexicon, Likeness, likeness
from screening.matching.storage import Array, KeyTable, load, save
from screening.matching.version import index_hash, matcher_hash
from screening.matching.weights import NAMING, Side, rarity_of
from screening.names.token import ReadName, Token

Expansion = dict[int, Likeness]
"""Listed words (by number) that may be meant by a subject's word, with how alike they are."""

_PERSON, _VESSEL = KINDS.index(Kind.PERSON), KINDS.index(Kind.VESSEL)
_EXPANSIONS_KEPT = 1 << 14  # words of recent subjects; an entry costs about 2 kB
_ENTITIES_KEPT = 1 << 12


class ListIndex:
    """See the module. Make one with `build` or `open`."""

    def __init__(self, arrays: dict[str, Array], meta: dict[str, Any]) -> None:
        self._arrays = arrays
        self._meta = meta
        self.sources: tuple[str, ...] = tuple(meta["sources"])
        self.hash: str = index_hash(meta["entities_sha256"])
        self.row_slot: npt.NDArray[np.int32] = arrays["row_slot"]
        self.row_kind: npt.NDArray[np.uint8] = arrays["row_kind"]
        self.row_weak: npt.NDArray[np.bool_] = arrays["row_weak"]
        self.row_costs: npt.NDArray[np.float32] = arrays["row_costs"]
        self.row_initial: npt.NDArray[np.bool_] = arrays["row_initial"]
        self.row_least_costs: npt.NDArray[np.float32] = arrays["row_least_costs"]
        self.post_offsets: npt.NDArray[np.int32] = arrays["post_offsets"]
        self.post_row: npt.NDArray[np.int32] = arrays["post_row"]
        posts = (arrays[f"post_{told}"] for told in ("weight", "cost", "least_cost", "rare"))
        self.posts: npt.NDArray[np.float32] = np.stack([post.astype(np.float32) for post in posts], axis=1)
        self.term_naming: npt.NDArray[np.bool_] = np.isin(arrays["term_role"], [ROLES.index(role) for role in NAMING])
        self.row_start: npt.NDArray[np.int32] = arrays["row_start"]
        self.row_term: npt.NDArray[np.int32] = arrays["row_term"]
        self.row_weight: npt.NDArray[np.float32] = arrays["row_weight"]
        self.row_least: npt.NDArray[np.float32] = arrays["row_least"]
        self._row_start, self._row_term = arrays["row_start"].data, arrays["row_term"].data
        self._row_weight, self._row_cost = arrays["row_weight"].data, arrays["row_cost"].data
        self._row_rare = arrays["row_rare"]
        self._row_slot, self._row_kind, self._row_weak = (
            arrays[f"row_{what}"].data for what in ("slot", "kind", "weak")
        )
        terms = arrays["term_role"].size
        self._texts = tuple(arrays[f"term_{text}"].tobytes().decode().split("\n")[:terms] for text in TERM_TEXTS)
        self._letters = tuple(np.array(self._texts[at], dtype="U1").view(np.uint32) for at in (0, 1))  # plain, sound
        self._roles = [ROLES[number] for number in arrays["term_role"].tolist()]
        self._rarity = arrays["term_rarity"].tolist()
        self._slot_by_identifier = KeyTable(arrays["identifier_key"], arrays["identifier_slot"])
        self._row_by_name = KeyTable(arrays["name_key"], arrays["name_key_row"])
        self._term_by_word = KeyTable(arrays["term_key"], arrays["term_key_term"])
        self._terms: dict[int, Token] = {}
        self._groups = self._rarity_by_group()
        learnt = {(a, b): count for a, b, count in json.loads(arrays["learnt"].tobytes() or b"[]")}
        self.lexicon = Lexicon(frozenset(self._texts[1]), self._common_sounds(), learnt)
        self.expand = lru_cache(maxsize=_EXPANSIONS_KEPT)(self._expand)
        self.listings_at = lru_cache(maxsize=_ENTITIES_KEPT)(self._listings_at)

    @classmethod
    def build(cls, entities: Iterable[ListedEntity]) -> "ListIndex":
        """Return an index over these entities, in memory. The same entities in the same order give the same index."""
        return cls(*build(entities))

    @classmethod
    def open(cls, path: Path) -> "ListIndex":
        """Map the index saved at `path`. Raises ValueError if it is not one of this matcher's, OSError if missing."""
        arrays, meta = load(path)
        if meta.get("matcher") != matcher_hash() or arrays.keys() != build(())[0].keys():
            msg = f"{path} was built by another version of the matcher: build it again"
            raise ValueError(msg)
        return cls(arrays, meta)

    def narrowed(self, ways: Callable[[dict[str, Array]], dict[str, Array]]) -> "ListIndex":
        """Return this index with other arrays in the place of some, as `ways` makes them of all of its own."""
        return ListIndex({**self._arrays, **ways(self._arrays)}, self._meta)

    def save(self, path: Path) -> None:
        """Write the index to `path`, aside first, then renamed."""
        save(path, self._arrays, {**self._meta, "matcher": matcher_hash()})

    @property
    def entity_ids(self) -> tuple[str, ...]:
        """The ids of all listed entities, one per party, in the order in which they were given."""
        blob, offsets = self._arrays["slot_ids"].tobytes(), self._arrays["slot_id_offsets"].tolist()
        return tuple(blob[a:b].decode() for a, b in pairwise(offsets))

    def listings(self, entity_id: str) -> tuple[ListedEntity, ...]:
        """Return the entity's listings, more than one where two lists carry its id; empty if there is none."""
        slot = self._slots().get(entity_id)
        return () if slot is None else self.listings_at(slot)

    def versions(self, entity_id: str) -> tuple[str, ...]:
        """Return the SHA-256 of each of the entity's listings as stored: the hashes that name its versions."""
        slot = self._slots().get(entity_id)
        if slot is None:
            return ()
        first, last = self._arrays["slot_first"][slot : slot + 2].tolist()
        offsets = self._arrays["entity_offsets"][first : last + 1].tolist()
        blob = self._arrays["entity_json"]
        return tuple(hashlib.sha256(blob[a:b].tobytes()).hexdigest() for a, b in pairwise(offsets))

    def rarity(self, token: Token) -> float:
        """Return how rare the listed names make this word: 1 if none has it."""
        return self._groups.get(group_of(token), 1.0)

    def rarities(self, groups: Iterable[str]) -> npt.NDArray[np.float32]:
        """Return how rare the listed names make words that are counted under these (`build.group_of`)."""
        return np.array([self._groups.get(group, 1.0) for group in groups], dtype=np.float32)

    def knows(self, sound: str) -> bool:
        """Whether some listed name has a word of this sound."""
        return sound in self.lexicon.known

    def term(self, number: int) -> Token:
        """Return a word of the vocabulary, without its place in a name."""
        token = self._terms.get(number)
        if token is None:
            plain, sound, skeleton, weak, concept, native = (texts[number] for texts in self._texts)
            token = Token(plain, 0, 0, self._roles[number], plain, sound, skeleton, weak, concept, native)
            self._terms[number] = token
        return token

    def begins(self, terms: npt.NDArray[np.int32], initial: Token) -> npt.NDArray[np.bool_]:
        """Return, for each of these words of the vocabulary, whether it begins with the letter of an initial."""
        plain, sound = self._letters
        found: npt.NDArray[np.bool_] = (plain[terms] == ord(initial.plain[0])) | (sound[terms] == ord(initial.sound[0]))
        return found

    def side(self, row: int) -> tuple[list[int], Side]:
        """Return the listed name at `row`: its words' numbers, and the name weighed."""
        start, end = self._row_start[row], self._row_start[row + 1]
        numbers: list[int] = self._row_term[start:end].tolist()
        kind = self._row_kind[row]
        return numbers, Side(
            tokens=tuple(map(self.term, numbers)),
            weights=tuple(self._row_weight[start:end]),
            costs=tuple(self._row_cost[start:end]),
            rare=tuple(self._row_rare[start:end].tolist()),
            person=kind == _PERSON,
            vessel=kind == _VESSEL,
        )

    def read(self, row: int) -> ReadName:
        """Return the listed name at `row` as it was read when the index was built."""
        start, end = self._arrays["row_word_offsets"][row : row + 2].tolist()
        words = tuple(self._arrays["row_words"][start:end].tobytes().decode().split("\x1f"))
        start, end = self._arrays["row_start"][row : row + 2].tolist()
        spans = zip(
            self._arrays["row_term"][start:end].tolist(),
            self._arrays["row_first"][start:end].tolist(),
            self._arrays["row_last"][start:end].tolist(),
            strict=True,
        )
        tokens = tuple(
            _placed(self.term(number), " ".join(words[first : last + 1]), first, last) for number, first, last in spans
        )
        joined = {token.first: token.plain for token in tokens if token.role not in n.NOT_JOINED}
        script = SCRIPTS[self._arrays["row_script"][row]]
        return ReadName(" ".join(words), words, tokens, script, "".join(joined.values()))

    def origin(self, row: int) -> tuple[int, int, int]:
        """Return the slot, the listing within the slot and the name within the listing that `row` came from."""
        return int(self.row_slot[row]), int(self._arrays["row_listing"][row]), int(self._arrays["row_name"][row])

    def place(self, row: int) -> tuple[int, bool]:
        """Return whose name stands at `row`: the slot, and whether it is a weak name of it."""
        return self._row_slot[row], bool(self._row_weak[row])

    def slots_with(self, kind: str, value: str) -> set[int]:
        """Return the slots that may carry this identifier (a checksum is compared: compare the value again)."""
        return set(self._slot_by_identifier.under((identity.key(kind, value),)))

    def rows_with(self, wanted: set[int]) -> list[int]:
        """Return the rows that leave one of these name keys."""
        return self._row_by_name.under(wanted)

    def terms_with(self, wanted: set[int]) -> list[int]:
        """Return the words of the vocabulary that leave one of these keys."""
        return self._term_by_word.under(wanted)

    def forget(self) -> None:
        """Drop what is remembered of earlier subjects' words and of entities shown: for measuring."""
        self.expand.cache_clear()
        self.listings_at.cache_clear()

    def _expand(self, token: Token, person: bool) -> Expansion:
        found: Expansion = {}
        for number in self.terms_with(keys.subject_keys(token)):
            alike = likeness(token, self.term(number), self.lexicon, person=person)
            if alike is not None:
                found[number] = alike
        return found

    def _listings_at(self, slot: int) -> tuple[ListedEntity, ...]:
        first, last = self._arrays["slot_first"][slot : slot + 2].tolist()
        offsets = self._arrays["entity_offsets"][first : last + 1].tolist()
        blob = self._arrays["entity_json"]
        return tuple(from_json(blob[a:b].tobytes()) for a, b in pairwise(offsets))

    def _slots(self) -> dict[str, int]:
        found: dict[str, int] | None = getattr(self, "_slot_numbers", None)
        if found is None:
            found = {entity_id: slot for slot, entity_id in enumerate(self.entity_ids)}
            self._slot_numbers = found
        return found

    def _common_sounds(self) -> frozenset[str]:
        """The sounds of words that several entities use: names in their own right, not one entity's misspelling."""
        most = rarity_of(n.KNOWN_IN, len(self._arrays["slot_kind"]))
        return frozenset(s for s, rarity in zip(self._texts[1], self._rarity, strict=True) if rarity <= most + 1e-6)

    def _rarity_by_group(self) -> dict[str, float]:
        sounds, concepts = self._texts[1], self._texts[4]
        return {
            (f"={concept}" if concept else sound): rarity
            for sound, concept, rarity in zip(sounds, concepts, self._rarity, strict=True)
        }


def _placed(token: Token, text: str, first: int, last: int) -> Token:
    t = token
    return Token(text, first, last, t.role, t.plain, t.sound, t.skeleton, t.weak_skeleton, t.concept, t.native)
