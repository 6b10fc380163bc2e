"""Replaying, pure: what a recorded answer rests on, and how a replayed or a present answer differs from it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic_core import from_json

from lists.snapshots import SnapshotInfo
from screening.answer import Answer, CoveredList, Matcher
from screening.coverage import STALE, Coverage
from screening.matching.policy import Policy
from screening.matching.result import Outcome
from screening.matching.version import VERSION, config_hash

MOST_NEAR_MISSES = 20
"""The most that `Settings.near_misses` may say."""


class Finding(BaseModel):
    """What a replay reports."""

    model_config = ConfigDict(frozen=True)


class Changed(Finding):
    """Something named in the record that is another now."""

    what: str
    recorded: str
    now: str


class EntityChange(Finding):
    """One listed entity whose standing differs. A score is in tenths; None where the entity was not met at all.

    `change`: gained (a match now, not then), lost (then, not now) or rescored.
    """

    entity_id: str
    name: str
    change: str
    recorded: int | None
    now: int | None


class Today(Finding):
    """What today's lists and configuration say, against the recorded answer."""

    outcome_recorded: Outcome
    outcome_now: Outcome
    outcome_changed: bool
    entities: tuple[EntityChange, ...]
    lists: tuple[Changed, ...]
    matcher: tuple[Changed, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """What an answer says of listed entities: name and score of each that it shows, by id, and which are matches."""

    shown: Mapping[str, tuple[str, int]]
    matched: frozenset[str]

    @classmethod
    def of(cls, matches: Iterable[tuple[str, str, int]], near: Iterable[tuple[str, str, int]]) -> "Standing":
        """Return it of matches and near-misses, each an id, a name and a score."""
        first = {entity_id: (name, score) for entity_id, name, score in matches}
        return cls({entity_id: (name, score) for entity_id, name, score in near} | first, frozenset(first))


def recorded_policy(used: Matcher, now: Policy) -> Policy | None:
    """Return the policy that answered. Its thresholds are in the record; how many near-misses it showed is found by
    trying all that the settings allow, today's first, against the recorded configuration hash.

    None when no policy agrees: then numbers, tables or matcher have changed since.
    """
    for near_misses in (now.near_misses, *range(MOST_NEAR_MISSES + 1)):
        policy = Policy(used.review_threshold, used.match_threshold, near_misses)
        if config_hash(policy) == used.config_hash:
            return policy
    return None


def recorded_coverage(answer: Answer) -> Coverage:
    """Return the coverage that an answer was given under. Freshness is judged at the moment of answering, so it is an
    input like the snapshots; each list that is absent, a sample or stale stands last in `missing` and `warnings`.
    """
    lacking = sum(gap.blocks_clear for gap in answer.not_covered)
    lacking += sum(used.sample or used.state == STALE for used in answer.covered)
    missing = answer.missing[len(answer.missing) - lacking :]
    warnings = answer.warnings[len(answer.warnings) - lacking :]
    return Coverage(answer.covered, answer.not_covered, missing, warnings)


def nearest_policy(used: Matcher, now: Policy) -> Policy:
    """Return the recorded thresholds under today's number of near-misses, for a policy that is not found again."""
    return Policy(used.review_threshold, used.match_threshold, now.near_misses)


def changed_matcher(used: Matcher, policy: Policy | None, now: Policy, thresholds_from: str) -> tuple[Changed, ...]:
    """Return what of matcher and configuration is another now than in the record.

    `policy` is the recorded one if it could be found again, `now` that of today's settings.
    """
    facts = [
        ("matcher version", used.version, VERSION),
        ("review_threshold", used.review_threshold, now.review_threshold),
        ("match_threshold", used.match_threshold, now.match_threshold),
        ("thresholds_from", used.thresholds_from, thresholds_from),
    ]
    if policy is not None:
        facts.append(("near_misses", policy.near_misses, now.near_misses))
    else:
        facts.append(("numbers and tables (config_hash)", used.config_hash, config_hash(nearest_policy(used, now))))
    return tuple(Changed(what=what, recorded=str(old), now=str(new)) for what, old, new in facts if old != new)


def wrong_snapshots(covered: Sequence[CoveredList], held: Mapping[str, SnapshotInfo | None]) -> tuple[str, ...]:
    """Return, in words, what the database says otherwise of the snapshots a record names; empty if it agrees.

    `held` is each snapshot as the database has it, by its id.
    """
    return tuple(problem for used in covered for problem in _wrong(used, held.get(used.snapshot_id)))


def differing(recorded: str, replayed: str) -> tuple[str, ...]:
    """Return the fields of two answers, given as their JSON, that differ, by name; empty only if both are the same byte
    for byte.
    """
    if recorded == replayed:
        return ()
    old, new = from_json(recorded), from_json(replayed)
    fields = tuple(name for name in dict.fromkeys((*old, *new)) if old.get(name) != new.get(name))
    return fields or ("the way it is written",)


def details_of(
    identical: bool, differs: Sequence[str], changed: Sequence[Changed], problems: Sequence[str]
) -> dict[str, Any]:
    """Return what the audit entry says of a replay. Identical is only what ran whole, on what the record names."""
    return {
        "identical": identical,
        "differs": list(differs),
        "changed": [f"{one.what}: {one.recorded} -> {one.now}" for one in changed],
        "problems": list(problems),
    }


def today_of(outcome: str, entities: Sequence[EntityChange]) -> dict[str, Any]:
    """Return what the audit entry says of today's answer to a record that was replayed."""
    return {"outcome": str(outcome), "entities": [f"{one.change} {one.entity_id}" for one in entities]}


def compared(recorded: Answer, now: Answer, matcher: tuple[Changed, ...]) -> Today:
    """Return how the answer of today differs from the recorded one."""
    return Today(
        outcome_recorded=recorded.outcome,
        outcome_now=now.outcome,
        outcome_changed=recorded.outcome is not now.outcome,
        entities=moved(_standing(recorded), _standing(now)),
        lists=changed_lists(recorded.covered, now.covered),
        matcher=matcher,
    )


def moved(recorded: Standing, now: Standing) -> tuple[EntityChange, ...]:
    """Return the listed entities whose standing differs, by id."""
    changes = []
    for entity_id in sorted(recorded.shown.keys() | now.shown.keys()):
        change = _change(entity_id in recorded.matched, entity_id in now.matched)
        before, after = recorded.shown.get(entity_id), now.shown.get(entity_id)
        score, score_now = (None if shown is None else shown[1] for shown in (before, after))
        if change == "rescored" and (score == score_now or None in (score, score_now)):
            continue
        known = after or before
        name = "" if known is None else known[0]
        changes.append(EntityChange(entity_id=entity_id, name=name, change=change, recorded=score, now=score_now))
    return tuple(changes)


def changed_lists(recorded: Sequence[CoveredList], now: Sequence[CoveredList]) -> tuple[Changed, ...]:
    """Return the lists that are searched in another edition or state now than the record says, by key."""
    old, new = ({used.key: used for used in covered} for covered in (recorded, now))
    found = []
    for key in sorted(old.keys() | new.keys()):
        before, after = old.get(key), new.get(key)
        if before is None or after is None or before.snapshot_id != after.snapshot_id or before.state != after.state:
            found.append(Changed(what=key, recorded=_edition(before), now=_edition(after)))
    return tuple(found)


def _wrong(used: CoveredList, held: SnapshotInfo | None) -> list[str]:
    if held is None:
        return [f"{used.key}: the snapshot {used.snapshot_id} is not held any more"]
    facts = (
        ("source", used.key, held.source),
        ("file hash", used.file_sha256, held.file_sha256),
        ("number of entities", used.entities, held.entities),
        ("publication date", used.published_on, held.published_on),
        ("sample", used.sample, held.sample),
    )
    return [f"{used.key}: the record says {what} {old}, the database {new}" for what, old, new in facts if old != new]


def _change(was: bool, is_: bool) -> str:
    if was == is_:
        return "rescored"
    return "gained" if is_ else "lost"


def _standing(answer: Answer) -> Standing:
    matches, near = (
        [(found.entity_id, found.primary_name, found.score) for found in part]
        for part in (answer.matches, answer.near_misses)
    )
    return Standing.of(matches, near)


def _edition(used: CoveredList | None) -> str:
    if used is None:
        return "not searched"
    return f"{used.snapshot_id[:12]} of {used.published_on or 'no date'} ({used.state})"
