"""Cases: the queue, one case with its history, and the steps of people on it; clearances; casework in figures.

Every step names the case's version that was seen, and answers with the case as it then is.
"""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, File, Form, Path, Query, Response, UploadFile
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.auth import Authorised
from api.schemas import PageQuery
from api.strict import StrictRoute
from screening.cases.case import Decision, Priority, State
from screening.cases.inputs import (
    ApprovalInput,
    AssignInput,
    CommentInput,
    DecisionInput,
    EndInput,
    EvidenceInput,
    ReopenInput,
)
from screening.cases.queue import CaseFilter
from screening.cases.statistics import Statistics
from screening.cases.views import CasePage, CaseView, ClearancePage, ClearanceView, Reasons

router = APIRouter(route_class=StrictRoute, tags=["cases"])

Digest = Annotated[str, Path(pattern=r"^[0-9a-f]{64}$")]


class CaseQuery(PageQuery):
    """Which cases. Filters that are left out do not filter; without `state`, closed ones are left out."""

    state: State | None = None
    priority: Priority | None = None
    result: Decision | None = Field(None, description="What closed cases came to.")
    list: str | None = Field(None, max_length=40, description="A list's key: cases with a match on it.")
    entity: str | None = Field(None, max_length=200, description="A listed entity's id: cases with it as a match.")
    assignee: str | None = Field(None, max_length=120, description="An id, `me` or `nobody`.")
    subject: str | None = Field(None, min_length=1, max_length=200, description="A part of the name or a number.")
    overdue: bool = Field(False, description="Only those past their target.")
    yours: bool = Field(True, description="False leaves out cases that you asked for yourself.")


class ClearanceQuery(PageQuery):
    """Which clearances."""

    in_force: bool | None = Field(None, description="Only those in force, or only those that are not.")


class StatisticsQuery(BaseModel):
    """Over what time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    days: int = Field(30, ge=1, le=366, description="Days with today (UTC).")


@router.get("/v1/cases", summary="The queue")
async def read_queue(call: Authorised, query: Annotated[CaseQuery, Query()]) -> CasePage:
    """Cases, the most urgent first: by priority, then by target time; closed ones, the last closed first."""
    fields = query.model_dump(exclude={"cursor", "limit", "state"})
    wanted = CaseFilter(states=() if query.state is None else (query.state,), **fields)
    return await call.services.reviews.queue(
        call.principal, wanted, after=query.cursor, limit=query.limit, request_id=call.request_id
    )


@router.get("/v1/cases/statistics", summary="Casework in figures")
async def read_statistics(call: Authorised, query: Annotated[StatisticsQuery, Query()]) -> Statistics:
    """Backlog and ages, cases opened, decided and closed by day, how long they took, alarms by matcher and by list."""
    return await call.services.reviews.statistics(query.days)


@router.get("/v1/cases/reasons", summary="Reason codes")
async def read_reasons(call: Authorised) -> Reasons:
    """The codes that a decision is given under, with their wording."""
    return call.services.reviews.reasons()


@router.get("/v1/cases/{id}", summary="Read a case")
async def read(call: Authorised, id: str) -> CaseView:
    """A whole case: matches, records, evidence, clearances, history, and what you may do. Reading it is recorded."""
    return await call.services.reviews.get(id, call.principal, request_id=call.request_id)


@router.post("/v1/cases/{id}/assign", summary="Take, release or assign a case")
async def assign(call: Authorised, id: str, body: AssignInput) -> CaseView:
    """Give the case to yourself (`me`), to somebody else by id, or to nobody (null)."""
    return await call.services.reviews.assign(id, body, call.principal, request_id=call.request_id)


@router.post("/v1/cases/{id}/comments", summary="Comment on a case")
async def comment(call: Authorised, id: str, body: CommentInput) -> CaseView:
    """Add a comment to the history."""
    return await call.services.reviews.comment(id, body, call.principal, request_id=call.request_id)


@router.post("/v1/cases/{id}/evidence", summary="Attach a file to a case")
async def attach(
    call: Authorised,
    id: str,
    version: Annotated[int, Form(ge=1, description="The case's version as it was seen.")],
    file: Annotated[UploadFile, File(description="The file.")],
    note: Annotated[str, Form(max_length=4_000, description="What the file shows.")] = "",
) -> CaseView:
    """Attach a file (`multipart/form-data`). Its SHA-256 goes into the audit log."""
    told = {"version": version, "name": file.filename or "file", "note": note}
    try:
        said = EvidenceInput.model_validate(told | ({"media_type": file.content_type} if file.content_type else {}))
    except ValidationError as error:
        raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in error.errors()]) from error
    data = await file.read()
    return await call.services.reviews.attach(id, said, data, call.principal, request_id=call.request_id)


@router.get(
    "/v1/cases/{id}/evidence/{sha256}",
    summary="Read an attached file",
    response_class=Response,
    responses={200: {"content": {"application/octet-stream": {}}, "description": "The file, as it was attached."}},
)
async def read_evidence(call: Authorised, id: str, sha256: Digest) -> Response:
    """The file, once its bytes are found to be those that were attached. Reading it is recorded."""
    seen, data = await call.services.reviews.evidence(id, sha256, call.principal, request_id=call.request_id)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(seen.name, safe='')}"}
    return Response(data, headers=headers, media_type="application/octet-stream")


@router.post("/v1/cases/{id}/decisions", summary="Decide matches of a case")
async def decide(call: Authorised, id: str, body: DecisionInput) -> CaseView:
    """Decide the matches named, or all that are open. A false positive on a blocking list waits for a second person,
    and so does whatever grants a clearance.
    """
    return await call.services.reviews.decide(id, body, call.principal, request_id=call.request_id)


@router.post("/v1/cases/{id}/approval", summary="Approve or return what was decided")
async def approve(call: Authorised, id: str, body: ApprovalInput) -> CaseView:
    """Approve all that is pending, which grants the clearances asked for; or return it with a note."""
    return await call.services.reviews.approve(id, body, call.principal, request_id=call.request_id)


@router.post("/v1/cases/{id}/reopen", summary="Open a closed case again")
async def reopen(call: Authorised, id: str, body: ReopenInput) -> CaseView:
    """Open a closed case again, with a reason: every match is decided anew, and its clearances end."""
    return await call.services.reviews.reopen(id, body, call.principal, request_id=call.request_id)


@router.get("/v1/clearances", summary="Clearances")
async def read_clearances(call: Authorised, query: Annotated[ClearanceQuery, Query()]) -> ClearancePage:
    """Clearances, newest first."""
    return await call.services.reviews.clearances(
        call.principal, in_force=query.in_force, after=query.cursor, limit=query.limit, request_id=call.request_id
    )


@router.post("/v1/clearances/{id}/end", summary="End a clearance")
async def end_clearance(call: Authorised, id: str, body: EndInput) -> ClearanceView:
    """End a clearance before its time, with a reason. Its case is opened again."""
    return await call.services.reviews.end_clearance(id, body, call.principal, request_id=call.request_id)
