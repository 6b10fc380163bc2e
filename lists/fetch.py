"""Fetch: one list file from its publisher or a mirror over HTTP, streamed to disk with its SHA-256 on the way.

Conditional: what is unchanged is not sent again. Redirects are followed (OFAC answers 302 to an address that lives
for minutes), but the configured address stays the list's origin. Transport errors, 5xx and 429 are tried again.
"""

import asyncio
import hashlib
from dataclasses import dataclass
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import unquote, urlsplit

import httpx
import stamina

from core.clock import now
from core.errors import ListFetchError
from lists.address import public
from lists.checks import Validators
from lists.content import software_version
from lists.files import FetchedFile

MOST_REDIRECTS = 5
"""OFAC needs one, the EU's web gate two."""

LONGEST_WAIT = 60.0
"""A publisher that asks for a longer pause (Retry-After) is left for the next scheduled check."""

CHUNK = 256 * 1024

TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class FetchLimits:
    """How patient a fetch is. Times in seconds.

    `timeout`: without a byte. `connect`: to reach the host. `reach`: from the start to the first byte, all attempts
    together. `whole`: for everything, so that a publisher who trickles bytes cannot hold a check for ever.
    """

    max_bytes: int = 512 * 1024**2
    timeout: float = 60.0
    connect: float = 5.0
    reach: float = 180.0
    whole: float = 1_800.0
    attempts: int = 4
    pause: float = 1.0

    def quick(self) -> "FetchLimits":
        """The same for a first run: one attempt, so that all publishers out of reach cost 10 seconds together."""
        return FetchLimits(self.max_bytes, self.timeout, min(self.connect, 4.0), 10.0, self.whole, 1, self.pause)


class NotModified:
    """The publisher's file is the one that the validators describe."""


class _TryAgain(Exception):  # noqa: N818 - a signal to the retry loop, never seen outside
    """A status that may pass; `pause` is what the publisher asked for, in seconds."""

    def __init__(self, reason: str, pause: float | None) -> None:
        super().__init__(reason)
        self.pause = pause


async def fetch(
    url: str, into: Path, limits: FetchLimits, validators: Validators | None = None
) -> FetchedFile | NotModified:
    """Fetch `url` into the directory `into`; NotModified when the publisher says that nothing changed.

    Raises ListFetchError, with the reason in plain words, when no whole file came within the limits.
    """
    host = _host(url)
    patient = stamina.AsyncRetryingCaller(
        attempts=limits.attempts,
        timeout=None,  # `reach` and `whole` bound it
        wait_initial=limits.pause,
        wait_jitter=limits.pause,
        wait_max=LONGEST_WAIT,
    )
    try:
        async with asyncio.timeout(limits.whole), _client(limits) as client, asyncio.timeout(limits.reach) as reach:
            request = _Request(client, url, into, limits, validators or Validators(), reach)
            return await patient(_again, request.send)
    except _TryAgain as error:
        raise ListFetchError(str(error)) from error
    except (TimeoutError, httpx.TimeoutException) as error:
        raise ListFetchError(f"{host} did not answer in time") from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise ListFetchError(f"{host} could not be read: {error or type(error).__name__}") from error


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        if parts.hostname and parts.port != 0:  # `port` raises for a number that is none
            return parts.hostname
    except ValueError as error:
        raise ListFetchError(f"{public(url)} is not an address: {error}") from error
    raise ListFetchError(f"{public(url)} is not an address: it names no host")


async def refuse_downgrade(response: httpx.Response) -> None:
    """Raise ListFetchError when a redirect leaves https for plain http: anyone on the way could swap the list."""
    if response.has_redirect_location and response.request.url.scheme == "https":
        target = response.request.url.join(response.headers["location"])
        if target.scheme != "https":
            raise ListFetchError(f"{response.request.url.host} redirects from https to {target.scheme}: not followed")


@dataclass(frozen=True, slots=True)
class _Request:
    """One GET, to be sent until it is answered."""

    client: httpx.AsyncClient
    url: str
    into: Path
    limits: FetchLimits
    validators: Validators
    reach: asyncio.Timeout

    async def send(self) -> FetchedFile | NotModified:
        async with self.client.stream("GET", self.url, headers=_conditions(self.validators)) as response:
            if response.status_code in TRY_AGAIN:
                raise _TryAgain(f"{response.url.host} answered {response.status_code}", _pause(response))
            if response.status_code == httpx.codes.NOT_MODIFIED and self.validators:
                return NotModified()
            if response.status_code != httpx.codes.OK:
                raise ListFetchError(f"{response.url.host} answered {response.status_code} {response.reason_phrase}")
            self.reach.reschedule(None)
            return await self._receive(response)

    async def _receive(self, response: httpx.Response) -> FetchedFile:
        declared = response.headers.get("content-length", "")
        if declared.isdigit():
            self._check_size(int(declared))
        target = self.into / "download"
        digest, size = hashlib.sha256(), 0
        file = await asyncio.to_thread(target.open, "wb")
        with file:
            async for chunk in response.aiter_bytes(CHUNK):
                size += len(chunk)
                self._check_size(size)
                digest.update(chunk)
                await asyncio.to_thread(file.write, chunk)
        return FetchedFile(
            path=target,
            sha256=digest.hexdigest(),
            file_name=_file_name(response, self.url),
            origin=public(self.url),
            fetched_at=now(),
            etag=response.headers.get("etag"),
            last_modified=response.headers.get("last-modified"),
        )

    def _check_size(self, size: int) -> None:
        if size > self.limits.max_bytes:
            raise ListFetchError(f"the file is larger than {self.limits.max_bytes:,} bytes (CASPIAN_FETCH_MAX_BYTES)")


def _client(limits: FetchLimits) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        timeout=httpx.Timeout(limits.timeout, connect=limits.connect),
        follow_redirects=True,
        max_redirects=MOST_REDIRECTS,
        headers={"User-Agent": f"Caspian/{software_version()}", "Accept-Encoding": "gzip"},
        event_hooks={"response": [refuse_downgrade]},
    )


def _conditions(validators: Validators) -> dict[str, str]:
    found = {"If-None-Match": validators.etag, "If-Modified-Since": validators.last_modified}
    return {name: value for name, value in found.items() if value}


def _again(error: Exception) -> bool | float:
    """Return whether to try again, or after how many seconds."""
    if isinstance(error, _TryAgain):
        if error.pause is None:
            return True
        return error.pause if error.pause <= LONGEST_WAIT else False
    return isinstance(error, httpx.TransportError) and not isinstance(error, httpx.UnsupportedProtocol)


def _pause(response: httpx.Response) -> float | None:
    """Return the seconds of a Retry-After header, which is a number or a date (RFC 9110, 10.2.3); None without."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdigit():
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (moment - now()).total_seconds()) if moment.tzinfo else None


def _file_name(response: httpx.Response, url: str) -> str:
    """Return the name the publisher gives the file, for people to read; it is never used as a path."""
    header = Message()
    header["content-disposition"] = response.headers.get("content-disposition", "")
    name = header.get_filename() or unquote(httpx.URL(url).path)
    return name.replace("\\", "/").rstrip("/").rpartition("/")[2][:200] or httpx.URL(url).host
