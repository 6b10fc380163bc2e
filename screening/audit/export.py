"""Export: the log as JSON Lines that anyone can verify offline, without Caspian's database. Reading it back is pure.

The first line names the format and the entry before the first one exported; then one line per entry, with its hash,
its canonical JSON and its payload; the last line is the checkpoint: sequence and hash of the last entry. Keep that
line elsewhere, and a cut at the end of the log is found as well.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.errors import AuditError
from screening.audit.entry import Payload, canonical, hash_of
from screening.audit.log import read_head
from screening.audit.verify import START, Head, Stored, Verdict, Verifier
from screening.records import table

FORMAT = "caspian-audit-1"
BATCH = 500
_ENTRY = '"entry":'
_DECODER = json.JSONDecoder()


async def export_lines(database: Database, *, after: int = 0, payloads: bool = True) -> AsyncIterator[str]:
    """Yield the log behind entry `after` as lines, each with its line end, up to the head at the moment of asking.

    `payloads` False leaves out whom and what it was about; the chain verifies all the same.
    """
    async with database.read() as session:
        head = await read_head(session)
        start = await _head_at(session, after)
        yield _line({"format": FORMAT, "after": _head(start), "payloads": payloads})
        position = start.sequence
        while rows := await _rows(session, position, head.sequence):
            for row in rows:
                yield _entry_line(row, payloads=payloads)
            position = rows[-1].sequence
        yield _line({"checkpoint": _head(head if head.sequence > start.sequence else start)})


def verify_export(lines: Iterable[str], *, expected: Head | None = None) -> Verdict:
    """Verify an export from its lines alone. `expected` is a checkpoint kept elsewhere.

    Raises AuditError when it is not an export of this format, or has no checkpoint line (it was cut short).
    """
    source = iter(lines)
    opening = _parse(next(source, ""))
    if opening.get("format") != FORMAT:
        raise AuditError(f"this is not an audit export: its first line does not say {FORMAT}")
    verifier = Verifier(_head_of(opening["after"]))
    checkpoint: Head | None = None
    for line in source:
        stored = _stored(line, payloads=bool(opening["payloads"]))
        if isinstance(stored, Head):
            checkpoint = stored
            break
        if not verifier.take(stored):
            return verifier.finish()
    if checkpoint is None:
        raise AuditError(f"the export is cut short behind entry {verifier.after.sequence}: it has no checkpoint line")
    verdict = verifier.finish(checkpoint)
    return verifier.finish(expected) if verdict.whole and expected is not None else verdict


def _stored(line: str, *, payloads: bool) -> Stored | Head:
    content = _parse(line)
    if "checkpoint" in content:
        return _head_of(content["checkpoint"])
    try:
        payload = content.get("payload")
        return Stored(
            content["entry"]["sequence"],
            _body(line, content["entry"], content["hash"]),
            content["hash"],
            payload=None if payload is None else Payload(**payload),
            expects_payload=payloads,
        )
    except (KeyError, TypeError) as error:
        raise AuditError(f"a line of the export is not an audit entry: {line[:80]!r}") from error


def _body(line: str, entry: Mapping[str, Any], claimed: str) -> bytes:
    """The entry's bytes as exported; where a tool has laid the line out anew, its canonical form."""
    start = line.find(_ENTRY) + len(_ENTRY)
    if line[start : start + 1] == "{":
        body = line[start : _DECODER.raw_decode(line, start)[1]].encode()
        if hash_of(body) == claimed:
            return body
    try:
        return canonical(entry)
    except ValueError:
        return b""  # a float: no entry of ours, so its hash cannot agree


def _entry_line(row: Any, *, payloads: bool) -> str:
    parts = [f'{{"hash":{json.dumps(row.hash)},{_ENTRY}{row.body}']
    if payloads and row.salt is not None:
        payload = {name: getattr(row, name) for name in Payload.__slots__}
        parts.append(f'"payload":{json.dumps(payload, ensure_ascii=False)}')
    return ",".join(parts) + "}\n"


async def _rows(session: AsyncSession, after: int, last: int) -> list[Any]:
    entries, payloads = table("audit_entry").c, table("audit_payload")
    query = (
        select(entries.sequence, entries.hash, entries.body, *(payloads.c[name] for name in Payload.__slots__))
        .outerjoin(payloads, payloads.c.sequence == entries.sequence)
        .where(entries.sequence > after, entries.sequence <= last)
        .order_by(entries.sequence)
        .limit(BATCH)
    )
    return list((await session.execute(query)).all())


async def _head_at(session: AsyncSession, sequence: int) -> Head:
    if sequence == 0:
        return START
    entries = table("audit_entry").c
    row = (await session.execute(select(entries.hash).where(entries.sequence == sequence))).one_or_none()
    if row is None:
        raise AuditError(f"there is no audit entry {sequence} to export from")
    return Head(sequence, row.hash)


def _head(head: Head) -> dict[str, Any]:
    return {"sequence": head.sequence, "hash": head.hash}


def _head_of(content: Mapping[str, Any]) -> Head:
    return Head(int(content["sequence"]), str(content["hash"]))


def _parse(line: str) -> dict[str, Any]:
    try:
        content = json.loads(line)
    except ValueError as error:
        raise AuditError(f"a line of the export is not JSON: {line[:80]!r}") from error
    if not isinstance(content, dict):
        raise AuditError(f"a line of the export is not an object: {line[:80]!r}")
    return content


def _line(content: Mapping[str, Any]) -> str:
    return json.dumps(content, separators=(",", ":")) + "\n"
