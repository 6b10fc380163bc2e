"""Case: what a case is and how it moves, as values and rules. Pure.

A case is about one subject. It holds the listed entities that the subject met, and each is decided: a true match or a
false positive. A case about a deal holds in their place the rules that speak against it. Where the policy asks for four
eyes, a decision is pending until somebody else approves it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from screening.matching.result import Identity, Outcome

RULE: Final = "rule:"
"""What an id begins with that stands in the place of a listed entity's and names a rule of deals."""

DEAL: Final = "deal"
"""The kind of a case whose subject is a deal."""


class State(StrEnum):
    """Where a case stands; it follows from its matches and from who has it (`state_of`)."""

    OPEN = "open"
    ASSIGNED = "assigned"
    ESCALATED = "escalated"
    AWAITING_APPROVAL = "awaiting_approval"
    CLOSED = "closed"


class Priority(StrEnum):
    """How soon somebody must look."""

    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"

    @property
    def rank(self) -> int:
        """1 for what comes first."""
        return list(Priority).index(self) + 1

    @classmethod
    def of_rank(cls, rank: int) -> "Priority":
        """Return the priority of a rank."""
        return list(Priority)[rank - 1]


class Decision(StrEnum):
    """What a person says of a match."""

    TRUE_MATCH = "true_match"
    FALSE_POSITIVE = "false_positive"
    ESCALATE = "escalate"


class RecordKind(StrEnum):
    """What kind of record met a listed entity."""

    SCREENING = "screening"
    DEAL = "deal"
    BATCH_ROW = "batch_row"
    MONITORED = "monitored"


class Ending(StrEnum):
    """Why a clearance is no longer in force."""

    EXPIRED = "expired"
    ENTITY_CHANGED = "entity_changed"
    DELISTED = "delisted"
    REPLACED = "replaced"  # by a later decision of the same match
    REOPENED = "reopened"  # its case was opened again
    ENDED = "ended"  # by a person, before its time


@dataclass(frozen=True, slots=True)
class Hit:
    """A listed entity that a subject met. `version` names the entity's version on every list searched: the hashes of
    `entity_version`, sorted, one blank between two. `blocking`: the listing forbids dealing with the party.
    """

    entity_id: str
    name: str
    lists: tuple[str, ...]
    version: str
    score: int
    name_score: int
    identity: Identity
    outcome: Outcome
    blocking: bool
    low_priority: bool = False

    @property
    def is_rule(self) -> bool:
        """Whether it is a rule that speaks against a deal, and no listed entity: then `version` is the rules' hash."""
        return self.entity_id.startswith(RULE)


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of a match. `pending`: it waits for a second person; `clear_until` is the last moment of the
    clearance that is to come with it.
    """

    decision: Decision
    reason: str
    by: str
    by_name: str
    at: str
    pending: bool
    clear_until: str | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """A match of a case: the hit, and what was decided of it, if anything was."""

    hit: Hit
    decided: Decided | None = None

    @property
    def is_open(self) -> bool:
        """Whether somebody must still decide: nothing was said, or it was escalated."""
        return self.decided is None or self.decided.decision is Decision.ESCALATE

    @property
    def is_pending(self) -> bool:
        """Whether a decision waits for a second person."""
        return self.decided is not None and self.decided.pending


@dataclass(frozen=True, slots=True)
class CasePolicy:
    """What the settings say of cases. `hours` is the target time by priority.

    `all_false_positives`: every false positive needs a second person, not just those on blocking lists and those that
    grant a clearance. `true_matches`: true matches need one too.
    """

    hours: Mapping[Priority, int] = field(
        default_factory=lambda: {Priority.HIGH: 4, Priority.NORMAL: 8, Priority.LOW: 24}
    )
    all_false_positives: bool = False
    true_matches: bool = False
    clearance_days: int = 365

    def needs_approval(self, decision: Decision, hit: Hit, *, clears: bool) -> bool:
        """Say whether a decision takes a second person. A false positive on a blocking list always does (FFIEC: the
        resolution of a false hit is controlled), and so does whatever lets later alarms pass.
        """
        if decision is Decision.TRUE_MATCH:
            return self.true_matches
        return decision is Decision.FALSE_POSITIVE and (hit.blocking or clears or self.all_false_positives)


def priority_of(hit: Hit) -> Priority:
    """Return how soon a hit must be looked at: a blocking list first, by how sure it is; a weak alias alone last
    (OFAC FAQ 122-125), with what is doubtful, contradicted and does not block.
    """
    if hit.low_priority:
        return Priority.LOW
    sure = hit.outcome is Outcome.MATCH or hit.identity is Identity.CORROBORATED
    if hit.blocking and sure:
        return Priority.HIGH
    doubtful = hit.identity is Identity.CONTRADICTED and not hit.blocking and hit.outcome is not Outcome.MATCH
    return Priority.LOW if doubtful else Priority.NORMAL


def state_of(matches: Iterable[Match], *, assigned: bool) -> State:
    """Return the state of a case with these matches."""
    all_of_it = tuple(matches)
    if any(one.decided is not None and one.decided.decision is Decision.ESCALATE for one in all_of_it):
        return State.ESCALATED
    if any(one.is_open for one in all_of_it):
        return State.ASSIGNED if assigned else State.OPEN
    return State.AWAITING_APPROVAL if any(one.is_pending for one in all_of_it) else State.CLOSED


def result_of(matches: Iterable[Match]) -> Decision | None:
    """Return what a case came to: a true match if one of its matches is one; None while something is to be decided."""
    all_of_it = tuple(matches)
    if any(one.is_open or one.is_pending for one in all_of_it):
        return None
    true = any(one.decided is not None and one.decided.decision is Decision.TRUE_MATCH for one in all_of_it)
    return Decision.TRUE_MATCH if true else Decision.FALSE_POSITIVE
