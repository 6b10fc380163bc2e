"""Audit views: the log for those who answer for it: read, filter, verify, export. Each leaves an entry of its own.

The API's own handlers do the work and the recording. Filters travel in the address, except the subject's name: no
address ever holds a name, so a search for one is a POST.
"""

import time
from collections.abc import Mapping
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request, Response
from pydantic import ValidationError

from api.advice import complaints
from api.auth import Call
from api.deps import get_services
from api.routes import audit
from api.schemas import AuditPage, AuditQuery, ExportQuery, VerifyQuery
from api.web import pages, session
from api.web.presenters.audit import EntryView, VerdictView, action_word, entry_view, line_view, verdict_view
from api.web.presenters.problem import FieldProblem
from api.web.presenters.screening import OUTCOMES
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from screening.audit.entry import Action

PER_PAGE: Final = 25

FIELDS: Final = {
    "subject": _("Subject"),
    "entity": _("Listed entity"),
    "action": _("Action"),
    "outcome": _("Outcome"),
    "actor": _("Who"),
    "since": _("From"),
    "until": _("Before"),
    "record": _("Record"),
}
DAYS: Final = frozenset({"since", "until"})
"""Filters that may be a day alone: it begins at midnight UTC."""

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


async def reading_the_log(request: Request, reader: Reader) -> Call:
    """Return the call of whoever is signed in, as the API's handlers take it."""
    return Call(reader, get_services(request), request.state.request_id)


Reading = Annotated[Call, Depends(reading_the_log)]


@router.get("/audit")
async def browse(request: Request, call: Reading) -> Response:
    """The log, newest first, filtered by everything but a name."""
    return await _page(request, call, {name: text for name, text in request.query_params.items() if name != "subject"})


@router.post("/audit")
async def search(request: Request, call: Reading) -> Response:
    """The log, filtered; without a name in the filters the page gets an address of its own."""
    sent = await request.form(max_files=0)
    return await _page(request, call, {name: str(text).strip() for name, text in sent.items()})


@router.post("/audit/verify")
async def verify(request: Request, call: Reading) -> Response:
    """Verify the whole log and show the verdict over its newest entries."""
    began = time.monotonic()
    verdict = await audit.verify(call, VerifyQuery())
    return await _page(request, call, {}, verdict_view(verdict, now(), time.monotonic() - began))


@router.post("/audit/export")
async def export(call: Reading) -> Response:
    """The whole log as a file that `caspian audit verify` checks without the database."""
    return await audit.export(call, ExportQuery())


async def _page(request: Request, call: Call, sent: Mapping[str, str], verdict: VerdictView | None = None) -> Response:
    asked = {name: sent[name] for name in (*FIELDS, "cursor") if sent.get(name)}
    found, problems = AuditPage(items=[], next=None), list[FieldProblem]()
    try:
        query = AuditQuery.model_validate({"limit": PER_PAGE} | {n: _instant(n, text) for n, text in asked.items()})
        found = await audit.read(call, query)
    except ValidationError as error:
        wrong = [dict(one) | {"loc": ("query", *one["loc"])} for one in error.errors()]
        problems = [_problem(complaint) for complaint in complaints(wrong)]
    filters = {name: text for name, text in asked.items() if name != "cursor"}
    page = pages.frame(
        request, _("Audit"), await pages.list_statuses(call.services), reader=call.principal, current="/audit"
    )
    return pages.render(
        "audit.html",
        page,
        422 if problems else 200,
        lines=[line_view(line) for line in found.items],
        entry=_chosen(found, sent.get("entry", "")),
        next=found.next or "",
        filters=filters,
        hidden="subject" in filters,
        address=f"/audit?{urlencode(filters)}&" if filters else "/audit?",
        cursor=asked.get("cursor", ""),
        actions={action.value: action_word(action) for action in Action},
        outcomes=OUTCOMES,
        problems=problems,
        verdict=verdict,
    )


def _chosen(found: AuditPage, sequence: str) -> EntryView | None:
    return next((entry_view(line) for line in found.items if str(line.sequence) == sequence), None)


def _problem(complaint: Mapping[str, str]) -> FieldProblem:
    return FieldProblem(FIELDS.get(complaint["field"], complaint["field"]), complaint["message"])


def _instant(name: str, text: str) -> str:
    """A day as its first instant; everything else as it was written."""
    return f"{text}T00:00:00Z" if name in DAYS and "T" not in text else text
