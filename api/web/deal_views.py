"""Deal views: the form, the deals of whoever is signed in, and one assessed deal. Nothing is decided here.

Names travel in bodies, never in addresses; whatever records something is a POST.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api import permissions, problems
from api.deps import get_services
from api.web import deal_forms, pages, session
from api.web.deal_forms import DealForm
from api.web.forms import IDENTIFIER_TYPES
from api.web.presenters import figures
from api.web.presenters.cargo import STOPS
from api.web.presenters.casework import casework
from api.web.presenters.deal import ROLES, VERDICTS, deal_page, lede
from api.web.presenters.problem import ProblemView, problem_view, unreadable
from api.web.presenters.proof import ReplayShown, replay_view
from api.web.session import Reader
from api.web.text import _
from core.errors import CaspianError, InvalidInput
from screening.access import Principal

PER_PAGE: Final = 50

FORGOTTEN: Final = ("vessel", "vessel_owner", "beneficiary_bank", "remitting_bank", "end_user", "insurer")
"""Roles that deals leave out most often, and without which few can be assessed; each has a button of its own."""

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


@router.get("/deals")
async def mine(request: Request, reader: Reader, cursor: str | None = None) -> Response:
    """The deals of whoever is signed in, newest first."""
    services = get_services(request)
    rows = await services.deals.recent(reader, before=cursor, limit=PER_PAGE + 1)
    stand = await pages.list_statuses(services)
    return pages.render(
        "deals.html",
        pages.frame(request, _("Your deals"), stand, reader=reader, current="/deals"),
        deals=[(row.receipt, figures.moment(row.receipt.recorded_at), row.verdict.value) for row in rows[:PER_PAGE]],
        verdicts={verdict.value: word for verdict, word in VERDICTS.items()},
        next=rows[PER_PAGE - 1].receipt.id if len(rows) > PER_PAGE else "",
        may_assess=reader.role in permissions.SCREENERS,
    )


@router.get("/deals/new")
async def new(request: Request, reader: Reader, earlier: Annotated[str | None, Query(alias="from")] = None) -> Response:
    """The empty form, or one filled with an earlier deal."""
    if earlier is None:
        return await _form(request, reader, DealForm())
    found = await get_services(request).deals.get(earlier, reader, request_id=request.state.request_id)
    return await _form(request, reader, deal_forms.from_record(found.assessment.deal) or DealForm())


@router.post("/deals/new")
async def assess(request: Request, reader: Reader) -> Response:
    """Assess and record what the form says, then show it under its own address.

    With `add` or `remove` nothing is assessed: the form comes back with a row more or less. The same form sent twice
    is one deal.
    """
    sent = await request.form(max_files=0)
    form = deal_forms.from_post(sent)
    if sent.get("add") or sent.get("remove"):
        return await _form(request, reader, form.changed(str(sent.get("add", "")), str(sent.get("remove", ""))))
    try:
        recorded = await get_services(request).deals.assess(
            deal_forms.to_deal(form),
            reader,
            request_id=request.state.request_id,
            idempotency_key=form.idempotency_key,
        )
    except CaspianError as error:
        problem = problems.body(problems.kind_of(error), str(error), request)
        if not isinstance(error, InvalidInput):
            return await _form(request, reader, form, problem_view(problem))
        wrong = deal_forms.problems(form, error.errors)
        return await _form(request, reader, form, unreadable(problem, wrong))
    return RedirectResponse(f"/deals/{recorded.receipt.id}", session.SEE_OTHER)


@router.get("/deals/{id}")
async def deal(request: Request, reader: Reader, id: str) -> Response:
    """One recorded deal, as it was assessed. Reading it is recorded."""
    return await _deal(request, reader, id)


@router.post("/deals/{id}/replay")
async def replay(request: Request, reader: Reader, id: str) -> Response:
    """Run the deal again, as it was and on today's lists and rules, and show beside it what came of that."""
    replays = get_services(request).deal_replays
    done = await replays.replay(id, reader, today=True, request_id=request.state.request_id)
    return await _deal(request, reader, id, replay_view(done))


async def _deal(request: Request, reader: Principal, id: str, replayed: ReplayShown | None = None) -> Response:
    services = get_services(request)
    found = await services.deals.get(id, reader, request_id=request.state.request_id)
    view, fits = deal_page(found), deal_forms.from_record(found.assessment.deal) is not None
    page = pages.frame(request, view.title, await pages.list_statuses(services), reader=reader, current="/deals")
    may_change = fits and reader.role in permissions.SCREENERS
    names = {met.entity_id: met.primary_name for party in found.assessment.parties for met in party.matches}
    return pages.render(
        "deal.html",
        page,
        view=view,
        lede=lede(view),
        may_change=may_change,
        casework=casework(found.receipt, names, {party.path: party.name for party in found.assessment.parties}),
        may_work=reader.role in permissions.CASE_READERS,
        replayed=replayed,
    )


async def _form(request: Request, reader: Principal, form: DealForm, problem: ProblemView | None = None) -> Response:
    stand = await pages.list_statuses(get_services(request))
    return pages.render(
        "deal_new.html",
        pages.frame(request, _("Assess a deal"), stand, reader=reader, current="/deals"),
        200 if problem is None else problem.status,
        form=form,
        problem=problem,
        roles=ROLES,
        stops=STOPS,
        forgotten=FORGOTTEN,
        options=deal_forms,
        types=IDENTIFIER_TYPES,
    )
