"""Audit views: the log for those who answer for it: read, filter, verify, export. Each leaves an entry of its own.

The API's own handlers do the work and the recording. Filters travel in the address, except the subject's name: no
address ever holds a name, so a search for one is a POST.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import ValidationError

from api.advice import complaints
from api.auth import Call
from api.deps import get_services
from api.routes import audit
from api.schemas import AuditLineView, AuditPage, AuditQuery, ExportQuery, VerifyQuery
from api.web import pages, session
from api.web.presenters.audit import VerdictView, action_word, entry_view, line_view, verdict_view
from api.web.presenters.problem import FieldProblem
from api.web.presenters.proof import ProofShown, ReplayShown, proof_view, replay_view
from api.web.presenters.screening import OUTCOMES
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from core.errors import NotFound
from screening.audit import query
from screening.audit.entry import Action
from screening.audit.query import AuditFilter

PER_PAGE: Final = 25

MOST_DIGITS: Final = 16
"""Of an entry's number: no log has so many."""

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
REPLAYABLE: Final = frozenset({Action.SCREENED, Action.DEAL_ASSESSED})
"""Actions whose record can be run again."""

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
    shown = Beside(verdict=verdict_view(verdict, now(), time.monotonic() - began))
    return await _page(request, call, {}, shown=shown)


@router.post("/audit/export")
async def export(request: Request, call: Reading) -> Response:
    """The log, or what passes the filters of the page, as a file that `caspian audit verify` checks by itself."""
    sent = {name: str(text).strip() for name, text in (await request.form(max_files=0)).items()}
    given = {name: _instant(name, sent[name]) for name in FIELDS if sent.get(name)}
    try:
        wanted = ExportQuery.model_validate(given)
    except ValidationError:
        return await _page(request, call, sent)  # it names the filters that cannot be read
    return await audit.export(call, wanted)


@router.post("/audit/{sequence}/proof")
async def prove(request: Request, call: Reading, sequence: Annotated[int, Path(ge=1)]) -> Response:
    """Show the proof that one entry is in the log, beside the entry; with `file`, give it as one."""
    sent = {name: str(text).strip() for name, text in (await request.form(max_files=0)).items()}
    proved = await audit.proof(call, sequence)
    if sent.get("file"):
        name = f'attachment; filename="caspian-proof-{sequence}.json"'
        headers = {"Content-Disposition": name}
        return Response(proved.model_dump_json(indent=1), media_type="application/json", headers=headers)
    return await _page(request, call, sent | {"entry": str(sequence)}, shown=Beside(proof=proof_view(proved)))


@router.post("/audit/{sequence}/replay")
async def replay(request: Request, call: Reading, sequence: Annotated[int, Path(ge=1)]) -> Response:
    """Run the screening or deal of one entry again, as it was and on today's lists, and show what came of it."""
    sent = {name: str(text).strip() for name, text in (await request.form(max_files=0)).items()}
    line = await _entry(call, sequence)
    if line is None or line.entry["action"] not in REPLAYABLE:
        raise NotFound(_("Entry %d is of no screening and no deal.") % sequence)
    is_deal = line.entry["action"] == Action.DEAL_ASSESSED
    replays = call.services.deal_replays if is_deal else call.services.replays
    done = await replays.replay(line.entry["record_id"], call.principal, today=True, request_id=call.request_id)
    return await _page(request, call, sent | {"entry": str(sequence)}, shown=Beside(replay=replay_view(done)))


@dataclass(frozen=True, slots=True)
class Beside:
    """What was just done: a verdict over the whole log, or a proof or a replay beside the entry shown."""

    verdict: VerdictView | None = None
    proof: ProofShown | None = None
    replay: ReplayShown | None = None


async def _page(request: Request, call: Call, sent: Mapping[str, str], *, shown: Beside = Beside()) -> Response:
    asked = {name: sent[name] for name in (*FIELDS, "cursor") if sent.get(name)}
    found, problems = AuditPage(items=[], next=None), list[FieldProblem]()
    try:
        wanted = AuditQuery.model_validate({"limit": PER_PAGE} | {n: _instant(n, text) for n, text in asked.items()})
        found = await audit.read(call, wanted)
    except ValidationError as error:
        wrong = [dict(one) | {"loc": ("query", *one["loc"])} for one in error.errors()]
        problems = [_problem(complaint) for complaint in complaints(wrong)]
    filters = {name: text for name, text in asked.items() if name != "cursor"}
    chosen = await _chosen(call, found, sent.get("entry", ""))
    page = pages.frame(
        request, _("Audit"), await pages.list_statuses(call.services), reader=call.principal, current="/audit"
    )
    return pages.render(
        "audit.html",
        page,
        422 if problems else 200,
        lines=[line_view(line) for line in found.items],
        entry=None if chosen is None else entry_view(chosen),
        replayable=chosen is not None and chosen.entry["action"] in REPLAYABLE,
        next=found.next or "",
        filters=filters,
        hidden="subject" in filters,
        address=f"/audit?{urlencode(filters)}&" if filters else "/audit?",
        cursor=asked.get("cursor", ""),
        actions={action.value: action_word(action) for action in Action},
        outcomes=OUTCOMES,
        problems=problems,
        shown=shown,
    )


async def _entry(call: Call, sequence: int) -> AuditLineView | None:
    """One entry; whoever asks has its reading recorded: as a page, a proof or a replay."""
    async with call.services.database.read() as session:
        lines = await query.page(session, AuditFilter(), before=sequence + 1, limit=1)
    if not lines or lines[0].sequence != sequence:
        return None
    (one,) = lines
    return AuditLineView(sequence=one.sequence, hash=one.hash, subject=one.subject, entry=dict(one.content))


async def _chosen(call: Call, found: AuditPage, sequence: str) -> AuditLineView | None:
    here = next((line for line in found.items if str(line.sequence) == sequence), None)
    return here or (await _entry(call, int(sequence)) if sequence.isdigit() and len(sequence) < MOST_DIGITS else None)


def _problem(complaint: Mapping[str, str]) -> FieldProblem:
    return FieldProblem(FIELDS.get(complaint["field"], complaint["field"]), complaint["message"])


def _instant(name: str, text: str) -> str:
    """A day as its first instant; everything else as it was written."""
    return f"{text}T00:00:00Z" if name in DAYS and "T" not in text else text
