"""Sending: what waits in the outbox, signed and posted. One task for each webhook, so that a slow one delays no other.

A delivery may arrive twice (a process may die between the answer and its record): its id stays the same.
"""

import asyncio
import hashlib
import hmac
import json
import time
from typing import Final

import httpx
from sqlalchemy import select
from sqlmodel import col

from core.clock import now
from core.database import Database
from screening.webhooks.addresses import RefusedAddress, resolve
from screening.webhooks.outbox import AT_ONCE, collect, settle, take
from screening.webhooks.tables import Webhook, WebhookDelivery

HEADER: Final = "Caspian-Signature"

TRY_SECONDS: Final = 15.0
"""A receiver that has not answered by then is tried again later: it should take the event first and work afterwards."""

RUN_SECONDS: Final = 50.0
"""How long one run sends: the next begins a minute after this one."""


def body_of(one: WebhookDelivery) -> bytes:
    """Return what is sent, as JSON: the same bytes at every try."""
    content = {
        "id": one.id,
        "event": one.event,
        "occurred_at": one.occurred_at,
        "record_id": one.record_id,
        "audit_sequence": one.sequence,
        "audit_hash": one.entry_hash,
    }
    return json.dumps(content, separators=(",", ":")).encode()


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """Return the value of the signature's header: HMAC-SHA256 (RFC 2104) over `timestamp.body`. The signed time lets a
    receiver refuse an old message that somebody sends again.
    """
    digest = hmac.new(secret.encode(), b"%d.%b" % (timestamp, body), hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


async def deliver_events(database: Database, *, allow_private: bool) -> int:
    """Take up what happened and send what is due to every webhook; return how many events were taken by receivers."""
    async with database.read() as session:
        query = select(Webhook).where(col(Webhook.removed_at).is_(None))
        hooks = list((await session.execute(query)).scalars())
    if not hooks:
        return 0
    async with _client() as client:
        sent = await asyncio.gather(*(_serve(database, client, hook, allow_private) for hook in hooks))
    return sum(sent)


def _client() -> httpx.AsyncClient:
    """No proxy of the environment: it would resolve the name itself, and reach what was refused here; its certificates
    (SSL_CERT_FILE) do count. No connection is kept: it is known by its IP address, and another name may share that.
    """
    transport = httpx.AsyncHTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
    return httpx.AsyncClient(transport=transport, timeout=TRY_SECONDS, trust_env=False, follow_redirects=False)


async def _serve(database: Database, client: httpx.AsyncClient, hook: Webhook, allow_private: bool) -> int:
    """Send to one webhook until nothing is due, the run's time is over, or it does not take one: what waits behind that
    one goes out in the next run.
    """
    ends, sent, more = time.monotonic() + RUN_SECONDS, 0, AT_ONCE
    while more == AT_ONCE:
        async with database.write() as session:
            more = await collect(session, hook.id)
    while time.monotonic() < ends:
        async with database.write() as session:
            one = await take(session, hook.id)
        if one is None:
            break
        said, taken = await _try(client, hook, one, allow_private)
        async with database.write() as session:
            await settle(session, one.id, said, taken=taken)
        if not taken:
            break
        sent += 1
    return sent


async def _try(client: httpx.AsyncClient, hook: Webhook, one: WebhookDelivery, allow_private: bool) -> tuple[str, bool]:
    try:
        async with asyncio.timeout(TRY_SECONDS):
            status = await _post(client, hook, body_of(one), allow_private)
    except TimeoutError:
        return f"no answer within {TRY_SECONDS:.0f} seconds", False
    except RefusedAddress as error:
        return str(error), False
    except httpx.HTTPError as error:
        return f"not reached: {type(error).__name__}", False
    return f"answered {status}", httpx.codes.is_success(status)


async def _post(client: httpx.AsyncClient, hook: Webhook, body: bytes, allow_private: bool) -> int:
    """Return the status that the receiver answers. The connection goes to an address that was checked, under the name
    that the certificate must be for; of the answer only its head is read.
    """
    url = httpx.URL(hook.url)
    headers = {
        "Host": url.netloc.decode(),
        "Content-Type": "application/json",
        "User-Agent": "Caspian",
        HEADER: signature(hook.secret, int(now().timestamp()), body),
    }
    addresses = await resolve(url, allow_private=allow_private)
    for position, address in enumerate(addresses, 1):
        place = url.copy_with(host=address)
        try:
            async with client.stream(
                "POST", place, content=body, headers=headers, extensions={"sni_hostname": url.raw_host.decode()}
            ) as answer:
                return answer.status_code
        except httpx.ConnectError:
            if position == len(addresses):
                raise
    raise RefusedAddress(f"the name {url.host} resolves to no address")
