"""Deals: assess a whole deal, read an assessment again as it was recorded, and run it again."""

from fastapi import APIRouter, Response

from api.auth import Authorised
from api.headers import IdempotencyKey
from api.schemas import ReplayInput
from api.strict import StrictRoute
from screening.deals.deal import Deal
from screening.services.deal import RecordedDeal
from screening.services.deal_replay import DealReplay

router = APIRouter(route_class=StrictRoute, tags=["deals"])


@router.post("/v1/deals", summary="Assess a deal")
async def assess(
    call: Authorised, response: Response, body: Deal, idempotency_key: IdempotencyKey = None
) -> RecordedDeal:
    """Screen every party in every role, hold the deal against the rules, record the assessment, and answer.

    A 200 means: assessed *and recorded*. The same `Idempotency-Key` with the same body gives the recorded assessment
    again; with another body it is refused (409).
    """
    deal = await call.services.deals.assess(
        body, call.principal, request_id=call.request_id, idempotency_key=idempotency_key
    )
    response.headers["Location"] = f"/v1/deals/{deal.receipt.id}"
    return deal


@router.get("/v1/deals/{id}", summary="Read a recorded deal")
async def read(call: Authorised, id: str) -> RecordedDeal:
    """The deal as it was recorded, word for word. Reading it is itself recorded."""
    return await call.services.deals.get(id, call.principal, request_id=call.request_id)


@router.post("/v1/deals/{id}/replay", summary="Run a recorded deal again")
async def replay(call: Authorised, id: str, body: ReplayInput | None = None) -> DealReplay:
    """Run it on the snapshots, configuration, rules and day of the record, and compare with it byte for byte.

    What has changed since is named. With `today`, also what today's lists, configuration and rules say. Recorded.
    """
    today = body is not None and body.today
    return await call.services.deal_replays.replay(id, call.principal, today=today, request_id=call.request_id)
