"""Sign-in views: the way in, by name and password or by key; a password of one's own; and the way out."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import FormData

from api.deps import get_services
from api.web import pages, session
from api.web.presenters.lists import gate
from api.web.text import _
from core.errors import InvalidInput, Unauthenticated
from screening.people.passwords import LEAST, MOST

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)

NOT_THIS_KEY = _("This key is not known, has expired or was revoked.")
NOT_THIS_PASSWORD = _("Name or password is not right. After several wrong attempts the next has to wait a while.")
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


@router.post("/sign-out")
async def sign_out(request: Request) -> Response:
    """End the session."""
    token = request.cookies.get(session.COOKIE, "")
    if token:
        await get_services(request).sessions.sign_out(token)
    response = RedirectResponse("/sign-in", session.SEE_OTHER)
    session.forget(response)
    return response


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
    context = {"by_key": False, "temporary": False} | more
    status = 200 if not error else 401 if template == "sign_in.html" or error == NOT_THIS_PASSWORD else 422
    return pages.render(
        template, page, status, gate=gate(stand), back=back, error=error, name=name, least=LEAST, most=MOST, **context
    )
