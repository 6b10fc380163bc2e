"""Case records: finds the comparison of a case's subject with one of its listed entities in the records that it has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from api.deps import Services
from api.web.presenters.facts import party_at
from core.errors import NotFound
from lists.entity import ListedEntity
from screening.access import Principal
from screening.answer import Found, Matcher
from screening.cases.case import RecordKind
from screening.cases.views import CaseView, RecordLink

MOST_READ: Final = 5
"""Records that are looked into, the newest first. Each reading is recorded, and one with the entity ends the search."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How a record compared a subject, `subject` as it was asked, with a listed entity."""

    found: Found
    matcher: Matcher
    subject: Mapping[str, Any]


async def comparison(
    services: Services, reader: Principal, case: CaseView, entity_id: str, request_id: str
) -> Comparison | None:
    """Return the newest record's comparison with this entity, its reading recorded; None where none is kept."""
    kept = [record for record in case.records if record.kind in {RecordKind.SCREENING, RecordKind.DEAL}]
    for record in kept[:MOST_READ]:
        try:
            compared = await _read(services, reader, record, request_id)
        except NotFound:
            continue  # erased since
        for one in compared:
            if one.found.entity_id == entity_id:
                return one
    return None


async def listings(services: Services, entity_id: str) -> tuple[ListedEntity, ...]:
    """Return the entity as each list in force has it; nothing when it is on none any more."""
    try:
        return await services.entities.get(entity_id)
    except NotFound:
        return ()


async def _read(services: Services, reader: Principal, record: RecordLink, request_id: str) -> list[Comparison]:
    if record.kind is RecordKind.SCREENING:
        answer = (await services.screenings.get(record.id, reader, request_id=request_id)).answer
        return [Comparison(found, answer.matcher, answer.subject) for found in answer.matches]
    assessment = (await services.deals.get(record.id, reader, request_id=request_id)).assessment
    party = next((one for one in assessment.parties if one.path == record.path), None)
    asked = party_at(assessment.deal, record.path)
    return [] if party is None else [Comparison(found, assessment.matcher, asked) for found in party.matches]
