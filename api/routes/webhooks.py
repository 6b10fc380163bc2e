"""Webhooks: who is told of what happened, and what became of each delivery."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from api.auth import Authorised
from api.headers import IdempotencyKey
from api.schemas import PageQuery
from api.strict import StrictRoute
from screening.webhooks.addresses import check_url
from screening.webhooks.outbox import deliveries, replay
from screening.webhooks.subscriptions import Event, State, create_webhook, list_webhooks, remove_webhook
from screening.webhooks.tables import Webhook

router = APIRouter(route_class=StrictRoute, tags=["webhooks"])


class WebhookInput(BaseModel):
    """A webhook to be created."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: str = Field(min_length=1, max_length=500, description="An https address of the public internet.")
    events: list[Event] = Field(min_length=1, max_length=len(Event), description="What it is told of.")


class WebhookView(BaseModel):
    """A webhook without its secret."""

    model_config = ConfigDict(frozen=True)

    id: str
    url: str
    events: list[Event]
    created_at: datetime
    created_by: str
    removed_at: datetime | None

    @classmethod
    def of(cls, hook: Webhook, **more: str) -> Self:
        """Return the view of a row."""
        return cls.model_validate(
            hook.model_dump(exclude={"secret", "seen", "idempotency_key"}) | {"events": hook.events.split()} | more
        )


class NewWebhook(WebhookView):
    """A webhook just created. `secret`, which its messages are signed with, is shown this once."""

    secret: str


class WebhookPage(BaseModel):
    """Webhooks, in the order of their making."""

    model_config = ConfigDict(frozen=True)

    items: list[WebhookView]
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


class DeliveryView(BaseModel):
    """One event for one webhook. `said`: how its last try ended; `next_at`: when it is tried next, while it waits."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    webhook_id: str
    event: Event
    occurred_at: datetime
    record_id: str
    sequence: int = Field(description="The audit entry that it tells of.")
    entry_hash: str
    state: State
    attempts: int
    next_at: datetime
    until: datetime = Field(description="After this moment it is given up.")
    delivered_at: datetime | None
    said: str | None


class DeliveryPage(BaseModel):
    """Deliveries, newest first."""

    model_config = ConfigDict(frozen=True)

    items: list[DeliveryView]
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


class DeliveryQuery(PageQuery):
    """Filters."""

    webhook: str | None = Field(None, max_length=26, description="Of this webhook.")
    state: State | None = None


@router.post("/v1/webhooks", status_code=201, summary="Create a webhook")
async def create(
    call: Authorised, body: WebhookInput, response: Response, idempotency_key: IdempotencyKey = None
) -> NewWebhook:
    """Tell an address of what happens from now on. The secret is in this answer only.

    The same `Idempotency-Key` with the same body gives the same webhook again; with another body it is refused (409).
    """
    url = await check_url(body.url, allow_private=call.services.settings.webhook_allow_private)
    async with call.services.database.write() as session:
        hook = await create_webhook(session, url, body.events, by=call.principal, once=idempotency_key)
    response.headers["Location"] = f"/v1/webhooks/{hook.id}"
    return NewWebhook.of(hook, secret=hook.secret)


@router.get("/v1/webhooks", summary="List webhooks")
async def read(call: Authorised, query: Annotated[PageQuery, Query()]) -> WebhookPage:
    """Every webhook that was ever created, without its secret."""
    async with call.services.database.read() as session:
        rows = await list_webhooks(session, after=query.cursor, limit=query.limit)
    items = [WebhookView.of(row) for row in rows]
    return WebhookPage(items=items, next=items[-1].id if len(items) == query.limit else None)


@router.delete("/v1/webhooks/{id}", summary="Remove a webhook")
async def remove(call: Authorised, id: str) -> WebhookView:
    """Tell it nothing more; what still waits for it is given up. Removing it again changes nothing."""
    async with call.services.database.write() as session:
        return WebhookView.of(await remove_webhook(session, id, by=call.principal))


@router.get("/v1/webhooks/deliveries", summary="List deliveries")
async def sent(call: Authorised, query: Annotated[DeliveryQuery, Query()]) -> DeliveryPage:
    """What was sent, what waits and what was given up, newest first."""
    async with call.services.database.read() as session:
        rows = await deliveries(
            session, webhook=query.webhook, state=query.state, before=query.cursor, limit=query.limit
        )
    items = [DeliveryView.model_validate(row) for row in rows]
    return DeliveryPage(items=items, next=items[-1].id if len(items) == query.limit else None)


@router.post("/v1/webhooks/deliveries/{id}/replay", summary="Send a delivery again")
async def again(call: Authorised, id: str) -> DeliveryView:
    """Send it again within a minute, under the same id, whatever became of it, and try for another day."""
    async with call.services.database.write() as session:
        return DeliveryView.model_validate(await replay(session, id))
