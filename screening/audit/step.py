"""Step: what the history of a case must hold for an entry of the log. Pure: `screening.cases.steps` writes both."""

from collections.abc import Mapping
from typing import Any, Final

from screening.audit.entry import Action

STEPS: Final = frozenset(
    {
        Action.CASE_OPENED,
        Action.CASE_ASSIGNED,
        Action.CASE_COMMENTED,
        Action.EVIDENCE_ATTACHED,
        Action.DECIDED,
        Action.ESCALATED,
        Action.APPROVED,
        Action.RETURNED,
        Action.CASE_REOPENED,
        Action.CLEARANCE_GRANTED,
        Action.CLEARANCE_LAPSED,
    }
)
"""Actions that are steps of a case: each entry of them has one row in `case_step`, and no other entry has one."""

SAID: Final = ("decision", "reason")
"""What an entry has among its details, and a step in columns of its own."""


def step_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the row in `case_step` must hold for an entry; None for an action that is no step of a case."""
    if content["action"] not in STEPS:
        return None
    details, results = content["details"], content["results"]
    told = {name: value for name, value in details.items() if name not in SAID}
    return {name: details.get(name) for name in SAID} | {
        "case_id": content["record_id"],
        "at": content["occurred_at"],
        "actor_id": content["actor"]["id"],
        "actor_name": content["actor"]["name"],
        "actor_role": content["actor"]["role"],
        "action": content["action"],
        "details": told | ({"entities": [entity_id for entity_id, _ in results]} if results else {}),
    }
