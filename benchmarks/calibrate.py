"""Calibrate: recall by class of manipulation, and false alarms on made-up innocent names, at thresholds around the one
in force. Both are generated from a seed; the names are screened by name and kind alone.
"""

import argparse
from collections import defaultdict
from collections.abc import Sequence

from benchmarks.accuracy import POLICY, THRESHOLDS, share
from benchmarks.lists import full_index, listed_entities
from screening.matching.matcher import match
from screening.matching.subject import Subject
from screening.validation.innocents import innocents
from screening.validation.samples import draw

SEED = 20_261_124


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--queries N`: names of each class; `--innocents N`: made-up names; `--misses N`: shown."""
    parser = argparse.ArgumentParser(prog="calibrate", description=__doc__)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--innocents", type=int, default=10_000)
    parser.add_argument("--misses", type=int, default=0)
    asked = parser.parse_args(list(arguments))
    index = full_index()
    recall: defaultdict[str, list[int]] = defaultdict(list)
    first: defaultdict[str, int] = defaultdict(int)
    missed: defaultdict[str, list[str]] = defaultdict(list)
    for query in draw(listed_entities(), asked.queries, SEED):
        result = match(index, Subject(query.name, query.kind), POLICY)
        found = {c.entity_id: c.score for c in (*result.matches, *result.near_misses)}
        score = found.get(query.entity_id, 0)
        recall[query.group].append(score)
        first[query.group] += score > 0 and score == max(found.values())
        if score < POLICY.review_threshold:
            missed[query.group].append(f"    {score:4} {query.listed} | {query.name} | {query.entity_id}")
    for group, scores in recall.items():
        at = "  ".join(f"{t}: {share(scores, t):.3f}" for t in THRESHOLDS)
        print(f"{group:16} of {len(scores)}: best score {first[group] / len(scores):.3f}, raised at {at}")
        print("\n".join(missed[group][: asked.misses])) if asked.misses else None
    alarms: defaultdict[str, list[int]] = defaultdict(list)
    for made in innocents(asked.innocents, SEED):
        result = match(index, Subject(made.name, made.kind), POLICY)
        alarms[made.group].append(max((c.score for c in (*result.matches, *result.near_misses)), default=0))
    for group, scores in [*sorted(alarms.items()), ("all innocents", [s for g in alarms.values() for s in g])]:
        at = "  ".join(f"{t}: {share(scores, t):.4f}" for t in THRESHOLDS)
        print(f"{group:26} of {len(scores)}: alarmed at {at}")


if __name__ == "__main__":
    main()
