"""Alarm: a record whose subject met listed entities, or a deal that rules speak against, as what opens a case.

The *fingerprint* is what makes two subjects the same one: the kind, the names, the birth date and the identifiers as
they were asked, hashed. Asked with other data, it is another subject: a clearance does not reach it. A deal's is its
whole content.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from screening.answer import Answer, Found
from screening.audit.entry import Actor, Draft
from screening.audit.log import fold
from screening.cases.case import DEAL, RULE, Hit, RecordKind
from screening.deals.assessment import Assessment
from screening.deals.rules import Verdict
from screening.deals.screened import blocks
from screening.matching.result import Identity, Outcome
from screening.matching.subject import Subject

INVISIBLE = "\u200c\u200d\u200e\u200f"
"""Joiners and direction marks that Persian needs; other invisible characters are not shown."""


MOST_NAMED = 4
"""Parties of a deal that the queue names."""


@dataclass(frozen=True, slots=True)
class CaseSubject:
    """Whom a case is about: its fingerprint, the name as it was asked, its kind, and what tells it apart, in short."""

    fingerprint: str
    name: str
    kind: str | None
    about: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """A record with hits. `otherwise` is what it would have come to without them: clear, or incomplete.

    `path` is the party's place in a deal (`parties.0`); `matcher` the version of the matcher that answered.
    """

    record_kind: RecordKind
    record_id: str
    asked_by: Actor
    subject: CaseSubject
    hits: tuple[Hit, ...]
    matcher: str
    otherwise: Outcome = Outcome.CLEAR
    path: str = ""


class Versions(Protocol):
    """What knows the versions of listed entities: a `ListIndex`."""

    def versions(self, entity_id: str) -> tuple[str, ...]:
        """Return the hash of each listing that an entity has in it."""


def case_subject(subject: Subject) -> CaseSubject:
    """Return whom a case about this subject is about."""
    numbers = [(number.type, number.value, number.country or "") for number in subject.identifiers]
    born = subject.birth_date
    names = sorted({fold(name) for name in (subject.name, *subject.other_names)} - {""})
    told = {
        "kind": None if subject.kind is None else subject.kind.value,
        "names": names,
        "born": None if born is None else [born.earliest.isoformat(), born.latest.isoformat()],
        "identifiers": sorted(numbers),
    }
    text = json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    shown = [f"{kind.upper()} {value}" for kind, value, _ in numbers]
    return CaseSubject(
        fingerprint=hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest(),
        name=_printable(next(filter(None, (subject.name, *subject.other_names, *shown)), "")),
        kind=told["kind"] if isinstance(told["kind"], str) else None,
        about=_printable(" · ".join([*_born(subject), *shown, *subject.countries])),
    )


def alarms_of(draft: Draft, subject: Subject, answer: Answer, index: Versions) -> tuple[Alarm, ...]:
    """Return the alarm of a screening that is about to be recorded; none where its answer has no match."""
    if not answer.matches:
        return ()
    alarm = Alarm(
        record_kind=RecordKind.SCREENING,
        record_id=draft.record_id,
        asked_by=draft.actor,
        subject=case_subject(subject),
        hits=hits_of(answer.matches, index),
        matcher=answer.matcher.version,
        otherwise=Outcome.INCOMPLETE if answer.missing else Outcome.CLEAR,
    )
    return (alarm,)


def alarms_of_deal(
    draft: Draft, subjects: Mapping[str, Subject], assessment: Assessment, index: Versions
) -> tuple[Alarm, ...]:
    """Return the alarms of a deal that is about to be recorded: one for each party or owner with a match, by path, and
    one for the deal itself where it is stopped or doubtful for reasons that no match explains.
    """
    parties = tuple(
        Alarm(
            record_kind=RecordKind.DEAL,
            record_id=draft.record_id,
            asked_by=draft.actor,
            subject=case_subject(subjects[party.path]),
            hits=hits_of(party.matches, index),
            matcher=assessment.matcher.version,
            path=party.path,
        )
        for party in assessment.parties
        if party.matches
    )
    hits = _rule_hits(assessment)
    if not hits:
        return parties
    own = Alarm(
        record_kind=RecordKind.DEAL,
        record_id=draft.record_id,
        asked_by=draft.actor,
        subject=_deal_subject(draft.reference, assessment),
        hits=hits,
        matcher=assessment.matcher.version,
    )
    return (*parties, own)


def hits_of(matches: Iterable[Found], index: Versions) -> tuple[Hit, ...]:
    """Return the matches of an answer as hits, with the versions of the entities in the index that answered."""
    return tuple(
        Hit(
            entity_id=match.entity_id,
            name=match.primary_name,
            lists=match.lists,
            version=" ".join(sorted(index.versions(match.entity_id))),
            score=match.score,
            name_score=match.name_score,
            identity=match.identity,
            outcome=match.outcome,
            blocking=blocks(match),
            low_priority=match.low_priority,
        )
        for match in matches
    )


def _printable(text: str) -> str:
    return "".join(letter if letter.isprintable() or letter in INVISIBLE else " " for letter in text)


def _born(subject: Subject) -> list[str]:
    born = subject.birth_date
    if born is None:
        return []
    if born.earliest == born.latest:
        return [f"b. {born.earliest.isoformat()}"]
    return [f"b. {born.earliest.year}" if born.earliest.year == born.latest.year else f"b. {born.text}"]


def _rule_hits(assessment: Assessment) -> tuple[Hit, ...]:
    """The rules behind a review or a stop, where no party's own match is among a reason's causes: whoever decides that
    match decides that reason.
    """
    if assessment.verdict not in (Verdict.REVIEW, Verdict.STOP):
        return ()
    matched = {party.path for party in assessment.parties if party.matches}
    texts: dict[str, list[str]] = {}
    for reason in assessment.reasons:
        if matched.isdisjoint(reason.causes):
            texts.setdefault(reason.rules[0].id, []).append(reason.text)
    stops = assessment.verdict is Verdict.STOP
    return tuple(
        Hit(
            entity_id=f"{RULE}{rule}",
            name=" ".join(dict.fromkeys(said)),
            lists=(),
            version=assessment.rules.hash,
            score=0,
            name_score=0,
            identity=Identity.NAME_ONLY,
            outcome=Outcome.MATCH if stops else Outcome.REVIEW,
            blocking=stops,
        )
        for rule, said in texts.items()
    )


def _deal_subject(reference: str | None, assessment: Assessment) -> CaseSubject:
    text = json.dumps(assessment.deal, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    named = [party for party in assessment.parties if party.roles]  # an owner in a tree has no role
    first = ", ".join(party.name for party in named[:2])
    return CaseSubject(
        fingerprint=hashlib.sha256(f"{DEAL}:{text}".encode("utf-8", "surrogateescape")).hexdigest(),
        name=_printable(f"Deal {reference}" if reference else f"Deal of {first}"),
        kind=DEAL,
        about=_printable(
            " · ".join(f"{party.roles[0].replace('_', ' ')} {party.name}" for party in named[:MOST_NAMED])
        ),
    )
