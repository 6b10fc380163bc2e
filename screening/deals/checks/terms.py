"""Checks of the terms and of what is missing: currency, end user, roles, contacts, lists, and the baseline."""

from collections.abc import Iterator

from screening.deals.deal import Party, PartyRole
from screening.deals.facts import IRAN, RUSSIA, Facts
from screening.deals.hit import Hit
from screening.deals.rules import Level
from screening.deals.words import called

OPPOSED = (
    (
        frozenset({PartyRole.SELLER, PartyRole.CONSIGNOR}),
        frozenset({PartyRole.BUYER, PartyRole.CONSIGNEE, PartyRole.NOTIFY_PARTY, PartyRole.END_USER}),
    ),
)
"""Roles of the two sides: rules.csv X-006."""

LIST_REGIMES = {
    "ofac": ("us_primary", "us_secondary"),
    "us": ("us_primary", "us_secondary"),
    "eu": ("eu",),
    "uk": ("uk",),
    "un": ("un",),
}
"""The first part of a list's key to the regimes of which nothing sure can be said while that list is stale."""


def currency(facts: Facts) -> Iterator[Hit]:
    """US law reaches the deal, by currency or person, and the deal touches Iran (US-P-001)."""
    reached = facts.nexus("us")
    if reached is None or not facts.touches_iran:
        return
    how = "is in US dollars" if reached else "is yours as a US person, or clears in the United States"
    text = f"The deal {how}, and touches Iran ({_ties(facts, IRAN)})."
    yield Hit("US-P-001", ("deal.iran", *reached), text)


def end_user(facts: Facts) -> Iterator[Hit]:
    """Goods without an end user, or with the forwarder in its place (X-005)."""
    if facts.deal.goods and facts.end_user_unknown:
        lack = "The end user: who will use the goods, with an address"
        yield Hit("X-005", ("missing.end_user",), "The end user is not named.", missing=lack)
    for path, party in facts.parties(PartyRole.END_USER):
        cause = f"missing.end_user.{path}"
        same = any(_same(party, other) for _, other in facts.parties(PartyRole.FORWARDER))
        if same and facts.has(cause):
            text = f"{called(party)} is the forwarder; a forwarder does not use the goods."
            yield Hit("X-005", (cause,), text, missing="The end user behind the forwarder", about=path)


def opposing_roles(facts: Facts) -> Iterator[Hit]:
    """One party on both sides (X-006)."""
    for left, right in OPPOSED:
        for path, party in facts.parties(*left):
            both = any(_same(party, other) for _, other in facts.parties(*right))
            if both and facts.has(f"{path}.roles"):
                text = f"{called(party)} stands on both sides of the deal."
                yield Hit("X-006", (f"{path}.roles",), text, about=path)


def contacts(facts: Facts) -> Iterator[Hit]:
    """Address, telephone, e-mail domain or web domain of a listed entity (X-004)."""
    for path, party in facts.parties():
        shared = facts.screened[path].contacts
        cause = f"{path}.contacts"
        if shared and facts.has(cause):
            first = shared[0]
            text = f"{called(party)} has the {first.kind} of {first.name}, who is listed: {first.value}."
            yield Hit("X-004", (cause,), text, evidence=first.entity_id, about=path)


def lists(facts: Facts) -> Iterator[Hit]:
    """Lists that are stale, missing or only a sample (X-011)."""
    felt = tuple(
        dict.fromkeys(regime for key in facts.lists.unfresh for regime in LIST_REGIMES.get(key.partition("_")[0], ()))
    )
    if facts.has("lists"):
        for lack in facts.lists.lacking:
            yield Hit("X-011", ("lists",), lack, regimes=felt, missing=lack)


def nexus(facts: Facts) -> Iterator[Hit]:
    """Who the caller is, where it is not said (X-018)."""
    if facts.deal.nexus is None and facts.has("missing.nexus"):
        lack = "Who you are: a US person, an EU or UK establishment, or none of them"
        yield Hit("X-018", ("missing.nexus",), "Which law reaches you is not said.", missing=lack)


def baseline(facts: Facts) -> Iterator[Hit]:
    """Iran and Russia in one deal: the exposure that every such deal has (X-012)."""
    if IRAN in facts.countries and RUSSIA in facts.countries:
        text = f"The deal links Iran ({_ties(facts, IRAN)}) and Russia ({_ties(facts, RUSSIA)})."
        yield Hit("X-012", (), text, outcome=Level.EXPOSURE)


def _ties(facts: Facts, code: str) -> str:
    kinds = {"parties": "a party", "route": "the route", "goods": "the origin of goods"}
    return ", ".join(dict.fromkeys(kinds[path.partition(".")[0]] for path in facts.countries[code]))


def _same(one: Party, other: Party) -> bool:
    if one is other:
        return True
    numbers = {(i.type.casefold(), i.value) for i in one.identifiers}
    return bool(numbers & {(i.type.casefold(), i.value) for i in other.identifiers}) or (
        bool(one.name) and one.name.casefold() == other.name.casefold()
    )


CHECKS = (currency, end_user, opposing_roles, contacts, lists, nexus, baseline)
