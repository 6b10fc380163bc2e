"""Saving: a parsed edition becomes a snapshot and comes into force, in the one transaction of the caller's session.

Killed at any moment, the database holds the old edition or the new, never a mixture: nothing is visible before the
commit. Two processes saving the same source queue: SQLite by its write lock, PostgreSQL by an advisory lock.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import func, insert, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import SQLModel, col

from lists import checks, diff, expect
from lists.checks import CheckOutcome, Verdict
from lists.content import PreparedList, Record, parser_version, prepare, snapshot_id
from lists.files import FetchedFile
from lists.snapshots import SnapshotInfo, in_force, info_of, members
from lists.source import ParsedList, Source
from lists.tables import EntityVersion, ListActivation, ListChange, ListMembership, ListSnapshot

T = TypeVar("T")

ROWS = 1_000
"""Rows per statement: between two of them the event loop serves others."""

VALUES = 500
"""Values in one IN list: below SQLite's old limit of 999 variables."""


@dataclass(frozen=True, slots=True)
class Saved:
    """What saving did: the snapshot now in force, and what it changed against the one before."""

    snapshot: SnapshotInfo
    outcome: CheckOutcome
    added: int = 0
    changed: int = 0
    removed: int = 0


async def save(
    session: AsyncSession,
    source: Source,
    parsed: ParsedList | PreparedList,
    fetched: FetchedFile,
    now: datetime,
    *,
    allow_older: bool = False,
) -> Saved:
    """Save the edition and bring it into force, with its differences and the row of this check; or find it unchanged.

    Takes a session of `Database.write()`, whose block commits all of it at once. `allow_older` brings an edition into
    force that was published before the present one. Raises ListExpectationError, with the old edition still in
    force, when the counts are out of range or dropped too far; ListContentError when an id occurs twice.
    """
    prepared = prepare(parsed) if isinstance(parsed, ParsedList) else parsed
    await lock(session, source.key)
    current = (await in_force(session)).get(source.key)
    new = _info(source, prepared, fetched, now)
    if current is not None and current.id == new.id:
        await checks.write(session, source.key, Verdict(CheckOutcome.UNCHANGED, current.id), fetched, now)
        return Saved(current, CheckOutcome.UNCHANGED)
    expect.check(source, new, current, allow_older=allow_older)
    kept = await _store(session, new, prepared)
    saved = await _activate(session, replace(kept, activated_at=now), current, prepared)
    await checks.write(session, source.key, Verdict(CheckOutcome.ACTIVATED, kept.id), fetched, now)
    return saved


async def lock(session: AsyncSession, source: str) -> None:
    """Let one transaction at a time change this source; SQLite's write lock has already seen to it."""
    if session.get_bind().dialect.name == "postgresql":
        key = int.from_bytes(hashlib.sha256(f"caspian list {source}".encode()).digest()[:8], signed=True)
        await session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})


def _info(source: Source, prepared: PreparedList, fetched: FetchedFile, now: datetime) -> SnapshotInfo:
    hashes = (record.hash for record in prepared.records)
    return SnapshotInfo(
        id=snapshot_id(source.key, prepared.published_on, hashes, sample=fetched.sample),
        source=source.key,
        number=0,
        published_on=prepared.published_on,
        fetched_at=fetched.fetched_at,
        activated_at=now,
        file_sha256=fetched.sha256,
        file_name=fetched.file_name,
        origin=fetched.origin,
        format=prepared.format,
        entities=len(prepared.records),
        names=prepared.name_count,
        parser_version=parser_version(),
        sample=fetched.sample,
    )


async def _store(session: AsyncSession, new: SnapshotInfo, prepared: PreparedList) -> SnapshotInfo:
    """Store the snapshot unless its content was in force before; return it as stored."""
    held = await session.get(ListSnapshot, new.id)
    if held is not None:
        return info_of(held, new.activated_at)
    latest = select(func.max(ListSnapshot.number)).where(col(ListSnapshot.source) == new.source)
    info = replace(new, number=((await session.execute(latest)).scalar() or 0) + 1)
    session.add(_row(info))
    await session.flush()
    members = {record.hash: record for record in prepared.records}
    before = set((await _hashes(session, info.source, info.number - 1)).values())
    await _close(session, info, sorted(before - members.keys()))
    opened = [record for hashed, record in members.items() if hashed not in before]
    await _store_versions(session, info.source, opened)
    await _insert(
        session,
        ListMembership,
        ({"source": info.source, "entity_hash": record.hash, "from_number": info.number} for record in opened),
    )
    return info


async def _activate(
    session: AsyncSession, kept: SnapshotInfo, current: SnapshotInfo | None, prepared: PreparedList
) -> Saved:
    """Bring the snapshot into force and keep what it changed. A first edition has nothing to be compared with, and
    neither has one that replaces the bundled sample.
    """
    before = None if current is None or (current.sample and not kept.sample) else current
    old = {} if before is None else await _hashes(session, before.source, before.number)
    new = {record.entity_id: record for record in prepared.records}
    moved = diff.compare(old, {entity_id: record.hash for entity_id, record in new.items()})
    if before is None:
        moved = diff.Membership((), (), ())
    row = ListActivation(
        source=kept.source,
        snapshot_id=kept.id,
        previous_snapshot_id=None if current is None else current.id,
        activated_at=kept.activated_at,
        added=len(moved.added),
        changed=len(moved.changed),
        removed=len(moved.removed),
    )
    session.add(row)
    await session.flush()
    touched = await _records(session, [old[entity_id] for entity_id in (*moved.changed, *moved.removed)])
    fixed = {"activation": row.sequence, "source": kept.source}
    await _insert(session, ListChange, (fixed | _change_row(c) for c in diff.changes(moved, touched, new)))
    return Saved(kept, CheckOutcome.ACTIVATED, row.added, row.changed, row.removed)


async def _hashes(session: AsyncSession, source: str, number: int) -> dict[str, str]:
    """Return the entities of one edition as entity id → entity hash."""
    query = members(source, number).with_only_columns(col(EntityVersion.entity_id), col(EntityVersion.hash))
    return dict((await session.execute(query)).all())


async def _records(session: AsyncSession, hashes: list[str]) -> dict[str, Record]:
    found: dict[str, Record] = {}
    for part in _parts(hashes, VALUES):
        rows = await session.execute(select(EntityVersion).where(col(EntityVersion.hash).in_(part)))
        for row in rows.scalars():
            found[row.entity_id] = Record(row.hash, row.entity_id, row.kind, row.name, 0, row.payload)
            session.expunge(row)
    return found


async def _close(session: AsyncSession, info: SnapshotInfo, gone: list[str]) -> None:
    for part in _parts(gone, VALUES):
        await session.execute(
            update(ListMembership)
            .where(col(ListMembership.source) == info.source, col(ListMembership.to_number).is_(None))
            .where(col(ListMembership.entity_hash).in_(part))
            .values(to_number=info.number)
            .execution_options(synchronize_session=False)
        )


async def _store_versions(session: AsyncSession, source: str, records: list[Record]) -> None:
    held: set[str] = set()
    for part in _parts([record.hash for record in records], VALUES):
        held.update(await session.scalars(select(col(EntityVersion.hash)).where(col(EntityVersion.hash).in_(part))))
    rows = (
        {
            "hash": r.hash,
            "entity_id": r.entity_id,
            "source": source,
            "kind": r.kind,
            "name": r.name,
            "payload": r.payload,
        }
        for r in records
        if r.hash not in held
    )
    await _insert(session, EntityVersion, rows)


async def _insert(session: AsyncSession, table: type[SQLModel], rows: Iterable[Mapping[str, Any]]) -> None:
    """Insert many rows as plain mappings: ten times as fast as objects, and no object stays in the session."""
    for part in _parts(rows, ROWS):
        await session.execute(insert(table), part)


def _parts(values: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(values)
    while part := list(islice(iterator, size)):
        yield part


def _row(info: SnapshotInfo) -> ListSnapshot:
    values = asdict(info)
    del values["activated_at"]
    return ListSnapshot(entity_count=values.pop("entities"), name_count=values.pop("names"), **values)


def _change_row(change: diff.EntityChange) -> dict[str, Any]:
    return {
        "entity_id": change.entity_id,
        "kind": change.kind,
        "name": change.name,
        "change": change.change.value,
        "fields": json.dumps([asdict(field) for field in change.fields], ensure_ascii=False),
    }
