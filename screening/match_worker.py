"""Match worker: a process that does nothing but answer. Run by `screening.match_workers` as a program.

One message a line on standard input, one line back on standard output, in order: `{"open": path, …}` maps an index
under a policy, `{"request": …, "coverage": …}` answers a screening. It ends when its input ends, so it never outlives
the server.
"""

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from screening.answering import Answering
from screening.coverage import Coverage
from screening.live_index import settle, warm
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.reading import read_request
from screening.request import ScreeningRequest
from screening.worker_process import answer_lines, failure

COVERAGE = TypeAdapter(Coverage)


class Worker:
    """What the process holds: the index it maps, the policy, and the coverage it was told last."""

    def __init__(self) -> None:
        self._index: ListIndex | None = None
        self._answering = Answering(Policy())
        self._coverage: tuple[str, Coverage] | None = None

    def reply(self, line: bytes) -> str:
        """Return the reply to one message: the answer as JSON, `{"opened": …}`, or `{"failed": …}`."""
        try:
            message = json.loads(line)
            return self._open(message) if "open" in message else self._answer(message)
        except Exception as error:  # noqa: BLE001 - the server answers by itself then, and meets the error there
            return failure(error)

    def _open(self, message: dict[str, Any]) -> str:
        index = ListIndex.open(Path(message["open"]))
        warm(index)
        self._index = index
        settle()
        self._answering = Answering(Policy(**message["policy"]), message["thresholds_from"])
        return json.dumps({"opened": message["open"]})

    def _answer(self, message: dict[str, Any]) -> str:
        if self._index is None:
            raise LookupError("no index is open")
        if self._coverage is None or self._coverage[0] != message["coverage"]:
            self._coverage = (message["coverage"], COVERAGE.validate_json(message["coverage"]))
        request = ScreeningRequest.model_validate_json(message["request"])
        answer = self._answering.answer(request, read_request(request), self._index, self._coverage[1])
        return answer.model_dump_json()


def main() -> None:
    """Answer until the input ends."""
    answer_lines(Worker().reply)


if __name__ == "__main__":
    main()
