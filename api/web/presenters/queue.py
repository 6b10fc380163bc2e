"""The queue as its page shows it: who waits, how urgent, how old, how long until the target, who has it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.web.presenters import figures, words
from api.web.presenters.found import IDENTITIES, KINDS, references
from api.web.presenters.screening import OUTCOMES
from api.web.text import _, ngettext
from lists.entity import Kind
from screening.cases.case import DEAL, RULE, Decision, Priority, State
from screening.cases.views import CaseLine, MatchView

PRIORITIES: Final = {Priority.HIGH: _("High"), Priority.NORMAL: _("Normal"), Priority.LOW: _("Low")}
STATES: Final = {
    State.OPEN: _("Open"),
    State.ASSIGNED: _("Taken"),
    State.ESCALATED: _("Escalated"),
    State.AWAITING_APPROVAL: _("Second person"),
    State.CLOSED: _("Closed"),
}
DECISIONS: Final = {
    Decision.TRUE_MATCH: _("True match"),
    Decision.FALSE_POSITIVE: _("False positive"),
    Decision.ESCALATE: _("Escalate"),
}
STAND_OUT: Final = frozenset({State.ESCALATED, State.AWAITING_APPROVAL})
"""States in which somebody else must act than the one who has the case."""


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case, ready for its row. `warn` marks a state that waits for another person."""

    id: str
    href: str
    version: int
    subject: str
    lang: str
    rtl: bool
    about: str
    is_high: bool
    priority: str
    best: str
    best_lang: str
    more: str
    tags: tuple[str, ...]
    outcome: str
    word: str
    score: str
    identity: str
    opened_iso: str
    age: str
    left: str
    late: bool
    assignee: str
    state: str
    warn: bool
    yours: bool


def case_row(line: CaseLine, now: datetime) -> CaseRow:
    """Return one case as a row at `now`."""
    subject = _("(erased)") if line.subject is None else line.subject
    best = line.best
    is_deal = line.kind == DEAL
    kind = None if line.kind is None or is_deal else KINDS[Kind(line.kind)].lower()
    others = line.match_count - 1
    return CaseRow(
        id=line.id,
        href=f"/cases/{line.id}",
        version=line.version,
        subject=subject,
        lang=words.language(subject),
        rtl=words.is_rtl(subject),
        about=" · ".join(filter(None, (kind, line.about))),
        is_high=line.priority is Priority.HIGH,
        priority=PRIORITIES[line.priority],
        best="" if best is None else best.name,
        best_lang="en" if best is None else words.language(best.name),
        more=ngettext("and %d more", "and %d more", others) % others if others > 0 else "",
        tags=() if best is None else reference_tags(best),
        outcome="review" if best is None else best.outcome.value,
        word="" if best is None else OUTCOMES[best.outcome],
        score="–" if best is None or is_deal else figures.score(best.score),
        identity="" if best is None or is_deal else IDENTITIES[best.identity],
        opened_iso=line.opened_at.isoformat(),
        age=figures.span((line.closed_at or now) - line.opened_at),
        left=left(line, now),
        late=line.closed_at is None and line.due_at <= now,
        assignee="–" if line.assignee is None else line.assignee.name,
        state=STATES[line.state] if line.result is None else DECISIONS[line.result],
        warn=line.state in STAND_OUT,
        yours=line.asked_by_you,
    )


def reference_tags(match: MatchView) -> tuple[str, ...]:
    """Return what a match is known by: the lists and their numbers, or the rule that speaks against a deal."""
    if match.entity_id.startswith(RULE):
        return (_("Rule %s") % match.entity_id.removeprefix(RULE),)
    return references(match.entity_id, match.lists)


def left(line: CaseLine, now: datetime) -> str:
    """Return how long until the case's target: `3 h 46 m left`, `past target`; nothing for a closed one."""
    if line.closed_at is not None:
        return ""
    return _("past target") if line.due_at <= now else _("%s left") % figures.span(line.due_at - now)


def lede(rows: Sequence[CaseRow], *, more: bool) -> str:
    """Return the queue in one sentence: how many are shown, how many of them past their target."""
    if not rows:
        return _("No case here.")
    number = figures.count(len(rows))
    text = ngettext("%s case", "%s cases", len(rows)) % (_("More than %s") % number if more else number)
    late = sum(row.late for row in rows)
    waiting = sum(row.warn for row in rows)
    parts = [
        text,
        ngettext("%d past its target", "%d past their target", late) % late if late else _("none past its target"),
        ngettext("%d waits for a second person", "%d wait for a second person", waiting) % waiting if waiting else "",
    ]
    return _("%s. The most urgent first.") % ", ".join(filter(None, parts))
