"""Subjects under monitoring: keep one, keep a batch's rows, end one; and the list changes held against all of them."""

import json
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Authorised
from api.headers import IdempotencyKey
from api.schemas import PageQuery
from api.strict import StrictRoute
from core.errors import InvalidInput
from screening.answer import Receipt
from screening.matching.result import Outcome
from screening.monitoring.subject import KeptSubject, shown

router = APIRouter(route_class=StrictRoute, tags=["monitoring"])


class SubjectView(BaseModel):
    """A subject under monitoring. `ended_at`: it is screened no more."""

    model_config = ConfigDict(frozen=True)

    id: str
    subject: KeptSubject
    owner: str
    kept_at: str
    ended_at: str | None


class KeptView(SubjectView):
    """A subject that was kept just now, with its first screening."""

    receipt: Receipt
    outcome: Outcome


class SubjectPage(BaseModel):
    """A page of subjects, newest first. `kept` is how many there are in all."""

    model_config = ConfigDict(frozen=True)

    items: tuple[SubjectView, ...]
    kept: int
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


class FromBatch(BaseModel):
    """Which batch's rows to keep: one that was screened whole."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    batch: str


class KeptRows(BaseModel):
    """How many rows are kept now, and how many could not be read."""

    model_config = ConfigDict(frozen=True)

    batch: str
    kept: int
    unreadable: int


class RescreenView(BaseModel):
    """A list change held against all subjects: of `entities` that came or changed, `candidates` of `subjects` could be
    touched and were screened again, in `batches`; `alarms` of them met somebody. The audit entry has the proof.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    list: str
    before: str | None
    after: str
    state: str
    started_at: str
    finished_at: str | None
    entities: int
    subjects: int
    candidates: int
    alarms: int
    batches: tuple[str, ...]
    audit_sequence: int | None


class RescreenPage(BaseModel):
    """A page of runs, newest first."""

    model_config = ConfigDict(frozen=True)

    items: tuple[RescreenView, ...]
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


class RescreenQuery(PageQuery):
    """Filters."""

    list: str | None = None


@router.post("/v1/subjects", summary="Keep a subject under monitoring", status_code=201)
async def keep(
    call: Authorised, response: Response, body: KeptSubject, idempotency_key: IdempotencyKey = None
) -> KeptView:
    """Screen it now, record that, and screen it again whenever a list change can touch it; an alarm opens a case."""
    row, screening = await call.services.monitor.keep(
        body, call.principal, request_id=call.request_id, idempotency_key=idempotency_key
    )
    response.headers["Location"] = f"/v1/subjects/{row.id}"
    return KeptView(**_view(row).model_dump(), receipt=screening.receipt, outcome=screening.answer.outcome)


@router.post("/v1/subjects/from-batch", summary="Keep the rows of a batch under monitoring")
async def keep_batch(call: Authorised, body: FromBatch) -> KeptRows:
    """Keep every row of a batch that is done. Rows that could not be read are not kept, and counted."""
    kept = await call.services.monitor.keep_batch(body.batch, call.principal)
    return KeptRows(batch=kept.batch_id, kept=kept.kept, unreadable=kept.unreadable)


@router.get("/v1/subjects", summary="Subjects under monitoring")
async def page(call: Authorised, query: Annotated[PageQuery, Query()]) -> SubjectPage:
    """Those that are kept, newest first. A trader sees its own."""
    if query.cursor is not None and not query.cursor.isdigit():
        raise InvalidInput("the cursor is none that a page gave")
    before = None if query.cursor is None else int(query.cursor)
    rows = await call.services.monitor.page(call.principal, before, query.limit)
    return SubjectPage(
        items=tuple(_view(row) for row in rows),
        kept=await call.services.monitor.counts(),
        next=str(rows[-1].number) if len(rows) == query.limit else None,
    )


@router.get("/v1/subjects/{id}", summary="A subject under monitoring")
async def read(call: Authorised, id: str) -> SubjectView:
    """One subject. A trader sees its own."""
    return _view(await call.services.monitor.get(id, call.principal))


@router.delete("/v1/subjects/{id}", summary="End the monitoring of a subject", status_code=204)
async def end(call: Authorised, id: str) -> None:
    """It is screened no more; what was recorded stays."""
    await call.services.monitor.end(id, call.principal)


@router.get("/v1/rescreens", summary="List changes held against the subjects")
async def runs(call: Authorised, query: Annotated[RescreenQuery, Query()]) -> RescreenPage:
    """Which list changes were checked against all subjects, newest first."""
    rows = await call.services.monitor.runs(query.list, query.cursor, query.limit)
    return RescreenPage(items=tuple(_run(row) for row in rows), next=rows[-1].id if len(rows) == query.limit else None)


def _view(row: Any) -> SubjectView:
    return SubjectView(
        id=row.id,
        subject=shown(json.loads(row.cells)),
        owner=row.owner_name,
        kept_at=row.kept_at,
        ended_at=row.ended_at,
    )


def _run(row: Any) -> RescreenView:
    same = {name: getattr(row, name) for name in RescreenView.model_fields if name not in ("list", "batches")}
    return RescreenView(**same, list=row.source, batches=tuple(row.batches.split()))
