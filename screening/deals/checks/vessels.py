"""Checks of ships: the IMO number decides, the name assists (FIELD.md 2.3)."""

from collections.abc import Iterator

from lists.check_digits import imo_company
from lists.entity import Kind
from lists.numbers import is_valid
from screening.answer import Found
from screening.deals.deal import OutsideList, Party
from screening.deals.facts import Facts, imo_of
from screening.deals.hit import Hit
from screening.deals.rules import Level, Verdict
from screening.deals.screened import blocks
from screening.deals.words import called, entries
from screening.matching.result import Stance

SAME_NAME = 700
"""Name score, in tenths, below which two ships' names are two names: the matcher's own review threshold."""


def numbers(facts: Facts) -> Iterator[Hit]:
    """A missing IMO number, one that fails its check, or a company's in its place (X-003)."""
    for path, ship in facts.vessels():
        cause, number = f"missing.imo.{path}", imo_of(ship)
        if not facts.has(cause) or is_valid("imo", number):
            continue
        lack = f"The IMO number of {called(ship)}: it is on the bill of lading and on the hull"
        if not number:
            text = f"The ship {called(ship)} has no IMO number; ships change names, the number stays."
        elif imo_company(number):
            text = f"{number} is the IMO number of a company, not of the ship {called(ship)}."
        else:
            text = f"{number} is no IMO number: its check digit is wrong."
        yield Hit("X-003", (cause,), text, missing=lack, about=path)


def identities(facts: Facts) -> Iterator[Hit]:
    """A listed ship of that number under another name or flag, or of that name under another number (X-003)."""
    for path, ship in facts.vessels():
        if not facts.has(path):
            continue
        screened = facts.screened[path]
        for found in screened.hits:
            if found.decided_by.startswith("imo"):
                yield from _differs(path, ship, found)
        number = imo_of(ship)
        for found in (*screened.matches, *screened.near_misses):
            if is_valid("imo", number) and found.kind is Kind.VESSEL and _another_number(found):
                text = f"{found.primary_name} is listed under that name with another IMO number; yours is {number}."
                yield Hit("X-003", (path,), text, Verdict.REVIEW, evidence=entries([found]), about=path)
                break


def listed_vessels(facts: Facts) -> Iterator[Hit]:
    """A ship that is itself blocked (US-S-009)."""
    for path, ship in facts.vessels():
        hits = [hit for hit in facts.blocked_by(path, "ofac") if hit.kind is Kind.VESSEL]
        if hits:
            text = f"The ship {called(ship)} is {hits[0].primary_name}, a blocked vessel."
            yield Hit("US-S-009", (path,), text, evidence=entries(hits), about=path)


def sea_legs(facts: Facts) -> Iterator[Hit]:
    """Goods go by sea and no ship is named; or a transfer, an AIS gap or a flag change is declared (X-010)."""
    if facts.sea_leg and not list(facts.vessels()) and facts.has("missing.vessel"):
        text = "Goods go by sea, and no ship is named."
        yield Hit("X-010", ("missing.vessel",), text, missing="The ship that carries the goods, with its IMO number")
    voyage = facts.deal.voyage
    declared = {
        "a ship-to-ship transfer": voyage.ship_to_ship,
        "a gap in the ship’s AIS signal": voyage.ais_gap,
        "a change of flag": voyage.flag_change,
    }
    for what, is_so in declared.items():
        if is_so and facts.has("voyage"):
            yield Hit("X-010", ("voyage",), f"The deal declares {what}.", Verdict.REVIEW)


def outside_lists(facts: Facts) -> Iterator[Hit]:
    """Ships of Annex XLII (EU-004) and UK specified ships (UK-002), which are in no list file here."""
    carries = bool(list(facts.vessels())) or facts.sea_leg
    if not carries:
        return
    if facts.nexus("eu") is not None:
        yield from _outside(facts, "EU-004", OutsideList.EU_ANNEX_XLII, "Annex XLII of Regulation 833/2014")
    if facts.nexus("uk") is not None and "uk_sl" not in facts.lists.keys:
        yield from _outside(facts, "UK-002", OutsideList.UK_SPECIFIED_SHIPS, "The UK list of specified ships")


def uk_ships(facts: Facts) -> Iterator[Hit]:
    """A ship on the UK list, where it is loaded (UK-002)."""
    if facts.nexus("uk") is None:
        return
    for path, ship in facts.vessels():
        hits = [hit for hit in facts.blocked_by(path, "uk") if hit.kind is Kind.VESSEL]
        if hits and blocks(hits[0]):
            text = f"The ship {called(ship)} is {hits[0].primary_name}, a UK specified ship."
            yield Hit("UK-002", (path,), text, Verdict.STOP, Level.PROHIBITED, evidence=entries(hits), about=path)


def _outside(facts: Facts, rule: str, outside: OutsideList, title: str) -> Iterator[Hit]:
    found = facts.checked(outside)
    if found is True and facts.has(f"checks.{outside}"):
        text = f"{title} names the ship, by your own check."
        yield Hit(rule, (f"checks.{outside}",), text, Verdict.STOP, Level.PROHIBITED)
    elif found is None and facts.has(f"missing.{outside}"):
        lack = f"{title}: check the ship by hand and say so"
        yield Hit(rule, (f"missing.{outside}",), f"{title} is in no list file.", missing=lack)


def _differs(path: str, ship: Party, found: Found) -> Iterator[Hit]:
    evidence = f"{entries([found])}. A registry extract"
    if ship.name and found.name_score < SAME_NAME:
        text = f"You wrote {ship.name}; IMO {imo_of(ship)} belongs to {found.primary_name}."
        yield Hit("X-003", (path,), text, Verdict.REVIEW, evidence=evidence, about=path)
    flags = [q for q in found.qualifiers if q.feature == "vessel_flag" and q.stance is Stance.CONTRADICTS]
    if flags:
        text = f"{found.primary_name}: {flags[0].text}."
        yield Hit("X-003", (path,), text, Verdict.REVIEW, evidence=evidence, about=path)


def _another_number(found: Found) -> bool:
    contradicts = any(q.feature == "identifier" and q.stance is Stance.CONTRADICTS for q in found.qualifiers)
    return contradicts and found.name_score >= SAME_NAME


CHECKS = (numbers, identities, listed_vessels, sea_legs, outside_lists, uk_ships)
