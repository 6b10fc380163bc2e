"""Audit: read the log, verify it, export it. Each of the three leaves an entry of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from fastapi.responses import StreamingResponse

from api.auth import Authorised, Call
from api.schemas import (
    AuditFilters,
    AuditLineView,
    AuditPage,
    AuditQuery,
    CheckpointView,
    ExportQuery,
    LogVerdict,
    ProofView,
    VerifyQuery,
)
from api.strict import StrictRoute
from core.errors import FieldError, InvalidInput
from screening.audit.check import verify_database
from screening.audit.checkpoint import content_of
from screening.audit.entry import Action, Draft
from screening.audit.export import export_lines
from screening.audit.extract import extract_lines
from screening.audit.log import actor
from screening.audit.notary import notary_of
from screening.audit.query import LOG, AuditFilter, asked, page, reading_draft
from screening.audit.verify import Head

router = APIRouter(route_class=StrictRoute, tags=["audit"])


@router.get("/v1/audit", summary="Read the log")
async def read(call: Authorised, query: Annotated[AuditQuery, Query()]) -> AuditPage:
    """Entries of the log, newest first, filtered by time, actor, action, subject, listed entity, outcome and record."""
    wanted = _wanted(query)
    async with call.services.database.read() as session:
        lines = await page(session, wanted, before=query.before, limit=query.limit)
    await _note(call, Action.RECORD_READ, asked(wanted), {})
    return AuditPage(
        items=[
            AuditLineView(sequence=e.sequence, hash=e.hash, subject=e.subject, entry=dict(e.content)) for e in lines
        ],
        next=str(lines[-1].sequence) if len(lines) == query.limit else None,
    )


@router.get("/v1/audit/verify", summary="Verify the log")
async def verify(call: Authorised, query: Annotated[VerifyQuery, Query()]) -> LogVerdict:
    """Whether every entry is what it was when it was written; if not, `problem` names the first bad one.

    The log is held against every checkpoint kept outside the database, so that a cut at the end and a chain built
    anew are found too; `sequence` and `hash` of a head noted elsewhere are one more.
    """
    notary = notary_of(call.services.settings)
    anchors = await asyncio.to_thread(notary.anchors)
    verdict = await verify_database(call.services.database, expected=_head(query), witness=anchors)
    details = {"checked": verdict.checked, "whole": verdict.whole}
    await _record(call, Draft(Action.RECORD_READ, actor(call.principal), LOG, call.request_id, details=details))
    return LogVerdict.model_validate(verdict)


@router.get(
    "/v1/audit/export",
    summary="Export the log",
    response_class=StreamingResponse,
    responses={200: {"content": {"application/jsonl": {}}, "description": "One JSON object a line."}},
)
async def export(call: Authorised, query: Annotated[ExportQuery, Query()]) -> StreamingResponse:
    """The log as JSON Lines, which `caspian audit verify` checks offline; its last line is a signed checkpoint.

    With any filter, only the entries that pass it, each with its Merkle path to the root of the checkpoint, and a seal
    that none is left out. The export is recorded before its first line goes out, so a whole one contains its own entry.
    """
    wanted = _wanted(query)
    given = asked(wanted)
    if given and query.after:
        raise InvalidInput(
            "Export all behind an entry, or what passes a filter.", [FieldError("after", "Leave it out.")]
        )
    await _note(call, Action.EXPORTED, given, {"after": query.after, "payloads": query.payloads})
    notary, database = notary_of(call.services.settings), call.services.database
    if given:
        lines = extract_lines(database, notary, wanted, payloads=query.payloads)
    else:
        lines = export_lines(database, after=query.after, payloads=query.payloads, notary=notary)
    first = await anext(lines)  # what is wrong is raised before anything went out
    headers = {"Content-Disposition": 'attachment; filename="caspian-audit.jsonl"'}
    return StreamingResponse(_from(first, lines), media_type="application/jsonl", headers=headers)


@router.get("/v1/audit/{sequence}/proof", summary="Prove one entry")
async def proof(call: Authorised, sequence: Annotated[int, Path(ge=1)]) -> ProofView:
    """That this entry is in the log, shown without the others: a Merkle path to the root of a signed checkpoint."""
    database, notary = call.services.database, notary_of(call.services.settings)
    proved = await notary.prove(database, sequence)
    details = {"sequence": sequence, "proof": proved.checkpoint.sequence}
    await _record(call, Draft(Action.RECORD_READ, actor(call.principal), LOG, call.request_id, details=details))
    return ProofView(
        sequence=sequence,
        hash=proved.hash,
        entry=json.loads(proved.body),
        path=list(proved.path),
        checkpoint=CheckpointView(**content_of(proved.checkpoint)),
    )


async def _from(first: str, rest: AsyncIterator[str]) -> AsyncIterator[str]:
    async with aclosing(rest) as lines:  # type: ignore[type-var]  # an async generator, declared as the iterator it is
        yield first
        async for line in lines:
            yield line


def _head(query: VerifyQuery) -> Head | None:
    if query.sequence is None and query.hash is None:
        return None
    if query.sequence is None or query.hash is None:
        missing = "sequence" if query.sequence is None else "hash"
        raise InvalidInput("A head is a sequence and a hash.", [FieldError(missing, "Give both, or neither.")])
    return Head(query.sequence, query.hash)


def _wanted(query: AuditFilters) -> AuditFilter:
    return AuditFilter(**{name: getattr(query, name) for name in AuditFilter.__slots__})


async def _note(call: Call, action: Action, given: Mapping[str, str], more: Mapping[str, Any]) -> None:
    """Record who looked or exported, and by which filters."""
    await _record(call, reading_draft(action, call.principal, given, more, request_id=call.request_id))


async def _record(call: Call, draft: Draft) -> None:
    await call.services.recorder.record(draft)
