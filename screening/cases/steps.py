"""Steps: the history of a case. Each step is an audit entry and its row in `case_step`, in the caller's transaction.

What a person wrote, and whom the case is about, stand in the entry's payload beside the chain and nowhere else.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from screening.audit.entry import Action, Actor, Draft, Entry
from screening.audit.log import append, seal
from screening.cases.case import Decision
from screening.records import table

CASPIAN = Actor("system", "Caspian", "admin")
"""Who acts when nobody did: an alarm opens a case, a clearance lapses. The same as `screening.keys.SYSTEM`."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step that is to be written. `details` names nobody; `note` is what a person wrote, `subject` whom it is about
    (both go into the payload); `results` are the listed entities it concerns, with their scores.
    """

    case_id: str
    action: Action
    by: Actor = CASPIAN
    decision: Decision | None = None
    reason: str | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    results: tuple[tuple[str, int], ...] = ()
    subject: str | None = None
    note: str = ""
    request_id: str | None = None


async def write_steps(session: AsyncSession, steps: Sequence[Step]) -> list[Entry]:
    """Append the steps to the audit log and to their cases' histories; return the entries in the same order."""
    entries = await append(session, drafts_of(steps))
    await store_steps(await session.connection(), steps, entries)
    return entries


def drafts_of(steps: Sequence[Step]) -> list[Draft]:
    """Return the steps as entries that are to be appended to the audit log."""
    return [_draft(step) for step in steps]


async def store_steps(connection: AsyncConnection, steps: Sequence[Step], entries: Sequence[Entry]) -> None:
    """Write the steps into their cases' histories, beside their entries, once those are appended."""
    rows = [_row(step, entry) for step, entry in zip(steps, entries, strict=True)]
    if rows:
        await connection.execute(table("case_step").insert(), rows)


def _draft(step: Step) -> Draft:
    said = {"decision": step.decision and step.decision.value, "reason": step.reason}
    has_payload = bool(step.note) or step.subject is not None
    return Draft(
        step.action,
        step.by,
        step.case_id,
        request_id=step.request_id,
        results=step.results,
        details={**step.details, **{name: value for name, value in said.items() if value is not None}},
        payload=seal(step.subject or "", step.note, "") if has_payload else None,
    )


def _row(step: Step, entry: Entry) -> dict[str, Any]:
    return {
        "audit_sequence": entry.sequence,
        "case_id": step.case_id,
        "at": entry.occurred_at,
        "actor_id": step.by.id,
        "actor_name": step.by.name,
        "actor_role": step.by.role,
        "action": step.action.value,
        "decision": step.decision and step.decision.value,
        "reason": step.reason,
        "details": json.dumps(
            {**step.details, **({"entities": [key for key, _ in step.results]} if step.results else {})},
            ensure_ascii=False,
        ),
    }
