"""Words: how an assessment speaks of parties, shares, authorities and verdicts. Pure."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from screening.answer import Found
from screening.deals.deal import Owner, Party
from screening.deals.facts import Facts
from screening.deals.screened import authority
from screening.deals.tables import folded
from screening.wording import joined, listed_by

AUTHORITY_TITLES = {"ofac": "OFAC", "eu": "EU", "uk": "UK", "un": "UN"}


def roles(party: Party) -> str:
    """Return a party's roles as words: `buyer and end user`."""
    return joined([role.value.replace("_", " ") for role in party.roles])


def called(party: Party | Owner) -> str:
    """Return what a party is called: its name, or its number where it has none."""
    names = (party.name, *party.other_names, *(f"{i.type.upper()} {i.value}" for i in party.identifiers))
    imo = f"IMO {party.imo}" if isinstance(party, Party) and party.imo else ""
    return next(filter(None, (*names, imo)), "without a name")


def the_party(party: Party) -> str:
    """Return a party as a sentence begins with it: `The buyer Pars Darya Tejarat`."""
    return f"The {roles(party)} {called(party)}"


def is_listed(party: Party, hits: Sequence[Found]) -> str:
    """Return the sentence for a listed party: who it is, and who lists it."""
    first = hits[0]
    by = joined(sorted({listed_by(hit) for hit in hits}))
    if folded(called(party)) == folded(first.primary_name):
        return f"{the_party(party)} is listed by {by}."
    return f"{the_party(party)} is very likely {first.primary_name}, listed by {by}."


def entries(hits: Iterable[Found]) -> str:
    """Return the entries as a line of evidence: `ofac:25578, eu:EU.13719.21`."""
    return ", ".join(dict.fromkeys(hit.entity_id for hit in hits))


def percent(share: Decimal) -> str:
    """Return a share as people write it: 55 %, 49.9 %."""
    text = f"{share.normalize():f}"
    return f"{text} %"


def authorities(hits: Iterable[Found]) -> frozenset[str]:
    """Return whose lists the entries are on."""
    return frozenset(authority(hit) for hit in hits)


def path_name(facts: Facts, path: str) -> str:
    """Return what the party or owner at a path is called."""
    steps = path.split(".")
    found: Party | Owner = facts.deal.parties[int(steps[1])]
    for at in steps[3::2]:
        found = found.owners[int(at)]
    return called(found)


def is_bank(party: Party) -> bool:
    """Say whether a party is a bank of the deal."""
    return any(role.value.endswith("_bank") for role in party.roles)
