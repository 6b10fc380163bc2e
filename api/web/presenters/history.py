"""A person's last screenings as rows: whom, what kind, with which outcome, when, under which reference."""

from dataclasses import dataclass
from datetime import UTC, datetime

from api.web.presenters import figures, words
from api.web.presenters.found import KINDS
from api.web.presenters.screening import OUTCOMES
from api.web.text import _
from screening.recorded import Summary


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """One recorded screening, ready for its row."""

    id: str
    href: str
    subject: str
    lang: str
    rtl: bool
    kind: str
    outcome: str
    word: str
    when: str
    when_iso: str
    reference: str


def history_row(summary: Summary, now: datetime) -> HistoryRow:
    """Return one row; of today only the time is shown, of other days the day as well."""
    receipt = summary.receipt
    subject = _("(erased)") if summary.subject is None else summary.subject
    return HistoryRow(
        id=receipt.id,
        href=f"/screenings/{receipt.id}",
        subject=subject,
        lang=words.language(subject),
        rtl=words.is_rtl(subject),
        kind=_("Any") if summary.kind is None else KINDS[summary.kind],
        outcome=summary.outcome.value,
        word=OUTCOMES[summary.outcome],
        when=_when(receipt.recorded_at, now),
        when_iso=receipt.recorded_at.isoformat(),
        reference=receipt.reference or "",
    )


def _when(at: datetime, now: datetime) -> str:
    local = at.astimezone(UTC)
    return f"{local:%H:%M}" if local.date() == now.astimezone(UTC).date() else figures.short_moment(at)
