"""Places: ports, terminals, crossings and airports of the corridor, by UN/LOCODE or by any spelling. Pure.

`data/places.csv` has a row per code with names in English, Russian and Persian, other spellings, approximate
coordinates and tags that rules read: eu_2023_1529, eu_833_5ae, crimea, covered_region, ambiguous.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lists.countries import codes, country
from screening.deals.deal import Stop
from screening.deals.tables import folded, rows

AT_SEA = frozenset({"seaport", "terminal", "anchorage", "rail_or_port"})
"""Kinds of places between which goods go by sea where the caller does not say how."""

HUBS = frozenset({"AE", "TR", "KZ", "AM", "GE", "KG", "AZ", "UZ", "CN", "HK"})
"""Countries through which goods reach Russia and Iran: rules.csv X-001, FIELD.md 2.6."""


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the table, or one that only its country is known of (`known` False)."""

    name: str
    unlocode: str
    kind: str
    country: str | None
    latitude: str = ""
    longitude: str = ""
    tags: frozenset[str] = frozenset()
    status: str = ""
    certainty: str = ""
    known: bool = True


def resolve(stop: Stop) -> Place:
    """Return the place of a stop; a code may stand in the name's field.

    A code and a name that are two places give the one of the code, tagged ambiguous; so does a name that two countries
    have, with no country given.
    """
    given = country(stop.country) if stop.country else None
    by_code = _by_code().get("".join((stop.unlocode or stop.name or "").upper().split()))
    by_name = [place for place in _by_name().get(folded(stop.name or ""), ()) if given in (None, place.country)]
    if by_code is not None:
        return _doubtful(by_code) if by_name and not _among(by_code, by_name) else by_code
    if by_name:
        return _doubtful(by_name[0]) if len({place.country for place in by_name}) > 1 else by_name[0]
    code = (stop.unlocode or "")[:2]
    return Place(
        stop.name or stop.unlocode or "",
        stop.unlocode or "",
        "",
        given or (code if code in codes() else None),
        known=False,
    )


def by_sea(here: Stop, place: Place, following: Place) -> bool:
    """Say whether the goods go by sea from `place` to the `following` one."""
    if here.mode is not None:
        return here.mode == "sea"
    return place.kind in AT_SEA and following.kind in AT_SEA and place.unlocode != following.unlocode


def _among(place: Place, others: list[Place]) -> bool:
    """Two codes of one port (IRAMD and IRAMP are both Amirabad) are no contradiction."""
    return any(place.unlocode == other.unlocode or place.tags & other.tags for other in others)


def _doubtful(place: Place) -> Place:
    return Place(
        place.name,
        place.unlocode,
        place.kind,
        place.country,
        place.latitude,
        place.longitude,
        place.tags | {"ambiguous"},
        place.status,
        place.certainty,
    )


@cache
def table() -> tuple[Place, ...]:
    """All places, in the order of the table."""
    return tuple(_place(row) for row in rows("places"))


def _place(row: Mapping[str, str]) -> Place:
    return Place(
        row["name"],
        row["unlocode"],
        row["kind"],
        row["country"],
        row["lat"],
        row["lon"],
        frozenset(row["tags"].split()),
        row["status"],
        row["certainty"],
    )


@cache
def _by_code() -> Mapping[str, Place]:
    return {place.unlocode: place for place in table() if place.unlocode}


@cache
def _by_name() -> Mapping[str, tuple[Place, ...]]:
    found: dict[str, list[Place]] = {}
    for row, place in zip(rows("places"), table(), strict=True):
        for text in (place.name, *row["other_spellings"].split(";"), *row["name_ru"].split(";"), row["name_fa"]):
            named = found.setdefault(folded(text), [])
            if text and place not in named:
                named.append(place)
    return {name: tuple(named) for name, named in found.items() if name}
