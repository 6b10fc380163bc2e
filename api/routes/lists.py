"""Lists: how fresh each is, what changed in it, and fetching one now."""

from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query

from api.auth import Authorised, Call
from api.schemas import ChangePage, ChangeQuery, ChangeView, Lists, ListView, Refreshed
from api.strict import StrictRoute
from core.clock import now
from core.errors import ListFetchError, ListFormatError, NotFound
from lists.admit import Terms
from lists.checks import CheckOutcome
from lists.refresh import refresh
from lists.snapshots import Change, changes
from lists.source import Source
from lists.status import statuses
from screening.services.lists import audited

router = APIRouter(route_class=StrictRoute, tags=["lists"])


@router.get("/v1/lists", summary="How fresh the lists are")
async def read_all(call: Authorised) -> Lists:
    """Every list this server knows: what is in force, its date and hash, the last check and the next."""
    return Lists(items=await _views(call, list(call.services.sources.values())))


@router.get("/v1/lists/{key}", summary="How fresh one list is")
async def read(call: Authorised, key: str) -> ListView:
    """One list: what is in force, its date and hash, the last check and the next."""
    return (await _views(call, [_source(call, key)]))[0]


@router.get("/v1/lists/{key}/changes", summary="What changed in a list")
async def read_changes(call: Authorised, key: str, query: Annotated[ChangeQuery, Query()]) -> ChangePage:
    """Entities added, changed (with each field before and after) and removed, newest first."""
    source = _source(call, key)
    async with call.services.database.read() as session:
        rows = await changes(
            session, source.key, since=query.since, change=query.change, after=query.before, limit=query.limit
        )
    return ChangePage(items=[_change(row) for row in rows], next=str(rows[-1].id) if len(rows) == query.limit else None)


@router.post("/v1/lists/{key}/refresh", summary="Check a list now")
async def check_now(call: Authorised, key: str) -> Refreshed:
    """Look at the publisher or mirror now, and bring what it has into force. Recorded.

    A file that cannot be fetched or is not fit to come into force is a `list-refused`; the edition in force stays.
    """
    source = _source(call, key)
    services = call.services
    terms = Terms(observe=audited(call.principal, call.request_id, call.services.reviews.policy))
    result = await refresh(services.database, source, services.settings, terms)
    if not result.ok:
        failed = ListFetchError if result.outcome is CheckOutcome.FAILED else ListFormatError
        raise failed(f"{source.title}: {result.reason}. The edition in force stays in force.")
    await services.live.reload()  # what came into force answers screenings when this answer goes out
    (view,) = await _views(call, [source])
    return Refreshed(
        outcome=result.outcome.value, added=result.added, changed=result.changed, removed=result.removed, list=view
    )


def _source(call: Call, key: str) -> Source:
    source = call.services.sources.get(key)
    if source is None:
        msg = f"There is no list {key!r}. Known are: {', '.join(sorted(call.services.sources))}."
        raise NotFound(msg)
    return source


async def _views(call: Call, sources: list[Source]) -> list[ListView]:
    async with call.services.database.read() as session:
        found = await statuses(session, sources, call.services.settings, now())
    return [ListView.model_validate(status) for status in found]


def _change(row: Change) -> ChangeView:
    return ChangeView(
        entity_id=row.entity.entity_id,
        change=row.entity.change,
        kind=row.entity.kind,
        name=row.entity.name,
        snapshot_id=row.snapshot_id,
        activated_at=row.activated_at,
        fields=[asdict(field) for field in row.entity.fields],
    )
