"""Part: an index narrowed to a few of its entities, for holding those against very many subjects. Pure.

Only the ways to a listed name are narrowed: the words, keys and identifiers by which it is found. Names, weights,
rarities and what the lists know of words stay the whole index's, so that a subject gets the score that it gets there.
"""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from screening.matching.index import ListIndex
from screening.matching.storage import Array

_POSTINGS = ("post_row", "post_weight", "post_cost", "post_least_cost", "post_rare")
_KEYS = {"term_key": "term_key_term", "name_key": "name_key_row", "identifier_key": "identifier_slot"}


@dataclass(frozen=True, slots=True)
class Part:
    """`index` finds the entities of the part alone; `rows` are the places of their names in it. `keys` has, under
    "term_key", "name_key" and "identifier_key", the keys of the part in order, and the number that stands beside each.
    """

    index: ListIndex
    rows: npt.NDArray[np.int64]
    keys: dict[str, tuple[Array, Array]]


def part_of(index: ListIndex, entity_ids: Collection[str]) -> Part:
    """Return the part of an index that has only these entities; ids that it does not have are passed over."""
    wanted = set(entity_ids)
    slots = np.array([entity_id in wanted for entity_id in index.entity_ids], dtype=np.bool_)
    rows = slots[index.row_slot] if slots.size else np.zeros(0, dtype=np.bool_)
    ways: dict[str, Array] = {}

    def narrow(arrays: dict[str, Array]) -> dict[str, Array]:
        ways.update(_ways(arrays, slots, rows))
        return ways

    part = index.narrowed(narrow)
    return Part(part, np.flatnonzero(rows), {name: (ways[name], ways[beside]) for name, beside in _KEYS.items()})


def _ways(arrays: dict[str, Array], slots: npt.NDArray[np.bool_], rows: npt.NDArray[np.bool_]) -> dict[str, Array]:
    postings = rows[arrays["post_row"]]
    offsets = np.concatenate(([0], np.cumsum(postings)))[arrays["post_offsets"]].astype(np.int32)
    kept = {
        "term_key": (np.diff(offsets) > 0)[arrays["term_key_term"]],
        "name_key": rows[arrays["name_key_row"]],
        "identifier_key": slots[arrays["identifier_slot"]],
    }
    return {
        "post_offsets": offsets,
        **{name: arrays[name][postings] for name in _POSTINGS},
        **{column: arrays[column][kept[name]] for name, beside in _KEYS.items() for column in (name, beside)},
    }
