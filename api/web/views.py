"""Views: the pages of the console. Each reads what was sent, asks a service, and shows what it said.

Nothing is decided here. Names travel in bodies, never in addresses; whatever records something is a POST.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from sqlalchemy.exc import SQLAlchemyError

from api import permissions, problems
from api.deps import get_services
from api.web import forms, pages, session
from api.web.forms import SubjectForm
from api.web.presenters.casework import casework
from api.web.presenters.certificate import certificate
from api.web.presenters.changes import changes_page
from api.web.presenters.history import history_row
from api.web.presenters.lists import lists_page
from api.web.presenters.problem import ProblemView, problem_view, unreadable
from api.web.presenters.screening import screening_page
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from core.errors import CaspianError, InvalidInput, NotFound
from lists.diff import ChangeKind
from lists.snapshots import activations, changes, in_force
from lists.status import ListStatus
from screening.access import Principal
from screening.answer import Screening

LAST: Final = 5
"""How many of a person's screenings the start page shows."""

PER_PAGE: Final = 50
"""Rows of a page of screenings or changes."""

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


@router.post("/theme")
async def theme(request: Request) -> Response:
    """Keep the chosen appearance and go back to the page it was chosen on."""
    sent = await request.form(max_files=0)
    response = RedirectResponse(session.own_path(str(sent.get("back", "/"))), session.SEE_OTHER)
    session.keep_theme(request, response, str(sent.get("theme", "")))
    return response


@router.get("/")
async def start(request: Request, reader: Reader) -> Response:
    """The start page: what to type, and what this person asked last."""
    return await _start(request, reader, SubjectForm())


@router.post("/screenings")
async def screen(request: Request, reader: Reader) -> Response:
    """Screen and record what the form says, then show the answer under its own address.

    A browser without script is redirected there; htmx gets the page at once and moves the address itself. The same
    form sent twice is one screening. With `add=identifier` nothing is screened: the form comes back with a row more.
    """
    form = forms.from_post(await request.form(max_files=0))
    if (await request.form()).get("add"):
        return await _start(request, reader, form.with_another_identifier())
    services = get_services(request)
    try:
        screening = await services.screenings.screen(
            forms.to_request(form), reader, request_id=request.state.request_id, idempotency_key=form.idempotency_key
        )
    except CaspianError as error:
        return await _refused(request, reader, form, error)
    services.metrics.screened(screening.answer.outcome)
    address = f"/screenings/{screening.receipt.id}"
    if request.headers.get("hx-request") != "true":
        return RedirectResponse(address, session.SEE_OTHER)
    response = await _answered(request, reader, screening)
    response.headers["HX-Push-Url"] = address
    return response


@router.get("/screenings")
async def mine(request: Request, reader: Reader, cursor: str | None = None) -> Response:
    """All screenings of whoever is signed in, newest first."""
    services = get_services(request)
    rows = await services.screenings.recent(reader, before=cursor, limit=PER_PAGE + 1)
    shown = tuple(history_row(row, now()) for row in rows[:PER_PAGE])
    more = shown[-1].id if len(rows) > PER_PAGE else ""
    page = pages.frame(request, _("Your screenings"), await pages.list_statuses(services), reader=reader, current="/")
    return pages.render("screenings.html", page, mine=shown, next=more)


@router.get("/screenings/{id}")
async def screening(request: Request, reader: Reader, id: str) -> Response:
    """One recorded screening, as it was answered. Reading it is recorded."""
    found = await get_services(request).screenings.get(id, reader, request_id=request.state.request_id)
    return await _answered(request, reader, found)


@router.get("/screenings/{id}/certificate")
async def screening_certificate(request: Request, reader: Reader, id: str) -> Response:
    """One recorded screening as a certificate of one A4 page. Reading it is recorded."""
    services = get_services(request)
    view = certificate(await services.screenings.get(id, reader, request_id=request.state.request_id))
    title = _("Screening certificate %s") % id
    page = pages.frame(request, title, await pages.list_statuses(services), reader=reader, current="/")
    return pages.render("certificate.html", page, view=view)


@router.get("/lists")
async def lists(request: Request, reader: Reader) -> Response:
    """The lists in force: date, hash, freshness, last and next check, what was refused, what is not searched."""
    services = get_services(request)
    stand = await pages.list_statuses(services)
    view = lists_page(stand, services.live.coverage().not_covered, now())
    page = pages.frame(request, _("Lists in force"), stand, reader=reader, current="/lists")
    return pages.render("lists.html", page, view=view)


@router.get("/lists/{key}/changes")
async def list_changes(
    request: Request,
    reader: Reader,
    key: str,
    change: ChangeKind | None = None,
    after: Annotated[int | None, Query(ge=1)] = None,
) -> Response:
    """What changed in one list, newest first. Raises NotFound for a list that is not known here."""
    services = get_services(request)
    source = services.sources.get(key)
    if source is None:
        raise NotFound(_("There is no list %r.") % key)
    async with services.database.read() as reading:
        found = await changes(reading, key, change=change, after=after, limit=PER_PAGE + 1)
        force = (await in_force(reading)).get(key)
        last = await activations(reading, key, limit=1)
    view = changes_page(
        (key, source.title),
        found[:PER_PAGE],
        chosen=change,
        more=len(found) > PER_PAGE,
        force=(force, last[0] if last else None),
    )
    stand = await pages.list_statuses(services)
    page = pages.frame(request, _("Changes in %s") % view.name, stand, reader=reader, current="/lists")
    return pages.render("list_changes.html", page, view=view)


@router.get("/keyboard")
async def keyboard(request: Request, reader: Reader) -> Response:
    """The keys, for whoever has no script to show them."""
    stand = await pages.list_statuses(get_services(request))
    return pages.render("keyboard.html", pages.frame(request, _("Keys"), stand, reader=reader))


async def problem_page(request: Request, problem: Mapping[str, Any]) -> Response:
    """Draw any problem as a page: the console's for whoever is signed in, else the bare frame."""
    reader: Principal | None = None
    stand: Sequence[ListStatus] = ()
    try:
        reader = await session.signed_in(request)
        stand = await pages.list_statuses(get_services(request))
    except (CaspianError, SQLAlchemyError, OSError):
        reader = None  # a page that says what is wrong must not fail on the same fault
    view = problem_view(problem)
    page = pages.frame(request, view.title, stand, reader=reader)
    return pages.render("problem.html", page, view.status, view=view)


async def _start(
    request: Request, reader: Principal, form: SubjectForm, *, problem: ProblemView | None = None
) -> Response:
    services = get_services(request)
    stand = await pages.list_statuses(services)
    rows = await services.screenings.recent(reader, limit=LAST)
    return pages.render(
        "screen.html",
        pages.frame(request, _("Screen a counterparty"), stand, reader=reader, current="/"),
        200 if problem is None else problem.status,
        form=form,
        problem=problem,
        mine=tuple(history_row(row, now()) for row in rows),
        may_screen=reader.role in permissions.SCREENERS,
        no_lists=not any(status.snapshot for status in stand),
    )


async def _answered(request: Request, reader: Principal, screening: Screening) -> Response:
    view = screening_page(screening)
    stand = await pages.list_statuses(get_services(request))
    return pages.render(
        "screening.html",
        pages.frame(request, view.title, stand, reader=reader, current="/"),
        view=view,
        form=forms.from_record(screening.answer.subject, screening.receipt.reference),
        may_screen=reader.role in permissions.SCREENERS,
        casework=casework(
            screening.receipt, {found.entity_id: found.primary_name for found in screening.answer.matches}
        ),
        may_work=reader.role in permissions.CASE_READERS,
    )


async def _refused(request: Request, reader: Principal, form: SubjectForm, error: CaspianError) -> Response:
    """The form as it was sent, with what is wrong with it: nothing a person typed is lost."""
    problem = problems.body(problems.kind_of(error), str(error), request)
    if not isinstance(error, InvalidInput):
        return await _start(request, reader, form, problem=problem_view(problem))
    fields = forms.field_problems(form, error.errors)
    return await _start(request, reader, form.with_errors(fields), problem=unreadable(problem, fields))
