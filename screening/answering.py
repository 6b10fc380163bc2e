"""Answering: from a read request, an index and its coverage to the whole answer, and to what the audit log keeps of it.

The answer depends on nothing but those and the policy: asked again on the same, it is the same byte for byte.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from pydantic import TypeAdapter

from screening.answer import Answer, CoveredList, Found, Matcher
from screening.audit.entry import Draft, ListUsed, MatcherUsed
from screening.audit.log import seal
from screening.coverage import Coverage
from screening.finding import found
from screening.matching.index import ListIndex
from screening.matching.matcher import match, matches
from screening.matching.policy import Policy
from screening.matching.result import MatchResult, Outcome
from screening.matching.subject import Subject
from screening.matching.version import VERSION, config_hash
from screening.reading import Read
from screening.request import ScreeningRequest
from screening.wording import say

NO_NAME = "A name with letters, or a number. There was nothing in it that can be searched for."
NO_IMO = "The ship’s IMO number. Ships change names; the IMO number stays. It is on the bill of lading and on the hull."
"""What is missing, then where to find it. `PORT OLYA-3` and `PORT OLYA-4` differ by one digit (FIELD.md 2.3)."""

NOTHING = MatchResult(Outcome.CLEAR, (), (), 0)

_SUBJECT = TypeAdapter(Subject)


@dataclass(frozen=True, slots=True)
class Brief:
    """An answer in short: its outcome, its sentence and its matches, the same as those of the whole answer. Only a
    clear's sentence does not tell the nearest score, which was not looked for.
    """

    outcome: Outcome
    say: str
    matches: tuple[Found, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True)
class Answering:
    """Answers under one policy. `thresholds_from` says who set its thresholds: settings or defaults."""

    policy: Policy
    thresholds_from: str = "defaults"

    @cached_property
    def config_hash(self) -> str:
        """The hash over thresholds, numbers and tables that every record names."""
        return config_hash(self.policy)

    def answer(self, request: ScreeningRequest, read: Read, index: ListIndex, coverage: Coverage) -> Answer:
        """Match, judge and word the answer. Uses the CPU for about a millisecond: call it off the event loop."""
        result = match(index, read.subject, self.policy) if read.searchable else NOTHING
        outcome, missing = _judged(result, read, coverage)
        listings = index.listings
        matches = tuple(found(candidate, listings(candidate.entity_id)) for candidate in result.matches)
        near_misses = tuple(found(candidate, listings(candidate.entity_id)) for candidate in result.near_misses)
        searched = coverage.covered if read.searchable else ()
        return Answer(
            outcome=outcome,
            say=say(outcome, matches, near_misses, searched, missing, self.policy.review_threshold),
            subject=request.subject.model_dump(mode="json", exclude_defaults=True),
            normalised=_SUBJECT.dump_python(read.subject, mode="json", exclude_defaults=True),
            as_of=request.as_of,
            matches=matches,
            near_misses=near_misses,
            considered=result.considered,
            truncated=result.truncated,
            covered=coverage.covered,
            not_covered=coverage.not_covered,
            missing=missing,
            warnings=(*read.warnings, *coverage.warnings),
            matcher=self.matcher_used(index.hash),
        )

    def brief(self, read: Read, index: ListIndex, coverage: Coverage) -> Brief:
        """Match and judge as `answer` does, and say only what a row of a file has room for: no near-misses."""
        result = matches(index, read.subject, self.policy) if read.searchable else NOTHING
        outcome, missing = _judged(result, read, coverage)
        met = tuple(found(candidate, index.listings(candidate.entity_id)) for candidate in result.matches)
        searched = coverage.covered if read.searchable else ()
        sentence = say(outcome, met, None, searched, missing, self.policy.review_threshold)
        return Brief(outcome, sentence, met, missing)

    def matcher_used(self, index_hash: str) -> Matcher:
        """Return which matcher answers, over which index, as an answer names it."""
        return Matcher(
            version=VERSION,
            config_hash=self.config_hash,
            review_threshold=self.policy.review_threshold,
            match_threshold=self.policy.match_threshold,
            thresholds_from=self.thresholds_from,
            index=index_hash,
        )


def with_answer(draft: Draft, request: ScreeningRequest, answer: Answer, answered: str) -> Draft:
    """Return the draft of a screening's audit entry with what the answer rests on. What was asked and `answered`, the
    answer's JSON word for word, go into its payload.
    """
    return replace(
        draft,
        outcome=answer.outcome.value,
        lists=lists_used(answer.covered),
        matcher=MatcherUsed(**answer.matcher.model_dump()),
        results=_scores(answer.matches),
        near_misses=_scores(answer.near_misses),
        considered=answer.considered,
        truncated=answer.truncated,
        missing=answer.missing,
        warnings=answer.warnings,
        payload=seal(request.subject.name, asked_as(request), answered),
    )


def lists_used(covered: Sequence[CoveredList]) -> tuple[ListUsed, ...]:
    """Return the lists searched as an audit entry names them."""
    return tuple(
        ListUsed(
            key=searched.key,
            id=searched.snapshot_id,
            file_sha256=searched.file_sha256,
            published_on=None if searched.published_on is None else searched.published_on.isoformat(),
            entities=searched.entities,
            state="sample" if searched.sample else searched.state,
        )
        for searched in covered
    )


def asked_as(request: ScreeningRequest) -> str:
    """Return the request as it is recorded: defaults left out, so that a field added later changes nothing."""
    return request.model_dump_json(exclude_defaults=True)


def _scores(results: Sequence[Found]) -> tuple[tuple[str, int], ...]:
    return tuple((result.entity_id, result.score) for result in results)


def _judged(result: MatchResult, read: Read, coverage: Coverage) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome, and what is missing for a complete one: with anything missing, clear is incomplete."""
    missing = (*_missing(read), *coverage.missing)
    return (Outcome.INCOMPLETE if result.outcome is Outcome.CLEAR and missing else result.outcome), missing


def _missing(read: Read) -> tuple[str, ...]:
    if not read.searchable:
        return (NO_NAME,)
    return (NO_IMO,) if read.lacks_imo else ()
