"""Subscriptions: webhooks created, listed and removed. Creating and removing are audit entries.

An entry names the host and the events, not the whole address: its path may hold a token, and the log keeps for good.
"""

import secrets
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

import httpx
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import Conflict, NotFound
from screening.access import Principal
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, queue_up
from screening.identity import new_id
from screening.webhooks.tables import Webhook, WebhookDelivery

MOST: Final = 20
"""Webhooks at a time: each is called by one task of the job, every minute."""


class Event(StrEnum):
    """What a webhook can be told of."""

    CASE_OPENED = "case.opened"
    RESCREEN_FINISHED = "rescreen.finished"
    BATCH_FINISHED = "batch.finished"


class State(StrEnum):
    """Where a delivery stands. Failed: given up after a day, or its webhook was removed."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


EVENT_OF: Mapping[str, Event] = {
    Action.CASE_OPENED.value: Event.CASE_OPENED,
    Action.RESCREENED.value: Event.RESCREEN_FINISHED,
    Action.BATCH_ENDED.value: Event.BATCH_FINISHED,
}
"""Which event each action of the audit log is."""


async def create_webhook(
    session: AsyncSession, url: httpx.URL, events: Sequence[Event], *, by: Principal, once: str | None = None
) -> Webhook:
    """Create a webhook in the caller's transaction and return it, secret and all. It is told of what happens from now
    on. `url` was checked by `screening.webhooks.addresses.check_url`.

    `once` is an idempotency key: used again by the same principal for the same address and events, it gives the
    webhook that it made, as that now stands. Raises Conflict when it made another one, or when there are `MOST`.
    """
    await queue_up(session)  # one at a time: nobody makes a second one under the key between this look and the commit
    names = sorted({event.value for event in events})
    if once is not None and (made := await _made(session, by, once)) is not None:
        if (made.url, made.events) != (str(url), " ".join(names)):
            raise Conflict(f"the idempotency key was used before, by webhook {made.id}, for another address or events")
        return made
    standing = select(func.count()).select_from(Webhook).where(col(Webhook.removed_at).is_(None))
    if (await session.execute(standing)).scalar_one() >= MOST:
        raise Conflict(f"there are {MOST} webhooks already; remove one first")
    hook_id = new_id()
    details = {"host": url.host, "events": names}
    draft = Draft(Action.WEBHOOK_CREATED, actor(by), hook_id, idempotency_key=once, details=details)
    (entry,) = await append(session, [draft])
    hook = Webhook(
        id=hook_id,
        url=str(url),
        events=" ".join(names),
        secret=f"whsec_{secrets.token_urlsafe(32)}",
        seen=entry.sequence,
        created_at=iso(now()),
        created_by=by.id,
        idempotency_key=once,
    )
    session.add(hook)
    return hook


async def _made(session: AsyncSession, by: Principal, once: str) -> Webhook | None:
    query = select(Webhook).where(col(Webhook.created_by) == by.id, col(Webhook.idempotency_key) == once)
    return (await session.execute(query)).scalar_one_or_none()


async def remove_webhook(session: AsyncSession, hook_id: str, *, by: Principal) -> Webhook:
    """Remove a webhook in the caller's transaction; what still waits for it is given up. Twice changes nothing.

    Raises NotFound for an unknown id.
    """
    await queue_up(session)
    hook = await session.get(Webhook, hook_id, with_for_update=True)
    if hook is None:
        raise NotFound(f"there is no webhook {hook_id}")
    if hook.removed_at is None:
        hook.removed_at = iso(now())
        waiting = (col(WebhookDelivery.webhook_id) == hook_id) & (col(WebhookDelivery.state) == State.WAITING.value)
        given_up = {"state": State.FAILED.value, "said": "the webhook was removed"}
        await session.execute(update(WebhookDelivery).where(waiting).values(given_up))
        await append(session, [Draft(Action.WEBHOOK_REMOVED, actor(by), hook_id)])
    return hook


async def list_webhooks(session: AsyncSession, *, after: str | None = None, limit: int = 100) -> list[Webhook]:
    """Return webhooks, removed ones too, in the order of their making, from behind the id `after`."""
    query = select(Webhook).order_by(col(Webhook.id)).limit(limit)
    if after is not None:
        query = query.where(col(Webhook.id) > after)
    return list((await session.execute(query)).scalars())
