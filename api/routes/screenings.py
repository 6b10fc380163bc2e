"""Screenings: ask, read one again, and the caller's last ones. The answer goes out as it was recorded."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.auth import Authorised
from api.headers import IdempotencyKey
from api.schemas import ScreeningPage
from api.strict import StrictRoute
from screening.answer import Screening
from screening.request import ScreeningRequest

router = APIRouter(route_class=StrictRoute, tags=["screenings"])


@router.post("/v1/screenings", response_model=Screening, summary="Screen one subject")
async def screen(
    call: Authorised, request: Request, body: ScreeningRequest, idempotency_key: IdempotencyKey = None
) -> Response:
    """Screen one subject against all lists in force, record it, and answer.

    A 200 means: screened *and recorded*, with its entry in the audit log. The same `Idempotency-Key` with the same
    body gives the recorded answer again; with another body it is refused (409).
    """
    screening = await call.services.screenings.screen(
        body, call.principal, request_id=call.request_id, idempotency_key=idempotency_key
    )
    call.services.metrics.screened(screening.answer.outcome)
    return _json(screening, {"Location": f"/v1/screenings/{screening.receipt.id}"})


@router.get("/v1/screenings", summary="The caller's own last screenings")
async def mine(
    call: Authorised,
    cursor: Annotated[str | None, Query(max_length=100, description="`next` of the page before.")] = None,
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> ScreeningPage:
    """The caller's own screenings, newest first, as receipts with their outcomes."""
    raise NotImplementedError


@router.get("/v1/screenings/{id}", response_model=Screening, summary="Read a recorded screening")
async def read(call: Authorised, id: str) -> Response:
    """The screening as it was recorded, word for word. Reading it is itself recorded."""
    return _json(await call.services.screenings.get(id, call.principal))


def _json(screening: Screening, headers: dict[str, str] | None = None) -> Response:
    return Response(screening.model_dump_json(), headers=headers, media_type="application/json")
