"""Checks of the goods: by HS code, origin and destination. Nothing is classified; a code given is looked up."""

from collections.abc import Iterator

from lists.countries import name
from screening.deals.deal import Goods
from screening.deals.facts import ALLIED, IRAN, Facts, code_of
from screening.deals.goods import INDUSTRIAL, PETROLEUM, WEAPONS, doubt, may_be_high_priority
from screening.deals.hit import Hit
from screening.deals.places import HUBS
from screening.deals.rules import Level, Verdict

US_SHARE = 10
"""Per cent of US content above which foreign-made goods are under US rules for Iran (15 CFR 734.4; 560.420)."""


def what(goods: Goods) -> str:
    """Return goods as a sentence speaks of them: `Gearboxes (HS 8483.40)`."""
    described = goods.description or "Goods"
    return f"{described} (HS {goods.hs})" if goods.hs else described


def descriptions(facts: Facts) -> Iterator[Hit]:
    """No code, a vague description, or one that names another chapter (X-007)."""
    for path, goods, _ in facts.goods:
        cause, reason = f"missing.description.{path}", doubt(goods)
        maybe = () if reason else may_be_high_priority(goods)
        if maybe:
            reason = f"code {goods.hs} may stand for the high-priority code {maybe[0]}: give six digits"
        if reason and facts.has(cause):
            lack = f"What the goods are ({path}): an HS code of six digits, and a description that fits it"
            yield Hit("X-007", (cause,), f"{what(goods)}: {reason}.", missing=lack, about=path)


def high_priority(facts: Facts) -> Iterator[Hit]:
    """Common High Priority goods: to Russia, Belarus or Iran, or to a transit country without an end user
    (X-001, US-S-007, EU-005, EU-006).
    """
    to_allied = sorted(facts.destinations & ALLIED)
    to_hub = sorted(facts.destinations & HUBS)
    for path, goods, found in facts.goods:
        if "chpl" not in found.names:
            continue
        title = f"{what(goods)} are on the Common High Priority List, tier {found.tier}"
        regimes = ("us_secondary", *(whose for whose in ("eu", "uk") if facts.nexus(whose) is not None))
        destinations = to_allied + ([IRAN] if IRAN in facts.destinations else [])
        if destinations:
            where = " and ".join(name(code) for code in destinations)
            yield Hit("X-001", (path,), f"{title}, and go to {where}.", regimes=regimes, about=path)
        elif to_hub and facts.end_user_unknown:
            text = f"{title}, and go to {name(to_hub[0])}; the end user is not named."
            yield Hit("X-001", (path, "missing.end_user"), text, regimes=regimes, about=path)
            if facts.nexus("eu") is not None:
                yield Hit("EU-006", (path, "missing.end_user"), text, about=path)
        if to_allied:
            yield from _to_russia(facts, path, title, to_allied[0])


def weapons(facts: Facts) -> Iterator[Hit]:
    """Arms, nuclear goods, drones and their parts with Iran on either end (UN-002, X-002, EU-005)."""
    for path, goods, found in facts.goods:
        if not (found.names & WEAPONS and _iran_on_an_end(facts, goods)):
            continue
        kind = ", ".join(sorted(found.names & WEAPONS)).replace("uav", "drones and their parts")
        text = f"{what(goods)} are of a heading for {kind}, with Iran on one end."
        evidence = "An expert’s classification"
        yield Hit("UN-002", (path,), text, evidence=evidence, about=path)
        if "uav" in found.names:
            regimes = ("us_secondary", "un", *(("eu",) if facts.nexus("eu") is not None else ()))
            yield Hit("X-002", (path,), text, regimes=regimes, evidence=evidence, about=path)
            if facts.nexus("eu") is not None and IRAN in facts.destinations:
                yield Hit("EU-005", (path,), text, evidence=evidence, about=path)


def iranian(facts: Facts) -> Iterator[Hit]:
    """Oil, petrochemicals and metals of Iran (US-S-002, US-S-003, EU-007), and any Iranian goods where US law
    reaches (US-P-002).
    """
    for path, goods, found in facts.goods:
        if facts.origin(goods) != IRAN:
            continue
        reached = facts.nexus("us")
        if reached is not None and code_of(goods.origin) == IRAN:
            text = f"{what(goods)} are of Iranian origin, and US law reaches the deal."
            yield Hit("US-P-002", (path, *reached), text, about=path)
        if found.names & PETROLEUM:
            text = f"{what(goods)} are petroleum or petrochemicals of Iran."
            yield Hit("US-S-002", (path,), text, about=path)
            if facts.nexus("eu") is not None:
                yield Hit("EU-007", (path,), text, about=path)
        if "metals" in found.names:
            yield Hit("US-S-003", (path,), f"{what(goods)} are metal or metal articles of Iran.", about=path)


def to_iran(facts: Facts) -> Iterator[Hit]:
    """Metals, graphite, coal and software to Iran (US-S-005); goods of US origin or content to Iran (US-P-003)."""
    if IRAN not in facts.destinations:
        return
    for path, goods, found in facts.goods:
        if found.names & INDUSTRIAL:
            text = f"{what(goods)} are metal, graphite, coal or software for Iran."
            yield Hit("US-S-005", (path,), text, about=path)
        if code_of(goods.origin) == "US" or (goods.us_content_percent or 0) > US_SHARE:
            yield Hit("US-P-003", (path,), f"{what(goods)} are of US origin or content, and go to Iran.", about=path)


def _to_russia(facts: Facts, path: str, title: str, destination: str) -> Iterator[Hit]:
    if facts.deal.payment.channel != "barter":
        text = f"{title}: a bank anywhere that pays for them to go to {name(destination)} risks measures."
        yield Hit("US-S-007", (path,), text, about=path)
    if facts.nexus("eu") is not None:
        text = f"{title}, and go to {name(destination)} from or through somebody in the EU."
        yield Hit("EU-005", (path,), text, Verdict.STOP, Level.PROHIBITED, about=path)


def _iran_on_an_end(facts: Facts, goods: Goods) -> bool:
    return IRAN in facts.destinations or facts.origin(goods) == IRAN


CHECKS = (descriptions, high_priority, weapons, iranian, to_iran)
