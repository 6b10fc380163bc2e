"""Deciding: what a person says of a case's matches, and what a second person says of that."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from core.clock import iso
from core.errors import Conflict, FieldError, InvalidInput
from screening.access import Principal
from screening.audit.entry import Action
from screening.audit.log import actor
from screening.cases import clearances
from screening.cases.case import DEAL, CasePolicy, Decided, Decision, Match
from screening.cases.inputs import ApprovalInput, DecisionInput
from screening.cases.reasons import check_reason
from screening.cases.rules import Act
from screening.cases.steps import Step
from screening.cases.work import Work


async def decide(
    work: Work, who: Principal, ruling: DecisionInput, policy: CasePolicy, request_id: str | None = None
) -> None:
    """Decide matches of the case: those that the ruling names, or all that are open.

    Raises NotAllowed or Conflict where this person may not decide now, and InvalidInput naming what of the ruling
    cannot be recorded: a reason of another decision, an entity that is not open here, an end date that is none.
    """
    work.check(Act.DECIDE, who)
    check_reason(ruling.reason, ruling.decision, ruling.note, of_deal=work.case.kind == DEAL)
    chosen = _chosen(work, ruling)
    until = _until(ruling, policy, work.moment, chosen)
    decided = {key: _decided(match, who, ruling, policy, (work.moment, until)) for key, match in chosen.items()}
    work.change(decided)
    pending = [key for key, match in decided.items() if match.is_pending]
    escalates = ruling.decision is Decision.ESCALATE
    if escalates:
        work.case.assignee_id = work.case.assignee_name = None
    step = Step(
        work.case.id,
        Action.ESCALATED if escalates else Action.DECIDED,
        actor(who),
        decision=ruling.decision,
        reason=ruling.reason,
        details={"pending": pending} | ({"clear_until": until} if until else {}),
        results=_results(decided),
        note=ruling.note,
        request_id=request_id,
    )
    final = {key: match for key, match in decided.items() if not match.is_pending and not match.is_open}
    await work.finish([step, *await clearances.replaced(work, final)])


async def approve(work: Work, who: Principal, said: ApprovalInput, request_id: str | None = None) -> None:
    """Approve what is pending, which may grant clearances; or return it, with a note, to be decided again.

    Raises NotAllowed or Conflict where this person may not, InvalidInput for a return without a note.
    """
    work.check(Act.APPROVE, who)
    pending = {key: match for key, match in work.matches.items() if match.is_pending}
    if not said.approve and not said.note:
        raise InvalidInput("nothing was returned", [FieldError("note", "say why it is returned")])
    step = Step(
        work.case.id,
        Action.APPROVED if said.approve else Action.RETURNED,
        actor(who),
        results=_results(pending),
        note=said.note,
        request_id=request_id,
    )
    if not said.approve:
        work.change({key: replace(match, decided=None) for key, match in pending.items()})
        await work.finish([step])
        return
    _check_dates(pending, work.moment)
    work.change({key: _final(match) for key, match in pending.items()})
    ended = await clearances.replaced(work, pending)
    granted = clearances.asked_for(work, pending, actor(who))
    entries = await work.finish([step, *ended, *(one.step for one in granted)])
    await clearances.store(work.session, granted, entries)


def _chosen(work: Work, ruling: DecisionInput) -> dict[str, Match]:
    open_ones = {key: match for key, match in work.matches.items() if match.is_open}
    if ruling.decision is Decision.ESCALATE:
        open_ones = {key: match for key, match in open_ones.items() if match.decided is None}
    if ruling.entities is None:
        chosen = open_ones
    else:
        unknown = [key for key in ruling.entities if key not in open_ones]
        if unknown:
            raise _refused("entities", f"{', '.join(unknown)}: no match of this case that can be so decided now")
        chosen = {key: open_ones[key] for key in ruling.entities}
    if not chosen:
        raise Conflict("No match of this case can be so decided now.")
    return chosen


def _until(ruling: DecisionInput, policy: CasePolicy, moment: str, chosen: Mapping[str, Match]) -> str | None:
    """The last moment of the clearance asked for. Raises InvalidInput where none can be given."""
    if ruling.clear_until is None:
        return None
    if ruling.decision is not Decision.FALSE_POSITIVE:
        raise _refused("clear_until", "only a false positive can be cleared")
    if any(match.hit.is_rule for match in chosen.values()):
        raise _refused("clear_until", "a rule is not cleared ahead: the next assessment is held against it anew")
    today = datetime.fromisoformat(moment).date()
    latest = today + timedelta(days=policy.clearance_days)
    if not today < ruling.clear_until <= latest:
        raise _refused("clear_until", f"give a date from tomorrow to {latest.isoformat()}")
    if any(not match.hit.version for match in chosen.values()):
        raise _refused("clear_until", "the version of the listed entity is not known, so nothing can be bound to it")
    return end_of(ruling.clear_until)


def end_of(day: date) -> str:
    """Return the last moment of a day, in UTC."""
    return iso(datetime.combine(day, time.max, UTC))


def _decided(
    match: Match, who: Principal, ruling: DecisionInput, policy: CasePolicy, when: tuple[str, str | None]
) -> Match:
    at, until = when
    pending = policy.needs_approval(ruling.decision, match.hit, clears=until is not None)
    said = Decided(ruling.decision, ruling.reason, who.id, who.name, at, pending, until)
    return replace(match, decided=said)


def _final(match: Match) -> Match:
    return match if match.decided is None else replace(match, decided=replace(match.decided, pending=False))


def _check_dates(pending: Mapping[str, Match], moment: str) -> None:
    past = [m for m in pending.values() if m.decided and m.decided.clear_until and m.decided.clear_until <= moment]
    if past:
        raise Conflict("The clearance that was asked for would have ended already; return the decision.")


def _results(matches: Mapping[str, Match]) -> tuple[tuple[str, int], ...]:
    return tuple((key, match.hit.score) for key, match in matches.items())


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput("the decision cannot be recorded; nothing was decided", [FieldError(field, message)])
