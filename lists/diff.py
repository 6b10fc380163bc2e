"""Diff: what one edition of a list changed against another. Pure.

Entities are compared by id and by the hash of their stored bytes; only those whose bytes differ are opened, and of
those each differing field is kept with what it was and what it became.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lists.content import Record, record
from lists.entity import ListedEntity


class ChangeKind(StrEnum):
    """What happened to an entity from one snapshot to the next."""

    ADDED = "added"
    CHANGED = "changed"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of an entity before and after, as JSON values; None where it was or became empty."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class EntityChange:
    """One entity that came, changed or went. `name` is its main name after, or before if it went."""

    entity_id: str
    change: ChangeKind
    kind: str
    name: str
    fields: tuple[FieldChange, ...] = ()


@dataclass(frozen=True, slots=True)
class Membership:
    """Which ids came, went, or carry another hash, told from two mappings of entity id to hash."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]


def compare(before: Mapping[str, str], after: Mapping[str, str]) -> Membership:
    """Compare two editions, each given as entity id → entity hash. Ids come in each edition's own order."""
    return Membership(
        added=tuple(entity_id for entity_id in after if entity_id not in before),
        changed=tuple(i for i, value in after.items() if i in before and before[i] != value),
        removed=tuple(entity_id for entity_id in before if entity_id not in after),
    )


def changed_fields(before: bytes, after: bytes) -> tuple[FieldChange, ...]:
    """Return the fields in which two stored versions of one entity differ, in the order ListedEntity names them."""
    old, new = json.loads(before), json.loads(after)
    names = [name for name in ListedEntity.__dataclass_fields__ if old.get(name) != new.get(name)]
    return tuple(FieldChange(name, old.get(name), new.get(name)) for name in names)


def changes(
    membership: Membership, before: Mapping[str, Record], after: Mapping[str, Record]
) -> Iterator[EntityChange]:
    """Yield each change as data: added, then changed, then removed. The mappings, entity id → record, need to hold
    only the entities that `membership` names.
    """
    for entity_id in membership.added:
        yield _whole(after[entity_id], ChangeKind.ADDED)
    for entity_id in membership.changed:
        fields = changed_fields(before[entity_id].payload, after[entity_id].payload)
        yield EntityChange(entity_id, ChangeKind.CHANGED, after[entity_id].kind, after[entity_id].name, fields)
    for entity_id in membership.removed:
        yield _whole(before[entity_id], ChangeKind.REMOVED)


def diff(before: Iterable[ListedEntity], after: Iterable[ListedEntity]) -> Iterator[EntityChange]:
    """Yield what changed from one set of entities to another."""
    old = {entity.id: record(entity) for entity in before}
    new = {entity.id: record(entity) for entity in after}
    yield from changes(compare(_hashes(old), _hashes(new)), old, new)


def _hashes(records: Mapping[str, Record]) -> dict[str, str]:
    return {entity_id: kept.hash for entity_id, kept in records.items()}


def _whole(kept: Record, change: ChangeKind) -> EntityChange:
    return EntityChange(kept.entity_id, change, kept.kind, kept.name)
