"""Checks of the route: ports under a ban, territories under an embargo, transit countries, places nobody knows."""

from collections.abc import Iterator

from lists.countries import name
from screening.deals.facts import IRAN, Facts
from screening.deals.hit import Hit
from screening.deals.places import HUBS, Place
from screening.deals.rules import Level, Verdict

EMBARGOED = {"crimea": "in Crimea", "covered_region": "in the covered regions of Donetsk and Luhansk"}
PORT_BANS = {
    "eu_2023_1529": ("EU-002", "the EU bans dealings with that port (Regulation 2023/1529, as amended 18 Nov 2024)"),
    "eu_833_5ae": ("EU-003", "the EU bans dealings with it (Regulation 833/2014, Article 5ae)"),
}


def port_bans(facts: Facts) -> Iterator[Hit]:
    """Ports and airports under an EU transaction ban, where EU law reaches (EU-002, EU-003); without it, a caution."""
    reached = facts.nexus("eu") is not None
    for path, place in facts.stops:
        for tag, (rule, words) in PORT_BANS.items():
            if tag in place.tags and reached:
                text = f"{place.name} is on the route, and EU law reaches you: {words}."
                yield Hit(rule, (path,), text, evidence="Another port", about=path)
            elif tag in place.tags:
                text = f"{place.name} is on the route: {words}; by what you said, EU law does not reach you."
                yield Hit(rule, (path,), text, Verdict.NOTE, Level.EXPOSURE, about=path)


def embargoes(facts: Facts) -> Iterator[Hit]:
    """Places in Crimea and the covered regions, where US law reaches (US-P-010); without it, a caution."""
    reached = facts.nexus("us")
    for path, place in facts.stops:
        for tag, where in EMBARGOED.items():
            if tag not in place.tags:
                continue
            if reached is not None:
                yield Hit("US-P-010", (path, *reached), f"{place.name} lies {where}, under a US embargo.", about=path)
            else:
                text = f"{place.name} lies {where}, under embargoes of the United States and the EU."
                yield Hit(
                    "US-P-010", (path,), text, Verdict.REVIEW, Level.EXPOSURE, ("us_secondary", "eu"), "", "", path
                )


def iranian_ports(facts: Facts) -> Iterator[Hit]:
    """Ports of Iran, whose operators IFCA 1244 names (US-S-004: every deal over an Iranian port has it)."""
    there = [place.name for _, place in facts.stops if place.country == IRAN]
    if there:
        yield Hit("US-S-004", ("deal.iran",), f"Iranian ports or crossings are on the route: {', '.join(there)}.")


def transit(facts: Facts) -> Iterator[Hit]:
    """A transit country, and nobody is named as the end user (X-017)."""
    if not facts.end_user_unknown or not facts.deal.goods:
        return
    hubs = sorted(({p.country for _, p in facts.stops if p.country} | facts.destinations) & HUBS)
    if hubs and facts.has("deal.transit"):
        text = (
            f"The goods pass through or go to {' and '.join(name(code) for code in hubs)}; the end user is not named."
        )
        yield Hit("X-017", ("deal.transit", "missing.end_user"), text)


def unknown_places(facts: Facts) -> Iterator[Hit]:
    """Places that no table has, with no country; and codes or names that may be two places (X-019)."""
    for at, place in enumerate(facts.places):
        path = f"route.{at}"
        cause = f"missing.place.{path}"
        if facts.has(cause) and facts.has(path) and (reason := _doubt(place)):
            lack = f"Which place {place.name or path} is: its UN/LOCODE, or its country"
            yield Hit("X-019", (cause,), f"{place.name or path}: {reason}.", missing=lack, about=path)


def _doubt(place: Place) -> str:
    if not place.known and place.country is None:
        return "this place is in no table, and its country is not given"
    return "this may be one of two places" if "ambiguous" in place.tags else ""


CHECKS = (port_bans, embargoes, iranian_ports, transit, unknown_places)
