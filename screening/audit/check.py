"""Check: verifies the audit log where it lives, with everything that stands beside it in the database.

On SQLite every text is read as bytes, so that a damaged byte is compared instead of stopping the reader, and SQLite's
own integrity check tells whether an index still says what its table says.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, LargeBinary, Row, cast, func, select, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.ext.asyncio import AsyncSession

import screening.cases.tables  # noqa: F401 - its tables must be known before they are asked for
from core.database import Database
from core.errors import InvalidInput
from screening.audit.entry import OF_CHUNK, RECORDS, Action, Payload
from screening.audit.log import read_head
from screening.audit.verify import START, Fault, Head, Problem, Stored, Verdict, Verifier, Witness
from screening.batch.chunk import root_of
from screening.records import table

BATCH = 1_000
"""Entries read at once: memory stays flat however long the log is."""

BESIDE = ("audit_payload", "audit_mention", "batch_rows", "case_step", *RECORDS.values())
"""What belongs to an entry and may not stand without one."""

BY_AUDIT_SEQUENCE = frozenset({"case_step", *RECORDS.values()})
"""Those of them that call the entry's number `audit_sequence`."""

ENTRY_COLUMNS = ("occurred_at", "actor_id", "action", "outcome", "record_id", "prev_hash", "commitment")
RECORD_COLUMNS = ("id", "recorded_at", "actor_id", "actor_name", "reference", "outcome", "idempotency_key")
STEP_COLUMNS = (
    "case_id",
    "at",
    "actor_id",
    "actor_name",
    "actor_role",
    "action",
    "decision",
    "reason",
    "details",
)
PAYLOAD_COLUMNS = ("salt", "subject", "asked", "answered")


async def verify_database(
    database: Database, *, expected: Head | None = None, witness: Witness | None = None
) -> Verdict:
    """Verify the whole log and return the verdict, naming the first bad entry.

    `expected` is a head noted outside the database, `witness` the checkpoints kept there; the head row inside it is
    checked in any case. All is read in one snapshot, so that screenings may go on meanwhile.
    """
    async with database.read() as session:
        if not database.is_sqlite:
            await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        verifier = Verifier(witness=witness)
        try:
            return await _verify(session, verifier, expected)
        except DatabaseError as error:
            if not database.is_sqlite or "malformed" not in str(error.orig):
                raise
            return _damaged(verifier, "the database file is damaged here")


async def _verify(session: AsyncSession, verifier: Verifier, expected: Head | None) -> Verdict:
    head = await read_head(session)
    while batch := await _batch(session, verifier.after.sequence):
        whole = await asyncio.to_thread(_take_all, verifier, batch)
        if not whole:
            break
    verdict = verifier.finish(head)
    if verdict.whole and expected is not None:
        verdict = verifier.finish(expected)
    if not verdict.whole:
        return verdict
    stray = await _stray(session)
    if stray is None and session.get_bind().dialect.name == "sqlite":
        return await _integrity(session, verifier, verdict)
    return verdict if stray is None else replace(verdict, problem=stray)


def _take_all(verifier: Verifier, batch: Iterable[Stored]) -> bool:
    return all(verifier.take(stored) for stored in batch)


async def _batch(session: AsyncSession, after: int) -> list[Stored]:
    entries = table("audit_entry").c
    names = ("body", "hash", *ENTRY_COLUMNS)
    query = select(entries.sequence, *_read(session, "audit_entry", names)).where(entries.sequence > after)
    rows = (await session.execute(query.order_by(entries.sequence).limit(BATCH))).all()
    if not rows:
        return []
    last = rows[-1].sequence
    payloads = await _beside(session, "audit_payload", PAYLOAD_COLUMNS, after, last)
    mentions = await _beside(session, "audit_mention", ("entity_id", "mention"), after, last)
    steps = await _beside(session, "case_step", STEP_COLUMNS, after, last)
    records: dict[int, list[dict[str, str | None]]] = defaultdict(list)
    for name in RECORDS.values():
        read = RECORD_COLUMNS + (OF_CHUNK if name == "batch_chunk" else ())
        for sequence, found in (await _beside(session, name, read, after, last)).items():
            records[sequence] += [_texts(record, read) for record in found]
    roots = await _roots(session, after, last)
    return [
        Stored(
            row.sequence,
            _bytes(row.body),
            str(_text(row.hash)),
            columns=_texts(row, ENTRY_COLUMNS),
            mentions=frozenset((str(_text(m.entity_id)), str(_text(m.mention))) for m in mentions[row.sequence]),
            records=tuple(records[row.sequence]),
            steps=tuple(_step(step) for step in steps[row.sequence]),
            rows_root=roots.get(row.sequence, "" if _text(row.action) == Action.BATCH_SCREENED else None),
            payload=next((_payload(payload) for payload in payloads[row.sequence]), None),
        )
        for row in rows
    ]


async def _beside(
    session: AsyncSession, name: str, names: tuple[str, ...], after: int, last: int
) -> Mapping[int, list[Row[Any]]]:
    owner = _owner(name)
    query = select(owner.label("owner"), *_read(session, name, names)).where(owner > after, owner <= last)
    found: dict[int, list[Row[Any]]] = defaultdict(list)
    for row in await session.execute(query):
        found[row.owner].append(row)
    return found


async def _roots(session: AsyncSession, after: int, last: int) -> dict[int, str]:
    """The Merkle roots of the rows kept for the entries of batches, one chunk in memory at a time."""
    rows = table("batch_rows").c
    sequences = await session.execute(select(rows.sequence).where(rows.sequence > after, rows.sequence <= last))
    found = {}
    for sequence in sequences.scalars().all():
        kept = (await session.execute(select(rows.packed, rows.salt).where(rows.sequence == sequence))).one()
        try:
            found[sequence] = await asyncio.to_thread(root_of, kept.packed, kept.salt)
        except InvalidInput:
            found[sequence] = "damaged"
    return found


async def _stray(session: AsyncSession) -> Problem | None:
    """Rows that belong to no entry: written, or left, behind the log's back."""
    sequences = select(table("audit_entry").c.sequence)
    for name in BESIDE:
        owner = _owner(name)
        first = (await session.execute(select(func.min(owner)).where(owner.not_in(sequences)))).scalar_one()
        if first is not None:
            return Problem(first, Fault.ORPHAN, f"entry {first}: a row in {name} names it, but there is no such entry")
    return None


async def _integrity(session: AsyncSession, verifier: Verifier, verdict: Verdict) -> Verdict:
    for name in ("audit_entry", "audit_head", *BESIDE):
        rows = (await session.execute(text(f"PRAGMA integrity_check({name})"))).scalars().all()
        if rows != ["ok"]:
            return _damaged(verifier, f"the table {name} is damaged: {rows[0]}")
    return verdict


def _damaged(verifier: Verifier, what: str) -> Verdict:
    sequence = verifier.after.sequence + 1 if verifier.after != START else 1
    problem = Problem(sequence, Fault.UNREADABLE, f"entry {sequence} or later: {what}")
    return Verdict(verifier.checked, verifier.after, verifier.erased, problem)


def _owner(name: str) -> ColumnElement[int]:
    columns = table(name).c
    return columns.audit_sequence if name in BY_AUDIT_SEQUENCE else columns.sequence


def _read(session: AsyncSession, name: str, names: Iterable[str]) -> list[ColumnElement[Any]]:
    columns = [table(name).c[column] for column in names]
    if session.get_bind().dialect.name != "sqlite":
        return list(columns)
    return [cast(column, LargeBinary).label(column.name) for column in columns]


def _payload(row: Row[Any]) -> Payload:
    return Payload(*(str(_text(getattr(row, name))) for name in PAYLOAD_COLUMNS))


def _step(row: Row[Any]) -> dict[str, Any]:
    """A step as its entry says it; details that are no JSON stay text, which no entry's details are."""
    texts = _texts(row, STEP_COLUMNS)
    try:
        return texts | {"details": json.loads(texts["details"] or "")}
    except ValueError:
        return dict(texts)


def _texts(row: Row[Any], names: Iterable[str]) -> dict[str, str | None]:
    return {name: _text(getattr(row, name)) for name in names}


def _text(value: bytes | str | None) -> str | None:
    return value.decode("utf-8", "surrogateescape") if isinstance(value, bytes) else value


def _bytes(value: bytes | str | None) -> bytes:
    return value.encode() if isinstance(value, str) else value or b""
