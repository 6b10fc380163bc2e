"""Batch worker: a process that scores chunks. Run by `screening.batch.pool` as a program.

`{"open": …}` maps an index and says under which policy, coverage and columns the next chunks are scored; `{"rows": …}`
answers one chunk: its result rows sealed, and what its audit entry says of them.
"""

import base64
import json
import secrets
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from screening.answering import Answering
from screening.batch.chunk import pack, unpack_input
from screening.batch.columns import Columns
from screening.batch.scoring import ResultRow, RowAlarm, Scorer
from screening.live_index import settle, warm
from screening.match_worker import COVERAGE
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.matching.result import Outcome
from screening.worker_process import answer_lines, failure

ALARMS = TypeAdapter(tuple[RowAlarm, ...])


class Worker:
    """What the process holds: the index that it maps, and the scorer of the batch that it was opened for last."""

    def __init__(self) -> None:
        self._index: tuple[str, ListIndex] | None = None
        self._scorer: Scorer | None = None

    def reply(self, line: bytes) -> str:
        """Return the reply to one message: `{"index": …}`, a scored chunk, or `{"failed": …}`."""
        try:
            message = json.loads(line)
            return self._open(message) if "open" in message else self._score(message)
        except Exception as error:  # noqa: BLE001 - who asked decides what becomes of the chunk
            return failure(error)

    def _open(self, message: dict[str, Any]) -> str:
        path = message["open"]
        if self._index is None or self._index[0] != path:
            self._index = (path, ListIndex.open(Path(path)))
            warm(self._index[1])
            settle()
        index = self._index[1]
        answering = Answering(Policy(**message["policy"]), message["thresholds_from"])
        coverage = COVERAGE.validate_python(message["coverage"])
        self._scorer = Scorer(Columns(message["places"]), answering, index, coverage)
        return json.dumps({"index": index.hash, "config_hash": answering.config_hash})

    def _score(self, message: dict[str, Any]) -> str:
        if self._scorer is None:
            raise LookupError("no batch is open")
        rows = unpack_input(base64.b64decode(message["rows"]))
        scored = self._scorer.score(rows)
        results = scored.rows
        sealed = pack(
            [{"cells": row.cells, **result} for row, result in zip(rows, results, strict=True)], secrets.token_hex(16)
        )
        counts = Counter(str(result["outcome"]) for result in results)
        return json.dumps(
            {
                "packed": base64.b64encode(sealed.packed).decode(),
                "salt": sealed.salt,
                "root": sealed.root,
                "first_row": rows[0].number,
                "last_row": rows[-1].number,
                "counts": {outcome.value: counts[outcome.value] for outcome in Outcome}
                | {"unreadable": scored.unreadable},
                "met": _met(results),
                "alarms": ALARMS.dump_python(scored.alarms, mode="json"),
            }
        )


def _met(results: Sequence[ResultRow]) -> list[tuple[str, int]]:
    """The listed entities that rows met, each with its best score."""
    best: dict[str, int] = {}
    for result in results:
        if result["entity_id"]:
            entity_id, score = str(result["entity_id"]), int(result["score"])
            best[entity_id] = max(score, best.get(entity_id, 0))
    return sorted(best.items())


def main() -> None:
    """Answer until the input ends."""
    answer_lines(Worker().reply)


if __name__ == "__main__":
    main()
