"""Problems: the one table from an error to an HTTP answer (RFC 9457), and the handlers that use it.

The rest of the house raises errors that know no HTTP (`core.errors`). Every refusal of every door leaves through
`response`, so that each has the same shape: type, title, status, detail, instance, and `errors` where fields are
at fault. The types are stable and described one by one in `docs/api.md`; a test holds that page and this table
together. A problem never holds a stack trace, a key, or what the caller sent.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from pydantic_core import to_json
from sqlalchemy.exc import OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ExceptionHandler

from api.advice import MALFORMED, complaints
from core import errors
from core.logging import logger

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_SECONDS = "5"
"""An index swap or a database restart is over in seconds; a client that waits this long rarely waits twice."""

_log = logger(__name__)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: the last part of its type URI, its status, its title, and what the caller can do."""

    slug: str
    status: int
    title: str
    todo: str

    @property
    def type(self) -> str:
        """The stable type URI, relative to this server, where it is described to whoever follows it."""
        return f"/problems/{self.slug}"


KINDS: tuple[Kind, ...] = (
    Kind("malformed-json", 400, "The body is not well-formed JSON", "Correct the JSON at the position named."),
    Kind("bad-request", 400, "The request cannot be read", "Send a well-formed HTTP request."),
    Kind("unauthenticated", 401, "A valid API key is needed", "Send the header `Authorization: Bearer ck_…`."),
    Kind("not-allowed", 403, "The role of this key may not do this", "Use a key whose role may; see the role table."),
    Kind("not-found", 404, "There is no such record", "Check the address and the id."),
    Kind("method-not-allowed", 405, "This address does not know the method", "Use a method of the `Allow` header."),
    Kind(
        "conflict",
        409,
        "The request contradicts what is recorded",
        "Read it again; send a new request.",
    ),
    Kind("too-large", 413, "The request is above a size limit", "Send less, or split it."),
    Kind(
        "unsupported-media-type",
        415,
        "The body is not JSON",
        "Say what you send: JSON, or a form with a file.",
    ),
    Kind("invalid-input", 422, "What was asked cannot be read", "Correct each field named in `errors`."),
    Kind("audit-broken", 500, "The audit log is not what it was", "Stop, and run `caspian audit verify`."),
    Kind("internal", 500, "Something went wrong on our side", "Report the request id; nothing was answered."),
    Kind("list-refused", 502, "The list was not renewed", "Read the reason; the snapshot in force stays in force."),
    Kind("unavailable", 503, "The service cannot answer now", "Try again in a few seconds; see `/readyz`."),
    Kind("not-ready", 503, "The service is not ready", "Put right each point named in `errors`."),
)

BY_SLUG: Mapping[str, Kind] = {kind.slug: kind for kind in KINDS}

BY_ERROR: tuple[tuple[type[errors.CaspianError], str], ...] = (
    (errors.InvalidInput, "invalid-input"),
    (errors.NotFound, "not-found"),
    (errors.NotAllowed, "not-allowed"),
    (errors.Unauthenticated, "unauthenticated"),
    (errors.Conflict, "conflict"),
    (errors.TooLarge, "too-large"),
    (errors.Unavailable, "unavailable"),
    (errors.ListError, "list-refused"),
    (errors.AuditError, "audit-broken"),
)
"""Which problem each error of `core.errors` becomes; a subclass goes with its parent."""

BY_STATUS: Mapping[int, str] = {
    400: "bad-request",
    401: "unauthenticated",
    403: "not-allowed",
    404: "not-found",
    405: "method-not-allowed",
    413: "too-large",
    415: "unsupported-media-type",
    503: "unavailable",
}
"""Which problem a status that the framework itself raises becomes."""

EXTRA_HEADERS: Mapping[str, Mapping[str, str]] = {
    "unauthenticated": {"WWW-Authenticate": 'Bearer realm="caspian"'},
    "unavailable": {"Retry-After": RETRY_AFTER_SECONDS},
    "not-ready": {"Retry-After": RETRY_AFTER_SECONDS},
}

Page = Callable[[Request, Mapping[str, Any]], Awaitable[Response]]
"""Draws a problem as a page for a browser; the console registers one as `app.state.problem_page`."""


def kind_of(error: Exception) -> Kind:
    """Return the kind of problem an error is; `internal` for one that nobody raised on purpose."""
    slug = next((slug for parent, slug in BY_ERROR if isinstance(error, parent)), "internal")
    return BY_SLUG[slug]


def body(kind: Kind, detail: str, request: Request, wrong: list[dict[str, str]] | None = None) -> dict[str, Any]:
    """Return the problem as RFC 9457 lays it out. `wrong` becomes its `errors`; `instance` is the path asked for."""
    problem: dict[str, Any] = {
        "type": kind.type,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
        "instance": request.url.path,
        "request_id": request.scope.get("state", {}).get("request_id", ""),
    }
    if wrong:
        problem["errors"] = wrong
    return problem


async def response(request: Request, problem: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> Response:
    """Return the problem as JSON, or as a page where a browser asks for one and the console can draw it."""
    kind = str(problem["type"]).rpartition("/")[2]
    extra = {**EXTRA_HEADERS.get(kind, {}), **(headers or {})}
    page = cast("Page | None", getattr(request.app.state, "problem_page", None))
    if page is not None and _is_browser(request):
        drawn = await page(request, problem)
        drawn.headers.update(extra)
        return drawn
    return Response(to_json(problem), problem["status"], extra, MEDIA_TYPE)


def _is_browser(request: Request) -> bool:
    """A person's browser asks for text/html, and never for an address of the API."""
    return not request.url.path.startswith("/v1/") and "text/html" in request.headers.get("accept", "")


async def on_caspian_error(request: Request, error: Exception) -> Response:
    """Answer an error that was raised on purpose."""
    wrong = [{"in": "body", "field": e.field, "message": e.message} for e in getattr(error, "errors", ())]
    return await response(request, body(kind_of(error), str(error), request, wrong))


async def on_http_error(request: Request, error: Exception) -> Response:
    """Answer what the framework refuses: no such address, wrong method, too large a body."""
    status = cast("HTTPException", error)
    unnamed = "internal" if status.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR else "bad-request"
    kind = BY_SLUG[BY_STATUS.get(status.status_code, unnamed)]
    return await response(request, body(kind, _detail(status, kind), request), status.headers)


def _detail(error: HTTPException, kind: Kind) -> str:
    """The framework's own phrases ("Not Found") say nothing; ours says what to do."""
    standard = HTTPStatus(error.status_code).phrase
    return kind.todo if error.detail in ("", standard) or kind.slug == "internal" else str(error.detail)


async def on_validation_error(request: Request, error: Exception) -> Response:
    """Answer fields that cannot be read, each with what to do about it; or JSON that is none, with the position."""
    wrong = complaints(cast("RequestValidationError", error).errors())
    if wrong and wrong[0]["code"] == MALFORMED:
        return await response(request, body(BY_SLUG["malformed-json"], wrong[0]["message"], request))
    fields = ", ".join(dict.fromkeys(w["field"] or w["in"] for w in wrong))
    detail = f"Not readable: {fields}. Nothing was screened and nothing recorded."
    shown = [{key: w[key] for key in ("in", "field", "message")} for w in wrong]
    return await response(request, body(BY_SLUG["invalid-input"], detail, request, shown))


async def on_database_error(request: Request, error: Exception) -> Response:
    """Answer a database that is away, as while it restarts. What the driver says may quote names: it goes nowhere."""
    _log.warning("the database does not answer", error=type(error).__name__)
    detail = "The database does not answer. Sent again under one Idempotency-Key, nothing is recorded twice."
    return await response(request, body(BY_SLUG["unavailable"], detail, request))


async def on_unknown_error(request: Request) -> Response:
    """Answer an error that nobody foresaw: no word of it goes out, only the id under which the log has it."""
    kind = BY_SLUG["internal"]
    return await response(request, body(kind, kind.todo, request))


def install(app: FastAPI) -> None:
    """Let every error of `app` leave as a problem. Unforeseen ones are for the outermost middleware."""
    handlers: dict[type[Exception], ExceptionHandler] = {
        errors.CaspianError: on_caspian_error,
        HTTPException: on_http_error,
        OperationalError: on_database_error,
        RequestValidationError: on_validation_error,
    }
    for parent, handler in handlers.items():
        app.add_exception_handler(parent, handler)
