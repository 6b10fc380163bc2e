"""Checks of who owns the parties: the ownership rules of OFAC, EU, UK and UN, and what they need to be added up."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from screening.deals.deal import Party
from screening.deals.facts import Facts
from screening.deals.hit import Hit
from screening.deals.ownership import AUTHORITIES, HALF, WARN, Standing, walk
from screening.deals.rules import Level, Verdict
from screening.deals.screened import has_measure
from screening.deals.words import AUTHORITY_TITLES, called, percent, the_party
from screening.wording import joined

REGIME = {"ofac": "us_secondary", "eu": "eu", "uk": "uk", "un": "un"}
OWNED_RULES = {"ofac": ("US-P-006", "us"), "eu": ("EU-001", "eu"), "uk": ("UK-001", "uk"), "un": ("UN-001", "none")}
"""Authority to the rule that prohibits where its law reaches the caller, and the nexus that rule needs."""

EASY = 8
"""So many listed owners are tried one by one for whether each is needed; of more, none usually is."""


def owned(facts: Facts) -> Iterator[Hit]:
    """Parties that count as listed by who owns or controls them (X-014, US-P-006, EU-001, UK-001, UN-001), and those
    that listed persons own in good part (US-P-007).
    """
    for whose in AUTHORITIES:
        listed = facts.listed_nodes(whose)
        if not listed:
            continue
        for path, party in facts.traders:
            cause = f"ownership.{path}"
            if not facts.has(cause):
                continue
            standing = facts.graph.standing(path, listed, whose)
            if standing.counts_as_listed:
                yield from _counts(facts, path, party, whose, standing)
            elif whose == "ofac" and (standing.share >= WARN or standing.controlled):
                yield _warned(path, party, standing)
            yield from _unknown(facts, path, party, standing)


def _counts(facts: Facts, path: str, party: Party, whose: str, standing: Standing) -> Iterator[Hit]:
    causes = _needed(facts, path, whose, standing)
    text = _sentence(party, whose, standing)
    evidence = "A register extract that shows less would change this"
    yield Hit("X-014", causes, text, regimes=(REGIME[whose],), evidence=evidence, about=path)
    rule, nexus = OWNED_RULES[whose]
    reached = facts.nexus(nexus)
    if reached is not None:
        yield Hit(rule, (*causes, *reached), text, evidence=evidence, about=path)


def _needed(facts: Facts, path: str, whose: str, standing: Standing) -> tuple[str, ...]:
    """The listed owners if it takes every one of them; else the ownership as a whole: no one of them would help."""
    if 0 < len(standing.paths) <= EASY and all(
        not facts.graph.standing(path, facts.listed_nodes(whose, less=owner), whose).counts_as_listed
        for owner in standing.paths
    ):
        return standing.paths
    return (f"ownership.{path}",)


def _sentence(party: Party, whose: str, standing: Standing) -> str:
    title = AUTHORITY_TITLES[whose]
    enough = standing.share > HALF if whose == "uk" else standing.share >= HALF
    if not enough:
        names = joined(sorted({h.name for h in standing.holders if h.controls}))
        return f"{the_party(party)} is controlled by {names}, which {title} lists."
    known = [(h.name, h.percent) for h in standing.holders if h.percent is not None]
    shares = sorted(known, key=lambda one: (-one[1], one[0]))  # whatever order the parties came in
    if len(shares) == 1:
        return f"{the_party(party)} is {percent(standing.share)} owned by {shares[0][0]}, listed by {title}."
    added = " and ".join(f"{name} ({percent(share)})" for name, share in shares)
    return (
        f"{the_party(party)} is {percent(standing.share)} owned by parties that {title} lists or counts as listed: "
        f"{added} are added together."
    )


def _warned(path: str, party: Party, standing: Standing) -> Hit:
    text = f"Parties that OFAC lists hold {percent(standing.share)} of {called(party)}: below half, but near it."
    if standing.share < WARN:
        text = f"{called(party)} is controlled by a party that OFAC lists; control alone is not OFAC’s 50 % rule."
    return Hit("US-P-007", (f"ownership.{path}",), text, evidence="A register extract, up to date", about=path)


def _unknown(facts: Facts, path: str, party: Party, standing: Standing) -> Iterator[Hit]:
    """A listed owner without a share (X-015): it may hold half."""
    cause = f"missing.share.{path}"
    if standing.unknown and not standing.counts_as_listed and facts.has(cause):
        found = sorted({h.name for h in standing.unknown})
        are, own, hold = ("is", "owns", "holds") if len(found) == 1 else ("are", "own", "hold")
        text = f"{joined(found)}, which {are} listed, {own} a part of {called(party)}; how much is not said."
        lacking = f"The share that {joined(found)} {hold} in {called(party)}"
        yield Hit("X-015", (cause,), text, missing=lacking, about=path)


def shares(facts: Facts) -> Iterator[Hit]:
    """Shares above 100 %, and circles of ownership (X-015)."""
    names = _names(facts)
    for node, total in facts.graph.over_whole().items():
        cause = f"missing.shares.{node}"
        if facts.has(cause):
            text = f"The owners of {names.get(node, node)} hold {percent(total)} together: more than there is."
            yield Hit("X-015", (cause,), text, missing=f"The shares in {names.get(node, node)}, corrected")
    for node in sorted(facts.graph.in_cycles()):
        text = f"{names.get(node, node)} owns itself through others; its own shares add nothing to what counts."
        yield Hit("X-015", (), text, Verdict.NOTE, Level.NONE)


def unplaced_owners(facts: Facts) -> Iterator[Hit]:
    """A beneficial owner without saying of whom (X-015)."""
    for path, party in facts.parties():
        cause = f"missing.of.{path}"
        placed = party.of is not None and party.of < len(facts.deal.parties)
        if set(party.roles) == {"beneficial_owner"} and not placed and facts.has(cause):
            text = f"{called(party)} is a beneficial owner; of which party is not said."
            yield Hit("X-015", (cause,), text, missing=f"Which party {called(party)} owns, and how much", about=path)


def affiliates(facts: Facts) -> Iterator[Hit]:
    """Parties owned by half by parties on the Entity List (US-P-012, a dated switch)."""
    for path, party in facts.traders:
        share = Decimal(0)
        for owner_path, owner in walk(path, party):
            direct = owner_path.count(".owners.") == 1
            if direct and any(has_measure(hit, "export_control") for hit in facts.hits(owner_path)):
                share += owner.percent or Decimal(0)
        if share >= HALF and facts.has(f"ownership.{path}"):
            text = f"{called(party)} is {percent(share)} owned by parties on US export-control lists."
            yield Hit("US-P-012", (f"ownership.{path}",), text, about=path)


def _names(facts: Facts) -> Mapping[str, str]:
    found = {h.owner: h.name for h in facts.graph.holdings}
    return found | {facts.graph.node_of[path]: called(party) for path, party in facts.parties()}


CHECKS = (owned, shares, unplaced_owners, affiliates)
