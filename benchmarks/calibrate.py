"""Calibrate: recall by class of change to a name, and false alarms on made-up names, by name and kind alone.

What `caspian validate` does, on the real lists and from another seed than its default. Writes the names with their
scores to `benchmarks/data`, and the figures and pictures of `docs/matching.md`.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks import matching_page
from benchmarks.accuracy import POLICY
from benchmarks.lists import full_index, listed_entities
from screening.validation.figures import ClassFigures, GroupFigures
from screening.validation.table import cases_csv, figures_csv
from screening.validation.validation import Plan, Validation, validate

SEED = 20_261_124
DATA = Path(__file__).parent / "data"


def run(plan: Plan) -> Validation:
    """Return what the matcher makes of the names that `plan` draws from today's four lists."""
    return validate(full_index(), listed_entities(), (), (plan, POLICY), lambda _what, _done, _total: None)


def main(arguments: Sequence[str] = ()) -> None:
    """Measure, print and write. `--queries N`: names of each class; `--innocents N`; `--misses N`: shown of each."""
    parser = argparse.ArgumentParser(prog="calibrate", description=__doc__)
    parser.add_argument("--queries", type=int, default=Plan().queries)
    parser.add_argument("--innocents", type=int, default=Plan().innocents)
    parser.add_argument("--misses", type=int, default=0)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--keep-page", action="store_true", help="leave docs/matching.md and its pictures alone")
    asked = parser.parse_args(list(arguments))
    found = run(Plan(asked.queries, asked.innocents, asked.seed))
    for one in found.classes:
        print(_class_line(one))
        for miss in one.missed[: asked.misses]:
            print(f"    {miss.score:4} {miss.query.listed} | {miss.query.name} | {miss.query.entity_id}")
    print(f"{'all changed names':16} {_share(found.recall.part, found.recall.whole)} raised")
    for group in (*found.groups, found.innocents):
        print(_group_line(group))
    for point in found.curve:
        if point.threshold % 50 == 0:
            print(f"at {point.threshold}: recall {point.recall:.4f}, alarms {point.alarms:.4f}")
    (DATA / "cases.csv").write_text(cases_csv(found), encoding="utf-8", newline="")
    (DATA / "figures.csv").write_text(figures_csv(found), encoding="utf-8", newline="")
    if not asked.keep_page:
        matching_page.write(found, listed_entities())


def _class_line(one: ClassFigures) -> str:
    low, high = one.raised.interval
    first = f"first {one.first.value:.3f}"
    return f"{one.key:16} {_share(one.raised.part, one.raised.whole)} raised ({low:.3f}-{high:.3f}), {first}"


def _group_line(one: GroupFigures) -> str:
    apart = f"{one.matches.part} of them match, {one.coincidences} coincidences apart"
    return f"{one.group:24} {_share(one.alarms.part, one.alarms.whole)} alarmed, {apart}"


def _share(part: int, whole: int) -> str:
    return f"{part / whole if whole else 0:.4f} ({part} of {whole})"


if __name__ == "__main__":
    main(sys.argv[1:])
