"""Fetching over real sockets: conditional, redirected, retried, cut short, too slow, too large."""

import asyncio
import gzip
import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from core.errors import ListFetchError
from lists.checks import Validators
from lists.fetch import FetchLimits, NotModified, fetch, refuse_downgrade
from lists.files import FetchedFile

LIMITS = FetchLimits(max_bytes=1_000_000, timeout=2.0, connect=2.0, reach=10.0, attempts=3, pause=0.01)
BODY = b"#demo,2026-11-01\n0,Ivan\n1,Ali\n#end,2\n"


Handle = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def serving(handle: Handle) -> AsyncIterator[str]:
    """A server that answers badly on purpose, in bytes; yields its address."""
    connections: set[asyncio.Task[None]] = set()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connections.add(task)
        with suppress(asyncio.CancelledError, ConnectionError):
            await handle(reader, writer)
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(connected, "127.0.0.1", 0)
    yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/list"
    server.close()
    for task in connections:
        task.cancel()
    await asyncio.gather(*connections, return_exceptions=True)
    await asyncio.sleep(0)


async def got(url: str, into: Path, limits: FetchLimits = LIMITS, known: Validators | None = None) -> FetchedFile:
    came = await fetch(url, into, limits, known)
    assert isinstance(came, FetchedFile)
    return came


async def test_a_file_is_streamed_to_disk_with_its_hash_and_validators(httpserver: HTTPServer, tmp_path: Path) -> None:
    headers = {"ETag": '"v1"', "Last-Modified": "Sun, 01 Nov 2026 00:00:00 GMT"}
    httpserver.expect_request("/SDN.XML").respond_with_data(BODY, headers=headers)
    came = await got(httpserver.url_for("/SDN.XML"), tmp_path)
    assert came.path.read_bytes() == BODY
    assert came.sha256 == hashlib.sha256(BODY).hexdigest()
    assert (came.etag, came.last_modified) == ('"v1"', "Sun, 01 Nov 2026 00:00:00 GMT")
    assert came.file_name == "SDN.XML"
    request, _ = httpserver.log[0]
    assert request.headers["User-Agent"].startswith("Caspian/")
    assert "If-None-Match" not in request.headers


async def test_an_unchanged_file_is_not_sent_again(httpserver: HTTPServer, tmp_path: Path) -> None:
    seen: list[tuple[str | None, str | None]] = []

    def answer(request: Request) -> Response:
        seen.append((request.headers.get("If-None-Match"), request.headers.get("If-Modified-Since")))
        return Response(status=304)

    httpserver.expect_request("/list").respond_with_handler(answer)
    known = Validators('"v1"', "Sun, 01 Nov 2026 00:00:00 GMT")
    assert isinstance(await fetch(httpserver.url_for("/list"), tmp_path, LIMITS, known), NotModified)
    assert seen == [('"v1"', "Sun, 01 Nov 2026 00:00:00 GMT")]


async def test_a_304_that_nobody_asked_for_is_refused(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_data(status=304)
    with pytest.raises(ListFetchError, match="304"):
        await fetch(httpserver.url_for("/list"), tmp_path, LIMITS)


async def test_redirects_are_followed_and_the_configured_address_stays(httpserver: HTTPServer, tmp_path: Path) -> None:
    moved = {"Location": httpserver.url_for("/short-lived?signature=abc")}
    httpserver.expect_request("/list").respond_with_data(status=302, headers=moved)
    disposition = {"Content-Disposition": 'attachment; filename="../../SDN_ENHANCED.XML"'}
    httpserver.expect_request("/short-lived").respond_with_data(BODY, headers=disposition)
    came = await got(httpserver.url_for("/list"), tmp_path)
    assert came.path.read_bytes() == BODY
    assert came.origin == httpserver.url_for("/list")
    assert came.file_name == "SDN_ENHANCED.XML"
    assert came.path.parent == tmp_path


async def test_a_circle_of_redirects_ends(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_data(status=302, headers={"Location": "/list"})
    with pytest.raises(ListFetchError, match="redirect"):
        await fetch(httpserver.url_for("/list"), tmp_path, LIMITS)
    assert len(httpserver.log) == 6


@pytest.mark.parametrize(("target", "refused"), [("http://other.example/", True), ("/elsewhere", False)])
async def test_a_redirect_from_https_to_http_is_not_followed(target: str, refused: bool) -> None:
    request = httpx.Request("GET", "https://publisher.example/list")
    response = httpx.Response(302, headers={"location": target}, request=request)
    if not refused:
        await refuse_downgrade(response)
        return
    with pytest.raises(ListFetchError, match="from https to http"):
        await refuse_downgrade(response)


@pytest.mark.parametrize("status", [500, 503, 429])
async def test_a_passing_error_is_tried_again(httpserver: HTTPServer, tmp_path: Path, status: int) -> None:
    httpserver.expect_ordered_request("/list").respond_with_data(status=status)
    httpserver.expect_ordered_request("/list").respond_with_data(status=status)
    httpserver.expect_ordered_request("/list").respond_with_data(BODY)
    assert (await got(httpserver.url_for("/list"), tmp_path)).path.read_bytes() == BODY


async def test_a_lasting_error_is_given_up_with_its_status(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_data(status=503)
    with pytest.raises(ListFetchError, match="answered 503"):
        await fetch(httpserver.url_for("/list"), tmp_path, LIMITS)
    assert len(httpserver.log) == 3


async def test_not_found_is_not_tried_again(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_data(status=404)
    with pytest.raises(ListFetchError, match="answered 404"):
        await fetch(httpserver.url_for("/list"), tmp_path, LIMITS)
    assert len(httpserver.log) == 1


@pytest.mark.parametrize("as_date", [False, True])
async def test_retry_after_is_heeded(httpserver: HTTPServer, tmp_path: Path, as_date: bool) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=2), usegmt=True) if as_date else "1"
    httpserver.expect_ordered_request("/list").respond_with_data(status=429, headers={"Retry-After": later})
    httpserver.expect_ordered_request("/list").respond_with_data(BODY)
    started = time.monotonic()
    await got(httpserver.url_for("/list"), tmp_path)
    assert time.monotonic() - started >= 0.9


async def test_a_long_retry_after_is_left_to_the_next_check(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_data(status=429, headers={"Retry-After": "3600"})
    with pytest.raises(ListFetchError, match="answered 429"):
        await fetch(httpserver.url_for("/list"), tmp_path, LIMITS)
    assert len(httpserver.log) == 1


async def test_a_silent_server_is_given_up(tmp_path: Path) -> None:
    async def say_nothing(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(30)

    started = time.monotonic()
    async with serving(say_nothing) as url:
        with pytest.raises(ListFetchError, match=r"127\.0\.0\.1 did not answer in time"):
            await fetch(url, tmp_path, replace(LIMITS, timeout=0.2, attempts=2))
        with pytest.raises(ListFetchError, match="did not answer in time"):
            await fetch(url, tmp_path, replace(LIMITS, timeout=20, reach=0.2))
    assert time.monotonic() - started < 5


async def test_a_trickle_of_bytes_is_given_up(tmp_path: Path) -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"#")
            await asyncio.sleep(0.05)

    async with serving(trickle) as url:
        with pytest.raises(ListFetchError, match="did not answer in time"):
            await fetch(url, tmp_path, replace(LIMITS, whole=0.5))


async def test_a_download_cut_short_is_refused_after_the_last_attempt(tmp_path: Path) -> None:
    asked = 0

    async def cut_short(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal asked
        asked += 1
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + BODY)
        await writer.drain()

    async with serving(cut_short) as url:
        with pytest.raises(ListFetchError, match="complete"):
            await fetch(url, tmp_path, LIMITS)
    assert asked == 3


async def test_a_closed_port_costs_little(tmp_path: Path, unused_tcp_port: int) -> None:
    started = time.monotonic()
    with pytest.raises(ListFetchError, match=r"127\.0\.0\.1 could not be read"):
        await fetch(f"http://127.0.0.1:{unused_tcp_port}/list", tmp_path, FetchLimits().quick())
    assert time.monotonic() - started < 4


@pytest.mark.parametrize("declared", [True, False])
async def test_a_file_above_the_cap_is_refused(httpserver: HTTPServer, tmp_path: Path, declared: bool) -> None:
    def answer(_request: Request) -> Response:
        if declared:
            return Response(b"x" * 2_000_000)
        return Response((b"x" * 100_000 for _ in range(20)), direct_passthrough=True)

    httpserver.expect_request("/list").respond_with_handler(answer)
    with pytest.raises(ListFetchError, match="larger than 1,000,000 bytes"):
        await fetch(httpserver.url_for("/list"), tmp_path, LIMITS)


async def test_a_compressed_answer_is_capped_by_what_it_unpacks_to(httpserver: HTTPServer, tmp_path: Path) -> None:
    packed = gzip.compress(b"x" * 20_000_000)
    httpserver.expect_request("/list").respond_with_data(packed, headers={"Content-Encoding": "gzip"})
    with pytest.raises(ListFetchError, match="larger than 1,000,000 bytes"):
        await fetch(httpserver.url_for("/list"), tmp_path, LIMITS)


async def test_a_password_in_the_address_is_never_kept(httpserver: HTTPServer, tmp_path: Path) -> None:
    httpserver.expect_request("/list").respond_with_data(BODY)
    url = httpserver.url_for("/list").replace("http://", "http://bank:secret@")
    came = await got(url, tmp_path)
    assert came.origin == httpserver.url_for("/list")
    assert httpserver.log[0][0].headers["Authorization"].startswith("Basic ")


@pytest.mark.parametrize("url", ["http://", "https://[bad/list", "http://127.0.0.1:99999/list"])
async def test_an_address_that_is_none_is_a_fetch_error(url: str, tmp_path: Path) -> None:
    with pytest.raises(ListFetchError):
        await fetch(url, tmp_path, replace(LIMITS, attempts=1))
