"""Export: the log as JSON Lines that anyone can verify offline, without Caspian's database. Reading it back is pure.

The first line names the format and the entry before the first one exported; then one line per entry, with its hash,
its canonical JSON and its payload; the last line is the checkpoint: sequence and hash of the last entry, the Merkle
root over all, and a signature. With the public key from elsewhere, or a checkpoint kept elsewhere, a cut at the end
and a chain built anew are found as well.
"""

from collections.abc import AsyncIterator, Iterable
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.errors import AuditError, NotFound
from screening.audit.anchors import Anchors
from screening.audit.checkpoint import Checkpoint, content_of
from screening.audit.entry import Payload
from screening.audit.extract_check import verify_extract
from screening.audit.lines import checkpoint_in, entry_line, head_in, parse, stored_in, written
from screening.audit.log import read_head
from screening.audit.notary import Notary
from screening.audit.seal import FORMAT as EXTRACT
from screening.audit.verify import START, Fault, Head, Problem, Verdict, Verifier
from screening.records import table

FORMAT = "caspian-audit-1"
BATCH = 500


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
        yield written({"format": FORMAT, "after": _head(start), "payloads": payloads})
        position = start.sequence
        while rows := await _rows(session, position, head.sequence):
            for row in rows:
                yield entry_line(row, payloads=payloads)
            position = rows[-1].sequence
        yield written({"checkpoint": last})


def verify_export(
    lines: Iterable[str],
    *,
    expected: Head | None = None,
    public_key: str | None = None,
    kept: Iterable[Checkpoint] = (),
) -> Verdict:
    """Verify an export, or an extract of the entries that passed a filter, from its lines alone.

    `public_key` (hex, from elsewhere) must have signed the checkpoint line and every one `kept` elsewhere; `expected`
    is a head noted elsewhere. Without any of them the verdict's `proved` is 0: a whole chain could have been written
    anew. Raises AuditError when it is not an export of this format, or has no checkpoint line (it was cut short).
    """
    source = iter(lines)
    opening = parse(next(source, ""))
    if opening.get("format") == EXTRACT:
        return verify_extract(opening, source, public_key=public_key, kept=kept)
    if opening.get("format") != FORMAT:
        raise AuditError(f"this is not an audit export: its first line does not say {FORMAT}")
    after = head_in(opening["after"])
    anchors = Anchors(kept, public_key=public_key, after=after)
    verifier = Verifier(after, anchors)
    checkpoint: Checkpoint | Head | None = None
    for line in source:
        content = parse(line)
        if "checkpoint" in content:
            checkpoint = checkpoint_in(content["checkpoint"])
            break
        if not verifier.take(stored_in(line, content, payloads=bool(opening["payloads"]))):
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
