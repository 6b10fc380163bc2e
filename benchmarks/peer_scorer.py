"""Peer scorer: nomenklatura's logic-v2 on pairs of names, run by `benchmarks.peer` in a virtual environment of its own.

Reads JSON lines from standard input (`schema`, `query`, `names` of one entity), writes one score a line, 0-1. Imports
nothing of Caspian: `make bench-peer` builds `.venv-peer` with what stands in `benchmarks/peer-requirements.txt`.
"""

import json
import sys

from followthemoney import model
from followthemoney.proxy import EntityProxy
from nomenklatura.matching import get_algorithm
from nomenklatura.matching.types import ScoringConfig


def main() -> None:
    """Score every pair by name alone, with the algorithm's own defaults."""
    algorithm = get_algorithm("logic-v2")
    if algorithm is None:
        raise SystemExit("this nomenklatura has no logic-v2")
    config = ScoringConfig.defaults()
    for line in sys.stdin:
        pair = json.loads(line)
        query, listed = _entity(pair["schema"], [pair["query"]]), _entity(pair["schema"], pair["names"])
        print(f"{algorithm.compare(query, listed, config).score:.4f}")


def _entity(schema: str, names: list[str]) -> EntityProxy:
    entity = model.make_entity(schema)
    entity.id = "/".join(names)
    for name in names:
        entity.add("name", name)
    return entity


if __name__ == "__main__":
    main()
