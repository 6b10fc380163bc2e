"""Auth: who is calling, told by the key in the header, and whether the role table lets them.

A key travels in a header and nowhere else: addresses end up in logs, histories and referrers.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api import permissions
from api.deps import Services, get_services
from core.errors import NotAllowed, Unauthenticated
from screening.access import Principal, Role

HOW = "Send the header `Authorization: Bearer ck_…` or `X-API-Key: ck_…`."


def presented_key(request: Request) -> str:
    """Return the key that the headers carry. Raises Unauthenticated where there is none, or where two differ."""
    authorization = request.headers.get("authorization", "")
    scheme, _, bearer = authorization.partition(" ")
    if authorization and scheme.lower() != "bearer":
        msg = f"The Authorization header is not a Bearer token. {HOW}"
        raise Unauthenticated(msg)
    keys = {key for key in (bearer.strip(), request.headers.get("x-api-key", "").strip()) if key}
    if not keys:
        msg = f"No API key was sent. {HOW}"
        raise Unauthenticated(msg)
    if len(keys) > 1:
        msg = "Two different API keys were sent. Send one."
        raise Unauthenticated(msg)
    return keys.pop()


async def principal(request: Request) -> Principal:
    """Return on whose behalf the request acts. Raises Unauthenticated for a key that is not (or no longer) valid."""
    return await get_services(request).keys.authenticate(presented_key(request))


def require(*roles: Role) -> Callable[[Request], Awaitable[Principal]]:
    """Return a dependency that lets these roles through and raises NotAllowed for every other."""

    async def required(request: Request) -> Principal:
        caller = await principal(request)
        if caller.role not in roles:
            msg = f"The role {caller.role.value!r} may not do this. It is for: {', '.join(sorted(roles))}."
            raise NotAllowed(msg)
        return caller

    return required


@dataclass(frozen=True, slots=True)
class Call:
    """One authorised call: what a handler needs of it."""

    principal: Principal
    services: Services
    request_id: str


async def authorised(request: Request) -> Call:
    """Return the call, if its key is valid and the role table lets its role use this route with this method."""
    caller = await principal(request)
    permissions.check(caller.role, request.method, request.scope["route"].path)
    return Call(caller, get_services(request), request.state.request_id)


Authorised = Annotated[Call, Depends(authorised)]
"""What each handler of `/v1` takes as its first parameter."""
