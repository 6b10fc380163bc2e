"""Goods: which groups of the rules an HS code belongs to, and whether code and description can be of one thing. Pure.

Nothing is classified here: a code that the caller gives is compared with the tables, and a description only ever
raises a doubt. Codes of `data/goods.csv` have 2 to 6 digits; a longer code belongs to its first digits' groups.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from screening.deals.deal import Goods
from screening.deals.tables import folded, has_words, rows

PETROLEUM = frozenset({"petroleum", "petrochemical"})
INDUSTRIAL = frozenset({"raw_metals", "graphite_coal_software"})
WEAPONS = frozenset({"arms", "nuclear", "uav"})

HARMONISED = 6
"""Digits of an HS code that all countries share; tables are of no more."""

UNSPECIFIED = ("98", "99")
"""Chapters for mixed or special consignments: they say nothing of what is in the box (goods.csv)."""


@dataclass(frozen=True, slots=True)
class Groups:
    """What the tables say of one code. `tier` is that of the Common High Priority List (2024-02-23)."""

    names: frozenset[str]
    tier: str = ""


def groups(goods: Goods) -> Groups:
    """Return the groups of a code. A code of fewer than six digits is in the groups of the codes that begin like it
    only where the table's own row is as short.
    """
    found = [
        row
        for length in range(2, min(len(goods.code), HARMONISED) + 1)
        for row in _by_code().get(goods.code[:length], ())
    ]
    return Groups(frozenset(row["group"] for row in found), next((row["tier"] for row in found if row["tier"]), ""))


def may_be_high_priority(goods: Goods) -> tuple[str, ...]:
    """Return the Common High Priority codes that a shorter code (two to five digits) may stand for."""
    if not 2 <= len(goods.code) < HARMONISED:
        return ()
    return tuple(row["hs"] for row in rows("goods") if row["group"] == "chpl" and row["hs"].startswith(goods.code))


def doubt(goods: Goods) -> str:
    """Return why code and description do not say what the goods are; empty if they do, as far as can be told."""
    if not goods.code:
        return "no HS code is given"
    if goods.code.startswith(UNSPECIFIED):
        return f"chapter {goods.code[:2]} says nothing of what they are"
    described = folded(goods.description)
    if not described:
        return "they are not described"
    rest = described
    for row in rows("goods_words"):
        words = folded(row["words"])
        if has_words(described, words):
            chapters = row["chapters"].split()
            if chapters and goods.code[:2] not in chapters:
                return f"code {goods.hs} is of chapter {goods.code[:2]}, “{row['words']}” of chapter {chapters[0]}"
            rest = rest if chapters else rest.replace(words, "")
    return "" if rest.strip() else f"“{goods.description}” could be anything"


@cache
def _by_code() -> Mapping[str, tuple[Mapping[str, str], ...]]:
    found: dict[str, list[Mapping[str, str]]] = {}
    for row in rows("goods"):
        found.setdefault(row["hs"], []).append(row)
    return {code: tuple(same) for code, same in found.items()}
