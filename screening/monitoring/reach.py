"""Reach: which kept subjects changed entities can touch, told from a segment of them. Pure; runs in its own processes.

Whoever a screening could raise to review is reached. First each listed name that came or changed is bounded against all
forms of the subjects' names (`bounds`); who shares an identifier, a whole name or an acronym is reached without a
bound, and so is whoever is read otherwise by the words that the lists know now (`sounds`). Those few are then screened
against the changed entities alone, by the matcher itself.
"""

import json
from collections.abc import Collection, Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from screening.matching import numbers as n
from screening.matching.features.names import unscale
from screening.matching.index import ListIndex
from screening.matching.matcher import matches
from screening.matching.part import Part, part_of
from screening.matching.policy import Policy
from screening.matching.storage import Array
from screening.monitoring.bounds import Held, Listed, Places, shared
from screening.monitoring.segment import opened, subject_of
from screening.monitoring.sounds import answered_otherwise, digests


def touched(segment: Mapping[str, Array], part: Part, policy: Policy) -> list[int]:
    """Return the places in the segment of the subjects that an entity of the part raises to review."""
    found = []
    for place in candidates(segment, part, policy).tolist():
        if matches(part.index, subject_of(cells_at(segment, place)), policy).matches:
            found.append(place)
    return found


def candidates(segment: Mapping[str, Array], part: Part, policy: Policy) -> Places:
    """Return the places of the subjects that are worth a screening against the entities of the part."""
    known = np.sort(digests(part.index.lexicon.known))
    forms = [*_by_bound(segment, part, policy), _by_whole_name(segment, part)]
    reached = segment["form_subject"][np.unique(np.concatenate(forms))]
    _, marked = shared(part.keys["identifier_key"], (segment["identifier_key"], segment["identifier_key_subject"]))
    return np.unique(np.concatenate((reached, marked, answered_otherwise(segment, known)))).astype(np.int64)


def cells_at(segment: Mapping[str, Array], place: int) -> list[str]:
    """Return the cells of a subject."""
    start, end = segment["cell_offsets"][place : place + 2].tolist()
    cells: list[str] = json.loads(segment["cells"][start:end].tobytes())
    return cells


def _by_bound(segment: Mapping[str, Array], part: Part, policy: Policy) -> list[Places]:
    held = Held(segment, part)
    review = min(policy.review_threshold, n.SCALED_REVIEW) - 1  # a tenth lower: scores are rounded
    raised = range(int(segment["raised"].max(initial=0)) + 1)
    needed = np.array([unscale(max(1, review - by)) for by in raised], dtype=np.float32)
    of_form = (needed[segment["raised"][segment["form_subject"]]] / segment["form_factor"]).astype(np.float32)
    kinds = part.index.row_kind
    return [held.reached(Listed.at(part, row), int(kinds[row]), of_form) for row in part.rows.tolist()]


def _by_whole_name(segment: Mapping[str, Array], part: Part) -> Places:
    """Forms that are a listed name run together, its acronym, or the name that it abbreviates: no bound holds there."""
    return shared(part.keys["name_key"], (segment["name_key"], segment["name_key_form"]))[1]


def touched_by(path: Path, lists: Path, entity_ids: Collection[str], policy: Policy) -> list[int]:
    """Return the places in the segment at `path` of the subjects that any of these entities raises to review.

    `lists` is the file of the index over the lists in force.
    """
    return touched(opened(path), _part(lists, frozenset(entity_ids)), policy)


@lru_cache(maxsize=1)
def _part(lists: Path, entity_ids: frozenset[str]) -> Part:
    return part_of(ListIndex.open(lists), entity_ids)
