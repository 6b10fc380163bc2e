"""StrictRoute: an address that refuses what it does not know, instead of ignoring it.

Unknown or repeated query parameters, a body that is not JSON, and JSON that only a lenient reader accepts (NaN, half
of a surrogate pair, bad UTF-8) are refused here, once for all routes. Unknown fields of a body are refused by its
model (`extra="forbid"`).
"""

import json
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import from_json
from starlette.exceptions import HTTPException

JSON_TYPE = re.compile(r"application/(json|[\w.+-]+\+json)\s*(;|$)", re.IGNORECASE)


class StrictRequest(Request):
    """A request whose JSON is read by pydantic's own reader: as quick as it gets, and by the letter of RFC 8259."""

    async def json(self) -> Any:
        """Return the body as JSON. Raises json.JSONDecodeError, whose message names line and column."""
        try:
            return from_json(await self.body(), allow_inf_nan=False)
        except ValueError as error:
            raise json.JSONDecodeError(str(error), "", 0) from error


class StrictRoute(APIRoute):
    """The route class of every router of the API."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler for this route behind the checks of this module."""
        handler = super().get_route_handler()
        known = frozenset(_parameters(self.dependant))
        has_body = self.body_field is not None

        async def strict(request: Request) -> Response:
            if request.scope["query_string"]:
                _check_query(request, known)
            if has_body:
                _check_media_type(request)
            return await handler(StrictRequest(request.scope, request.receive))

        return strict


def _parameters(dependant: Dependant) -> Iterator[str]:
    for parameter in dependant.query_params:
        shape = parameter.field_info.annotation
        if isinstance(shape, type) and issubclass(shape, BaseModel):
            yield from shape.model_fields
        else:
            yield parameter.alias
    for child in dependant.dependencies:
        yield from _parameters(child)


def _check_query(request: Request, known: frozenset[str]) -> None:
    """Raise RequestValidationError for each parameter that the route does not know, and for one given twice."""
    given = [name for name, _ in request.query_params.multi_items()]
    wrong: list[dict[str, Any]] = [
        {
            "type": "unknown_query",
            "loc": ("query", name),
            "msg": "",
            "ctx": {"known": ", ".join(sorted(known)) or "none"},
        }
        for name in dict.fromkeys(given)
        if name not in known
    ]
    wrong += [
        {"type": "repeated_query", "loc": ("query", name), "msg": "", "ctx": {}}
        for name in dict.fromkeys(given)
        if name in known and given.count(name) > 1
    ]
    if wrong:
        raise RequestValidationError(wrong)


def _check_media_type(request: Request) -> None:
    """Raise 415 where a body is sent that does not say it is JSON; a request without any body is answered later."""
    declared = request.headers.get("content-type", "")
    is_empty = request.headers.get("content-length", "") == "0" or (
        "content-length" not in request.headers and "transfer-encoding" not in request.headers
    )
    if not JSON_TYPE.match(declared) and not is_empty:
        said = f"This one says {declared[:80]!r}." if declared else "This one says nothing."
        raise HTTPException(415, f"Send the body with `Content-Type: application/json`. {said}")
