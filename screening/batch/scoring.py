"""Scoring: rows of a table to result rows, each with its outcome and best match or with why it was not screened."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field

from core.errors import InvalidInput
from screening.answer import Answer
from screening.answering import Answering, Brief
from screening.batch.columns import Columns
from screening.batch.reading import Row
from screening.coverage import Coverage
from screening.matching.index import ListIndex
from screening.matching.result import Outcome

MOST_KEPT = 20_000
"""Answered subjects kept, so that one that comes again is scored once; bounded, so that a long file fits in memory."""

ResultRow = dict[str, str | int]
"""`row` (its number), `outcome`, `score`, `name_score`, `entity_id`, `primary_name`, `list`, `programme`,
`reason`. Scores are tenths of a point, as in an answer."""


@dataclass(slots=True)
class Scorer:
    """Scores rows under one policy, index and coverage. `scored` counts the subjects that were really matched,
    `unreadable` the rows that could not be read.
    """

    columns: Columns
    answering: Answering
    index: ListIndex
    coverage: Coverage
    scored: int = 0
    unreadable: int = 0
    _kept: OrderedDict[str, ResultRow] = field(default_factory=OrderedDict)

    def score(self, rows: Iterable[Row]) -> list[ResultRow]:
        """Return the result of each row, in their order. A row that cannot be read is incomplete, with the reason."""
        return [{"row": row.number, **self._result(row)} for row in rows]

    def _result(self, row: Row) -> ResultRow:
        try:
            request, read = self.columns.request(row)
        except InvalidInput as error:
            self.unreadable += 1
            return result_line(Outcome.INCOMPLETE, f"Row {row.number} was not screened: {told(error)}")
        asked = request.model_dump_json(exclude={"reference"}, exclude_defaults=True)
        kept = self._kept.get(asked)
        if kept is None:
            kept = of_answer(self.answering.brief(read, self.index, self.coverage))
            self._kept[asked] = kept
            self.scored += 1
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(asked)
        return kept


def of_answer(answer: Answer | Brief) -> ResultRow:
    """Return what a result row says of an answer: its outcome and its best match."""
    line = result_line(answer.outcome, answer.say)
    if answer.matches:
        best = answer.matches[0]
        line |= {
            "score": best.score,
            "name_score": best.name_score,
            "entity_id": best.entity_id,
            "primary_name": best.primary_name,
            "list": "; ".join(best.lists),
            "programme": "; ".join(dict.fromkeys(listing.code for listing in best.listings)),
        }
    return line


def result_line(outcome: Outcome, reason: str) -> ResultRow:
    """Return a result row that has no match."""
    return {
        "outcome": outcome.value,
        "score": 0,
        "name_score": 0,
        "entity_id": "",
        "primary_name": "",
        "list": "",
        "programme": "",
        "reason": reason,
    }


def told(error: InvalidInput) -> str:
    """Return what is wrong with a row, with each field, in one line."""
    faults = "; ".join(f"{fault.field}: {fault.message}" for fault in error.errors)
    return f"{error} ({faults})" if faults else str(error)
