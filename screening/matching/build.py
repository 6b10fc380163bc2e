"""Build: from listed entities to the arrays of an index. Reads every name once; nothing here runs for a query."""

import gc
import hashlib
import json
from array import array
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import numpy as np

from lists.entity import Kind, ListedEntity, Name, Quality, to_json
from screening.matching import identity, keys, mining, weights
from screening.matching import numbers as n
from screening.matching.likeness import is_initial
from screening.matching.storage import Array, group, pack
from screening.names import acronyms
from screening.names.reading import read_name
from screening.names.token import ReadName, Role, Token

KINDS = tuple(Kind)
ROLES = tuple(Role)
SCRIPTS = ("Latn", "Cyrl", "Arab", "Zyyy")
"""Scripts that an index tells apart; any other counts as undetermined."""
TERM_TEXTS = ("plain", "sound", "skeleton", "weak_skeleton", "concept", "native")


@dataclass(slots=True)
class Row:
    """One form of one name of one slot: which listing and name it came from, and its words."""

    slot: int
    listing: int
    name: int
    kind: Kind
    weak: bool
    read: ReadName


@dataclass(slots=True)
class Terms:
    """The vocabulary: every distinct word, numbered in order of first use, and the entities that use it."""

    numbers: dict[tuple[str, ...], int] = field(default_factory=dict)
    tokens: list[Token] = field(default_factory=list)
    users: dict[str, set[int]] = field(default_factory=dict)

    def add(self, token: Token, slot: int) -> int:
        """Return the word's number, after noting that the entity in `slot` uses it."""
        t = token
        identity_ = (t.role, t.plain, t.sound, t.skeleton, t.weak_skeleton, t.concept, t.native)
        number = self.numbers.get(identity_)
        if number is None:
            number = self.numbers[identity_] = len(self.tokens)
            self.tokens.append(token)
        self.users.setdefault(group_of(token), set()).add(slot)
        return number


def group_of(token: Token) -> str:
    """What a word is counted under: its concept where it has one, else its sound."""
    return f"={token.concept}" if token.concept else token.sound


def is_bounded(role: Role) -> bool:
    """Whether words of this role count as left over in the bound of a score where nothing reaches them."""
    return role not in n.NOT_FOLLOWED or role is Role.NUMBER


def slots_of(entities: Iterable[ListedEntity]) -> dict[str, list[ListedEntity]]:
    """Return the listings of each entity id in the order given: a party on two lists of one authority is one slot."""
    slots: dict[str, list[ListedEntity]] = {}
    for entity in entities:
        slots.setdefault(entity.id, []).append(entity)
    return slots


Reader = Callable[[str, Kind], tuple[ReadName, ...]]


def rows_of(slot: int, listings: Sequence[ListedEntity], reader: Reader) -> Iterator[Row]:
    """Read the names of one slot. A form that a strong name has already given is not repeated."""
    seen: set[tuple[tuple[str, ...], ...]] = set()
    names = [(at, number, name) for at, listing in enumerate(listings) for number, name in enumerate(listing.names)]
    for at, number, name in sorted(names, key=_strong_first):
        for read in reader(name.value, listings[at].kind):
            same = tuple((t.role, t.plain, t.native) for t in read.tokens)
            if same and same not in seen:
                seen.add(same)
                yield Row(slot, at, number, listings[at].kind, _is_weak(name), read)


def _is_weak(name: Name) -> bool:
    return name.quality is Quality.WEAK


def _strong_first(item: tuple[int, int, Name]) -> bool:
    return _is_weak(item[2])


def build(entities: Iterable[ListedEntity]) -> tuple[dict[str, Array], dict[str, Any]]:
    """Return the arrays and the metadata of an index over these entities."""
    with _collector_paused():
        return _build(slots_of(entities))


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Pause the collector of cyclic garbage: there is none here, and it would walk over all words again and again."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _build(slots: dict[str, list[ListedEntity]]) -> tuple[dict[str, Array], dict[str, Any]]:
    reader = cache(read_name)  # parties on several lists have names in common
    rows: list[Row] = []
    for slot, listings in enumerate(slots.values()):
        rows.extend(rows_of(slot, listings, reader))
    terms = Terms()
    positions = [[terms.add(token, row.slot) for token in row.read.tokens] for row in rows]
    learnt = mining.learn(_names_by_slot(rows))
    arrays = _entity_arrays(slots)
    arrays |= _row_arrays(rows)
    arrays |= _position_arrays(rows, positions, terms, len(slots))
    arrays |= _term_arrays(terms, learnt, len(slots))
    arrays |= _name_key_arrays(rows)
    digest = hashlib.sha256(arrays["entity_json"].tobytes()).hexdigest()
    sources = sorted({listing.source for listings in slots.values() for listing in listings})
    return arrays, {"sources": sources, "entities_sha256": digest, "slots": len(slots)}


def _names_by_slot(rows: Sequence[Row]) -> Iterator[list[mining.Name]]:
    names: list[mining.Name] = []
    for at, row in enumerate(rows):
        names.append(row.read.tokens)
        if at + 1 == len(rows) or rows[at + 1].slot != row.slot:
            yield names
            names = []


def _entity_arrays(slots: dict[str, list[ListedEntity]]) -> dict[str, Array]:
    listings = [listing for group_ in slots.values() for listing in group_]
    blob, offsets = pack([to_json(listing) for listing in listings])
    first = np.zeros(len(slots) + 1, dtype=np.int32)
    np.cumsum([len(group_) for group_ in slots.values()], out=first[1:])
    ids, id_offsets = pack([entity_id.encode() for entity_id in slots])
    pairs = sorted(
        (identity.key(identifier.type, identifier.value), slot)
        for slot, group_ in enumerate(slots.values())
        for listing in group_
        for identifier in listing.identifiers
        if identity.decides(identifier)
    )
    return {
        "entity_json": blob,
        "entity_offsets": offsets,
        "slot_first": first,
        "slot_ids": ids,
        "slot_id_offsets": id_offsets,
        "slot_kind": np.array([KINDS.index(group_[0].kind) for group_ in slots.values()], dtype=np.uint8),
        "identifier_key": np.array([p[0] for p in pairs], dtype=np.uint32),
        "identifier_slot": np.array([p[1] for p in pairs], dtype=np.int32),
    }


def _row_arrays(rows: Sequence[Row]) -> dict[str, Array]:
    words, offsets = pack(["\x1f".join(row.read.words).encode() for row in rows])
    return {
        "row_slot": np.array([row.slot for row in rows], dtype=np.int32),
        "row_listing": np.array([row.listing for row in rows], dtype=np.uint8),
        "row_name": np.array([row.name for row in rows], dtype=np.uint16),
        "row_kind": np.array([KINDS.index(row.kind) for row in rows], dtype=np.uint8),
        "row_weak": np.array([row.weak for row in rows], dtype=np.bool_),
        "row_script": np.array([_script_number(row.read.script) for row in rows], dtype=np.uint8),
        "row_words": words,
        "row_word_offsets": offsets,
    }


def _script_number(script: str) -> int:
    return SCRIPTS.index(script) if script in SCRIPTS else len(SCRIPTS) - 1


def _position_arrays(
    rows: Sequence[Row], positions: Sequence[Sequence[int]], terms: Terms, entities: int
) -> dict[str, Array]:
    rarities = {name: weights.rarity_of(len(users), entities) for name, users in terms.users.items()}
    starts = np.zeros(len(rows) + 1, dtype=np.int32)
    np.cumsum([len(p) for p in positions], out=starts[1:])
    term = np.array([number for p in positions for number in p], dtype=np.int32)
    weighed = _weighed(rows, rarities)
    least = weighed["least"]
    bounded = np.array([is_bounded(t.role) for row in rows for t in row.read.tokens])
    initial = np.array([is_initial(t) for row in rows for t in row.read.tokens])
    row_of = np.repeat(np.arange(len(rows), dtype=np.int32), np.diff(starts))
    offsets, order = group(term.astype(np.int64), len(terms.tokens))
    return {
        "row_start": starts,
        "row_term": term,
        "row_first": np.array([min(t.first, 255) for row in rows for t in row.read.tokens], dtype=np.uint8),
        "row_last": np.array([min(t.last, 255) for row in rows for t in row.read.tokens], dtype=np.uint8),
        "row_weight": weighed["weight"],
        "row_cost": weighed["cost"],
        "row_least": least,
        "row_rare": weighed["rare"],
        "row_costs": np.bincount(row_of, weights=weighed["cost"] * bounded, minlength=len(rows)).astype(np.float32),
        "row_initial": np.bincount(row_of, weights=initial, minlength=len(rows)) > 0,
        "row_least_costs": np.bincount(row_of, weights=least * bounded, minlength=len(rows)).astype(np.float32),
        "post_offsets": offsets,
        "post_row": row_of[order],
        "post_weight": weighed["weight"][order],
        "post_cost": weighed["cost"][order],
        "post_least_cost": least[order],
        "post_rare": weighed["rare"][order],
    }


def _weighed(rows: Sequence[Row], rarities: dict[str, float]) -> dict[str, Array]:
    """Return of every word of every name what it weighs, its cost when left over, the least of it, if it is rare."""
    weight: list[float] = []
    cost: list[float] = []
    least: list[float] = []
    rare: list[bool] = []
    for row in rows:
        tokens, person = row.read.tokens, row.kind is Kind.PERSON
        weighs = weights.weigh(tokens, row.kind, lambda token: rarities[group_of(token)])
        costs = weights.costs_of(tokens, weighs, listed=True)
        weight += weighs
        cost += costs
        least += weights.least_costs(tokens, costs, person=person)
        rare += [weights.is_rare(token, rarities[group_of(token)], person=person) for token in tokens]
    floats = {"weight": weight, "cost": cost, "least": least}
    return {name: np.array(column, dtype=np.float32) for name, column in floats.items()} | {
        "rare": np.array(rare, dtype=np.bool_)
    }


def _term_arrays(terms: Terms, learnt: dict[tuple[str, str], int], entities: int) -> dict[str, Array]:
    partners: dict[str, list[str]] = {}
    for a, b in learnt:
        partners.setdefault(a, []).append(b)
        partners.setdefault(b, []).append(a)
    found = (keys.listed_keys(token, partners.get(token.sound, ())) for token in terms.tokens)
    texts = {
        f"term_{text}": np.frombuffer("\n".join(getattr(t, text) for t in terms.tokens).encode(), dtype=np.uint8)
        for text in TERM_TEXTS
    }
    rarity = [weights.rarity_of(len(terms.users[group_of(t)]), entities) for t in terms.tokens]
    table = json.dumps([[a, b, count] for (a, b), count in learnt.items()], ensure_ascii=False).encode()
    return {
        **texts,
        **by_key("term_key", "term_key_term", found),
        "term_role": np.array([ROLES.index(t.role) for t in terms.tokens], dtype=np.uint8),
        "term_rarity": np.array(rarity, dtype=np.float32),
        "learnt": np.frombuffer(table, dtype=np.uint8),
    }


def _name_key_arrays(rows: Sequence[Row]) -> dict[str, Array]:
    reads = (row.read for row in rows)
    found = (keys.name_keys(read.tokens, read.joined, acronyms.initials_of(read)) for read in reads)
    return by_key("name_key", "name_key_row", found)


def by_key(first: str, second: str, found: Iterable[Collection[int]]) -> dict[str, Array]:
    """Return the keys in order, and for each the number of the word or name that leaves it; `found` goes by number."""
    flat = array("I")
    counts: list[int] = []
    for left in found:
        flat.extend(left)
        counts.append(len(left))
    table = np.array(flat)
    order = np.argsort(table, kind="stable")  # keeps the numbers under one key in order
    return {first: table[order], second: np.repeat(np.arange(len(counts), dtype=np.int32), counts)[order]}
