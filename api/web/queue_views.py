"""Queue views: what waits for a person, and the clearances that were given.

Filters travel in the address, except the subject's name: no address ever holds a name, so a search for one is a POST.
"""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import ValidationError

from api import permissions, problems
from api.deps import get_services
from api.web import pages, session
from api.web.presenters.clearance import clearance_row
from api.web.presenters.coverage import list_name
from api.web.presenters.problem import ProblemView, problem_view
from api.web.presenters.queue import PRIORITIES, STATES, case_row, lede
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from core.errors import CaspianError, Conflict, InvalidInput
from screening.access import Principal
from screening.cases.case import Priority, State
from screening.cases.inputs import AssignInput, EndInput
from screening.cases.queue import NOBODY, CaseFilter
from screening.cases.work import ME

PER_PAGE: Final = 25

FILTERS: Final = ("subject", "state", "priority", "list", "assignee", "due")
OVERDUE: Final = "past"
ASSIGNEES: Final = {ME: _("Me"), NOBODY: _("Nobody")}
DUES: Final = {OVERDUE: _("Past target")}
SHOWN: Final = (("", _("In force")), ("ended", _("Ended")), ("all", _("All")))

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


@router.get("/cases")
async def queue(request: Request, reader: Reader) -> Response:
    """The queue, the most urgent first, filtered by everything but a name."""
    sent = {name: text for name, text in request.query_params.items() if name != "subject"}
    return await _queue(request, reader, sent)


@router.post("/cases")
async def search(request: Request, reader: Reader) -> Response:
    """The queue, filtered; without a name in the filters the page gets an address of its own."""
    sent = {name: str(text).strip() for name, text in (await request.form(max_files=0)).items()}
    if not sent.get("subject"):
        filters = {name: sent[name] for name in FILTERS if sent.get(name)}
        return RedirectResponse(f"/cases?{urlencode(filters)}" if filters else "/cases", session.SEE_OTHER)
    return await _queue(request, reader, sent)


@router.post("/cases/take")
async def take(request: Request, reader: Reader) -> Response:
    """Take the chosen cases. One that cannot be taken is named; the others are."""
    services, sent = get_services(request), await request.form(max_files=0)
    failed: list[str] = []
    for chosen in sent.getlist("case"):
        case_id, _colon, version = str(chosen).partition(":")
        try:
            said = AssignInput.model_validate({"version": version, "to": ME})
            await services.reviews.assign(case_id, said, reader, request_id=request.state.request_id)
        except (CaspianError, ValidationError) as error:
            failed.append(str(error) if isinstance(error, CaspianError) else _("This was not a case of the queue."))
    if not failed:
        return RedirectResponse("/cases?assignee=me", session.SEE_OTHER)
    problem = _problem(request, Conflict(" ".join(dict.fromkeys(failed))))
    return await _queue(request, reader, {}, problem)


@router.get("/clearances")
async def clearances(request: Request, reader: Reader, show: str = "", cursor: str | None = None) -> Response:
    """The clearances in force; with `show` those that ended, or all."""
    return await _clearances(request, reader, show, cursor)


@router.post("/clearances/{id}/end")
async def end(request: Request, reader: Reader, id: str) -> Response:
    """End a clearance before its time; its case opens again."""
    sent = await request.form(max_files=0)
    reviews = get_services(request).reviews
    try:
        said = EndInput(note=str(sent.get("note", "")))
        await reviews.end_clearance(id, said, reader, request_id=request.state.request_id)
    except ValidationError:
        return await _clearances(request, reader, "", None, _problem(request, InvalidInput(_("Say why it ends."))))
    except CaspianError as error:
        return await _clearances(request, reader, "", None, _problem(request, error))
    return RedirectResponse("/clearances?show=ended", session.SEE_OTHER)


async def _queue(
    request: Request, reader: Principal, sent: Mapping[str, str], problem: ProblemView | None = None
) -> Response:
    services, moment = get_services(request), now()
    filters = {name: sent[name] for name in FILTERS if sent.get(name)}
    cursor, request_id = sent.get("cursor") or None, request.state.request_id
    asked = wanted(filters)
    found = await services.reviews.queue(reader, asked, after=cursor, limit=PER_PAGE, request_id=request_id)
    rows = [case_row(line, moment) for line in found.items]
    page = pages.frame(request, _("Review queue"), await pages.list_statuses(services), reader=reader, current="/cases")
    return pages.render(
        "queue.html",
        page,
        200 if problem is None else problem.status,
        rows=rows,
        lede=lede(rows, more=found.next is not None),
        problem=problem,
        next=found.next or "",
        filters=filters,
        hidden="subject" in filters,
        address=f"/cases?{urlencode(filters)}&" if filters else "/cases?",
        states={state.value: word for state, word in STATES.items()},
        priorities={priority.value: word for priority, word in PRIORITIES.items()},
        lists={key: list_name(key, source.title) for key, source in services.sources.items()},
        assignees=ASSIGNEES,
        dues=DUES,
        may_take=reader.role in permissions.CASE_WORKERS,
    )


def wanted(filters: Mapping[str, str]) -> CaseFilter:
    """Return the filter that a form or an address says. Raises InvalidInput for a state or priority that is none."""
    try:
        states = (State(filters["state"]),) if "state" in filters else ()
        priority = Priority(filters["priority"]) if "priority" in filters else None
    except ValueError as error:
        raise InvalidInput(_("There is no such filter.")) from error
    return CaseFilter(
        states=states,
        priority=priority,
        list=filters.get("list"),
        assignee=filters.get("assignee"),
        subject=filters.get("subject"),
        overdue=filters.get("due") == OVERDUE,
    )


async def _clearances(
    request: Request, reader: Principal, show: str, cursor: str | None, problem: ProblemView | None = None
) -> Response:
    services, moment = get_services(request), now()
    in_force = {"ended": False, "all": None}.get(show, True)
    found = await services.reviews.clearances(reader, in_force=in_force, after=cursor, limit=PER_PAGE)
    page = pages.frame(request, _("Clearances"), await pages.list_statuses(services), reader=reader, current="/cases")
    return pages.render(
        "clearances.html",
        page,
        200 if problem is None else problem.status,
        rows=[clearance_row(one, moment) for one in found.items],
        choices=SHOWN,
        chosen=show if show in {"ended", "all"} else "",
        next=found.next or "",
        problem=problem,
        may_end=reader.role in permissions.CASE_WORKERS,
    )


def _problem(request: Request, error: CaspianError) -> ProblemView:
    told: dict[str, Any] = problems.body(problems.kind_of(error), str(error), request)
    return problem_view(told)
