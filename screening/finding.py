"""Finding: a scored candidate with its listings, as an answer shows it. Pure."""

from collections.abc import Iterable, Sequence
from typing import TypeVar

from lists.entity import ListedEntity, Measure, Programme
from screening.answer import Found, Listing
from screening.matching.result import ScoredCandidate

Value = TypeVar("Value")

MOST_NAMES = 10
"""Other names shown in an answer; a listing may have over a hundred, and the entity's own page has them all."""

NO_PROGRAMME = "The list names no programme for this entry. It is listed all the same: treat its property as blocked."
"""For the 604 EU entries without a programme (data README): absence must never read as "nothing"."""


def found(candidate: ScoredCandidate, listings: Sequence[ListedEntity]) -> Found:
    """Return the candidate with what its listings say: programmes in plain words, other names, dates, link."""
    return Found(
        entity_id=candidate.entity_id,
        lists=candidate.sources,
        kind=candidate.kind,
        primary_name=candidate.primary_name,
        listed_name=candidate.listed_name,
        listed_name_type=candidate.listed_name_type.value,
        listed_name_quality=candidate.listed_name_quality.value,
        listed_name_script=candidate.listed_name_script,
        other_names=_other_names(candidate, listings),
        score=candidate.score,
        name_score=candidate.name_score,
        identity=candidate.identity,
        outcome=candidate.outcome,
        decided_by=candidate.decided_by,
        low_priority=candidate.low_priority,
        qualifiers=candidate.qualifiers,
        explanation=candidate.explanation,
        listings=_distinct(listing for entity in listings for listing in _programmes(entity)),
        secondary_sanctions=_distinct(text for entity in listings for text in entity.secondary_sanctions),
        listed_on=min((entity.listed_on for entity in listings if entity.listed_on is not None), default=None),
        url=next((entity.url for entity in listings if entity.url), ""),
        sentence=candidate.sentence,
    )


def _other_names(candidate: ScoredCandidate, listings: Sequence[ListedEntity]) -> tuple[str, ...]:
    names = _distinct(name.value for entity in listings for name in entity.names)
    return tuple(name for name in names if name != candidate.primary_name)[:MOST_NAMES]


def _programmes(entity: ListedEntity) -> tuple[Listing, ...]:
    if not entity.programmes:
        unknown = Programme(code="", measure=Measure.UNKNOWN, meaning=NO_PROGRAMME)
        return (_listing(entity.source, unknown),)
    return tuple(_listing(entity.source, programme) for programme in entity.programmes)


def _listing(source: str, programme: Programme) -> Listing:
    return Listing(
        list=source,
        code=programme.code,
        measure=programme.measure.value,
        title=programme.title,
        meaning=programme.meaning,
        legal_basis=programme.legal_basis,
    )


def _distinct(values: Iterable[Value]) -> tuple[Value, ...]:
    return tuple(dict.fromkeys(values))
