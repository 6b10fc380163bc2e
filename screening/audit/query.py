"""Queries on the audit log: filtered pages, newest first, by keyset."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso
from screening.audit.log import fold
from screening.records import table


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
