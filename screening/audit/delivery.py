"""Delivery: checkpoints sent to an address that this machine's administrator does not control.

Each is a POST of one checkpoint as JSON. The newest one speaks for all before it, so only that is sent; what was sent
last is noted beside the checkpoints, and what an address did not take is sent again at the next occasion.
"""

import asyncio
import json
from pathlib import Path
from typing import Final

import httpx
import stamina

from core.errors import Unavailable
from core.settings import Settings
from screening.audit.checkpoint import Checkpoint, content_of
from screening.audit.kept import newest
from screening.audit.notary import places_of

NOTE: Final = "checkpoint-sent.json"
ATTEMPTS: Final = 4
TIMEOUT_SECONDS: Final = 10.0


async def deliver_news(settings: Settings) -> Checkpoint | None:
    """Send the newest checkpoint, if it was not sent before; return it, or None when there was nothing to send.

    Tried a few times with growing pauses where the address cannot be reached or says that it cannot now. Raises
    Unavailable when it did not take it.
    """
    if settings.checkpoints_url is None:
        return None
    note = settings.data_dir / NOTE
    found = await asyncio.to_thread(newest, places_of(settings)[:1])
    last = max(found, key=lambda one: (one.time, one.sequence), default=None)
    if last is None or await asyncio.to_thread(_sent, note) == last.signature:
        return None
    try:
        await _post(settings.checkpoints_url, settings.checkpoints_token, last)
    except httpx.HTTPError as error:
        said = f"{error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else type(error).__name__
        raise Unavailable(f"the checkpoint of entry {last.sequence} was not taken by its address: {said}") from error
    await asyncio.to_thread(note.write_text, json.dumps({"sequence": last.sequence, "signature": last.signature}))
    return last


async def _post(url: str, token: str | None, one: Checkpoint) -> None:
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    patient = stamina.AsyncRetryingCaller(attempts=ATTEMPTS, timeout=60.0, wait_initial=0.2, wait_max=5.0)
    async with httpx.AsyncClient(timeout=TIMEOUT_SECONDS, headers=headers) as client:

        async def once() -> None:
            (await client.post(url, json=content_of(one))).raise_for_status()

        await patient(_may_pass, once)


def _may_pass(error: Exception) -> bool:
    """Tell whether another try may help: not where the address says that the request itself is wrong."""
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code >= 500 or error.response.status_code == 429
    return isinstance(error, httpx.TransportError)


def _sent(note: Path) -> str:
    try:
        return str(json.loads(note.read_text())["signature"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""
