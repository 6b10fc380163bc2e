"""Session: who sits at the browser. A cookie that only the server reads, and a check that a form came from our pages.

The cookie is HttpOnly and SameSite=Strict, so no other site's page can use it; as a second lock every POST must say it
came from this origin, by Sec-Fetch-Site or, where a browser sends none (plain HTTP to another machine), by Origin.
"""

import base64
import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from fastapi import Depends, Request, Response
from fastapi.responses import RedirectResponse
from fastapi.routing import APIRoute

from api import permissions
from api.deps import get_services
from api.web.text import _
from core.errors import NotAllowed, Unauthenticated
from screening.access import Principal

COOKIE: Final = "caspian_session"
ATTEMPT_COOKIE: Final = "caspian_sign_in"
THEME_COOKIE: Final = "caspian_theme"
THEMES: Final = frozenset({"light", "dark"})
A_YEAR: Final = 365 * 24 * 3600

SEE_OTHER: Final = 303


class ConsoleRoute(APIRoute):
    """The route class of the console: guards every POST, sends whoever is not signed in to the sign-in page, and
    refuses each role what the role table does not give it.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return FastAPI's handler behind the three guards."""
        handler = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            if request.method not in {"GET", "HEAD"}:
                check_origin(request)
            method = "GET" if request.method == "HEAD" else request.method
            try:
                if (method, self.path) not in permissions.PUBLIC:
                    permissions.check((await signed_in(request)).role, method, self.path)
                return await handler(request)
            except Unauthenticated:
                return to_sign_in(request)

        return guarded


async def signed_in(request: Request) -> Principal:
    """Return who is signed in at this browser. Raises Unauthenticated without a session, or with one that has ended."""
    token = request.cookies.get(COOKIE, "")
    if not token:
        raise Unauthenticated(_("Sign in first."))
    return await get_services(request).sessions.signed_in(token)


Reader = Annotated[Principal, Depends(signed_in)]
"""Who is signed in; whoever is not is sent to the sign-in page."""


def check_origin(request: Request) -> None:
    """Raise NotAllowed unless the browser says that this request comes from a page of this server."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        is_ours = site == "same-origin"
    else:
        origin = urlsplit(request.headers.get("origin", ""))
        is_ours = bool(origin.netloc) and origin.netloc.lower() == request.headers.get("host", "").lower()
    if not is_ours:
        raise NotAllowed(_("This form did not come from a page of this server, so nothing was done."))


def to_sign_in(request: Request) -> Response:
    """Send the browser to the sign-in page, to come back where it wanted to read; an htmx request moves the page."""
    back = request.url.path if request.method == "GET" else "/"
    address = f"/sign-in?back={quote(back)}" if back != "/" else "/sign-in"
    if request.headers.get("hx-request") == "true":
        return Response(status_code=401, headers={"HX-Redirect": address})
    return RedirectResponse(address, SEE_OTHER)


def own_path(given: str) -> str:
    """Return an address to go back to if it is a path of this server, else the start page: never another site."""
    is_path = given.startswith("/") and not given.startswith(("//", "/\\")) and given.isprintable()
    return given if is_path and "\\" not in given else "/"


def keep(request: Request, response: Response, token: str) -> None:
    """Put the session's token into the cookie."""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(get_services(request).sessions.limits.life.total_seconds()),
        path="/",
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict",
    )


def forget(response: Response) -> None:
    """Take the cookie back."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="strict")


def keep_attempt(request: Request, response: Response, parts: Sequence[str]) -> None:
    """Put a sign-in through the provider into a cookie of its own, for ten minutes. It comes back from another site, so
    it cannot be Strict; it opens nothing without the code that the provider sends along.
    """
    secure = request.url.scheme == "https"
    kept = base64.urlsafe_b64encode(json.dumps(list(parts)).encode()).decode()
    response.set_cookie(
        ATTEMPT_COOKIE, kept, max_age=600, path="/sign-in", secure=secure, httponly=True, samesite="lax"
    )


def attempt(request: Request) -> list[str]:
    """Return the parts of the sign-in under way at this browser; none where there is none that can be read."""
    try:
        kept = json.loads(base64.urlsafe_b64decode(request.cookies.get(ATTEMPT_COOKIE, "")))
    except ValueError:
        return []
    return [str(part) for part in kept] if isinstance(kept, list) else []


def forget_attempt(response: Response) -> None:
    """Take the attempt's cookie back."""
    response.delete_cookie(ATTEMPT_COOKIE, path="/sign-in", httponly=True, samesite="lax")


def theme(request: Request) -> str:
    """Return `light` or `dark` if the reader chose one, else an empty text: the system decides."""
    chosen = request.cookies.get(THEME_COOKIE, "")
    return chosen if chosen in THEMES else ""


def keep_theme(request: Request, response: Response, chosen: str) -> None:
    """Keep the chosen appearance for a year; `auto` forgets it."""
    if chosen in THEMES:
        secure = request.url.scheme == "https"
        response.set_cookie(
            THEME_COOKIE, chosen, max_age=A_YEAR, path="/", secure=secure, httponly=True, samesite="lax"
        )
    else:
        response.delete_cookie(THEME_COOKIE, path="/", httponly=True, samesite="lax")
