"""Health: is the process alive, may it be sent work, how is it doing, and what does it speak. No key is needed here."""

from functools import cache

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from sqlalchemy.exc import SQLAlchemyError

from api import metrics, problems, reference
from api.deps import Services, get_services
from api.strict import StrictRoute
from core import clock, migrations
from core.errors import NotFound
from lists.status import ListState, ListStatus, statuses
from screening.coverage import FRESH

WRONG = {
    ListState.MISSING: "It was never held: run `caspian lists refresh` or `caspian lists import`.",
    ListState.STALE: "It was not successfully checked within its maximum age: see its last result in /v1/lists.",
}
SAMPLE = "Only the bundled sample is in force, so no answer is clear: run `caspian lists refresh`."
BEHIND = "It is behind the lists held ({}): a new one is being built, and no answer is clear until it is in force."

router = APIRouter(route_class=StrictRoute, tags=["health"])


class Health(BaseModel):
    """The process runs."""

    status: str
    version: str


class ProblemKind(BaseModel):
    """One kind of problem, as its type URI shows it."""

    type: str
    status: int
    title: str
    todo: str


@router.get("/healthz", summary="Is the process alive?")
async def healthz(request: Request) -> Health:
    """Answers as long as the process serves at all; it looks at nothing else. For restarting what hangs."""
    return Health(status="alive", version=request.app.version)


@router.get("/readyz", summary="May it be sent work?", response_model=Health)
async def readyz(request: Request) -> Response:
    """200 when a screening would get a full answer; else 503, with each point that is missing. For load balancers."""
    wrong = await _missing(get_services(request))
    if wrong:
        kind = problems.BY_SLUG["not-ready"]
        detail = f"{len(wrong)} point(s) missing: {', '.join(point['field'] for point in wrong)}."
        return await problems.response(request, problems.body(kind, detail, request, wrong))
    return JSONResponse({"status": "ready", "version": request.app.version})


@router.get(
    "/metrics",
    summary="Numbers for Prometheus",
    response_class=Response,
    responses={200: {"content": {"text/plain": {}}, "description": "Prometheus' text format."}},
)
async def numbers(request: Request) -> Response:
    """Requests and their latency by route, screenings by outcome, age and size of lists and index."""
    services = get_services(request)
    moment = clock.now()
    services.metrics.lists(await _statuses(services), moment)
    services.metrics.index(services.live.current().entities if services.live.loaded else 0)
    return Response(services.metrics.page(), media_type=metrics.CONTENT_TYPE)


@router.get("/docs", include_in_schema=False)
async def docs(request: Request) -> HTMLResponse:
    """The reference for people."""
    return HTMLResponse(reference.page(request.app))


@router.get("/problems/{slug}", summary="What a kind of problem means")
async def problem_kind(slug: str) -> ProblemKind:
    """Each problem's `type` leads here."""
    kind = problems.BY_SLUG.get(slug)
    if kind is None:
        msg = f"There is no kind of problem called {slug!r}."
        raise NotFound(msg)
    return ProblemKind(type=kind.type, status=kind.status, title=kind.title, todo=kind.todo)


async def _missing(services: Services) -> list[dict[str, str]]:
    """Each point that keeps a screening from a full answer, as a problem's `errors` have it."""
    try:
        behind = await migrations.current(services.database) != _expected()
        states = [] if behind else await _statuses(services)
    except SQLAlchemyError:
        return [_point("database", "It does not answer: check CASPIAN_DATABASE_URL and that the server runs.")]
    if behind:
        return [_point("migrations", "The database is of another version: run `caspian up` or `alembic upgrade head`.")]
    points = [_point(f"lists.{state.key}", WRONG[state.state]) for state in states if state.state in WRONG]
    points += [_point(f"lists.{state.key}", SAMPLE) for state in states if state.snapshot and state.snapshot.sample]
    if not services.live.loaded:
        points.append(
            _point("index", "It is not loaded yet: it is being built, or there are no lists to build it from.")
        )
    elif behind_on := sorted(_not_fully_searched(services) - {point["field"].partition(".")[2] for point in points}):
        points.append(_point("index", BEHIND.format(", ".join(behind_on))))
    return points


def _not_fully_searched(services: Services) -> set[str]:
    """The lists for whose sake the index that answers now gives no clear answer, whatever the database holds since."""
    coverage = services.live.coverage()
    absent = {gap.key for gap in coverage.not_covered if gap.blocks_clear}
    return absent | {searched.key for searched in coverage.covered if searched.sample or searched.state != FRESH}


@cache
def _expected() -> str:
    return migrations.expected()


def _point(field: str, message: str) -> dict[str, str]:
    return {"in": "server", "field": field, "message": message}


async def _statuses(services: Services) -> list[ListStatus]:
    async with services.database.read() as session:
        return await statuses(session, services.sources.values(), services.settings, clock.now())
