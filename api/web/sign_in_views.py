"""Sign-in views: the way in, by name and password or by key; a password of one's own; and the way out."""

import secrets
from dataclasses import astuple

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from api.deps import get_services
from api.web import pages, session
from api.web.presenters.lists import gate
from api.web.text import _
from core.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from screening.people.passwords import LEAST, MOST
from screening.people.provider import Attempt, Provider, new_attempt

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)

KEPT = 4
"""Parts of an attempt in its cookie: state, nonce, verifier, and where to go afterwards."""

NOT_THIS_KEY = _("This key is not known, has expired or was revoked.")
NOT_THIS_PASSWORD = _("Name or password is not right. After several wrong attempts the next has to wait a while.")
NOT_THIS_PROVIDER = _("Your organisation's sign-in did not let you in here. Ask your administrator.")
NOT_TWICE = _("The two new passwords are not the same.")


@router.get("/sign-in")
async def sign_in_page(request: Request, back: str = "/") -> Response:
    """The sign-in page: is it up, are the lists fresh."""
    return await _gate(request, "sign_in.html", session.own_path(back))


@router.post("/sign-in")
async def sign_in(request: Request) -> Response:
    """Open a session with name and password, or with an API key. The attempt is recorded."""
    sent = await request.form(max_files=0)
    back, key, service = session.own_path(_text(sent, "back") or "/"), _text(sent, "key"), get_services(request).sign_in
    try:
        if key:
            opened = await service.by_key(key)
        elif (found := await service.by_password(_text(sent, "name"), str(sent.get("password", "")))) is not None:
            opened = found
        else:
            return await _gate(request, "password.html", back, name=_text(sent, "name"), temporary=True)
    except Unauthenticated:
        error = NOT_THIS_KEY if key else NOT_THIS_PASSWORD
        return await _gate(request, "sign_in.html", back, error=error, name=_text(sent, "name"), by_key=bool(key))
    return _into(request, back, opened[0])


@router.get("/sign-in/password")
async def password_page(request: Request) -> Response:
    """The form for a password of one's own, with the one in use."""
    return await _gate(request, "password.html", "/")


@router.post("/sign-in/password")
async def choose_password(request: Request) -> Response:
    """Replace the password in use by one's own choice, and open a session. Recorded."""
    sent = await request.form(max_files=0)
    back, name = session.own_path(_text(sent, "back") or "/"), _text(sent, "name")
    chosen = str(sent.get("chosen", ""))
    try:
        if chosen != str(sent.get("again", "")):
            error = NOT_TWICE
        else:
            token, _who = await get_services(request).sign_in.choose_password(
                name, str(sent.get("password", "")), chosen
            )
            return _into(request, back, token)
    except Unauthenticated:
        error = NOT_THIS_PASSWORD
    except InvalidInput as refused:
        error = " ".join(one.message for one in refused.errors)
    return await _gate(request, "password.html", back, error=error, name=name)


@router.get("/sign-in/provider")
async def to_provider(request: Request, back: str = "/") -> Response:
    """Send the browser to the identity provider. Raises NotFound where there is none."""
    provider = _provider(request)
    attempt = new_attempt()
    response = RedirectResponse(await provider.address(attempt, _back_from_provider(request)), session.SEE_OTHER)
    session.keep_attempt(request, response, [*astuple(attempt), session.own_path(back)])
    return response


@router.get("/sign-in/provider/back")
async def from_provider(request: Request, code: str = "", state: str = "") -> Response:
    """Open a session for whom the provider vouches for. The page leads on by itself: a cookie that other sites cannot
    use is not sent along a redirect that began at another site.
    """
    services, provider, kept = get_services(request), _provider(request), session.attempt(request)
    if len(kept) != KEPT or not code or not secrets.compare_digest(kept[0].encode(), state.encode()):
        await services.sign_in.refused_by_provider()
        return await _gate(request, "sign_in.html", "/", error=NOT_THIS_PROVIDER)
    try:
        identity = await provider.identity(code, Attempt(*kept[:3]), _back_from_provider(request))
    except Unauthenticated:
        await services.sign_in.refused_by_provider()
        return await _gate(request, "sign_in.html", "/", error=NOT_THIS_PROVIDER)
    try:
        token, _who = await services.sign_in.by_provider(identity)
    except (Unauthenticated, Conflict):
        return await _gate(request, "sign_in.html", "/", error=NOT_THIS_PROVIDER)
    back = session.own_path(kept[3])
    page = pages.frame(request, _("Signed in"), await pages.list_statuses(services))
    response = pages.render("signed_in.html", page, gate=gate(await pages.list_statuses(services)), back=back)
    response.headers["refresh"] = f"0; url={back}"
    session.keep(request, response, token)
    session.forget_attempt(response)
    return response


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    token = request.cookies.get(session.COOKIE, "")
    if token:
        await get_services(request).sessions.sign_out(token)
    response = RedirectResponse("/sign-in", session.SEE_OTHER)
    session.forget(response)
    return response


def _provider(request: Request) -> Provider:
    provider = get_services(request).provider
    if not provider.configured:
        raise NotFound(_("There is no identity provider to sign in through."))
    return provider


def _back_from_provider(request: Request) -> str:
    return str(request.base_url.replace(path="/sign-in/provider/back", query=""))


def _text(sent: FormData, name: str) -> str:
    return str(sent.get(name, "")).strip()


def _into(request: Request, back: str, token: str) -> Response:
    response = RedirectResponse(back, session.SEE_OTHER)
    session.keep(request, response, token)
    return response


async def _gate(
    request: Request,
    template: str,
    back: str,
    *,
    error: str = "",
    name: str = "",
    **more: bool,
) -> Response:
    stand = await pages.list_statuses(get_services(request))
    title = _("Sign in") if template == "sign_in.html" else _("Your password")
    page = pages.frame(request, title, stand)
    provider = get_services(request).provider.configured
    context = {"by_key": False, "temporary": False, "provider": provider} | more
    status = 200 if not error else 401 if template == "sign_in.html" or error == NOT_THIS_PASSWORD else 422
    return pages.render(
        template, page, status, gate=gate(stand), back=back, error=error, name=name, least=LEAST, most=MOST, **context
    )
