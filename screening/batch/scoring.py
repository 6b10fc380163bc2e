"""Scoring: rows of a table to result rows, each with its outcome and best match or with why it was not screened."""

from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from core.errors import InvalidInput
from screening.answer import Answer
from screening.answering import Answering, Brief
from screening.batch.columns import Columns
from screening.batch.reading import Row
from screening.cases.alarm import CaseSubject, case_subject, hits_of
from screening.cases.case import Hit
from screening.coverage import Coverage
from screening.matching.index import ListIndex
from screening.matching.result import Outcome
from screening.reading import Read

MOST_KEPT = 20_000
"""Answered subjects kept, so that one that comes again is scored once; bounded, so that a long file fits in memory."""

ResultRow = dict[str, str | int]
"""`row` (its number), `outcome`, `score`, `name_score`, `entity_id`, `primary_name`, `list`, `programme`,
`reason`. Scores are tenths of a point, as in an answer."""


@dataclass(frozen=True, slots=True)
class RowAlarm:
    """A row whose subject met listed entities, as that which opens a case. `otherwise`: what it would be without."""

    row: int
    subject: CaseSubject
    hits: tuple[Hit, ...]
    otherwise: Outcome


@dataclass(frozen=True, slots=True)
class ScoredRows:
    """The result of each row in their order, the alarms among them, and how many rows could not be read."""

    rows: tuple[ResultRow, ...]
    alarms: tuple[RowAlarm, ...]
    unreadable: int


@dataclass(frozen=True, slots=True)
class _Answered:
    """What is kept of an answered subject: its result, and its alarm as that of row 0."""

    line: ResultRow
    alarm: RowAlarm | None = None
    is_read: bool = True


@dataclass(slots=True)
class Scorer:
    """Scores rows under one policy, index and coverage; `scored` counts the subjects that were really matched."""

    columns: Columns
    answering: Answering
    index: ListIndex
    coverage: Coverage
    scored: int = 0
    _kept: OrderedDict[str, _Answered] = field(default_factory=OrderedDict)

    def score(self, rows: Iterable[Row]) -> ScoredRows:
        """Return the results of rows. A row that cannot be read is incomplete, with the reason."""
        answered = [(row.number, self._answer(row)) for row in rows]
        return ScoredRows(
            rows=tuple({"row": number, **one.line} for number, one in answered),
            alarms=tuple(replace(one.alarm, row=number) for number, one in answered if one.alarm is not None),
            unreadable=sum(not one.is_read for _, one in answered),
        )

    def _answer(self, row: Row) -> _Answered:
        try:
            request, read = self.columns.request(row)
        except InvalidInput as error:
            reason = f"Row {row.number} was not screened: {told(error)}"
            return _Answered(result_line(Outcome.INCOMPLETE, reason), is_read=False)
        asked = request.model_dump_json(exclude={"reference"}, exclude_defaults=True)
        kept = self._kept.get(asked)
        if kept is None:
            brief = self.answering.brief(read, self.index, self.coverage)
            kept = self._kept[asked] = _Answered(of_answer(brief), self._alarm(read, brief))
            self.scored += 1
            if len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        else:
            self._kept.move_to_end(asked)
        return kept

    def _alarm(self, read: Read, brief: Brief) -> RowAlarm | None:
        if not brief.matches:
            return None
        otherwise = Outcome.INCOMPLETE if brief.missing else Outcome.CLEAR
        return RowAlarm(0, case_subject(read.subject), hits_of(brief.matches, self.index), otherwise)


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
