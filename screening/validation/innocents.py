"""Innocents: made-up names of persons and companies that are on no list, from general lists of names. Pure.

The tables in `data` were written without sight of what the matcher knows or misses.
"""

import csv
import random
from dataclasses import dataclass
from functools import cache
from importlib import resources

from lists.entity import Kind
from screening.validation.transcribe import SYSTEMS, romanise

Spellings = tuple[str, ...]
"""One part of a name in every spelling that the tables have, native and Latin."""


@dataclass(frozen=True, slots=True)
class Innocent:
    """A made-up name; `group` says whose kind of name in which script, such as `iranian person, native`.

    `parts` are the parts that make it this name (given and family name, or brand and trade) and `father` the
    patronymic, each in every spelling of the tables: by them a listed name that happens to be the same is recognised.
    """

    group: str
    name: str
    kind: Kind
    parts: tuple[Spellings, ...] = ()
    father: Spellings = ()


def innocents(count: int, seed: int) -> list[Innocent]:
    """Return `count` different names, half persons and half companies; the same for the same seed."""
    chance = random.Random(seed)
    found: dict[str, Innocent] = {}
    while len(found) < count:
        made = _person(chance) if len(found) % 2 else _company(chance)
        found.setdefault(made.name, made)
    return list(found.values())


def _person(chance: random.Random) -> Innocent:
    people = chance.choice(("iranian", "russian", "global"))
    group = (
        chance.choice(("arabic", "turkish", "chinese", "indian", "european", "caucasian"))
        if people == "global"
        else people
    )
    given = chance.choice([row for row in _rows("given_names") if row["group"] == group])
    family = chance.choice([row for row in _rows("family_names") if row["group"] == group])
    if group == "russian":
        return _russian(given, family["native"], chance)
    native = bool(given["native"] and family["native"]) and chance.random() < 0.4
    if native:
        words = [family["native"], given["native"]] if group == "chinese" else [given["native"], family["native"]]
        text = ("" if group == "chinese" else " ").join(words)
    else:
        text = " ".join(chance.choice(row["latin"].split("|")) for row in (given, family))
    parts = (_spelled(given), _spelled(family))
    return Innocent(f"{people} person, {'native' if native else 'latin'}", text, Kind.PERSON, parts)


def _russian(given: dict[str, str], family: str, chance: random.Random) -> Innocent:
    woman = given["gender"] == "f"
    if woman:
        family = family[:-2] + "ая" if family.endswith("ий") else family + "а"
    fathers = [row["native"] for row in _rows("given_names") if (row["group"], row["gender"]) == ("russian", "m")]
    father = chance.choice([name for name in fathers if name[-1] in "врнмл"])
    words = [given["native"], father + ("овна" if woman else "ович"), family]
    if chance.random() < 0.4:
        del words[1]
    native = chance.random() < 0.5
    text = " ".join(words)
    text = text if native else romanise(text, chance.choice(sorted(SYSTEMS)))
    return Innocent(
        group=f"russian person, {'native' if native else 'latin'}",
        name=text,
        kind=Kind.PERSON,
        parts=(_romanised(words[0]), _romanised(words[-1])),
        father=_romanised(words[1]) if len(words) > 2 else (),
    )


def _company(chance: random.Random) -> Innocent:
    group = chance.choice(("iranian", "russian", "global"))
    brand, trade, form = (
        chance.choice([row for row in _rows("company_words") if row["group"] == group and row["part"] == part])
        for part in ("brand", "trade", "form")
    )
    native = group != "global" and chance.random() < 0.5
    if group == "iranian":
        words = [form["native"], trade["native"], brand["native"]] if native else _latin(brand, trade, form)
    elif group == "russian" and native:
        words = [form["native"], f"«{brand['native']}-{trade['native']}»"]
    elif group == "russian":
        words = [romanise(f"{brand['native']}-{trade['native']}", "bgn"), form["latin"]]
    else:
        words = _latin(brand, trade, form)
    parts = (_spelled(brand), _spelled(trade))
    return Innocent(f"{group} company, {'native' if native else 'latin'}", " ".join(words), Kind.ORGANIZATION, parts)


def form_words() -> frozenset[str]:
    """Return the words of all legal forms that made-up companies carry, as the table writes them."""
    forms = [row for row in _rows("company_words") if row["part"] == "form"]
    return frozenset(word for row in forms for text in (row["native"], row["latin"]) for word in text.split())


def _spelled(row: dict[str, str]) -> Spellings:
    cyrillic = _romanised(row["native"]) if row["group"] == "russian" else ()
    return tuple(dict.fromkeys(filter(None, (row["native"], *row["latin"].split("|"), *cyrillic))))


def _romanised(text: str) -> Spellings:
    return (text, *dict.fromkeys(romanise(text, system) for system in sorted(SYSTEMS)))


def _latin(*rows: dict[str, str]) -> list[str]:
    return [row["latin"] for row in rows]


@cache
def _rows(name: str) -> tuple[dict[str, str], ...]:
    text = resources.files("screening.validation.data").joinpath(f"{name}.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))
