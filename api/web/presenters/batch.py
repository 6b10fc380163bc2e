"""A batch as its pages show it: the columns of the file, how far it is, what came out, which rows failed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from api.web.presenters import figures, words
from api.web.presenters.coverage import Mark
from api.web.presenters.screening import OUTCOMES
from api.web.text import _
from core.errors import InvalidInput
from screening.batch.columns import HEADERS, SEARCHED, Columns, map_columns
from screening.batch.reading import Row
from screening.batch.status import OPEN, BatchStatus, State
from screening.matching.result import Outcome

FIELDS: Final = {
    "name": _("Name"),
    "other_names": _("Name, another spelling"),
    "kind": _("Kind"),
    "birth_date": _("Birth date"),
    "countries": _("Country"),
    "gender": _("Gender"),
    "addresses": _("Address"),
    "reference": _("Your reference"),
    "imo": _("IMO number"),
    "inn": _("INN"),
    "ogrn": _("OGRN"),
    "lei": _("LEI"),
    "bic": _("BIC"),
    "passport": _("Passport"),
    "identifiers": _("Numbers, each with its type"),
}
"""What a column can be, in the order of the choice."""

STATES: Final = {
    State.READING: Mark("review", _("Reading the file")),
    State.WAITING: Mark("review", _("Waiting")),
    State.RUNNING: Mark("review", _("Running")),
    State.DONE: Mark("clear", _("Done")),
    State.CANCELLED: Mark("incomplete", _("Cancelled")),
    State.FAILED: Mark("match", _("Failed")),
}
ORDER: Final = (Outcome.CLEAR, Outcome.REVIEW, Outcome.MATCH, Outcome.INCOMPLETE)
NEED_A_PERSON: Final = frozenset({Outcome.MATCH.value, Outcome.REVIEW.value})
MOST_SHOWN: Final = 25
"""Rows shown of each kind; the file of the results has all."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the file: its number, header, first values, what it is read as, and its select's choices."""

    at: int
    header: str
    sample: tuple[str, ...]
    chosen: str
    choices: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One batch as a row."""

    href: str
    name: str
    state: Mark
    rows: str
    alarms: str
    when: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class Count:
    """Rows of one outcome so far."""

    kind: str
    word: str
    rows: str
    share: str


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch, ready for its page. `step` is where it stands: run or results."""

    id: str
    href: str
    name: str
    state: Mark
    heading: str
    pace: str
    chunk: str
    done: int
    rows: int
    width: str
    counts: tuple[Count, ...]
    unread: str
    fault: str
    began: str
    lists: int
    sha256: str
    opens_cases: bool
    mapping: tuple[tuple[str, str], ...]
    is_open: bool
    may_resume: bool
    has_results: bool


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One row that needs a person."""

    number: str
    subject: str
    lang: str
    rtl: bool
    outcome: str
    word: str
    best: str
    best_lang: str
    score: str
    why: str


@dataclass(frozen=True, slots=True)
class ResultRows:
    """Rows that need a person, rows that could not be read, and what is left out."""

    alarms: tuple[ResultRow, ...]
    unread: tuple[tuple[str, str], ...]
    note: str


def columns_of(header: Sequence[str], rows: Sequence[Row], sent: Mapping[str, str] | None = None) -> list[Column]:
    """Return a file's columns, each read as was `sent`, or as its header says."""
    guessed = {at: field for field, at in _guessed(header).items()}
    choices = (("", _("Leave out")), *FIELDS.items())
    columns = []
    for at, name in enumerate(header):
        chosen = guessed.get(at, "") if sent is None else sent.get(f"column-{at}", "")
        sample = tuple(row.cells[at] for row in rows if at < len(row.cells) and row.cells[at].strip())
        columns.append(Column(at, name, sample, chosen, choices))
    return columns


def chosen_by(columns: Columns, width: int) -> dict[str, str]:
    """Return what the form of the columns says when its `width` columns are read so: the others are left out."""
    return {f"column-{at}": "" for at in range(width)} | {f"column-{at}": field for field, at in columns.places.items()}


def places(sent: Mapping[str, str], width: int) -> dict[str, int]:
    """Return which column says what, as the form has it: field to position.

    Raises InvalidInput for a field that is none or that two columns are read as, and when nothing can be searched for.
    """
    found: dict[str, int] = {}
    for at in range(width):
        field = sent.get(f"column-{at}", "")
        if not field:
            continue
        if field not in HEADERS:
            raise InvalidInput(_("%r is nothing that a column can be.") % field)
        if field in found:
            said = {"field": FIELDS.get(field, field), "one": found[field] + 1, "two": at + 1}
            raise InvalidInput(_("Columns %(one)d and %(two)d are both read as %(field)s; choose one.") % said)
        found[field] = at
    if not any(field in found for field in SEARCHED):
        raise InvalidInput(_("No column is read as a name or a number, so that nothing can be screened."))
    return found


def batch_row(status: BatchStatus, now: datetime) -> BatchRow:
    """Return one batch as a row."""
    alarms = sum(status.counts.get(outcome, 0) for outcome in (Outcome.REVIEW, Outcome.MATCH))
    rows = figures.count(status.rows)
    done = rows if status.rows_done == status.rows else f"{figures.count(status.rows_done)} / {rows}"
    return BatchRow(
        href=f"/batches/{status.id}",
        name=status.file_name or status.id,
        state=STATES[status.state],
        rows=done,
        alarms=figures.count(alarms),
        when=figures.short_moment(status.created_at),
        asked_by=status.asked_by,
    )


def batch_view(status: BatchStatus, now: datetime) -> BatchView:
    """Return one batch's page at `now`."""
    share = 100 * status.rows_done / status.rows if status.rows else 0.0
    said = {"done": figures.count(status.rows_done), "rows": figures.count(status.rows)}
    chunk = {"done": figures.count(status.chunks_done), "chunks": figures.count(status.chunks)}
    stopped = status.state in {State.CANCELLED, State.FAILED}
    return BatchView(
        id=status.id,
        href=f"/batches/{status.id}",
        name=status.file_name or status.id,
        state=STATES[status.state],
        heading=_("%(done)s of %(rows)s rows") % said,
        pace=_pace(status, now),
        chunk=_("Chunk %(done)s of %(chunks)s.") % chunk,
        done=status.rows_done,
        rows=status.rows,
        width=f"{share:.1f}",
        counts=tuple(_count(outcome, status) for outcome in ORDER),
        unread=figures.count(status.unreadable),
        fault=status.fault,
        began=figures.moment(status.created_at),
        lists=len(status.lists),
        sha256=status.file_sha256,
        opens_cases=status.opens_cases,
        mapping=tuple((FIELDS.get(field, field), column) for field, column in status.mapping.items()),
        is_open=status.state in OPEN or status.state is State.READING,
        may_resume=stopped,
        has_results=status.rows_done > 0,
    )


def result_rows(rows: Iterable[Mapping[str, Any]], *, whole: bool) -> ResultRows:
    """Return the first rows that need a person, and the first that could not be read; `whole`: all were looked at."""
    alarms, unread = [], []
    for row in rows:
        if row["outcome"] in NEED_A_PERSON:
            alarms.append(row)
        elif not row["entity_id"] and row["outcome"] == Outcome.INCOMPLETE.value and row["reason"].startswith("Row "):
            unread.append((figures.count(row["row"]), row["reason"]))
    more = len(alarms) > MOST_SHOWN or len(unread) > MOST_SHOWN or not whole
    note = _("The first ones; the results hold every row.") if more else ""
    return ResultRows(tuple(map(_result, alarms[:MOST_SHOWN])), tuple(unread[:MOST_SHOWN]), note)


def _result(row: Mapping[str, Any]) -> ResultRow:
    subject = next((cell for cell in row["cells"] if cell.strip()), "")
    return ResultRow(
        number=figures.count(row["row"]),
        subject=subject,
        lang=words.language(subject),
        rtl=words.is_rtl(subject),
        outcome=row["outcome"],
        word=OUTCOMES[Outcome(row["outcome"])],
        best=row["primary_name"],
        best_lang=words.language(row["primary_name"]),
        score=figures.score(row["score"]),
        why=row["reason"],
    )


def _guessed(header: Sequence[str]) -> Mapping[str, int]:
    try:
        return map_columns(header).places
    except InvalidInput:
        return {}


def _count(outcome: Outcome, status: BatchStatus) -> Count:
    rows = status.counts.get(outcome, 0)
    share = f"{100 * rows / status.rows_done:.1f} %" if status.rows_done else "–"
    return Count(outcome.value, OUTCOMES[outcome], figures.count(rows), share)


def _pace(status: BatchStatus, now: datetime) -> str:
    """How fast it goes and how long it will; how long it took once it has ended."""
    seconds = ((status.ended_at or now) - status.created_at).total_seconds()
    if not status.rows_done or seconds <= 0:
        return ""
    rate = status.rows_done / seconds
    if status.state is State.DONE:
        return _("%(rate)s rows a second, in %(seconds)s s") % {"rate": _rate(rate), "seconds": f"{seconds:,.1f}"}
    if status.state not in OPEN:
        return ""
    left = (status.rows - status.rows_done) / rate
    return _("%(rate)s rows a second · about %(left)s s left") % {"rate": _rate(rate), "left": f"{left:,.0f}"}


def _rate(rate: float) -> str:
    """A rate without decimals, but for one so slow that it would read as none."""
    return f"{rate:,.0f}" if rate >= 10 else f"{rate:.1f}"
