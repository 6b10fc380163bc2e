"""The history of a case in words: what was done, why, when, by whom, in which audit entry."""

from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures
from api.web.presenters.queue import DECISIONS
from api.web.text import _, ngettext
from screening.cases.views import StepView
from screening.keys import SYSTEM

STEPS: Final = {
    "case_opened": _("Case opened"),
    "case_assigned": _("Took the case"),
    "case_commented": _("Commented"),
    "evidence_attached": _("Attached a file"),
    "decided": _("Decided"),
    "approved": _("Approved"),
    "returned": _("Sent back"),
    "escalated": _("Escalated"),
    "case_reopened": _("Opened again"),
    "clearance_granted": _("Clearance granted"),
    "clearance_lapsed": _("Clearance ended"),
}
"""What was done, in words. A step without a row goes by its own name."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step of the history. `person` is false where Caspian did it; `lines` say what it was about."""

    text: str
    note: str
    when: str
    when_iso: str
    who: str
    entry: str
    person: bool


def event(step: StepView) -> Event:
    """Return one step of a case's history, in words."""
    text = _assigned(step) if "to" in step.details else STEPS.get(step.action, step.action.replace("_", " "))
    if step.decision is not None:
        text = f"{text}: {DECISIONS[step.decision].lower()}"
    if step.reason is not None:
        text = f"{text}, {step.reason} {step.wording}"
    entities = step.details.get("entities") or ()
    if len(entities) > 1:
        text = f"{text} ({ngettext('%d match', '%d matches', len(entities)) % len(entities)})"
    return Event(
        text=text,
        note=step.note or "",
        when=figures.short_moment(step.at),
        when_iso=step.at.isoformat(),
        who=f"{step.actor.name}, {step.role}" if step.actor.id != SYSTEM.id else step.actor.name,
        entry=figures.count(step.sequence),
        person=step.actor.id != SYSTEM.id,
    )


def _assigned(step: StepView) -> str:
    to = step.details["to"]
    if to is None:
        return _("Released the case")
    return STEPS["case_assigned"] if to == step.actor.id else _("Gave the case to %s") % step.details.get("name", to)
