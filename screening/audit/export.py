"""Export: the log as JSON Lines that anyone can verify offline, without Caspian's database. Reading it back is pure.

The first line names the format and the entry before the first one exported; then one line per entry, with its hash,
its canonical JSON and its payload; the last line is the checkpoint: sequence and hash of the last entry, the Merkle
root over all, and a signature. With the public key from elsewhere, or a checkpoint kept elsewhere, a cut at the end
and a chain built anew are found as well.
"""

import json
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.errors import AuditError, NotFound
from screening.audit.anchors import Anchors
from screening.audit.checkpoint import Checkpoint, content_of, read
from screening.audit.entry import Payload, canonical, hash_of
from screening.audit.log import read_head
from screening.audit.notary import Notary
from screening.audit.verify import START, Fault, Head, Problem, Stored, Verdict, Verifier
from screening.records import table

FORMAT = "caspian-audit-1"
BATCH = 500
_ENTRY = '"entry":'
_PAYLOAD = ',"payload":{'


async def export_lines(
    database: Database, *, after: int = 0, payloads: bool = True, notary: Notary | None = None
) -> AsyncIterator[str]:
    """Yield the log behind entry `after` as lines, each with its line end, up to the head at the moment of asking.

    `payloads` False leaves out whom and what it was about; the chain verifies all the same. `notary` signs the
    checkpoint, before the first line; without one the last line is unsigned. Raises as `Notary.attest`.
    """
    earlier = {} if notary is None else await notary.earlier()
    async with database.read() as session:
        head = await read_head(session)
        start = await _head_at(session, after)
        last = _head(max(head, start, key=lambda one: one.sequence))
        if notary is not None and head != START:
            last = content_of(await notary.attest(session, head, earlier))
        yield _line({"format": FORMAT, "after": _head(start), "payloads": payloads})
        position = start.sequence
        while rows := await _rows(session, position, head.sequence):
            for row in rows:
                yield _entry_line(row, payloads=payloads)
            position = rows[-1].sequence
        yield _line({"checkpoint": last})


def verify_export(
    lines: Iterable[str],
    *,
    expected: Head | None = None,
    public_key: str | None = None,
    kept: Iterable[Checkpoint] = (),
) -> Verdict:
    """Verify an export from its lines alone.

    `public_key` (hex, from elsewhere) must have signed the checkpoint line and every one `kept` elsewhere; `expected`
    is a head noted elsewhere. Without any of them the verdict's `proved` is 0: a whole chain could have been written
    anew. Raises AuditError when it is not an export of this format, or has no checkpoint line (it was cut short).
    """
    source = iter(lines)
    opening = _parse(next(source, ""))
    if opening.get("format") != FORMAT:
        raise AuditError(f"this is not an audit export: its first line does not say {FORMAT}")
    after = _head_of(opening["after"])
    anchors = Anchors(kept, public_key=public_key, after=after)
    verifier = Verifier(after, anchors)
    checkpoint: Checkpoint | Head | None = None
    for line in source:
        stored = _stored(line, payloads=bool(opening["payloads"]))
        if not isinstance(stored, Stored):
            checkpoint = stored
            break
        if not verifier.take(stored):
            return verifier.finish()
    if checkpoint is None:
        raise AuditError(f"the export is cut short behind entry {verifier.after.sequence}: it has no checkpoint line")
    verdict = verifier.finish(Head(checkpoint.sequence, checkpoint.hash))
    if verdict.whole and expected is not None:
        verdict = verifier.finish(expected)
    return _sealed(verdict, checkpoint, anchors, public_key) if verdict.whole else verdict


def _sealed(verdict: Verdict, checkpoint: Checkpoint | Head, anchors: Anchors, public_key: str | None) -> Verdict:
    """The verdict on the checkpoint line itself, of an export that is whole up to it."""
    if isinstance(checkpoint, Head):
        if public_key is None:
            return verdict
        return replace(verdict, problem=_unsigned(checkpoint.sequence, "its checkpoint line is not signed"))
    if not checkpoint.is_signed_by(public_key or checkpoint.public_key):
        text = f"its checkpoint line is not signed by the key {public_key or checkpoint.public_key}"
        return replace(verdict, problem=_unsigned(checkpoint.sequence, text))
    problem = anchors.problem_with(checkpoint, verdict.head.hash)
    proved = verdict.head.sequence if public_key is not None and problem is None else verdict.proved
    return replace(verdict, problem=problem, proved=proved)


def _unsigned(sequence: int, text: str) -> Problem:
    return Problem(sequence, Fault.UNSIGNED, f"entry {sequence} or later: {text}")


def _stored(line: str, *, payloads: bool) -> Stored | Checkpoint | Head:
    content = _parse(line)
    if "checkpoint" in content:
        return _checkpoint(content["checkpoint"])
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
    end = line.rfind(_PAYLOAD)  # inside a string the quotes would be escaped
    body = line[start : end if end > start else line.rfind("}")].encode()
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
        raise NotFound(f"there is no audit entry {sequence} to export from")
    return Head(sequence, row.hash)


def _head(head: Head) -> dict[str, Any]:
    return {"sequence": head.sequence, "hash": head.hash}


def _head_of(content: Mapping[str, Any]) -> Head:
    return Head(int(content["sequence"]), str(content["hash"]))


def _checkpoint(content: Mapping[str, Any]) -> Checkpoint | Head:
    try:
        return read(content) if "signature" in content else _head_of(content)
    except (ValueError, KeyError, TypeError) as error:
        raise AuditError(f"the checkpoint line of the export cannot be read: {error}") from error


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
