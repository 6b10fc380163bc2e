"""Scoring: the table of features, and how the name and the facts beside it become one score (DESIGN.md, "Meaning of
the score"). A compliance officer should be able to read this page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from lists.entity import ListedEntity, Quality
from screening.matching import numbers as n
from screening.matching.features import biography, identifiers, places, vessels
from screening.matching.identity import decides
from screening.matching.policy import Policy
from screening.matching.result import Identity, Qualifier, Stance
from screening.matching.subject import Subject

Feature = Callable[[Subject, ListedEntity], Qualifier | None]

FEATURES: tuple[Feature, ...] = (
    identifiers.identifier,
    biography.birth_date,
    biography.gender,
    places.country,
    places.address,
    vessels.flag,
    vessels.vessel_type,
    vessels.tonnage,
    vessels.built,
)
"""Every fact beside the name that raises or lowers a score, in the order in which they are explained."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The score of one listed entity for one subject, and what made it so."""

    score: int
    identity: Identity
    decided_by: str
    low_priority: bool
    qualifiers: tuple[Qualifier, ...]


def merged(listings: Sequence[ListedEntity]) -> ListedEntity:
    """Return one entity with the facts of all listings of one party; its names stay those of the first."""
    if len(listings) == 1:
        return listings[0]
    return replace(
        listings[0],
        birth_dates=tuple(d for listing in listings for d in listing.birth_dates),
        birth_places=tuple(p for listing in listings for p in listing.birth_places),
        nationalities=tuple(c for listing in listings for c in listing.nationalities),
        genders=tuple(g for listing in listings for g in listing.genders),
        identifiers=tuple(i for listing in listings for i in listing.identifiers),
        addresses=tuple(a for listing in listings for a in listing.addresses),
        vessel=next((listing.vessel for listing in listings if listing.vessel), None),
    )


def judge(subject: Subject, listed: ListedEntity, name_score: int, quality: Quality, policy: Policy) -> Verdict:
    """Return the score: the name first, then each qualifier, then what decides or forbids.

    A name alone stops at 950. Corroboration counts only for names that are alike at all. A shared unique identifier
    decides whatever the names. A weak alias alone is never a match (OFAC FAQ 122-125).
    """
    qualifiers = tuple(found for feature in FEATURES if (found := feature(subject, listed)) is not None)
    shared = identifiers.shared(subject, listed)
    decisive = shared is not None and decides(shared.listed)
    raised = sum(q.effect for q in qualifiers if q.effect > 0)
    lowered = sum(q.effect for q in qualifiers if q.effect < 0)
    score = min(n.NAME_ALONE, name_score)
    if name_score >= n.LEAST_CORROBORATED:
        score += raised
    score += lowered
    if decisive:
        score = max(score, n.DECIDED)
    low_priority = quality is Quality.WEAK and not decisive
    if low_priority:
        score = min(score, policy.match_threshold - 1)
    return Verdict(
        score=max(0, min(1000, score)),
        identity=_identity(qualifiers, raised, lowered),
        decided_by=shared.listed.type if shared is not None and decisive else "name",
        low_priority=low_priority,
        qualifiers=qualifiers,
    )


def _identity(qualifiers: Sequence[Qualifier], raised: int, lowered: int) -> Identity:
    if any(q.stance is Stance.CONTRADICTS for q in qualifiers) and -lowered >= raised:
        return Identity.CONTRADICTED
    return Identity.CORROBORATED if raised >= n.CORROBORATED else Identity.NAME_ONLY


def most_raised(subject: Subject) -> int:
    """Return by how much facts beside the name may raise a score for this subject: how far below review to look."""
    possible = 0
    possible += n.BIRTH_DAY if subject.birth_date else 0
    possible += n.GENDER_SAME if subject.gender else 0
    possible += max(n.COUNTRY_SAME, n.FLAG_SAME) if subject.countries else 0
    possible += n.ADDRESS_SAME if subject.addresses else 0
    possible += n.IDENTIFIER_WEAK if subject.identifiers else 0
    possible += n.VESSEL_TYPE_SAME if subject.vessel_type else 0
    possible += n.TONNAGE_SAME if subject.gross_tonnage else 0
    possible += n.BUILT_SAME if subject.built else 0
    return possible
