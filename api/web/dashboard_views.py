"""Dashboard view: one page for those who watch over lists and alarms. Seeing others' alarms is recorded."""

from typing import Final

from fastapi import APIRouter, Request, Response

from api import permissions
from api.deps import get_services
from api.web import pages, session
from api.web.presenters.backlog import backlog
from api.web.presenters.dashboard import WIDE, dashboard, first_day
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from screening.access import Principal, Role
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, read_head
from screening.cases.case import State
from screening.cases.queue import CaseFilter
from screening.cases.views import CaseLine
from screening.recorded import latest_alarms
from screening.tally import tally

ALARMS: Final = 8
"""How many of the latest alarms are shown."""

NEXT: Final = 5
"""How many of the cases that wait for whoever looks are shown."""

LATEST: Final = "latest_alarms"
"""What the log says was read."""

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


@router.get("/dashboard")
async def overview(request: Request, reader: Reader) -> Response:
    """The dashboard: freshness, screenings by outcome and day, the latest alarms, what is late or odd."""
    services, at = get_services(request), now()
    stand = await pages.list_statuses(services)
    async with services.database.read() as reading:
        counted = await tally(reading, first_day(at))
        alarms = await latest_alarms(reading, limit=ALARMS)
        head = await read_head(reading)
    if alarms:
        seen = {"screenings": [alarm.receipt.id for alarm in alarms]}
        draft = Draft(Action.RECORD_READ, actor(reader), LATEST, request.state.request_id, details=seen)
        await services.recorder.record(draft)
    may_work = reader.role in permissions.CASE_READERS
    casework = await services.reviews.statistics(WIDE[0])
    mine: tuple[CaseLine, ...] = ()
    if may_work:
        found = await services.reviews.queue(reader, next_for(reader), limit=NEXT, request_id=request.state.request_id)
        mine = found.items
    view = dashboard(stand, counted, alarms, head, backlog(casework, mine, at), at)
    page = pages.frame(request, _("Dashboard"), stand, reader=reader, current="/dashboard")
    may_audit = reader.role in permissions.READERS_OF_THE_LOG
    return pages.render("dashboard.html", page, view=view, may_audit=may_audit, may_work=may_work)


def next_for(reader: Principal) -> CaseFilter:
    """Return which cases wait for this person: an approver's are those an officer has decided or passed on."""
    if reader.role is Role.APPROVER:
        return CaseFilter(states=(State.AWAITING_APPROVAL, State.ESCALATED), yours=False)
    return CaseFilter(states=(State.OPEN, State.ASSIGNED), yours=False)
