"""Peer: nomenklatura's logic-v2 beside Caspian, on the same names in the same run (`make bench-peer`).

Caspian searches all lists; the peer has no search of its own, so it is handed the right entity with all its names, and
for a made-up name the nearest listed names: its recall is flattered, its false alarms are a lower bound.
"""

import argparse
import json
import subprocess
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from anyascii import anyascii
from rapidfuzz import fuzz, process

from benchmarks import calibrate
from benchmarks.accuracy import POLICY, counts, pair_scores, search_scores
from benchmarks.lists import cases, full_index, listed_entities, pair_cases
from lists.entity import Kind, ListedEntity
from screening.validation.measure import Cleared
from screening.validation.validation import Plan, Validation

ROOT = Path(__file__).resolve().parents[1]
PEER = ROOT / ".venv-peer" / "bin" / "python"
SCHEMAS = {Kind.PERSON: "Person", Kind.ORGANIZATION: "Organization", Kind.VESSEL: "Vessel", Kind.AIRCRAFT: "Airplane"}

OWN_THRESHOLD = 0.70
"""The peer's default."""

ALARMS = 0.01
"""The share of false alarms at which it is measured too."""

NEAREST = 15
"""Listed names handed to the peer for each made-up name: the nearest by RapidFuzz, among those of its kind."""

TOGETHER = 100


@dataclass(frozen=True, slots=True)
class Compared:
    """One sort of names: the peer's scores (0-1) and Caspian's (0-1000), of the same names in the same order."""

    name: str
    peer: Sequence[float]
    caspian: Sequence[int]


Pair = tuple[Kind, str, Sequence[str]]
"""A kind, a name, and all names of one entity."""


def peer_scores(pairs: Sequence[Pair]) -> list[float]:
    """Return the peer's score of each pair. Raises FileNotFoundError without `.venv-peer`, CalledProcessError if it
    fails.
    """
    rows = ({"schema": SCHEMAS[kind], "query": query, "names": list(names)} for kind, query, names in pairs)
    # -P: the modules beside the script must not stand for those of the standard library, as `http` would
    command = [str(PEER), "-P", str(Path(__file__).with_name("peer_scorer.py"))]
    lines = "\n".join(map(json.dumps, rows))
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [float(line) for line in done.stdout.split()]


def changed(found: Validation, entities: dict[str, ListedEntity]) -> list[Compared]:
    """Return, by class, the scores of the right entity for listed names that were changed."""
    scores = iter(
        peer_scores([_pair(one.query.kind, one.query.name, entities[one.query.entity_id]) for one in found.tried])
    )
    peer = {id(one): next(scores) for one in found.tried}
    return [
        Compared(figures.key, [peer[id(one)] for one in tried], [one.score for one in tried])
        for figures in found.classes
        for tried in [[one for one in found.tried if one.query.group == figures.key]]
    ]


def alarms(cleared: Sequence[Cleared], entities: Sequence[ListedEntity]) -> Compared:
    """Return the best score that any listed name has for each made-up name, coincidences left out."""
    apart = [one for one in cleared if not one.coincidence]
    best = [0.0] * len(apart)
    for kind in {one.innocent.kind for one in apart}:
        listed = [(entity, name.value) for entity in entities if entity.kind is kind for name in entity.names]
        latin = [anyascii(name).lower() for _, name in listed]
        places = [place for place, one in enumerate(apart) if one.innocent.kind is kind]
        near = _nearest([anyascii(apart[place].innocent.name).lower() for place in places], latin)
        pairs = [
            (place, _pair(kind, apart[place].innocent.name, entity))
            for place, numbers in zip(places, near, strict=True)
            for entity in {listed[number][0].id: listed[number][0] for number in numbers}.values()
        ]
        for (place, _), score in zip(pairs, peer_scores([pair for _, pair in pairs]), strict=True):
            best[place] = max(best[place], score)
    return Compared("made-up names", best, [one.score for one in apart])


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--queries N`: names of each class; `--innocents N`: made-up names."""
    parser = argparse.ArgumentParser(prog="peer", description=__doc__)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--innocents", type=int, default=1_000)
    asked = parser.parse_args(list(arguments))
    entities = listed_entities()
    found = calibrate.run(Plan(asked.queries, asked.innocents, calibrate.SEED))
    innocent = alarms(found.cleared, entities)
    level = threshold_at(innocent.peer, ALARMS)
    print(f"{'':16} caspian at {POLICY.review_threshold / 1000:.2f}   logic-v2 at {OWN_THRESHOLD:.2f}   at {level:.2f}")
    _print("alarmed", [innocent], level)
    _print("raised", [*changed(found, {entity.id: entity for entity in entities}), *_developed(entities)], level)
    for name in ("pairs", "scripts"):
        pairs = pair_cases(name)
        peer = peer_scores([(pair.kind or Kind.ORGANIZATION, pair.a, [pair.b]) for pair in pairs])
        own = counts(pairs, pair_scores(pairs), POLICY.review_threshold).f1
        theirs = [counts(pairs, [round(1000 * s) for s in peer], round(1000 * t)).f1 for t in (OWN_THRESHOLD, level)]
        print(f"{name:16} {own:15.3f} {theirs[0]:18.3f} {theirs[1]:9.3f}  F1")


def threshold_at(scores: Sequence[float], share: float) -> float:
    """Return the lowest threshold, in hundredths, that no more than this share of the scores reaches."""
    return next(t / 100 for t in range(101) if sum(s >= t / 100 for s in scores) <= share * len(scores) or t == 100)


def _developed(entities: Sequence[ListedEntity]) -> list[Compared]:
    """The development cases that must find an entity: the best of those expected."""
    listed = {entity.id: entity for entity in entities}
    compared = []
    for name in ("manipulated", "crosslist"):
        found = [case for case in cases(name) if case.expected & listed.keys()]
        pairs = [
            (place, _pair(listed[entity_id].kind, case.name, listed[entity_id]))
            for place, case in enumerate(found)
            for entity_id in sorted(case.expected & listed.keys())
        ]
        best = [0.0] * len(found)
        for (place, _), score in zip(pairs, peer_scores([pair for _, pair in pairs]), strict=True):
            best[place] = max(best[place], score)
        compared.append(Compared(name, best, search_scores(full_index(), found)))
    return compared


def _pair(kind: Kind, query: str, entity: ListedEntity) -> Pair:
    return kind, query, [name.value for name in entity.names]


def _nearest(queries: Sequence[str], latin: Sequence[str]) -> Iterable[Sequence[int]]:
    """The numbers of the listed names nearest to each query."""
    for start in range(0, len(queries), TOGETHER):
        part = queries[start : start + TOGETHER]
        alike = process.cdist(part, latin, scorer=fuzz.token_sort_ratio, dtype=np.uint8)
        yield from np.argpartition(-alike.astype(np.int16), NEAREST, axis=1)[:, :NEAREST].tolist()


def _print(word: str, compared: Iterable[Compared], level: float) -> None:
    for one in compared:
        own = sum(score >= POLICY.review_threshold for score in one.caspian) / len(one.caspian)
        theirs = [sum(score >= t for score in one.peer) / len(one.peer) for t in (OWN_THRESHOLD, level)]
        behind = "" if own > theirs[1] or word == "alarmed" else "  not ahead"
        print(f"{one.name:16} {own:15.3f} {theirs[0]:18.3f} {theirs[1]:9.3f}  {word}, of {len(one.peer)}{behind}")


if __name__ == "__main__":
    main(sys.argv[1:])
