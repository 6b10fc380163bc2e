"""Queries on the audit log: filtered pages, newest first, by keyset."""

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso
from screening.access import Principal
from screening.audit.entry import Action, Draft, Payload
from screening.audit.log import actor, fold, seal
from screening.records import table

BATCH = 500

LOG = "audit"
"""The record that reading the log is recorded about."""


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """What to show; a field left None does not filter. `since` is included, `until` is not.

    `subject` is a part of the subject's name, in any case; `entity` a listed entity's id, met as match or near-miss;
    `record` a screening's, key's or list's id.
    """

    since: datetime | None = None
    until: datetime | None = None
    actor: str | None = None
    action: str | None = None
    subject: str | None = None
    entity: str | None = None
    outcome: str | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One entry as a page shows it: what it says, its hash, and the subject's name unless that was erased."""

    sequence: int
    content: Mapping[str, Any]
    hash: str
    subject: str | None


async def page(
    session: AsyncSession, wanted: AuditFilter, *, before: int | None = None, limit: int = 50
) -> list[AuditLine]:
    """Return up to `limit` entries below sequence `before` that pass the filter, newest first.

    The next page begins before the last line's sequence; an empty list is the end.
    """
    entries, payloads = table("audit_entry").c, table("audit_payload")
    query = (
        select(entries.sequence, entries.body, entries.hash, payloads.c.subject)
        .outerjoin(payloads, payloads.c.sequence == entries.sequence)
        .order_by(entries.sequence.desc())
        .limit(limit)
    )
    if before is not None:
        query = query.where(entries.sequence < before)
    rows = await session.execute(_filtered(query, wanted))
    return [AuditLine(row.sequence, json.loads(row.body), row.hash, row.subject) for row in rows]


async def passing(session: AsyncSession, wanted: AuditFilter, *, up_to: int) -> AsyncIterator[Row[Any]]:
    """Yield the entries that pass the filter, up to sequence `up_to`, oldest first, with their payloads."""
    entries, payloads = table("audit_entry").c, table("audit_payload")
    position = 0
    while True:
        query = (
            select(entries.sequence, entries.hash, entries.body, *(payloads.c[name] for name in Payload.__slots__))
            .outerjoin(payloads, payloads.c.sequence == entries.sequence)
            .where(entries.sequence > position, entries.sequence <= up_to)
            .order_by(entries.sequence)
            .limit(BATCH)
        )
        rows = (await session.execute(_filtered(query, wanted))).all()
        if not rows:
            return
        for row in rows:
            yield row
        position = rows[-1].sequence


def asked(wanted: AuditFilter) -> dict[str, str]:
    """Return the filter as an entry or an extract says it: only what filters, as text."""
    given = {name: getattr(wanted, name) for name in AuditFilter.__slots__}
    texts = {name: iso(value) if isinstance(value, datetime) else value for name, value in given.items()}
    return {name: str(value) for name, value in texts.items() if value is not None}


def reading_draft(
    action: Action,
    principal: Principal,
    given: Mapping[str, str],
    more: Mapping[str, Any],
    *,
    request_id: str | None = None,
) -> Draft:
    """Return the entry that says who read or exported the log, and by which filters. A subject that was looked for is
    personal, so it stands beside the chain.
    """
    payload = seal(given["subject"], json.dumps(given, ensure_ascii=False), "") if "subject" in given else None
    details = {name: value for name, value in given.items() if name != "subject"} | dict(more)
    return Draft(action, actor(principal), LOG, request_id=request_id, details=details, payload=payload)


def _filtered(query: Select[Any], wanted: AuditFilter) -> Select[Any]:
    entries, payloads, mentions = table("audit_entry").c, table("audit_payload").c, table("audit_mention").c
    equal = {
        entries.actor_id: wanted.actor,
        entries.action: wanted.action,
        entries.outcome: wanted.outcome,
        entries.record_id: wanted.record,
    }
    for column, value in equal.items():
        if value is not None:
            query = query.where(column == value)
    if wanted.since is not None:
        query = query.where(entries.occurred_at >= iso(wanted.since))
    if wanted.until is not None:
        query = query.where(entries.occurred_at < iso(wanted.until))
    if wanted.subject is not None:
        query = query.where(payloads.subject.contains(fold(wanted.subject), autoescape=True))
    if wanted.entity is not None:
        query = query.where(entries.sequence.in_(select(mentions.sequence).where(mentions.entity_id == wanted.entity)))
    return query
