"""Screenings: ask, read one again, and the caller's last ones. The answer goes out as it was recorded."""

from typing import Annotated

from fastapi import APIRouter, Body, Query, Response

from api import examples
from api.auth import Authorised
from api.headers import IdempotencyKey
from api.schemas import PageQuery, ReplayInput, ScreeningPage
from api.strict import StrictRoute
from screening.answer import Screening
from screening.request import ScreeningRequest
from screening.services.replay import Replay

router = APIRouter(route_class=StrictRoute, tags=["screenings"])


@router.post("/v1/screenings", response_model=Screening, summary="Screen one subject")
async def screen(
    call: Authorised,
    body: Annotated[ScreeningRequest, Body(openapi_examples=examples.SCREENINGS)],
    idempotency_key: IdempotencyKey = None,
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
async def mine(call: Authorised, query: Annotated[PageQuery, Query()]) -> ScreeningPage:
    """The caller's own screenings, newest first, without their answers."""
    rows = await call.services.screenings.recent(call.principal, before=query.cursor, limit=query.limit)
    return ScreeningPage(
        items=list(rows),
        next=rows[-1].receipt.id if len(rows) == query.limit else None,
    )


@router.get("/v1/screenings/{id}", response_model=Screening, summary="Read a recorded screening")
async def read(call: Authorised, id: str) -> Response:
    """The screening as it was recorded, word for word. Reading it is itself recorded."""
    return _json(await call.services.screenings.get(id, call.principal, request_id=call.request_id))


@router.post("/v1/screenings/{id}/replay", summary="Run a recorded screening again")
async def replay(call: Authorised, id: str, body: ReplayInput | None = None) -> Replay:
    """Run it on the snapshots and the configuration that it used, and compare with the record byte for byte.

    What has changed since is named. With `today`, also how today's lists and configuration answer. Recorded.
    """
    today = body is not None and body.today
    return await call.services.replays.replay(id, call.principal, today=today, request_id=call.request_id)


def _json(screening: Screening, headers: dict[str, str] | None = None) -> Response:
    return Response(screening.document, headers=headers, media_type="application/json")
