"""Batches: send a table, follow it, fetch the results, prove a row. The file is read as it stands: CSV, not JSON."""

import asyncio
import io
import json
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException

from api.auth import Authorised
from api.headers import IdempotencyKey
from api.schemas import PageQuery
from api.strict import StrictRoute
from api.uploads import BLOCK, received
from core.errors import FieldError, InvalidInput
from screening.batch.columns import HEADERS, map_columns
from screening.batch.intake import FileTaken
from screening.batch.mappings import read_mapping
from screening.batch.status import BatchStatus
from screening.batch.workbook import Sheet, check_fits, open_file
from screening.batch.writing import ADDED, result_cells, write_rows

router = APIRouter(route_class=StrictRoute, tags=["batches"])

FIELDS = ("file", "map", "mapping", "cases")

FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["file"],
                    "properties": {
                        "file": {"type": "string", "format": "binary", "description": "A table with a header."},
                        "map": {
                            "type": "array",
                            "items": {"type": "string"},
                            "description": "`name=Client`: the column that says a field; may be repeated.",
                        },
                        "mapping": {
                            "type": "string",
                            "description": "The name or id of a saved mapping, which says all columns but for `map`.",
                        },
                        "cases": {"type": "string", "enum": ["true", "false"], "default": "true"},
                    },
                }
            }
        },
    }
}
"""The form as OpenAPI tells it; the body is taken from the request itself, so that no part of it lies in memory."""


MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/jsonl",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

Chunks = AsyncIterator[list[dict[str, Any]]]
Parts = AsyncIterator[str | bytes]


class BatchPage(BaseModel):
    """A page of batches, newest first."""

    model_config = ConfigDict(frozen=True)

    items: tuple[BatchStatus, ...]
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


class RowProofView(BaseModel):
    """That a row was recorded: `leaf`, hashed up along `path` (RFC 9162), gives `root`, which the audit entry names."""

    model_config = ConfigDict(frozen=True)

    leaf: str
    index: int
    size: int
    path: tuple[str, ...]
    root: str
    audit_sequence: int
    audit_hash: str


class ResultsQuery(BaseModel):
    """In what shape the results come."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["csv", "jsonl", "xlsx"] = "csv"


@router.post("/v1/batches", status_code=202, summary="Send a table to be screened", openapi_extra=FORM)
async def send(
    request: Request, response: Response, call: Authorised, idempotency_key: IdempotencyKey = None
) -> BatchStatus:
    """Take in a table (comma, semicolon or tab; UTF-8, UTF-16, cp1251 or cp1256). Its rows are screened from now on,
    against the lists in force now; `GET /v1/batches/{id}` says how far they are.

    The same `Idempotency-Key` with the same file and fields gives the batch that was begun, as it now stands; with
    anything else it is refused (409).
    """
    try:
        async with request.form(max_files=1, max_fields=len(HEADERS) + 2) as sent:
            file, chosen, opens_cases = _read(sent)
            saved = await _saved(call, sent)
            async with received(file, call.services.settings) as taken:
                table = await asyncio.to_thread(open_file, taken.path, taken.path.parent)
                columns = map_columns(table.columns, chosen, saved)
                about = FileTaken(file.filename or "", taken.sha256, opens_cases=opens_cases, once=idempotency_key)
                begun = await call.services.batches.begin(table, columns, call.principal, about)
                response.headers["Location"] = f"/v1/batches/{begun.id}"
                return begun
    except MultiPartException as error:
        raise InvalidInput(f"the form cannot be read: {error.message}") from error


@router.get("/v1/batches", summary="The last batches")
async def recent(call: Authorised, query: Annotated[PageQuery, Query()]) -> BatchPage:
    """Batches, newest first: a trader's own, everybody else's all."""
    rows = await call.services.batches.recent(call.principal, before=query.cursor, limit=query.limit)
    return BatchPage(items=rows, next=rows[-1].id if len(rows) == query.limit else None)


@router.get("/v1/batches/{id}", summary="How far a batch is")
async def read(call: Authorised, id: str) -> BatchStatus:
    """Its state, and the rows recorded so far by outcome."""
    return await call.services.batches.get(id, call.principal)


@router.post("/v1/batches/{id}/cancel", summary="Stop a batch")
async def cancel(call: Authorised, id: str) -> BatchStatus:
    """Stop screening its rows. What is recorded stays recorded, and `resume` lets it go on."""
    return await call.services.batches.cancel(id, call.principal)


@router.post("/v1/batches/{id}/resume", summary="Let a stopped batch go on")
async def resume(call: Authorised, id: str) -> BatchStatus:
    """Let a cancelled or failed batch go on, against the lists that it was begun under."""
    return await call.services.batches.resume(id, call.principal)


@router.get(
    "/v1/batches/{id}/results",
    summary="The results",
    response_class=StreamingResponse,
    responses={200: {"content": {"text/csv": {}, "application/jsonl": {}}, "description": "A row for each row."}},
)
async def results(call: Authorised, id: str, query: Annotated[ResultsQuery, Query()]) -> StreamingResponse:
    """What is recorded so far, in the order of the file: its own columns and what Caspian adds, in cells that no
    spreadsheet runs; or JSON Lines, a row each, with scores in tenths. That they were fetched is recorded.
    """
    batches = call.services.batches
    status = await batches.get(id, call.principal)
    chunks = batches.results(id, call.principal)
    if query.format == "xlsx":
        check_fits(status.rows)
    lines = {"csv": _csv, "jsonl": _jsonl, "xlsx": _xlsx}[query.format](status, chunks)
    headers = {"Content-Disposition": f'attachment; filename="caspian-{status.id}.{query.format}"'}
    return StreamingResponse(lines, media_type=MEDIA_TYPES[query.format], headers=headers)


@router.get("/v1/batches/{id}/rows/{number}/proof", summary="Prove one row")
async def prove(call: Authorised, id: str, number: Annotated[int, Path(ge=2, le=10**9)]) -> RowProofView:
    """That this row (the first below the header is 2) was recorded as it says, shown without the other rows."""
    proved = await call.services.batches.prove(id, number, call.principal)
    return RowProofView(
        leaf=proved.proof.leaf.decode(),
        index=proved.proof.index,
        size=proved.proof.size,
        path=tuple(step.hex() for step in proved.proof.path),
        root=proved.root,
        audit_sequence=proved.audit_sequence,
        audit_hash=proved.audit_hash,
    )


def _read(sent: FormData) -> tuple[UploadFile, dict[str, str], bool]:
    """The file, the columns that were chosen, and whether cases are opened. Raises InvalidInput for each fault."""
    wrong = [
        FieldError(name, f"is not known here; there are {', '.join(FIELDS)}") for name in sent if name not in FIELDS
    ]
    file = sent.get("file")
    if not isinstance(file, UploadFile):
        wrong.append(FieldError("file", "send the table as a file"))
    chosen: dict[str, str] = {}
    for text in sent.getlist("map"):
        field, _, column = text.partition("=") if isinstance(text, str) else ("", "", "")
        if not field or not column:
            wrong.append(FieldError("map", "write field=column, such as name=Client"))
        chosen[field] = column
    cases = sent.get("cases", "true")
    if cases not in ("true", "false"):
        wrong.append(FieldError("cases", "write true or false"))
    if wrong or not isinstance(file, UploadFile):
        raise InvalidInput("the form cannot be read; nothing was screened", wrong)
    return file, chosen, cases == "true"


async def _saved(call: Authorised, sent: FormData) -> Mapping[str, str] | None:
    """The columns of the saved mapping that the form names; None when it names none. Raises NotFound."""
    name = sent.get("mapping")
    if not isinstance(name, str):
        return None
    async with call.services.database.read() as session:
        return (await read_mapping(session, name, of=call.principal)).columns


async def _csv(status: BatchStatus, chunks: Chunks) -> Parts:
    width = len(status.columns)
    yield "\ufeff" + _lines([(*status.columns, *ADDED)])
    async with aclosing(chunks) as pieces:  # type: ignore[type-var]  # an async generator, declared as what it gives
        async for rows in pieces:
            yield await asyncio.to_thread(_lines, [result_cells(row, width, status.id) for row in rows])


def _lines(rows: list[tuple[str, ...]]) -> str:
    text = io.StringIO(newline="")
    write_rows(text, rows)
    return text.getvalue()


async def _xlsx(status: BatchStatus, chunks: Chunks) -> Parts:
    """A workbook, written to disk first: a zip has its table of contents at the end."""
    width, sheet = len(status.columns), Sheet()
    sheet.append([(*status.columns, *ADDED)])
    async with aclosing(chunks) as pieces:  # type: ignore[type-var]  # as above
        async for rows in pieces:
            await asyncio.to_thread(sheet.append, [result_cells(row, width, status.id) for row in rows])
    with tempfile.TemporaryFile() as file:
        await asyncio.to_thread(sheet.save, file)
        file.seek(0)
        while block := await asyncio.to_thread(file.read, BLOCK):
            yield block


async def _jsonl(_status: BatchStatus, chunks: Chunks) -> Parts:
    async with aclosing(chunks) as pieces:  # type: ignore[type-var]  # as above
        async for rows in pieces:
            yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
