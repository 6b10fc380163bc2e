"""Rows: the matches of a case between their table and their value. Pure."""

from typing import Any

from screening.cases.case import Decided, Decision, Hit, Match
from screening.matching.result import Identity, Outcome

KEYS = ("case_id", "entity_id")
"""What names a row of `case_match`; all else of it may change while the case is open."""


def match_of(row: Any) -> Match:
    """Return the match that a row of `case_match` holds."""
    hit = Hit(
        entity_id=row.entity_id,
        name=row.name,
        lists=tuple(row.lists.split()),
        version=row.version,
        score=row.score,
        name_score=row.name_score,
        identity=Identity(row.identity),
        outcome=Outcome(row.outcome),
        blocking=bool(row.blocking),
        low_priority=bool(row.low_priority),
    )
    if row.decision is None:
        return Match(hit)
    who = (row.decided_by, row.decided_by_name, row.decided_at)
    return Match(hit, Decided(Decision(row.decision), row.reason, *who, bool(row.pending), row.clear_until))


def match_row(case_id: str, match: Match) -> dict[str, Any]:
    """Return the row of `case_match` that holds a match."""
    hit, decided = match.hit, match.decided
    return {
        "case_id": case_id,
        "entity_id": hit.entity_id,
        "name": hit.name,
        "lists": " ".join(hit.lists),
        "version": hit.version,
        "score": hit.score,
        "name_score": hit.name_score,
        "identity": hit.identity.value,
        "outcome": hit.outcome.value,
        "blocking": hit.blocking,
        "low_priority": hit.low_priority,
        "decision": decided and decided.decision.value,
        "reason": decided and decided.reason,
        "decided_by": decided and decided.by,
        "decided_by_name": decided and decided.by_name,
        "decided_at": decided and decided.at,
        "pending": decided is not None and decided.pending,
        "clear_until": decided and decided.clear_until,
    }
