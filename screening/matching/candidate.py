"""Candidate: from the names that came nearest to a scored, explained candidate, for search and pairs alike."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from lists.entity import ListedEntity, Name, Quality
from screening.matching.explain import explain, sentence
from screening.matching.features.names import NameScore
from screening.matching.policy import Policy
from screening.matching.result import Explanation, ScoredCandidate
from screening.matching.scoring import Verdict, judge, merged
from screening.matching.subject import Subject
from screening.names.token import ReadName


class Nearest(NamedTuple):
    """The listed name that came nearest: as listed, as read, and beside which form of which of the subject's names."""

    listed_name: Name
    listed_read: ReadName
    subject_name: str
    subject_read: ReadName
    score: NameScore


NO_NAME = NameScore(0.0, (), (), (), 1.0)
_NO_READ = ReadName("", (), (), "Zyyy", "")


def nothing_read(name: str) -> tuple[str, ReadName]:
    """Return a name that has nothing to compare: only an identifier was given."""
    return name, _NO_READ


def candidate(
    subject: Subject, listings: Sequence[ListedEntity], nearest: Iterable[Nearest], policy: Policy
) -> ScoredCandidate:
    """Return the candidate of one party by the nearest of its names that scores best; a strong name wins a tie."""
    listed = merged(listings)
    judged = [(judge(subject, listed, n.score.score, n.listed_name.quality, policy), n) for n in nearest]
    verdict, best = max(judged, key=lambda found: (found[0].score, found[1].listed_name.quality is Quality.STRONG))
    return _assembled(subject, (listed, listings), verdict, best, policy)


def _assembled(
    subject: Subject,
    party: tuple[ListedEntity, Sequence[ListedEntity]],
    verdict: Verdict,
    best: Nearest,
    policy: Policy,
) -> ScoredCandidate:
    listed, listings = party
    explanation: Explanation = explain(best.subject_read, best.listed_read, best.score)
    return ScoredCandidate(
        entity_id=listed.id,
        sources=tuple(dict.fromkeys(listing.source for listing in listings)),
        kind=listed.kind,
        primary_name=listed.primary_name,
        listed_name=best.listed_name.value,
        listed_name_type=best.listed_name.type,
        listed_name_quality=best.listed_name.quality,
        listed_name_script=best.listed_name.script or best.listed_read.script,
        subject_name=best.subject_name,
        score=verdict.score,
        name_score=best.score.score,
        identity=verdict.identity,
        outcome=policy.outcome(verdict.score),
        decided_by=verdict.decided_by,
        low_priority=verdict.low_priority,
        qualifiers=verdict.qualifiers,
        explanation=explanation,
        sentence=sentence(explanation, best.score.score, verdict, best.listed_read),
    )
