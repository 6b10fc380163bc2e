"""Made-up subjects for measuring: innocents, listed names as they are, and listed names damaged or written otherwise.

A tenth bear a listed name, half of those manipulated once and some twice; the rest are innocent names put together
anew. Of all, some have a birth date, a country, another name or an identifier, and a third state no kind.
"""

import random
from collections.abc import Iterator, Sequence

from lists.entity import ListedEntity
from screening.batch.columns import BETWEEN
from screening.monitoring.subject import FIELDS
from screening.validation.classes import CLASSES
from screening.validation.innocents import Innocent, innocents
from screening.validation.manipulate import changed

LISTED = 0.1
INNOCENTS = 20_000
"""Innocent names that are made; more are put together of two of them."""

COUNTRIES = ("IR", "RU", "AE", "TR", "", "")


def subjects(
    count: int, entities: Sequence[ListedEntity], seed: int, *, listed: float = LISTED
) -> Iterator[tuple[str, ...]]:
    """Yield the cells of subjects, the share `listed` of them under names of these entities; the same for one seed."""
    chance = random.Random(seed)
    made: dict[str, list[Innocent]] = {}
    for innocent in innocents(INNOCENTS, seed):
        made.setdefault(innocent.kind.value, []).append(innocent)
    for number in range(count):
        values = dict.fromkeys(FIELDS, "") | {"reference": str(number), "countries": chance.choice(COUNTRIES)}
        values |= _listed(chance, entities) if chance.random() < listed else _innocent(chance, made)
        if chance.random() < 0.33:
            values["kind"] = ""
        if chance.random() < 0.02:
            values["other_names"] = _name(chance, chance.choice(entities))
        if not values["birth_date"] and chance.random() < 0.3:
            values["birth_date"] = f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
        yield tuple(values[field] for field in FIELDS)


def _innocent(chance: random.Random, made: dict[str, list[Innocent]]) -> dict[str, str]:
    kind = chance.choice(sorted(made))
    first, second = (chance.choice(made[kind]).name.split() for _ in range(2))
    return {"name": " ".join([*first[: max(1, len(first) // 2)], *second[len(second) // 2 :]]), "kind": kind}


def _listed(chance: random.Random, entities: Sequence[ListedEntity]) -> dict[str, str]:
    entity = chance.choice(entities)
    values = {"name": _name(chance, entity), "kind": entity.kind.value}
    if entity.birth_dates and chance.random() < 0.5:
        values["birth_date"] = entity.birth_dates[0].earliest.isoformat()
    if entity.identifiers and chance.random() < 0.2:
        identifier = chance.choice(entity.identifiers)
        parts = (identifier.type, identifier.country, identifier.value.replace(":", " "))
        values["identifiers"] = ":".join(part for part in parts if part).replace(BETWEEN, " ")
    return values


def _name(chance: random.Random, entity: ListedEntity) -> str:
    name, others = chance.choice(entity.names).value, [other.value for other in entity.names]
    while chance.random() < 0.4:
        manipulation = chance.choice(CLASSES)
        if entity.kind in manipulation.kinds:
            name = changed(name, manipulation, chance, others) or name
    return name.replace(BETWEEN, " ")[:500]
