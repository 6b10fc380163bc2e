"""A case as its page shows it: who against whom, who must agree, what happened, what may be done now and by whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from api.web.presenters import figures, words
from api.web.presenters.clearance import ClearanceRow, clearance_row
from api.web.presenters.found import IDENTITIES
from api.web.presenters.queue import DECISIONS, CaseRow, case_row, reference_tags
from api.web.presenters.screening import OUTCOMES
from api.web.presenters.steps import Event, event
from api.web.text import _
from screening.cases.case import DEAL, RULE, Decision, RecordKind
from screening.cases.views import (
    CaseView,
    DecidedView,
    EvidenceView,
    MatchView,
    ReasonView,
    RecordLink,
)
from screening.matching.result import Outcome

MEANS: Final = {
    Decision.TRUE_MATCH: _("It is the listed one. The subject stays stopped."),
    Decision.FALSE_POSITIVE: _("It is somebody else."),
    Decision.ESCALATE: _("It cannot be settled here; an approver decides."),
}
MEANS_OF_DEAL: Final = {
    Decision.TRUE_MATCH: _("The rule applies. The deal stays as it was assessed."),
    Decision.FALSE_POSITIVE: _("The rule does not apply, or a licence covers it."),
    Decision.ESCALATE: MEANS[Decision.ESCALATE],
}
SHOWN_AT: Final = {RecordKind.SCREENING: "/screenings", RecordKind.DEAL: "/deals"}
RECORDS: Final = {
    RecordKind.SCREENING: _("Screening"),
    RecordKind.DEAL: _("Deal"),
    RecordKind.BATCH_ROW: _("Row of a file"),
    RecordKind.MONITORED: _("Monitored subject"),
}
KIB: Final = 1024


@dataclass(frozen=True, slots=True)
class MatchTab:
    """One match of the case, to choose from. `mark` says what was decided of it, if anything was."""

    entity_id: str
    name: str
    lang: str
    tags: tuple[str, ...]
    score: str
    identity: str
    outcome: str
    word: str
    chosen: bool
    decided: str
    pending: bool
    open: bool


@dataclass(frozen=True, slots=True)
class Eye:
    """One of the people who must look: what they do, who it is; done, you, or still to come."""

    step: str
    who: str
    state: str


@dataclass(frozen=True, slots=True)
class FileRow:
    """One attached file."""

    href: str
    name: str
    says: str
    sha256: str
    short_hash: str
    size: str
    added: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """One record that met the case's entities. `href` is empty where it has no page."""

    word: str
    href: str
    asked_by: str
    when: str


@dataclass(frozen=True, slots=True)
class Pending:
    """What waits for a second person: of which entity, what, why, by whom."""

    entity: str
    decision: str
    reason: str
    by: str
    until: str


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case, ready for its template. `row` is the case as the queue has it."""

    row: CaseRow
    title: str
    tabs: tuple[MatchTab, ...]
    open_matches: int
    eyes: tuple[Eye, ...]
    askers: str
    events: tuple[Event, ...]
    files: tuple[FileRow, ...]
    records: tuple[RecordRow, ...]
    clearances: tuple[ClearanceRow, ...]
    pending: tuple[Pending, ...]
    result: str
    of_deal: bool


def case_page(case: CaseView, entity_id: str, now: datetime) -> CasePage:
    """Return the page of a case at `now`, with the match of `entity_id` chosen."""
    row = case_row(case, now)
    return CasePage(
        row=row,
        title=_("Case %s") % short_id(case.id),
        tabs=tuple(_tab(match, entity_id) for match in case.matches),
        open_matches=sum(map(_is_open, case.matches)),
        eyes=_eyes(case),
        askers=", ".join(dict.fromkeys(record.asked_by.name for record in case.records)),
        events=tuple(event(step) for step in case.steps),
        files=tuple(_file(case.id, one) for one in case.evidence),
        records=tuple(_record(one) for one in case.records),
        clearances=tuple(clearance_row(one, now) for one in case.clearances),
        pending=tuple(_pending(m, m.decided) for m in case.matches if m.decided is not None and m.decided.pending),
        result="" if case.result is None else DECISIONS[case.result],
        of_deal=case.kind == DEAL,
    )


def chosen_entity(case: CaseView, asked: str) -> str:
    """Return the entity whose match the page opens with: the one asked for, else the best one still to be decided."""
    known = [match.entity_id for match in case.matches]
    if asked in known:
        return asked
    waiting = [match.entity_id for match in case.matches if _is_open(match)]
    return next(iter([*waiting, *known]), "")


def short_id(case_id: str) -> str:
    """Return what people call a case: the last six letters of its id, which differ within one day's cases."""
    return f"C-{case_id[-6:]}"


def _is_open(match: MatchView) -> bool:
    return match.decided is None or match.decided.decision is Decision.ESCALATE


def _tab(match: MatchView, chosen: str) -> MatchTab:
    decided, is_rule = match.decided, match.entity_id.startswith(RULE)
    stops = is_rule and match.outcome is Outcome.MATCH
    return MatchTab(
        entity_id=match.entity_id,
        name=match.name,
        lang=words.language(match.name),
        tags=reference_tags(match),
        score="–" if is_rule else figures.score(match.score),
        identity="–" if is_rule else IDENTITIES[match.identity],
        outcome="stop" if stops else match.outcome.value,
        word=_("Stop") if stops else OUTCOMES[match.outcome],
        chosen=match.entity_id == chosen,
        decided="" if decided is None else DECISIONS[decided.decision],
        pending=decided is not None and decided.pending,
        open=_is_open(match),
    )


def _pending(match: MatchView, decided: DecidedView) -> Pending:
    return Pending(
        entity=match.name,
        decision=DECISIONS[decided.decision],
        reason=f"{decided.reason} {decided.wording}",
        by=f"{decided.by.name}, {figures.short_moment(decided.at)}",
        until="" if decided.clear_until is None else figures.day(decided.clear_until.date()),
    )


def _eyes(case: CaseView) -> tuple[Eye, ...]:
    """The four-eyes stepper: who asked, who decided, who approves. It names people wherever they are known."""
    decided = [match.decided for match in case.matches if match.decided is not None]
    deciders = ", ".join(dict.fromkeys(one.by.name for one in decided))
    approvers = ", ".join(dict.fromkeys(step.actor.name for step in case.steps if step.action == "approved"))
    asked = ", ".join(dict.fromkeys(record.asked_by.name for record in case.records)) or _("Caspian")
    all_decided = bool(decided) and not any(map(_is_open, case.matches))
    waits = any(one.pending for one in decided)
    who_decides = _("you") if "decide" in case.may else row_name(case)
    second = _("you") if "approve" in case.may else _("someone else")
    return (
        Eye(_("Asked"), asked, "done"),
        Eye(_("Decided"), deciders, "done") if all_decided else Eye(_("Decide"), who_decides, "now"),
        Eye(_("Approved"), approvers, "done")
        if all_decided and not waits and approvers
        else Eye(_("Approve"), second if waits or not all_decided else _("not needed"), "now" if waits else "later"),
    )


def row_name(case: CaseView) -> str:
    """Return who has the case, or that an officer is to take it."""
    return _("an officer") if case.assignee is None else case.assignee.name


def _file(case_id: str, one: EvidenceView) -> FileRow:
    return FileRow(
        href=f"/cases/{case_id}/evidence/{one.sha256}",
        name=one.name,
        says=one.says,
        sha256=one.sha256,
        short_hash=figures.short_hash(one.sha256),
        size=file_size(one.size),
        added=f"{one.by.name}, {figures.short_moment(one.at)}",
    )


def file_size(size: int) -> str:
    """Return the size of a file: `10.0 MB`, `1.4 KB`, `12 bytes`."""
    if size >= KIB * KIB:
        return _("%.1f MB") % (size / KIB / KIB)
    return _("%.1f KB") % (size / KIB) if size >= KIB else _("%d bytes") % size


def _record(one: RecordLink) -> RecordRow:
    at = SHOWN_AT.get(one.kind, "")
    return RecordRow(
        word=RECORDS[one.kind],
        href=f"{at}/{one.id}" if at else "",
        asked_by=one.asked_by.name,
        when=figures.short_moment(one.at),
    )


def reason_groups(items: Iterable[ReasonView], *, of_deal: bool) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Return the reason codes by decision: its word, its value, and each code with what it says."""
    known = tuple(one for one in items if one.about in ("any", "deal" if of_deal else "entity"))
    return [
        (DECISIONS[decision], decision.value, [(one.code, one.wording) for one in known if one.decision is decision])
        for decision in MEANS
    ]
