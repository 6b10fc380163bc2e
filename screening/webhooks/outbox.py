"""Outbox: deliveries, from the audit entry that causes one to its end. Every function leaves its transaction to the
caller.

Nothing tells the outbox what happened: it reads the log behind the last entry that each webhook was told of. Entries
are committed in the order of their numbers (`screening.audit.log`), so none can appear behind one that was seen.
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import Conflict, NotFound
from screening.identity import new_id
from screening.records import table
from screening.webhooks.subscriptions import EVENT_OF, State
from screening.webhooks.tables import Webhook, WebhookDelivery

AT_ONCE: Final = 1_000
"""Entries taken up in one transaction, so that the others who write need not wait."""

LASTS: Final = timedelta(days=1)
"""How long a delivery is tried: a receiver that is down over night misses nothing."""

FIRST_PAUSE: Final = timedelta(minutes=1)
LONGEST_PAUSE: Final = timedelta(hours=4)
"""Pauses between tries double from the first to the longest: a minute is the job's own beat; with four hours at most
there are thirteen tries in a day."""

LEASE: Final = timedelta(minutes=2)
"""A delivery taken by a process that died is taken again after this long: a try lasts some seconds."""


async def collect(session: AsyncSession, hook_id: str) -> int:
    """Write the deliveries of what happened since a webhook was last told; return how many entries were taken up."""
    hook = await session.get(Webhook, hook_id, with_for_update=True)
    if hook is None or hook.removed_at is not None:
        return 0
    entries = table("audit_entry").c
    wanted = [action for action, event in EVENT_OF.items() if event.value in hook.events.split()]
    query = (
        select(entries.sequence, entries.action, entries.occurred_at, entries.record_id, entries.hash)
        .where(entries.sequence > hook.seen, entries.action.in_(wanted))
        .order_by(entries.sequence)
        .limit(AT_ONCE)
    )
    rows = (await session.execute(query)).all()
    moment = now()
    session.add_all(
        WebhookDelivery(
            id=new_id(),
            webhook_id=hook_id,
            event=EVENT_OF[row.action].value,
            occurred_at=row.occurred_at,
            record_id=row.record_id,
            sequence=row.sequence,
            entry_hash=row.hash,
            state=State.WAITING.value,
            next_at=iso(moment),
            until=iso(moment + LASTS),
        )
        for row in rows
    )
    if rows:
        hook.seen = rows[-1].sequence
    return len(rows)


async def take(session: AsyncSession, hook_id: str) -> WebhookDelivery | None:
    """Return the oldest delivery that is due for a webhook, and keep it from others for a `LEASE`; None for none."""
    query = (
        select(WebhookDelivery)
        .where(
            col(WebhookDelivery.webhook_id) == hook_id,
            col(WebhookDelivery.state) == State.WAITING.value,
            col(WebhookDelivery.next_at) <= iso(now()),
        )
        .order_by(col(WebhookDelivery.next_at), col(WebhookDelivery.sequence))
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    one = (await session.execute(query)).scalar_one_or_none()
    if one is not None:
        one.next_at = iso(now() + LEASE)
        one.attempts += 1
    return one


async def settle(session: AsyncSession, delivery_id: str, said: str, *, taken: bool) -> None:
    """Record how a try ended: `said` by the receiver or about it; `taken` when it took the event."""
    one = await session.get(WebhookDelivery, delivery_id, with_for_update=True)
    if one is None or one.state != State.WAITING.value:
        return
    moment = now()
    one.said = said[:200]
    if taken:
        one.state, one.delivered_at = State.DELIVERED.value, iso(moment)
        return
    one.next_at = iso(moment + pause_after(one.attempts))
    if one.next_at > one.until:
        one.state = State.FAILED.value


def pause_after(attempts: int) -> timedelta:
    """Return how long to wait after so many tries."""
    doublings = min(max(attempts - 1, 0), 10)  # more would only be cut to the longest
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)


async def replay(session: AsyncSession, delivery_id: str) -> WebhookDelivery:
    """Let a delivery be sent again, under its own id, for another day; return it. Raises NotFound for none, Conflict
    when its webhook was removed.
    """
    one = await session.get(WebhookDelivery, delivery_id)
    if one is None:
        raise NotFound(f"there is no delivery {delivery_id}")
    hook = await session.get(Webhook, one.webhook_id, with_for_update=True)  # first, as whoever removes it does
    if hook is None or hook.removed_at is not None:
        raise Conflict(f"the webhook {one.webhook_id} was removed; nothing can be sent to it")
    await session.refresh(one, with_for_update=True)
    moment = now()
    one.state, one.attempts, one.delivered_at, one.said = State.WAITING.value, 0, None, None
    one.next_at, one.until = iso(moment), iso(moment + LASTS)
    return one


async def deliveries(
    session: AsyncSession,
    *,
    webhook: str | None = None,
    state: State | None = None,
    before: str | None = None,
    limit: int = 50,
) -> list[WebhookDelivery]:
    """Return deliveries below the id `before` that pass the filter, newest first."""
    query = select(WebhookDelivery).order_by(col(WebhookDelivery.id).desc()).limit(limit)
    if webhook is not None:
        query = query.where(col(WebhookDelivery.webhook_id) == webhook)
    if state is not None:
        query = query.where(col(WebhookDelivery.state) == state.value)
    if before is not None:
        query = query.where(col(WebhookDelivery.id) < before)
    return list((await session.execute(query)).scalars())
