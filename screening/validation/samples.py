"""Samples: which listed names are manipulated, drawn by chance from a seed. Pure."""

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lists.entity import Kind, ListedEntity, Name, Quality
from screening.validation.classes import CLASSES
from screening.validation.manipulate import Manipulation, changed

CLEAN = "as_listed"
"""The class of names that nothing was done to: what a list says must find itself."""

_TIES = {
    "iran": (frozenset({"IR"}), re.compile(r"IRAN|IRN|IFSR|IRGC")),
    "russia": (frozenset({"RU", "BY"}), re.compile(r"RUSSIA|UKRAINE|UKR|BELARUS|BLR")),
}
"""What ties an entity to a country: its nationality or address, or the code of its programme."""

LEAST_LETTERS = 6
"""A listed name of fewer letters is no fair test: one change makes it another name."""

TRIES = 60
"""Draws per case wanted, before a class is left with fewer: some apply to few names."""


@dataclass(frozen=True, slots=True)
class Query:
    """A name to screen: `entity_id` must be raised; `listed` is the name it was made from."""

    group: str
    name: str
    kind: Kind
    entity_id: str
    listed: str


def tied(entity: ListedEntity, tie: str) -> bool:
    """Whether the entity is tied to the country group named, or no group is asked for."""
    if not tie:
        return True
    countries, codes = _TIES[tie]
    own = {*entity.nationalities, *(a.country for a in entity.addresses)}
    return bool(own & countries) or any(codes.search(p.code) for p in entity.programmes)


def draw(entities: Sequence[ListedEntity], each: int, seed: int) -> list[Query]:
    """Return up to `each` queries of every class, and as many untouched names; the same for the same seed and lists.

    `entities` must come in a stable order.
    """
    found: list[Query] = []
    for manipulation in CLASSES:
        chance = random.Random(f"{seed}:{manipulation.key}")
        fit = [e for e in entities if e.kind in manipulation.kinds and tied(e, manipulation.tie)]
        found += _drawn(fit, manipulation, each, chance)
    chance = random.Random(f"{seed}:{CLEAN}")
    whole = [e for e in entities if any(_usable(name) for name in e.names)]
    for entity in chance.sample(whole, min(each, len(whole))):
        name = chance.choice([name for name in entity.names if _usable(name)]).value
        found.append(Query(CLEAN, name, entity.kind, entity.id, name))
    return found


def themselves(entities: Sequence[ListedEntity], group: str) -> Iterator[Query]:
    """Yield every usable name of these entities as it is listed."""
    for entity in entities:
        for name in entity.names:
            if _usable(name):
                yield Query(group, name.value, entity.kind, entity.id, name.value)


def _drawn(
    entities: Sequence[ListedEntity], manipulation: Manipulation, each: int, chance: random.Random
) -> list[Query]:
    found: dict[str, Query] = {}
    for _ in range(each * TRIES if entities else 0):
        if len(found) == each:
            break
        entity = chance.choice(entities)
        name = chance.choice(entity.names)
        if not _usable(name):
            continue
        new = changed(name.value, manipulation, chance, [other.value for other in entity.names])
        if new is not None:
            found.setdefault(new, Query(manipulation.key, new, entity.kind, entity.id, name.value))
    return list(found.values())


def _usable(name: Name) -> bool:
    """A strong name of enough letters; a weak one alone never raises a case by itself (OFAC FAQ 122-125)."""
    return name.quality is Quality.STRONG and sum(c.isalpha() for c in name.value) >= LEAST_LETTERS
