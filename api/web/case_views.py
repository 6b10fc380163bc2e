"""Case views: one case with all that belongs to it, and the steps a person takes in it. The service holds the rules.

A step is a form that names the case's version as it was seen. One that is refused comes back with what was written.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import BaseModel, ValidationError
from starlette.datastructures import UploadFile

from api import permissions, problems
from api.advice import complaints
from api.deps import Services, get_services
from api.web import pages, session
from api.web.case_records import comparison, listings
from api.web.presenters.case import MEANS, MEANS_OF_DEAL, CasePage, case_page, chosen_entity, file_size, reason_groups
from api.web.presenters.found import found_view
from api.web.presenters.problem import FieldProblem, ProblemView, problem_view
from api.web.presenters.queue import DECISIONS
from api.web.presenters.versus import versus
from api.web.session import Reader
from api.web.text import _
from core.clock import now
from core.errors import CaspianError, FieldError, InvalidInput
from lists.entity import Kind, ListedEntity
from screening.access import Principal
from screening.cases.inputs import ApprovalInput, AssignInput, CommentInput, DecisionInput, EvidenceInput, ReopenInput
from screening.cases.queue import CaseFilter, queue
from screening.cases.views import CaseView
from screening.services.review import ReviewService

NEIGHBOURS: Final = 200
"""How far into the queue "next" and "previous" look."""

LABELS: Final = {
    "decision": (_("Decision"), ""),
    "reason": (_("Reason"), "reason"),
    "note": (_("Note"), ""),
    "clear_until": (_("Clearance"), "until"),
    "file": (_("File"), "file"),
    "version": (_("Case"), ""),
}
"""What the page calls each field of a step, and the id of its form field where it has one of its own."""

QUESTIONS: Final = {
    Kind.PERSON: _("Is this the listed person?"),
    Kind.ORGANIZATION: _("Is this the listed organisation?"),
    Kind.VESSEL: _("Is this the listed vessel?"),
    Kind.AIRCRAFT: _("Is this the listed aircraft?"),
}

Act = Callable[..., Awaitable[CaseView]]
"""A step of the service, taken with a case's id, what was said, and by whom."""

router = APIRouter(route_class=session.ConsoleRoute, include_in_schema=False)


@router.get("/cases/{id}")
async def case(request: Request, reader: Reader, id: str, match: str = "") -> Response:
    """One case. Reading it is recorded, and so is the reading of the record that compared its subject."""
    return await _page(request, reader, id, {"match": match})


@router.post("/cases/{id}/assign")
async def assign(request: Request, reader: Reader, id: str) -> Response:
    """Take the case, or release it."""
    return await _step(request, reader, id, AssignInput, ReviewService.assign)


@router.post("/cases/{id}/comments")
async def comment(request: Request, reader: Reader, id: str) -> Response:
    """Add a comment."""
    return await _step(request, reader, id, CommentInput, ReviewService.comment)


@router.post("/cases/{id}/decisions")
async def decide(request: Request, reader: Reader, id: str) -> Response:
    """Decide one match, or all that are open."""
    return await _step(request, reader, id, DecisionInput, ReviewService.decide)


@router.post("/cases/{id}/approval")
async def approve(request: Request, reader: Reader, id: str) -> Response:
    """Approve what waits for a second person, or send it back."""
    return await _step(request, reader, id, ApprovalInput, ReviewService.approve)


@router.post("/cases/{id}/reopen")
async def reopen(request: Request, reader: Reader, id: str) -> Response:
    """Open a closed case again."""
    return await _step(request, reader, id, ReopenInput, ReviewService.reopen)


@router.post("/cases/{id}/evidence")
async def attach(request: Request, reader: Reader, id: str) -> Response:
    """Attach a file."""
    async with request.form(max_files=1) as sent:
        words = {name: text for name, text in sent.items() if isinstance(text, str)}
        file = sent.get("file")
        if not isinstance(file, UploadFile) or not file.filename:
            error = InvalidInput(_("No file was chosen."), [FieldError("file", _("choose one"))])
            return await _refused(request, reader, id, words, error)
        named = {"name": file.filename, "media_type": file.content_type or "application/octet-stream"}
        data = await file.read()

    def act(reviews: ReviewService, case_id: str, said: EvidenceInput, who: Principal, **more: Any) -> Any:
        return reviews.attach(case_id, said, data, who, **more)

    return await _take(request, reader, id, words | named, EvidenceInput, act)


@router.get("/cases/{id}/evidence/{sha256}")
async def evidence(request: Request, reader: Reader, id: str, sha256: str) -> Response:
    """One attached file, its hash checked; reading it is recorded. It is saved, never shown: it may be anything."""
    reviews = get_services(request).reviews
    told, data = await reviews.evidence(id, sha256, reader, request_id=request.state.request_id)
    name = f"attachment; filename*=UTF-8''{quote(told.name)}"
    return Response(data, media_type="application/octet-stream", headers={"Content-Disposition": name})


async def _step(request: Request, reader: Principal, case_id: str, model: type[BaseModel], act: Act) -> Response:
    sent = await request.form(max_files=0)
    return await _take(request, reader, case_id, {name: str(text) for name, text in sent.items()}, model, act)


async def _take(
    request: Request, reader: Principal, case_id: str, sent: Mapping[str, str], model: type[BaseModel], act: Act
) -> Response:
    try:
        said = model.model_validate(given(model, sent))
        await act(get_services(request).reviews, case_id, said, reader, request_id=request.state.request_id)
    except ValidationError as wrong:
        fields = complaints([dict(one) | {"loc": ("body", *one["loc"])} for one in wrong.errors()])
        listed = [FieldError(one["field"], one["message"]) for one in fields]
        return await _refused(request, reader, case_id, sent, InvalidInput(_("Nothing was recorded."), listed))
    except CaspianError as error:
        return await _refused(request, reader, case_id, sent, error)
    return RedirectResponse(f"/cases/{case_id}", session.SEE_OTHER)


def given(model: type[BaseModel], sent: Mapping[str, str]) -> dict[str, Any]:
    """Return what a form said, for the model of its step: an empty field is one that was not filled in."""
    said: dict[str, Any] = {name: sent[name] for name in model.model_fields if sent.get(name)}
    if model is AssignInput:
        said.setdefault("to", None)
    if model is DecisionInput and sent.get("scope") != "all":
        said["entities"] = [sent.get("match", "")]
    return said


async def _refused(
    request: Request, reader: Principal, case_id: str, sent: Mapping[str, str], error: CaspianError
) -> Response:
    """The case as it now is, with what was written and why nothing was done. Raises what the case itself would."""
    problem = problem_view(problems.body(problems.kind_of(error), str(error), request))
    errors = error.errors if isinstance(error, InvalidInput) else ()
    fields = tuple(
        FieldProblem(*(LABELS.get(one.field, (one.field, ""))[0], one.message, LABELS.get(one.field, ("", ""))[1]))
        for one in errors
    )
    told = replace(problem, title=_("Nothing was recorded"), errors=fields, action="", action_href="")
    return await _page(request, reader, case_id, sent, told)


async def _page(
    request: Request, reader: Principal, case_id: str, sent: Mapping[str, str], problem: ProblemView | None = None
) -> Response:
    services, request_id, moment = get_services(request), request.state.request_id, now()
    found = await services.reviews.get(case_id, reader, request_id=request_id)
    entity_id = chosen_entity(found, sent.get("match", ""))
    compared = await comparison(services, reader, found, entity_id, request_id)
    listed = await listings(services, entity_id)
    view = case_page(found, entity_id, moment)
    before, after = await _neighbours(services, reader, case_id)
    frame = pages.frame(request, view.title, await pages.list_statuses(services), reader=reader, current="/cases")
    policy, means = services.reviews.policy, MEANS_OF_DEAL if view.of_deal else MEANS
    return pages.render(
        "case.html",
        frame,
        200 if problem is None else problem.status,
        view=view,
        problem=problem,
        sent=sent,
        entity_id=entity_id,
        name=next((match.name for match in found.matches if match.entity_id == entity_id), ""),
        question=_question(view, listed),
        found=None if compared is None else found_view(compared.found, compared.matcher),
        facts=versus(compared.found, compared.subject, listed) if compared else versus(None, {}, listed),
        gone=not listed and not view.of_deal,
        may=found.may,
        why_not=tuple(found.refused[act] for act in ("decide", "approve") if act in found.refused)[:1],
        decisions=[(value.value, DECISIONS[value], text) for value, text in means.items()],
        reasons=reason_groups(services.reviews.reasons().items, of_deal=view.of_deal),
        askers=view.askers,
        first_day=(moment + timedelta(days=1)).date().isoformat(),
        last_day=(moment + timedelta(days=policy.clearance_days)).date().isoformat(),
        most=file_size(services.settings.evidence_max_bytes),
        previous=before,
        following=after,
        may_audit=reader.role in permissions.READERS_OF_THE_LOG,
    )


def _question(view: CasePage, listed: Sequence[ListedEntity]) -> str:
    if view.of_deal:
        return _("Does this rule apply to the deal?")
    return QUESTIONS[listed[0].kind] if listed else _("Is this the listed entity?")


async def _neighbours(services: Services, reader: Principal, case_id: str) -> tuple[str, str]:
    """The addresses of the cases before and after this one in the queue; empty where there is none. Nothing of them is
    shown, so their reading is not recorded.
    """
    async with services.database.read() as session:
        waiting = [line.id for line in (await queue(session, reader, CaseFilter(), limit=NEIGHBOURS)).items]
    if case_id not in waiting:
        return "", f"/cases/{waiting[0]}" if waiting else ""
    at = waiting.index(case_id)
    around = (waiting[at - 1] if at else "", next(iter(waiting[at + 1 :]), ""))
    before, after = (f"/cases/{one}" if one else "" for one in around)
    return before, after
