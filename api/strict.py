"""StrictRoute: an address that refuses what it does not know, instead of ignoring it.

Unknown or repeated query parameters, a body that is not JSON (or not a form, where a file is sent), and JSON that only
a lenient reader accepts (NaN, half of a surrogate pair, bad UTF-8) are refused here, once for all routes. Unknown
fields of a body are refused by its model (`extra="forbid"`), those of a form here.
"""

import json
import re
from collections.abc import Callable, Coroutine, Iterator
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.params import Form as FormInfo
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import from_json
from starlette.exceptions import HTTPException

JSON_TYPE = re.compile(r"application/(json|[\w.+-]+\+json)\s*(;|$)", re.IGNORECASE)

FORM_TYPE = re.compile(r"multipart/form-data\s*;", re.IGNORECASE)


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
        is_form = any(isinstance(parameter.field_info, FormInfo) for parameter in self.dependant.body_params)
        names = frozenset(parameter.alias for parameter in self.dependant.body_params) if is_form else frozenset()

        async def strict(request: Request) -> Response:
            if request.scope["query_string"]:
                _check_query(request, known)
            told = StrictRequest(request.scope, request.receive)
            if is_form:
                await _check_form(told, names)
            elif has_body:
                _check_media_type(request)
            return await handler(told)

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


async def _check_form(request: Request, known: frozenset[str]) -> None:
    """Raise 415 where what is sent is no form, and RequestValidationError for each of its fields that is not known."""
    if _is_empty(request):
        return  # what is missing is told once the caller is known
    if not FORM_TYPE.match(request.headers.get("content-type", "")):
        raise HTTPException(415, "Send the body as `multipart/form-data`.")
    form = await request.form()  # kept by the request: the handler reads it again
    unknown = [
        {"type": "extra_forbidden", "loc": ("body", name), "msg": "", "ctx": {}} for name in form if name not in known
    ]
    if unknown:
        await form.close()
        raise RequestValidationError(unknown)


def _check_media_type(request: Request) -> None:
    """Raise 415 where a body is sent that does not say it is JSON; a request without any body is answered later."""
    declared = request.headers.get("content-type", "")
    if not JSON_TYPE.match(declared) and not _is_empty(request):
        said = f"This one says {declared[:80]!r}." if declared else "This one says nothing."
        raise HTTPException(415, f"Send the body with `Content-Type: application/json`. {said}")


def _is_empty(request: Request) -> bool:
    if request.headers.get("content-length", "") == "0":
        return True
    return "content-length" not in request.headers and "transfer-encoding" not in request.headers
