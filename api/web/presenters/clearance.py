"""Clearances as rows: who is not whom, why, by whom, until when, and whether it still holds."""

from dataclasses import dataclass
from datetime import datetime

from api.web.presenters import figures, words
from api.web.presenters.coverage import Mark
from api.web.text import _
from screening.cases.views import ClearanceView


@dataclass(frozen=True, slots=True)
class ClearanceRow:
    """One clearance, as a row: of the case, or of all."""

    id: str
    case_href: str
    subject: str
    lang: str
    rtl: bool
    entity: str
    entity_lang: str
    tag: str
    reason: str
    until: str
    granted: str
    decided_by: str
    approved_by: str
    state: Mark


def clearance_row(one: ClearanceView, now: datetime) -> ClearanceRow:
    """Return a clearance as a row at `now`."""
    subject = _("(erased)") if one.subject is None else one.subject
    return ClearanceRow(
        id=one.id,
        case_href=f"/cases/{one.case_id}",
        subject=subject,
        lang=words.language(subject),
        rtl=words.is_rtl(subject),
        entity=one.entity_name,
        entity_lang=words.language(one.entity_name),
        tag=one.entity_id,
        reason=f"{one.reason} {one.wording}",
        until=figures.day(one.until.date()),
        granted=figures.day(one.granted_at.date()),
        decided_by=one.decided_by.name,
        approved_by=one.approved_by.name,
        state=_standing(one, now),
    )


def _standing(one: ClearanceView, now: datetime) -> Mark:
    if one.in_force:
        return Mark("clear", _("%s left") % figures.span(one.until - now))
    why = (one.ended_why or _("its date passed")).replace("_", " ")
    at = figures.day((one.ended_at or one.until).date())
    return Mark("incomplete", _("Ended %(day)s: %(why)s") % {"day": at, "why": why})
