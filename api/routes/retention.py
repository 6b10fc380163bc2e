"""Retention: erase personal data by rule, and legal holds that forbid it. Each step is an audit entry."""

import asyncio
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Authorised
from api.schemas import Label, PageQuery
from api.strict import StrictRoute
from screening.audit.erasure import Grounds, erase
from screening.audit.holds import lift_hold, list_holds, place_hold, target_of

router = APIRouter(route_class=StrictRoute, tags=["retention"])


class TargetInput(BaseModel):
    """What is meant: one record, or everything about a subject. Give one of the two."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    record: str | None = Field(
        None, min_length=1, max_length=120, description="Id of a screening, deal, batch or case."
    )
    subject: str | None = Field(None, min_length=1, max_length=500, description="A subject's whole name.")
    reason: Label = Field(description="Why; the log keeps it for good, so name nobody in it.")


class ErasureInput(TargetInput):
    """What to erase, and on which grounds."""

    order: Label | None = Field(
        None, description="Reference of the order of a court or an authority; needed within the retention period."
    )


class ErasedView(BaseModel):
    """What was erased: whose personal part went, and the entries that say so."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    entries: list[int]
    recorded_as: list[int]


class LiftInput(BaseModel):
    """Why a hold is lifted."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    reason: Label


class HoldView(BaseModel):
    """A legal hold. `target` is a record's id, or a subject's name as the log folds it."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    kind: str
    target: str
    reason: str
    placed_at: datetime
    placed_by: str
    lifted_at: datetime | None
    lifted_by: str | None


class HoldPage(BaseModel):
    """Holds, in the order of their placing."""

    model_config = ConfigDict(frozen=True)

    items: list[HoldView]
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


@router.post("/v1/erasures", summary="Erase personal data")
async def erase_(call: Authorised, body: ErasureInput) -> ErasedView:
    """Erase the personal part of a record, or of all that is recorded about a subject, for good.

    Refused (409) for what is on a legal hold, and within the retention period unless an order demands it. What is not
    personal stays in the log, which verifies as before; the erasure is an entry of its own.
    """
    target, grounds = target_of(body.record, body.subject), Grounds(body.reason, body.order)
    years = call.services.settings.retention_years
    async with call.services.database.write() as session:
        erased = await erase(session, target, grounds, by=call.principal, retention_years=years)
    await asyncio.to_thread(call.services.reviews.store.remove, erased.files)
    return ErasedView.model_validate(erased)


@router.post("/v1/holds", status_code=201, summary="Place a legal hold")
async def place(call: Authorised, body: TargetInput) -> HoldView:
    """Forbid that a record, or anything about a subject, is erased, until the hold is lifted."""
    async with call.services.database.write() as session:
        hold = await place_hold(session, target_of(body.record, body.subject), body.reason, by=call.principal)
    return HoldView.model_validate(hold)


@router.get("/v1/holds", summary="List legal holds")
async def read(call: Authorised, query: Annotated[PageQuery, Query()]) -> HoldPage:
    """Every hold, standing and lifted."""
    async with call.services.database.read() as session:
        rows = await list_holds(session, after=query.cursor, limit=query.limit)
    items = [HoldView.model_validate(row) for row in rows]
    return HoldPage(items=items, next=items[-1].id if len(items) == query.limit else None)


@router.post("/v1/holds/{id}/lift", summary="Lift a legal hold")
async def lift(call: Authorised, id: str, body: LiftInput) -> HoldView:
    """Let what was held be erased again, by the rules."""
    async with call.services.database.write() as session:
        return HoldView.model_validate(await lift_hold(session, id, body.reason, by=call.principal))
