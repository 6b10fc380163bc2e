"""Batch views: send a file, say what its columns are, watch it being screened, fetch the results.

The file waits in the stash while a person looks at its columns. The service takes it in and holds the rules.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from itertools import islice
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException

from api import permissions, problems
from api.auth import Call
from api.deps import get_services
from api.routes import batches
from api.web import pages, session, stash
from api.web.presenters.batch import (
    Column,
    ResultRows,
    batch_row,
    batch_view,
    chosen_by,
    columns_of,
    places,
    result_rows,
)
from api.web.presenters.case import file_size
from api.web.presenters.problem import ProblemView, problem_view
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from core.errors import CaspianError, InvalidInput
from screening.access import Principal
from screening.batch.columns import Columns, map_columns
from screening.batch.intake import FileTaken
from screening.batch.mappings import list_mappings, read_mapping, save_mapping
from screening.batch.reading import Row, Table
from screening.batch.status import OPEN, BatchStatus
from screening.batch.workbook import open_file

PER_PAGE: Final = 25

SAMPLE: Final = 3
"""Rows shown beside the columns."""

LOOKED_INTO: Final = 20
"""Chunks that are looked into for rows that need a person: the file of the results has all."""

Step = Callable[[str, Principal], Awaitable[BatchStatus]]
"""What the service does with a batch, taken with its id and by whom."""

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


async def calling(request: Request, reader: Reader) -> Call:
    """Return the call of whoever is signed in; the role table holds who may make it."""
    return Call(reader, get_services(request), request.state.request_id)


Caller = Annotated[Call, Depends(calling)]


@router.get("/batches")
async def all_batches(request: Request, call: Caller, cursor: str | None = None) -> Response:
    """The last batches, and the form for another file."""
    return await _overview(request, call, cursor=cursor)


@router.post("/batches")
async def send(request: Request, call: Caller) -> Response:
    """Take a file and show its columns, to be read as the person says. Nothing is screened yet."""
    try:
        async with request.form(max_files=1, max_fields=2) as sent:
            file = sent.get("file")
            if not isinstance(file, UploadFile) or not file.filename:
                raise InvalidInput(_("No file was chosen."))
            waiting = await stash.stash(file, call.principal, call.services.settings)
        return await _columns(request, call, waiting)
    except MultiPartException as error:
        return await _overview(request, call, problem=_problem(request, InvalidInput(error.message)))
    except CaspianError as error:
        return await _overview(request, call, problem=_problem(request, error))


@router.post("/batches/columns")
async def columns(request: Request, call: Caller) -> Response:
    """Show the columns again, read as a saved mapping says. Nothing is screened yet."""
    sent, waiting, problem = await _sent(request, call)
    if waiting is None:
        return await _overview(request, call, problem=problem)
    try:
        async with call.services.database.read() as database:
            saved = await read_mapping(database, sent.get("mapping", ""), of=call.principal)
        table = await asyncio.to_thread(open_file, waiting.path, waiting.path.parent)
        read = chosen_by(map_columns(table.columns, saved=saved.columns), len(table.columns))
    except CaspianError as error:
        return await _columns(request, call, waiting, problem=_problem(request, error))
    return await _columns(request, call, waiting, {**sent, **read})


@router.post("/batches/start")
async def start(request: Request, call: Caller) -> Response:
    """Begin the batch with the columns as they were chosen, and save them if they were given a name."""
    sent, waiting, problem = await _sent(request, call)
    if waiting is None:
        return await _overview(request, call, problem=problem)
    try:
        table = await asyncio.to_thread(open_file, waiting.path, waiting.path.parent)
        columns = Columns(places(sent, len(table.columns)))
        if name := sent.get("save_as", "").strip():
            read = {field: table.columns[at] for field, at in columns.places.items()}
            async with call.services.database.write() as database:
                await save_mapping(database, name, read, by=call.principal)
        about = FileTaken(waiting.name, waiting.sha256, opens_cases=sent.get("cases") == "true")
        begun = await call.services.batches.begin(table, columns, call.principal, about)
    except CaspianError as error:
        return await _columns(request, call, waiting, sent, _problem(request, error))
    await stash.drop(waiting)
    return RedirectResponse(f"/batches/{begun.id}", session.SEE_OTHER)


@router.get("/batches/{id}")
async def batch(request: Request, call: Caller, id: str) -> Response:
    """How far a batch is; once it has ended, the rows that need a person and those that could not be read."""
    return await _batch(request, call, await call.services.batches.get(id, call.principal))


@router.post("/batches/{id}/cancel")
async def cancel(request: Request, call: Caller, id: str) -> Response:
    """Stop a batch; what is recorded stays."""
    return await _step(request, call, id, call.services.batches.cancel)


@router.post("/batches/{id}/resume")
async def resume(request: Request, call: Caller, id: str) -> Response:
    """Let a stopped batch go on."""
    return await _step(request, call, id, call.services.batches.resume)


@router.get("/batches/{id}/results")
async def results(call: Caller, id: str, format: Literal["csv", "jsonl", "xlsx"] = "csv") -> Response:
    """The results as a file. That they were fetched is recorded."""
    return await batches.results(call, id, batches.ResultsQuery(format=format))


async def _sent(request: Request, call: Call) -> tuple[dict[str, str], stash.Stashed | None, ProblemView | None]:
    """The form of the columns, and the file that waits for it or why there is none (any more)."""
    sent = {name: str(text) for name, text in (await request.form(max_files=0, max_fields=600)).items()}
    try:
        return sent, await stash.fetch(sent.get("token", ""), call.principal, call.services.settings), None
    except CaspianError as error:
        return sent, None, _problem(request, error)


async def _overview(
    request: Request, call: Call, *, cursor: str | None = None, problem: ProblemView | None = None
) -> Response:
    found = await call.services.batches.recent(call.principal, before=cursor, limit=PER_PAGE + 1)
    stand = await pages.list_statuses(call.services)
    return pages.render(
        "batches.html",
        pages.frame(request, _("Screen a file"), stand, reader=call.principal, current="/batches"),
        200 if problem is None else problem.status,
        rows=[batch_row(one, now()) for one in found[:PER_PAGE]],
        next=found[PER_PAGE - 1].id if len(found) > PER_PAGE else "",
        problem=problem,
        may_send=call.principal.role in permissions.SCREENERS,
        most=file_size(call.services.settings.batch_max_bytes),
    )


async def _columns(
    request: Request,
    call: Call,
    waiting: stash.Stashed,
    sent: Mapping[str, str] | None = None,
    problem: ProblemView | None = None,
) -> Response:
    table, rows = await asyncio.to_thread(_opened, waiting)
    shown: list[Column] = columns_of(table.columns, rows, sent)
    async with call.services.database.read() as database:
        mappings = await list_mappings(database, of=call.principal)
    stand = await pages.list_statuses(call.services)
    return pages.render(
        "batch_columns.html",
        pages.frame(request, _("What each column is"), stand, reader=call.principal, current="/batches"),
        200 if problem is None else problem.status,
        file=waiting,
        size=file_size(waiting.size),
        encoding=table.dialect.encoding,
        delimiter=table.dialect.delimiter,
        columns=shown,
        mappings=mappings,
        mapping="" if sent is None else sent.get("mapping", ""),
        save_as="" if sent is None else sent.get("save_as", ""),
        problem=problem,
        opens_cases=sent is None or sent.get("cases") == "true",
    )


def _opened(waiting: stash.Stashed) -> tuple[Table, list[Row]]:
    table = open_file(waiting.path, waiting.path.parent)
    return table, list(islice(table.rows(), SAMPLE))


async def _step(request: Request, call: Call, id: str, step: Step) -> Response:
    try:
        await step(id, call.principal)
    except CaspianError as error:
        found = await call.services.batches.get(id, call.principal)
        return await _batch(request, call, found, _problem(request, error))
    return RedirectResponse(f"/batches/{id}", session.SEE_OTHER)


async def _batch(request: Request, call: Call, status: BatchStatus, problem: ProblemView | None = None) -> Response:
    ended = status.state not in OPEN and status.rows_done > 0
    stand = await pages.list_statuses(call.services)
    return pages.render(
        "batch.html",
        pages.frame(request, status.file_name or _("A file"), stand, reader=call.principal, current="/batches"),
        200 if problem is None else problem.status,
        view=batch_view(status, now()),
        found=await _found(call, status) if ended else None,
        problem=problem,
        may_act=call.principal.role in permissions.SCREENERS,
        may_work=call.principal.role in permissions.CASE_READERS,
    )


async def _found(call: Call, status: BatchStatus) -> ResultRows:
    kept: list[dict[str, Any]] = []
    looked = 0
    chunks = call.services.batches.results(status.id, call.principal)
    async with aclosing(chunks) as pieces:  # type: ignore[type-var]  # an async generator, declared as what it gives
        async for rows in pieces:
            kept += rows
            looked += 1
            if looked == LOOKED_INTO:
                break
    return result_rows(kept, whole=looked >= status.chunks_done)


def _problem(request: Request, error: CaspianError) -> ProblemView:
    return problem_view(problems.body(problems.kind_of(error), str(error), request))
