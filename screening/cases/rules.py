"""Rules: who may take which step of a case, and why not. Pure.

Whoever asked for one of a case's records never takes, decides or approves it (FFIEC: the resolution of a false hit
takes place outside of the business line); nobody approves their own decision. One person may hold two keys, or a key
and a sign-in, so the same name counts as the same person.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from core.errors import CaspianError, Conflict, NotAllowed
from screening.access import Principal, Role
from screening.cases.case import Match, State

WORKERS = frozenset({Role.OFFICER, Role.APPROVER})
"""Who works on cases at all; everybody else reads them or does not see them."""


class Act(StrEnum):
    """A step that a person may take."""

    TAKE = "take"
    RELEASE = "release"
    ASSIGN = "assign"
    COMMENT = "comment"
    ATTACH = "attach"
    DECIDE = "decide"
    APPROVE = "approve"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules look at: where the case stands, who has it, who asked (ids and names), and its matches."""

    state: State
    assignee: tuple[str, str] | None
    askers: frozenset[tuple[str, str]]
    matches: tuple[Match, ...]

    def asked_by(self, who: Principal) -> bool:
        """Whether this person asked for one of the case's records."""
        return any(same_person(who, asker_id, name) for asker_id, name in self.askers)


def same_person(who: Principal, other_id: str, other_name: str) -> bool:
    """Say whether somebody known by id and name is this person."""
    return who.id == other_id or who.name.casefold() == other_name.casefold()


def refusal(act: Act, who: Principal, facts: Facts) -> CaspianError | None:
    """Return why this person may not take this step now, as the error to raise; None if they may."""
    if who.role not in WORKERS:
        return NotAllowed(f"The role {who.role.value!r} does not work on cases. It is for: approver, officer.")
    if act in PARTIAL and facts.asked_by(who):
        return NotAllowed("You asked for a record of this case, so somebody else takes, decides and approves it.")
    return CHECKS[act](who, facts)


def steps_of(who: Principal, facts: Facts) -> tuple[tuple[str, ...], Mapping[str, str]]:
    """Return the steps this person may take now, and of the others why not."""
    refused = {act.value: error for act in Act if (error := refusal(act, who, facts)) is not None}
    return tuple(act.value for act in Act if act.value not in refused), {k: str(v) for k, v in refused.items()}


PARTIAL = frozenset({Act.TAKE, Act.DECIDE, Act.APPROVE})
"""Steps that take somebody who has no part in the matter."""


def _take(who: Principal, facts: Facts) -> CaspianError | None:
    if facts.assignee is not None and facts.assignee[0] == who.id:
        return Conflict("You have this case already.")
    return _open_for(who, facts)


def _open_for(who: Principal, facts: Facts) -> CaspianError | None:
    """Officers work on what is open; what is escalated is for approvers."""
    if facts.state is State.ESCALATED:
        escalated = NotAllowed("The case is escalated: an approver decides it.")
        return None if who.role is Role.APPROVER else escalated
    if facts.state is State.CLOSED:
        return Conflict("The case is closed; reopen it first.")
    if facts.state is State.AWAITING_APPROVAL:
        return Conflict("Every match is decided and waits for a second person.")
    if who.role is not Role.OFFICER:
        return NotAllowed("An officer decides; an approver approves, and decides what is escalated.")
    return None


def _release(who: Principal, facts: Facts) -> CaspianError | None:
    if facts.assignee is None or facts.assignee[0] != who.id:
        return Conflict("You do not have this case.")
    return None


def _assign(_who: Principal, facts: Facts) -> CaspianError | None:
    return Conflict("The case is closed; reopen it first.") if facts.state is State.CLOSED else None


def _anybody(_who: Principal, _facts: Facts) -> CaspianError | None:
    return None


def _decide(who: Principal, facts: Facts) -> CaspianError | None:
    if facts.assignee is not None and facts.assignee[0] != who.id:
        return Conflict(f"The case is {facts.assignee[1]}'s; take it first.")
    return _open_for(who, facts)


def _approve(who: Principal, facts: Facts) -> CaspianError | None:
    if who.role is not Role.APPROVER:
        return NotAllowed("An approver approves what an officer decided.")
    pending = [one.decided for one in facts.matches if one.decided is not None and one.decided.pending]
    if not pending:
        return Conflict("Nothing waits for a second person.")
    if any(same_person(who, decided.by, decided.by_name) for decided in pending):
        return NotAllowed("You decided this yourself, so somebody else approves it.")
    return None


def _reopen(_who: Principal, facts: Facts) -> CaspianError | None:
    return None if facts.state is State.CLOSED else Conflict("The case is not closed.")


CHECKS: Mapping[Act, Callable[[Principal, Facts], CaspianError | None]] = {
    Act.TAKE: _take,
    Act.RELEASE: _release,
    Act.ASSIGN: _assign,
    Act.COMMENT: _anybody,
    Act.ATTACH: _anybody,
    Act.DECIDE: _decide,
    Act.APPROVE: _approve,
    Act.REOPEN: _reopen,
}
"""Each step's own rule."""
