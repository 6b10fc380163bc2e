"""Joining what a file says twice: tuples without repeats, and two entries of one party made one."""

from collections.abc import Iterable
from dataclasses import fields, replace
from typing import Any, TypeVar

from lists.entity import ListedEntity, NameType

T = TypeVar("T")


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """Return the items in their order, each once."""
    return tuple(dict.fromkeys(items))


def joined(first: ListedEntity, second: ListedEntity) -> ListedEntity:
    """Return one entity with all that two entries of one party say; where only one value fits, the first's stands,
    but for the day of the last change, which is the later one. The first's main name stays the main name.
    """
    changes: dict[str, Any] = {}
    for field in fields(ListedEntity):
        mine, other = getattr(first, field.name), getattr(second, field.name)
        if field.name == "names":
            known = {name.value for name in mine}
            other = (replace(name, type=NameType.ALIAS) if name.type is NameType.PRIMARY else name for name in other)
            changes["names"] = mine + tuple(name for name in other if name.value not in known)
        elif isinstance(mine, tuple):
            changes[field.name] = unique((*mine, *other))
        elif not mine:
            changes[field.name] = other
    if first.changed_on and second.changed_on:
        changes["changed_on"] = max(first.changed_on, second.changed_on)
    if second.remarks and second.remarks not in first.remarks:
        changes["remarks"] = f"{first.remarks} {second.remarks}".strip()
    return replace(first, **changes)
