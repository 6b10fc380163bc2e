"""Snapshots, read: which edition of each list is or was in force, its entities, what changed, and whether it is intact.

Only queries; `lists.saving` writes. Every function takes a session and leaves its transaction to the caller.
"""

import json
from collections.abc import AsyncIterator, Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from lists.content import entity_hash, snapshot_id
from lists.diff import ChangeKind, EntityChange, FieldChange
from lists.entity import ListedEntity, from_json
from lists.tables import EntityVersion, ListActivation, ListChange, ListMembership, ListSnapshot

BATCH = 2_000
"""Rows read at a time: some 3 MB of entities, so that an index build stays flat in memory."""


@dataclass(frozen=True, slots=True)
class SnapshotInfo:
    """One edition of one list, and the moment it came into force. `entities` and `names` are counts."""

    id: str
    source: str
    number: int
    published_on: date | None
    fetched_at: datetime
    activated_at: datetime
    file_sha256: str
    file_name: str
    origin: str
    format: str
    entities: int
    names: int
    parser_version: str
    sample: bool


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded change. `id` is its place in the record, newest highest: the cursor of `changes`."""

    id: int
    source: str
    snapshot_id: str
    activated_at: datetime
    entity: EntityChange


@dataclass(frozen=True, slots=True)
class Activation:
    """One coming into force: which snapshot, after which, and how many entities that added, changed and removed."""

    sequence: int
    source: str
    snapshot_id: str
    previous_snapshot_id: str | None
    activated_at: datetime
    added: int
    changed: int
    removed: int


async def in_force(session: AsyncSession, as_of: datetime | None = None) -> dict[str, SnapshotInfo]:
    """Return the snapshot in force of every source that has one, by source key; at the moment `as_of` if given."""
    latest = select(func.max(ListActivation.sequence)).group_by(ListActivation.source)
    if as_of is not None:
        latest = latest.where(col(ListActivation.activated_at) <= as_of)
    rows = await session.execute(
        select(ListActivation, ListSnapshot)
        .join(ListSnapshot, col(ListSnapshot.id) == ListActivation.snapshot_id)
        .where(col(ListActivation.sequence).in_(latest))
        .order_by(ListActivation.source)
    )
    return {activation.source: info_of(snapshot, activation.activated_at) for activation, snapshot in rows}


async def snapshot(session: AsyncSession, snapshot_id: str) -> SnapshotInfo | None:
    """Return one snapshot by id, in force or not, with the moment it first came into force; None if not held."""
    row = (
        await session.execute(
            select(ListSnapshot, func.min(ListActivation.activated_at))
            .join(ListActivation, col(ListActivation.snapshot_id) == ListSnapshot.id)
            .where(col(ListSnapshot.id) == snapshot_id)
            .group_by(col(ListSnapshot.id))
        )
    ).first()
    return None if row is None else info_of(row[0], row[1])


async def payloads(session: AsyncSession, snapshot: SnapshotInfo) -> AsyncIterator[list[bytes]]:
    """Yield the snapshot's entities as stored bytes (`lists.entity.from_json` reads them), in batches, by hash."""
    query = members(snapshot.source, snapshot.number).with_only_columns(col(EntityVersion.payload))
    result = await session.stream(query.order_by(col(EntityVersion.hash)).execution_options(yield_per=BATCH))
    async for batch in result.scalars().partitions():
        yield list(batch)


async def entities(session: AsyncSession, snapshot: SnapshotInfo) -> AsyncIterator[ListedEntity]:
    """Yield the snapshot's entities, in the order of their hashes: the same on every machine."""
    async for batch in payloads(session, snapshot):
        for payload in batch:
            yield from_json(payload)


async def entity(session: AsyncSession, entity_id: str, as_of: datetime | None = None) -> tuple[ListedEntity, ...]:
    """Return the entity as each list in force has it, by source key: one id may stand on two lists of one authority.

    Empty if no list in force (at `as_of`, if given) has it.
    """
    numbers = {key: info.number for key, info in (await in_force(session, as_of)).items()}
    rows = await session.execute(
        select(ListMembership, col(EntityVersion.payload))
        .join(EntityVersion, col(EntityVersion.hash) == ListMembership.entity_hash)
        .where(col(EntityVersion.entity_id) == entity_id)
        .order_by(ListMembership.source)
    )
    return tuple(from_json(payload) for member, payload in rows if _holds(member, numbers.get(member.source)))


async def versions(session: AsyncSession, entity_ids: Collection[str]) -> dict[str, dict[str, str]]:
    """Return the hash of each of these entities as each list in force has it: by entity id, by source key."""
    numbers = {key: info.number for key, info in (await in_force(session)).items()}
    rows = await session.execute(
        select(ListMembership, col(EntityVersion.entity_id))
        .join(EntityVersion, col(EntityVersion.hash) == ListMembership.entity_hash)
        .where(col(EntityVersion.entity_id).in_(entity_ids))
    )
    found: dict[str, dict[str, str]] = {entity_id: {} for entity_id in entity_ids}
    for member, entity_id in rows:
        if _holds(member, numbers.get(member.source)):
            found[entity_id][member.source] = member.entity_hash
    return found


async def changes(
    session: AsyncSession,
    source: str,
    *,
    since: datetime | None = None,
    change: ChangeKind | None = None,
    after: int | None = None,
    limit: int = 100,
) -> tuple[Change, ...]:
    """Return a page of recorded changes of one list, newest first.

    `since`: only those that came into force at or after it. `change`: only those of one kind. `after`: the id of the
    last change of the page before. A page of fewer than `limit` is the last.
    """
    query = (
        select(ListChange, ListActivation)
        .join(ListActivation, col(ListActivation.sequence) == ListChange.activation)
        .where(col(ListChange.source) == source)
        .order_by(col(ListChange.id).desc())
        .limit(limit)
    )
    if since is not None:
        query = query.where(col(ListActivation.activated_at) >= since)
    if change is not None:
        query = query.where(col(ListChange.change) == change.value)
    if after is not None:
        query = query.where(col(ListChange.id) < after)
    return tuple(_change(row, activation) for row, activation in await session.execute(query))


async def activations(session: AsyncSession, source: str, limit: int = 20) -> tuple[Activation, ...]:
    """Return the last comings into force of one list, newest first, with the counts of what each changed."""
    query = select(ListActivation).where(col(ListActivation.source) == source)
    rows = await session.execute(query.order_by(col(ListActivation.sequence).desc()).limit(limit))
    return tuple(Activation(**row.model_dump()) for row in rows.scalars())


async def verify(session: AsyncSession, snapshot: SnapshotInfo) -> tuple[str, ...]:
    """Recompute every hash of the snapshot from its stored bytes. Returns what is wrong, in words; empty if intact."""
    hashes: list[str] = []
    faults: list[str] = []
    query = members(snapshot.source, snapshot.number)
    result = await session.stream(query.execution_options(yield_per=BATCH))
    async for name, entity_id, payload in result:
        found = entity_hash(payload)
        hashes.append(found)
        if found != name:
            faults.append(f"{entity_id}: stored bytes hash to {found}, not to {name}")
    if len(hashes) != snapshot.entities:
        faults.append(f"{len(hashes):,} entities are stored, the snapshot has {snapshot.entities:,}")
    found = snapshot_id(snapshot.source, snapshot.published_on, hashes, sample=snapshot.sample)
    if found != snapshot.id:
        faults.append(f"the content hashes to {found}, the snapshot is {snapshot.id}")
    return tuple(faults)


def members(source: str, number: int) -> Select[str, str, bytes]:
    """Return the query of one edition's members: entity hash, entity id and payload."""
    return (
        select(col(EntityVersion.hash), col(EntityVersion.entity_id), col(EntityVersion.payload))
        .join(ListMembership, col(ListMembership.entity_hash) == EntityVersion.hash)
        .where(
            col(ListMembership.source) == source,
            col(ListMembership.from_number) <= number,
            (col(ListMembership.to_number).is_(None)) | (col(ListMembership.to_number) > number),
        )
    )


def _holds(member: ListMembership, number: int | None) -> bool:
    if number is None or member.from_number > number:
        return False
    return member.to_number is None or member.to_number > number


def info_of(row: ListSnapshot, activated_at: datetime) -> SnapshotInfo:
    """Return a stored snapshot as data."""
    return SnapshotInfo(
        id=row.id,
        source=row.source,
        number=row.number,
        published_on=row.published_on,
        fetched_at=row.fetched_at,
        activated_at=activated_at,
        file_sha256=row.file_sha256,
        file_name=row.file_name,
        origin=row.origin,
        format=row.format,
        entities=row.entity_count,
        names=row.name_count,
        parser_version=row.parser_version,
        sample=row.sample,
    )


def _change(row: ListChange, activation: ListActivation) -> Change:
    fields = tuple(FieldChange(**field) for field in json.loads(row.fields))
    changed = EntityChange(row.entity_id, ChangeKind(row.change), row.kind, row.name, fields)
    return Change(row.id or 0, row.source, activation.snapshot_id, activation.activated_at, changed)
