"""Door: the outermost layer, around API and console alike, as plain ASGI because it runs on every request.

It gives each request an id, puts the security headers on each answer, counts and times it under its route template,
and turns what nobody foresaw into a problem without a word of its inside.
"""

import re
import time
import traceback
import uuid
from collections.abc import Mapping

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api import problems
from api.metrics import Metrics
from core.logging import logger

REQUEST_ID = re.compile(rb"[A-Za-z0-9._:-]{8,64}")
"""What is taken over from a caller's X-Request-Id: enough for every tracing scheme, too little to smuggle a name."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)

HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=(), payment=()"),
)

STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000")
NO_STORE = (b"cache-control", b"no-store")
"""Answers name people; no cache keeps them unless the route itself says otherwise (static files do)."""

UNROUTED = "(no route)"


class Door:
    """The middleware. `metrics` is the app's own."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics
        self._log = logger(__name__)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; anything but HTTP passes untouched."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        structlog.contextvars.bind_contextvars(request_id=request_id)
        answer = _Answer(send, request_id, is_secure=scope["scheme"] == "https")
        try:
            await self._app(scope, receive, answer.send)
        except Exception as error:
            if (
                answer.status
            ):  # the head is out: only cutting the connection tells the client that this is no whole answer
                raise
            self._report(error, scope)
            response = await problems.on_unknown_error(Request(scope, receive))
            await response(scope, receive, answer.send)
        finally:
            seconds = time.perf_counter() - started
            self._log.debug(
                "answered", method=_method(scope), route=_route(scope), status=answer.status, seconds=seconds
            )
            structlog.contextvars.unbind_contextvars("request_id")
            self._metrics.answered(_method(scope), _route(scope), answer.status, seconds)

    def _report(self, error: Exception, scope: Scope) -> None:
        """Log where it broke but not what the error says: a driver's message quotes names."""
        frames = "".join(traceback.format_tb(error.__traceback__))
        self._log.error("unforeseen error", error=type(error).__name__, route=_route(scope), frames=frames)
        self._log.debug("unforeseen error, in full", exc_info=error)


class BodyCap:
    """Refuses a request whose body is larger than `most` bytes: before it is read where its length is declared, else
    as soon as that many have come. (FastAPI's own limit answers in plain text.) `files` says, by a pattern for the
    whole path, how many bytes the addresses take that files are sent to.
    """

    def __init__(self, app: ASGIApp, most: int, files: Mapping[str, int] | None = None) -> None:
        self._app = app
        self._most = most
        self._files = [(re.compile(pattern), size) for pattern, size in (files or {}).items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with a receive that counts."""
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self._app(scope, receive, send)
            return
        most = next((size for path, size in self._files if path.fullmatch(scope["path"])), self._most)
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if declared.isdigit() and int(declared) > most:
            response = await problems.on_http_error(Request(scope, receive), self._refusal(most))
            await response(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > most:
                raise self._refusal(most)
            return message

        await self._app(scope, counted, send)

    @staticmethod
    def _refusal(most: int) -> HTTPException:
        return HTTPException(413, f"A body of at most {most:,} bytes is read here. Send less, or split it.")


class _Answer:
    """One answer on its way out: adds the headers to its head and remembers its status."""

    def __init__(self, send: Send, request_id: str, *, is_secure: bool) -> None:
        self._send = send
        self._extra = [(b"x-request-id", request_id.encode()), *HEADERS]
        if is_secure:
            self._extra.append(STRICT_TRANSPORT)
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = message["headers"]
            message["headers"] = [*headers, *self._extra]
            if not any(name == b"cache-control" for name, _ in headers):
                message["headers"].append(NO_STORE)
        await self._send(message)


def _request_id(scope: Scope) -> str:
    given = next((value for name, value in scope["headers"] if name == b"x-request-id"), b"")
    return given.decode() if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


def _method(scope: Scope) -> str:
    """A method that nobody defined must not become a label of its own: labels live for ever."""
    method: str = scope["method"]
    return method if method in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} else "OTHER"


def _route(scope: Scope) -> str:
    """The route's template (`/v1/screenings/{id}`), never the path itself: paths hold ids."""
    return getattr(scope.get("route"), "path", None) or UNROUTED
