"""Themselves: every strong name of the four lists, in every script, screened as it is listed: it must find its entity.

Names of fewer than six letters are left out, as in a validation. *First*: no other entity scores higher.
"""

import argparse
import random
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence

from benchmarks.accuracy import POLICY
from benchmarks.lists import full_index, listed_entities
from screening.validation.measure import Tried, try_names
from screening.validation.samples import themselves

SEED = 7
SHOWN = 40


def script_of(name: str) -> str:
    """Return the script of a name's first letter, as Unicode names it, or `none`."""
    letter = next((c for c in name if c.isalpha()), "")
    return unicodedata.name(letter, "none").split()[0].lower() if letter else "none"


def by_script(tried: Iterable[Tried]) -> dict[str, list[Tried]]:
    """Return what was tried by the script of its name, the commonest first."""
    groups: defaultdict[str, list[Tried]] = defaultdict(list)
    for one in tried:
        groups[script_of(one.query.name)].append(one)
    return dict(sorted(groups.items(), key=lambda group: -len(group[1])))


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--sample N`: so many names, drawn by chance; default all."""
    parser = argparse.ArgumentParser(prog="themselves", description=__doc__)
    parser.add_argument("--sample", type=int, default=0)
    asked = parser.parse_args(list(arguments))
    queries = list(themselves(listed_entities(), "listed"))
    if asked.sample:
        queries = random.Random(SEED).sample(queries, min(asked.sample, len(queries)))
    tried = list(try_names(full_index(), queries, POLICY))
    for script, ones in [*by_script(tried).items(), ("all", tried)]:
        raised = sum(one.score >= POLICY.review_threshold for one in ones)
        first = sum(one.rank == 1 for one in ones)
        print(f"{script:12} {len(ones):6} names: {len(ones) - raised} not raised, {len(ones) - first} not first")
    missed = [one for one in tried if one.score < POLICY.review_threshold]
    for one in missed[:SHOWN]:
        print(f"    {one.score:4} {one.query.name} | {one.query.kind.value} | {one.query.entity_id}")


if __name__ == "__main__":
    main(sys.argv[1:])
