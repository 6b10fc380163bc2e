"""Admin views: people who sign in, and keys. The API's own handlers do the work and the recording.

A secret (a key, a temporary password) is shown by the page that answers the form which made it, and never again: that
page has no address to come back to.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from api import problems
from api.advice import complaints
from api.auth import Call
from api.deps import get_services
from api.routes import keys, users
from api.routes.keys import KeyInput
from api.schemas import PageQuery
from api.web import pages, session
from api.web.presenters.admin import Secret, key_row, person_row
from api.web.presenters.problem import FieldProblem, ProblemView, problem_view
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from core.errors import CaspianError

PER_PAGE: Final = 100

LABELS: Final = {
    "sign_in_name": (_("Sign-in name"), "sign_in_name"),
    "name": (_("Name"), "name"),
    "role": (_("Role"), "role"),
    "owner": (_("Owner"), "owner"),
    "expires_at": (_("Good until"), "expires_at"),
}
CHANGES: Final[Mapping[str, dict[str, Any]]] = {
    "disable": {"disabled": True},
    "enable": {"disabled": False},
    "unlock": {"unlock": True},
    "reset": {"reset_password": True},
}
"""What the buttons beside a person do; `role` stands apart, since it says which."""

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


async def administering(request: Request, reader: Reader) -> Call:
    """Return the call of whoever is signed in; the role table keeps all but administrators out."""
    return Call(reader, get_services(request), request.state.request_id)


Admin = Annotated[Call, Depends(administering)]
Made = Callable[[], Awaitable[Secret | None]]


@router.get("/people")
async def people(request: Request, call: Admin, cursor: str | None = None) -> Response:
    """Everybody who may sign in, or could once."""
    return await _people(request, call, cursor=cursor)


@router.post("/people")
async def add_person(request: Request, call: Admin) -> Response:
    """Add a person, with a temporary password that is shown once."""
    sent = await _sent(request)

    async def made() -> Secret:
        given = {name: sent.get(name, "") for name in ("sign_in_name", "name", "role")}
        person = await users.create(call, users.UserInput.model_validate(given), Response())
        return Secret(_("Temporary password of %s") % person.name, person.temporary_password or "")

    return await _people(request, call, sent, made)


@router.post("/people/{id}")
async def change_person(request: Request, call: Admin, id: str) -> Response:
    """Change a person's role, disable or let in again, unlock, or give a temporary password, shown once."""
    sent = await _sent(request)

    async def changed() -> Secret | None:
        wanted = {"role": sent["role"]} if sent.get("role") else CHANGES.get(sent.get("act", ""), {})
        person = await users.change(call, id, users.UserChange.model_validate(wanted))
        password = person.temporary_password
        return None if password is None else Secret(_("Temporary password of %s") % person.name, password)

    return await _people(request, call, {}, changed)


@router.get("/keys")
async def all_keys(request: Request, call: Admin, cursor: str | None = None) -> Response:
    """Every key that was ever made, without its secret."""
    return await _keys(request, call, cursor=cursor)


@router.post("/keys")
async def add_key(request: Request, call: Admin) -> Response:
    """Make a key; it is shown once."""
    sent = await _sent(request)

    async def made() -> Secret:
        given = {name: sent[name] for name in ("role", "owner", "expires_at") if sent.get(name)}
        if "expires_at" in given and "T" not in given["expires_at"]:
            given["expires_at"] += "T23:59:59Z"  # a day is good to its end
        key = await keys.create(call, KeyInput.model_validate(given), Response())
        return Secret(_("Key of %s") % key.owner, key.key)

    return await _keys(request, call, sent, made)


@router.post("/keys/{id}/rotate")
async def rotate_key(request: Request, call: Admin, id: str) -> Response:
    """Give a key a new secret, shown once; the one until now is good for a day more."""

    async def made() -> Secret:
        key = await keys.rotate(call, id)
        return Secret(_("New secret of the key of %s") % key.owner, key.key)

    return await _keys(request, call, {}, made)


@router.post("/keys/{id}/revoke")
async def revoke_key(request: Request, call: Admin, id: str) -> Response:
    """Revoke a key and end its sessions."""

    async def revoked() -> None:
        await keys.revoke(call, id)

    return await _keys(request, call, {}, revoked)


async def _people(
    request: Request,
    call: Call,
    sent: Mapping[str, str] | None = None,
    act: Made | None = None,
    cursor: str | None = None,
) -> Response:
    secret, problem = await _act(request, act)
    found = await users.read(call, PageQuery(cursor=cursor, limit=PER_PAGE))
    rows = [person_row(one, now(), call.principal) for one in found.items]
    kept = sent if problem is not None and sent else {}
    return await _page(
        request, call, "people.html", problem, rows=rows, next=found.next or "", secret=secret, sent=kept
    )


async def _keys(
    request: Request,
    call: Call,
    sent: Mapping[str, str] | None = None,
    act: Made | None = None,
    cursor: str | None = None,
) -> Response:
    secret, problem = await _act(request, act)
    found = await keys.read(call, PageQuery(cursor=cursor, limit=PER_PAGE))
    kept = sent if problem is not None and sent else {}
    rows = [key_row(one, now()) for one in found.items]
    return await _page(request, call, "keys.html", problem, rows=rows, next=found.next or "", secret=secret, sent=kept)


async def _act(request: Request, act: Made | None) -> tuple[Secret | None, ProblemView | None]:
    """Do what a form asks; return the secret that it made, or why nothing was done."""
    if act is None:
        return None, None
    try:
        return await act(), None
    except ValidationError as wrong:
        listed = complaints([dict(one) | {"loc": ("body", *one["loc"])} for one in wrong.errors()])
        problem = problem_view(problems.body(problems.BY_SLUG["invalid-input"], _("Nothing was changed."), request))
        fields = tuple(_field(one["field"], one["message"]) for one in listed)
        return None, replace(problem, errors=fields)
    except CaspianError as error:
        problem = problem_view(problems.body(problems.kind_of(error), str(error), request))
        return None, replace(problem, title=_("Nothing was changed"), action="", action_href="")


def _field(name: str, message: str) -> FieldProblem:
    label, anchor = LABELS.get(name, (name, ""))
    return FieldProblem(label, message, anchor)


async def _page(request: Request, call: Call, template: str, problem: ProblemView | None, **context: Any) -> Response:
    stand = await pages.list_statuses(call.services)
    title, current = (_("People"), "/people") if template == "people.html" else (_("Keys"), "/keys")
    frame = pages.frame(request, title, stand, reader=call.principal, current=current)
    status = 200 if problem is None else problem.status
    roles = {role.value: word for role, word in pages.ROLES.items()}
    response = pages.render(template, frame, status, problem=problem, roles=roles, **context)
    response.headers["Cache-Control"] = "no-store"  # it may hold a secret
    return response


async def _sent(request: Request) -> dict[str, str]:
    return {name: str(text).strip() for name, text in (await request.form(max_files=0)).items()}
