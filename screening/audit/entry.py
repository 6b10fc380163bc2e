"""Entry: one line of the audit log as canonical JSON (RFC 8785) with its SHA-256 hash. Pure.

The fields are those of FIELD.md 1.1. Integers and strings only: `rfc8785` lets floats through, and two systems print
a float differently, so a float raises here. Personal payload (who was screened, what was answered) never enters an
entry: it sits beside the chain, bound by a salted commitment, so that a lawful erasure leaves the chain verifiable.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import rfc8785

GENESIS = "0" * 64
"""What the first entry names as the hash of the entry before it."""

VERSION = 1
"""Version of the entry's shape; a reader meets old entries for ten years (31 CFR 501.601)."""


class Action(StrEnum):
    """What happened. One word per event of FIELD.md 1.1 that this version knows."""

    SCREENED = "screened"
    DEAL_ASSESSED = "deal_assessed"
    BATCH_BEGUN = "batch_begun"
    BATCH_SCREENED = "batch_screened"
    BATCH_ENDED = "batch_ended"
    MAPPING_SAVED = "mapping_saved"
    MAPPING_REMOVED = "mapping_removed"
    LIST_IMPORTED = "list_imported"
    LIST_REFUSED = "list_refused"
    KEY_CREATED = "key_created"
    KEY_REVOKED = "key_revoked"
    KEY_ROTATED = "key_rotated"
    PERSON_CREATED = "person_created"
    PERSON_CHANGED = "person_changed"
    SIGNED_IN = "signed_in"
    SIGN_IN_REFUSED = "sign_in_refused"
    SIGNED_OUT = "signed_out"
    RECORD_READ = "record_read"
    REPLAYED = "replayed"
    VALIDATED = "validated"
    EXPORTED = "exported"
    CONFIGURATION_CHANGED = "configuration_changed"
    PAYLOAD_ERASED = "payload_erased"
    HOLD_PLACED = "hold_placed"
    HOLD_LIFTED = "hold_lifted"
    SUBJECTS_KEPT = "subjects_kept"
    SUBJECT_ENDED = "subject_ended"
    RESCREENED = "rescreened"
    CASE_OPENED = "case_opened"
    CASE_ASSIGNED = "case_assigned"
    CASE_COMMENTED = "case_commented"
    EVIDENCE_ATTACHED = "evidence_attached"
    DECIDED = "decided"
    ESCALATED = "escalated"
    APPROVED = "approved"
    RETURNED = "returned"
    CASE_REOPENED = "case_reopened"
    CLEARANCE_GRANTED = "clearance_granted"
    CLEARANCE_LAPSED = "clearance_lapsed"
    WEBHOOK_CREATED = "webhook_created"
    WEBHOOK_REMOVED = "webhook_removed"


RECORDS: Mapping[str, str] = {
    Action.SCREENED: "screening",
    Action.DEAL_ASSESSED: "deal",
    Action.BATCH_SCREENED: "batch_chunk",
}
"""Action to the table that holds a row for each of its entries."""

OF_CHUNK = ("batch_id", "root", "counts")
"""What the row of a batch's chunk holds besides, as the entry's details say it: texts, all of them."""


class Mention(StrEnum):
    """How an entry names a listed entity."""

    MATCH = "match"
    NEAR_MISS = "near_miss"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it: the principal's stable id, its name and its role at that moment."""

    id: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class ListUsed:
    """One list as it was searched or imported: which snapshot of which file, of what date, fresh or stale."""

    key: str
    id: str
    file_sha256: str
    published_on: str | None
    entities: int
    state: str


@dataclass(frozen=True, slots=True)
class MatcherUsed:
    """Which matcher answered, and the thresholds in force with where they came from."""

    version: str
    config_hash: str
    review_threshold: int
    match_threshold: int
    thresholds_from: str
    index: str


@dataclass(frozen=True, slots=True)
class Payload:
    """The personal part, kept beside the chain: whom it was about, what was asked and answered, word for word."""

    salt: str
    subject: str
    asked: str
    answered: str

    @property
    def commitment(self) -> str:
        """SHA-256 that binds the payload to its entry. Each part is preceded by its length: no part can move."""
        digest = hashlib.sha256()
        for part in (self.salt, self.subject, self.asked, self.answered):
            data = part.encode("utf-8", "surrogateescape")
            digest.update(b"%d:" % len(data))
            digest.update(data)
        return digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Draft:
    """What is to be logged. The log adds sequence, time and the hash of the entry before.

    `record_id` is the record it is about (a screening, a key, a list's key, an export); `results` and `near_misses`
    are (entity id, score) pairs; `details` holds what an action has of its own (strings, integers, lists of them).
    """

    action: Action
    actor: Actor
    record_id: str = ""
    request_id: str | None = None
    idempotency_key: str | None = None
    reference: str | None = None
    outcome: str | None = None
    lists: tuple[ListUsed, ...] = ()
    matcher: MatcherUsed | None = None
    results: tuple[tuple[str, int], ...] = ()
    near_misses: tuple[tuple[str, int], ...] = ()
    considered: int = 0
    truncated: bool = False
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    details: Mapping[str, Any] = field(default_factory=dict)
    payload: Payload | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """A chained entry: `content` what it says, `body` that as canonical JSON, `hash` the SHA-256 of those bytes."""

    sequence: int
    occurred_at: str
    content: Mapping[str, Any]
    body: str
    hash: str


def chain(draft: Draft, *, sequence: int, occurred_at: str, prev_hash: str) -> Entry:
    """Return `draft` as entry number `sequence` after the entry whose hash is `prev_hash`.

    `occurred_at` is RFC 3339 in UTC. Raises ValueError for a float, rfc8785.CanonicalizationError for what JSON
    cannot hold.
    """
    commitment = None if draft.payload is None else draft.payload.commitment
    content = _content(draft) | {
        "sequence": sequence,
        "occurred_at": occurred_at,
        "prev_hash": prev_hash,
        "commitment": commitment,
    }
    body = canonical(content)
    return Entry(sequence, occurred_at, content, body.decode(), hash_of(body))


def canonical(content: Mapping[str, Any]) -> bytes:
    """Return canonical JSON (RFC 8785). Raises ValueError for a float anywhere in it."""
    _refuse_floats(content, "")
    return rfc8785.dumps(dict(content))


def hash_of(body: bytes) -> str:
    """Return the SHA-256 of an entry's canonical bytes, in hex."""
    return hashlib.sha256(body).hexdigest()


def columns_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the log's filter columns must hold for an entry: the verifier compares them with what they do."""
    return {
        "occurred_at": content["occurred_at"],
        "actor_id": content["actor"]["id"],
        "action": content["action"],
        "outcome": content["outcome"],
        "record_id": content["record_id"],
        "prev_hash": content["prev_hash"],
        "commitment": content["commitment"],
    }


def mentions_of(content: Mapping[str, Any]) -> frozenset[tuple[str, str]]:
    """Return the listed entities an entry names, as (entity id, match or near_miss)."""
    found = {(entity_id, Mention.MATCH.value) for entity_id, _ in content["results"]}
    return frozenset(found | {(entity_id, Mention.NEAR_MISS.value) for entity_id, _ in content["near_misses"]})


def record_of(content: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return what the row in the table of its action (`RECORDS`) must hold; None for an action that has no table."""
    if content["action"] not in RECORDS:
        return None
    details = content["details"] if content["action"] == Action.BATCH_SCREENED else {}
    return {name: details[name] for name in OF_CHUNK if details} | {
        "id": content["record_id"],
        "recorded_at": content["occurred_at"],
        "actor_id": content["actor"]["id"],
        "actor_name": content["actor"]["name"],
        "reference": content["reference"],
        "outcome": content["outcome"],
        "idempotency_key": content["idempotency_key"],
    }


def _content(draft: Draft) -> dict[str, Any]:
    return {
        "version": VERSION,
        "action": draft.action.value,
        "actor": {"id": draft.actor.id, "name": draft.actor.name, "role": draft.actor.role},
        "record_id": draft.record_id,
        "request_id": draft.request_id,
        "idempotency_key": draft.idempotency_key,
        "reference": draft.reference,
        "outcome": draft.outcome,
        "lists": [_list_used(used) for used in draft.lists],
        "matcher": None if draft.matcher is None else _matcher_used(draft.matcher),
        "results": [[entity_id, score] for entity_id, score in draft.results],
        "near_misses": [[entity_id, score] for entity_id, score in draft.near_misses],
        "considered": draft.considered,
        "truncated": draft.truncated,
        "missing": list(draft.missing),
        "warnings": list(draft.warnings),
        "details": dict(draft.details),
    }


def _list_used(used: ListUsed) -> dict[str, Any]:
    return {name: getattr(used, name) for name in ListUsed.__slots__}


def _matcher_used(used: MatcherUsed) -> dict[str, Any]:
    return {name: getattr(used, name) for name in MatcherUsed.__slots__}


def _refuse_floats(value: object, path: str) -> None:
    if isinstance(value, float):
        msg = f"an audit entry holds integers and strings only; {path or 'it'} is a float"
        raise ValueError(msg)  # noqa: TRY004 - the type is what JSON allows; the value is what the log refuses
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _refuse_floats(inner, f"{path}.{name}" if path else str(name))
    elif isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            _refuse_floats(inner, f"{path}[{position}]")
