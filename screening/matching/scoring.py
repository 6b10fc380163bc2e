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

    A name alone stops at 950. What corroborates counts only for names that are alike enough (`_weighed`). A shared
    unique identifier decides whatever the names. A weak alias alone is never a match (OFAC FAQ 122-125).
    """
    found = (feature(subject, listed) for feature in FEATURES)
    qualifiers = tuple(_weighed(qualifier, name_score) for qualifier in found if qualifier is not None)
    shared = identifiers.shared(subject, listed)
    decisive = shared is not None and decides(shared.listed)
    raised = sum(q.effect for q in qualifiers if q.effect > 0)
    lowered = sum(q.effect for q in qualifiers if q.effect < 0)
    score = min(n.NAME_ALONE, name_score) + raised + lowered
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


def _weighed(qualifier: Qualifier, name_score: int) -> Qualifier:
    """Return the qualifier with no effect where the names are too unlike for it: what half of this trade shares, such
    as a country, makes no alarm of a name that is none; a birth date or an address may.
    """
    least = n.LEAST_CORROBORATED if qualifier.effect >= n.STRONG_FACT else n.SCALED_REVIEW
    return replace(qualifier, effect=0) if qualifier.effect > 0 and name_score < least else qualifier


def _identity(qualifiers: Sequence[Qualifier], raised: int, lowered: int) -> Identity:
    if any(q.stance is Stance.CONTRADICTS for q in qualifiers) and -lowered >= raised:
        return Identity.CONTRADICTED
    return Identity.CORROBORATED if raised >= n.CORROBORATED else Identity.NAME_ONLY


def most_raised(subject: Subject) -> int:
    """Return by how much facts beside the name may raise a score for this subject: how far below review to look."""
    possible = (
        (subject.birth_date, n.BIRTH_DAY),
        (subject.addresses, n.ADDRESS_SAME),
        (subject.identifiers, n.IDENTIFIER_WEAK),
        (subject.gross_tonnage, n.TONNAGE_SAME),
        (subject.built, n.BUILT_SAME),
    )
    return sum(effect for given, effect in possible if given and effect >= n.STRONG_FACT)
