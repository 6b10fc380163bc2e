"""Ownership: who is owned by listed persons, per regime, over the caller's trees and the lists' own ties. Pure.

OFAC (50 % rule of 2014-08-13, FAQ 398-402): blocked persons' shares are added up, directly and through firms that are
themselves blocked; control alone does not count. EU (Council best practices): 50 % or more, or control. UK (reg 7):
more than 50 %, or control. UN: "owned or controlled" by a designated party (UNSCR 1737 (2006) para 12), read as the
EU reads it. A firm that listed persons own by half counts whole in the next storey up.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from screening.deals.deal import Deal, Owner, Party, PartyRole
from screening.deals.screened import ScreenedParty
from screening.deals.tables import folded

HALF = Decimal(50)
WARN = Decimal(25)
WHOLE = Decimal(100)
AUTHORITIES = ("ofac", "eu", "uk", "un")


@dataclass(frozen=True, slots=True)
class Holding:
    """A share or a control. `owner` and `owned` are nodes; `path` is where the owner stands in the deal, if it does."""

    owned: str
    owner: str
    percent: Decimal | None
    controls: bool
    path: str | None
    name: str
    source: str = "caller"


@dataclass(frozen=True, slots=True)
class Standing:
    """How a party stands under one authority. `share` is what listed owners hold together, directly or through firms
    that count as listed; `paths` are the listed owners that it comes from; `unknown` are listed owners without a share.
    """

    share: Decimal
    counts_as_listed: bool
    controlled: bool
    paths: tuple[str, ...]
    holders: tuple[Holding, ...]
    unknown: tuple[Holding, ...]


NOBODY = Standing(Decimal(0), False, False, (), (), ())
"""How a party stands that nobody is known to own."""


@dataclass(frozen=True)
class Ownership:
    """The ownership graph of a deal. `node_of` gives each path its node: one owner named twice is one node."""

    holdings: tuple[Holding, ...]
    node_of: Mapping[str, str]
    _known: dict[tuple[str, str, frozenset[tuple[str, tuple[str, ...]]]], Standing] = field(
        default_factory=dict, compare=False, repr=False
    )
    """Standings found before: finding the reasons of a verdict asks for the same ones many times over."""

    def listed(self, blocked: Iterable[tuple[str, str]]) -> Mapping[str, tuple[str, ...]]:
        """Return node to the paths by which it is listed, from (path, node) pairs."""
        found: dict[str, tuple[str, ...]] = {}
        for path, node in blocked:
            found[node] = (*found.get(node, ()), path)
        return found

    def standing(self, path: str, listed: Mapping[str, tuple[str, ...]], authority: str) -> Standing:
        """Return how the party at `path` stands, its own listing apart: `listed` is what `listed` returned."""
        node = self.node_of[path]
        if node not in self.above:
            return NOBODY
        others = frozenset((name, paths) for name, paths in listed.items() if name in self._lineage[node] - {node})
        key = (node, authority, others)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._standing(node, dict(others), authority)
        return found

    def _standing(self, node: str, listed: Mapping[str, tuple[str, ...]], authority: str) -> Standing:
        reached = self._reached(listed, authority)
        holders = [h for h in self.above[node] if h.owner in reached]
        share = min(WHOLE, sum((h.percent for h in holders if h.percent is not None), Decimal(0)))
        controlled = any(h.controls for h in holders)
        paths = dict.fromkeys(path for h in holders for path in reached[h.owner])
        return Standing(
            share=share,
            counts_as_listed=_enough(share, controlled, authority),
            controlled=controlled,
            paths=tuple(sorted(paths)),
            holders=tuple(holders),
            unknown=tuple(h for h in holders if h.percent is None),
        )

    @cached_property
    def above(self) -> Mapping[str, tuple[Holding, ...]]:
        """Node to the holdings in it, for those that anybody is known to own."""
        found: dict[str, list[Holding]] = {}
        for holding in self.holdings:
            found.setdefault(holding.owned, []).append(holding)
        return {node: tuple(held) for node, held in found.items()}

    @cached_property
    def _lineage(self) -> Mapping[str, frozenset[str]]:
        """Node to everyone who owns it, directly or through others."""
        above = {node: {h.owner for h in held} for node, held in self.above.items()}
        return {node: frozenset(_all_above(node, above)) for node in above}

    def owners_of(self, path: str) -> tuple[Holding, ...]:
        """Return the direct holdings in the party at `path`."""
        return self.above.get(self.node_of[path], ())

    def over_whole(self) -> Mapping[str, Decimal]:
        """Return the nodes whose owners' shares add up to more than 100 %."""
        sums = {node: sum((h.percent or Decimal(0) for h in held), Decimal(0)) for node, held in self.above.items()}
        return {node: total for node, total in sums.items() if total > WHOLE}

    def in_cycles(self) -> frozenset[str]:
        """Return the nodes that own themselves through others."""
        return frozenset(node for node, owners in self._lineage.items() if node in owners)

    def _reached(self, listed: Mapping[str, tuple[str, ...]], authority: str) -> dict[str, tuple[str, ...]]:
        """Listed nodes, and those that count as listed through them, each with the paths it comes from. Grows to a
        fixed point, so that a cycle ends and adds nothing by itself.
        """
        reached = dict(listed)
        owned = sorted(self.above.keys() - reached.keys())
        grown = True
        while grown:
            grown = False
            for node in owned:
                holders = [h for h in self.above[node] if h.owner in reached]
                share = sum((h.percent for h in holders if h.percent is not None), Decimal(0))
                if node not in reached and _enough(share, any(h.controls for h in holders), authority):
                    reached[node] = tuple(dict.fromkeys(path for h in holders for path in reached[h.owner]))
                    grown = True
        return reached


def ownership(deal: Deal, screened: Mapping[str, ScreenedParty]) -> Ownership:
    """Return the graph of the caller's trees, of beneficial owners among the parties, and of the lists' own ties."""
    node_of: dict[str, str] = {}
    holdings: dict[tuple[str, str], Holding] = {}
    for at, party in enumerate(deal.parties):
        path = f"parties.{at}"
        node_of[path] = _node(party)
        for held in _holdings(path, party, node_of):
            _keep(holdings, held)
    for at, party in enumerate(deal.parties):
        if party.of is not None and party.of < len(deal.parties) and PartyRole.BENEFICIAL_OWNER in party.roles:
            path = f"parties.{at}"
            _keep(
                holdings,
                Holding(node_of[f"parties.{party.of}"], node_of[path], party.percent, False, path, party.name),
            )
    for path, subject in screened.items():
        for tie in subject.ties:
            _keep(holdings, Holding(node_of[path], tie.other_id, None, True, None, tie.other_name, "list"))
    return Ownership(tuple(holdings.values()), node_of)


def blocked_nodes(graph: Ownership, screened: Iterable[ScreenedParty], authority: str) -> Mapping[str, tuple[str, ...]]:
    """Return the nodes that an authority blocks, each with the paths by which it does: by a match, or by a tie."""
    found: list[tuple[str, str]] = []
    for subject in screened:
        if authority in subject.blocked_by:
            found.append((subject.path, graph.node_of[subject.path]))
        found += [(subject.path, tie.other_id) for tie in subject.ties if authority in tie.blocked_by]
    return graph.listed(found)


def walk(path: str, party: Party | Owner) -> Iterator[tuple[str, Owner]]:
    """Yield every owner above a party with its path, storey by storey."""
    for at, owner in enumerate(party.owners):
        yield f"{path}.owners.{at}", owner
        yield from walk(f"{path}.owners.{at}", owner)


def _holdings(path: str, party: Party | Owner, node_of: dict[str, str]) -> Iterator[Holding]:
    for at, owner in enumerate(party.owners):
        above = f"{path}.owners.{at}"
        node_of[above] = _node(owner)
        yield Holding(node_of[path], node_of[above], owner.percent, owner.controls, above, owner.name)
        yield from _holdings(above, owner, node_of)


def _keep(holdings: dict[tuple[str, str], Holding], held: Holding) -> None:
    """One owner named twice for one firm is one holding: the larger share of the two, never the sum."""
    key = (held.owned, held.owner)
    earlier = holdings.get(key, held)
    larger = held if (held.percent or Decimal(-1)) > (earlier.percent or Decimal(-1)) else earlier
    controls = held.controls or earlier.controls
    holdings[key] = Holding(*key, larger.percent, controls, larger.path, larger.name, larger.source)


def _node(party: Party | Owner) -> str:
    """The same name with the same numbers is the same owner, wherever in the trees it stands."""
    numbers = sorted(f"{i.type}:{i.value}" for i in party.identifiers)
    return "|".join((folded(party.name) or party.name.strip(), *numbers))


def _enough(share: Decimal, controlled: bool, authority: str) -> bool:
    if authority == "ofac":
        return share >= HALF
    return controlled or (share > HALF if authority == "uk" else share >= HALF)


def _all_above(node: str, above: Mapping[str, set[str]]) -> set[str]:
    seen: set[str] = set()
    waiting = list(above.get(node, ()))
    while waiting:
        owner = waiting.pop()
        if owner not in seen:
            seen.add(owner)
            waiting.extend(above.get(owner, ()))
    return seen
