"""Facts: a deal with everything that is known of it, as the rules read it, and what it would be without some of it.

A *cause* names something that could be otherwise: `parties.2` (what the lists say of that party), `payment.currency`,
`goods.0`, `route.1`, `missing.end_user`, `deal.iran`, `lists` … `Facts.without(causes)` is the same deal without them:
how an assessment finds out, instead of asserting, which reasons suffice alone and what would change its verdict.
No rule may hold *because* a cause is taken away.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import pairwise

from lists.countries import country
from lists.entity import Kind
from lists.numbers import clean, is_valid
from screening.answer import Found
from screening.deals.deal import BANKS, Deal, Goods, OutsideList, Party, PartyRole
from screening.deals.goods import Groups, groups
from screening.deals.ownership import Ownership, blocked_nodes, ownership
from screening.deals.places import Place, by_sea, resolve
from screening.deals.screened import ScreenedParty, authority, blocks

IRAN, RUSSIA = "IR", "RU"
ALLIED = frozenset({"RU", "BY"})
"""Russia and Belarus: one destination for the Common High Priority List."""

DELIVERED_TO = (PartyRole.END_USER, PartyRole.CONSIGNEE, PartyRole.BUYER)


@dataclass(frozen=True, slots=True)
class Searched:
    """The lists behind an assessment: their keys, those of them that are stale, missing or a sample, and what would
    put that right, in words.
    """

    keys: frozenset[str]
    unfresh: tuple[str, ...] = ()
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True)
class Facts:
    """See the module. `lists` says which lists were searched and what they lack, `everyone` is each party of the deal
    with its path and its roles.
    """

    deal: Deal
    screened: Mapping[str, ScreenedParty]
    on: date
    lists: Searched
    places: tuple[Place, ...]
    graph: Ownership
    everyone: tuple[tuple[str, Party, frozenset[PartyRole]], ...]
    removed: frozenset[str] = frozenset()

    def without(self, causes: Iterable[str]) -> "Facts":
        """Return the same deal without these causes."""
        return replace(self, removed=self.removed | frozenset(causes))

    def has(self, cause: str) -> bool:
        """Say whether a cause is still there."""
        return cause not in self.removed

    def parties(self, *roles: PartyRole) -> Iterator[tuple[str, Party]]:
        """Yield the parties with one of these roles (with any, if none is named) and their paths."""
        for path, party, all_roles in self.everyone:
            if not roles or not all_roles.isdisjoint(roles):
                yield path, party

    @cached_property
    def traders(self) -> tuple[tuple[str, Party], ...]:
        """The parties that are not only somebody's beneficial owner: what is theirs is in the deal itself."""
        return tuple((path, p) for path, p in self.parties() if set(p.roles) != {PartyRole.BENEFICIAL_OWNER})

    def hits(self, path: str) -> tuple[Found, ...]:
        """What very likely is the party, by the lists."""
        return self.screened[path].hits if self.has(path) else ()

    def blocked_by(self, path: str, whose: str) -> tuple[Found, ...]:
        """The party's own blocking listings on one authority's list."""
        return tuple(hit for hit in self.hits(path) if authority(hit) == whose and blocks(hit))

    def listed_nodes(self, whose: str, *, less: str | None = None) -> Mapping[str, tuple[str, ...]]:
        """The nodes of the ownership graph that one authority blocks; as if `less` were not listed."""
        there = [party for path, party in self.screened.items() if self.has(path) and path != less]
        return blocked_nodes(self.graph, there, whose)

    @cached_property
    def goods(self) -> tuple[tuple[str, Goods, Groups], ...]:
        """The goods that are still there, each with its path and the groups its code is in."""
        return tuple(
            (f"goods.{at}", goods, groups(goods)) for at, goods in enumerate(self.deal.goods) if self.has(f"goods.{at}")
        )

    @cached_property
    def stops(self) -> tuple[tuple[str, Place], ...]:
        """The places of the route that are still there, with their paths."""
        return tuple((f"route.{at}", place) for at, place in enumerate(self.places) if self.has(f"route.{at}"))

    @cached_property
    def countries(self) -> Mapping[str, tuple[str, ...]]:
        """Country to what ties the deal to it: parties, places, goods."""
        found: dict[str, tuple[str, ...]] = {}
        ties = [(code, path) for path, party in self.parties() for code in countries_of(party)]
        ties += [(place.country, path) for path, place in self.stops if place.country]
        ties += [(origin, path) for path, goods, _ in self.goods if (origin := code_of(goods.origin))]
        for code, path in ties:
            found[code] = (*found.get(code, ()), path)
        return found

    @property
    def touches_iran(self) -> bool:
        """True if a party, a place or the origin of goods is in Iran."""
        return IRAN in self.countries and self.has("deal.iran")

    @cached_property
    def destinations(self) -> frozenset[str]:
        """The countries that goods go to: of the last place, and of end user, consignee and buyer."""
        last = len(self.places) - 1  # of the whole route: without its last place, the one before is no destination
        ends = {place.country for path, place in self.stops if path == f"route.{last}" and place.country}
        for _, party in self.parties(*DELIVERED_TO):
            ends |= set(countries_of(party))
        return frozenset(ends)

    @cached_property
    def origin_hint(self) -> str | None:
        """The country of the first place of the route: where goods come from if nobody says otherwise."""
        return next((place.country for path, place in self.stops if path == "route.0"), None)

    def origin(self, goods: Goods) -> str | None:
        """The origin of goods as given, else the country where they are loaded."""
        return code_of(goods.origin) or self.origin_hint

    @property
    def end_user_unknown(self) -> bool:
        """True if no party is the end user."""
        return self.has("missing.end_user") and not any(self.parties(PartyRole.END_USER))

    @cached_property
    def sea_leg(self) -> bool:
        """True if goods go by sea between two places of the route."""
        stops = list(zip(self.deal.route, self.places, strict=True))
        return any(by_sea(here, place, following) for (here, place), (_, following) in pairwise(stops))

    def vessels(self) -> Iterator[tuple[str, Party]]:
        """Yield the ships of the deal, by role or by kind."""
        for path, party in self.parties():
            if PartyRole.VESSEL in party.roles or party.kind is Kind.VESSEL:
                yield path, party

    def banks(self) -> Iterator[tuple[str, Party]]:
        """Yield the banks of the deal."""
        yield from self.parties(*BANKS)

    def nexus(self, whose: str) -> tuple[str, ...] | None:
        """Return by which causes a law reaches the caller: none at all (None), by what the caller is (no cause, since
        nothing in the deal could change it), or by the currency alone.
        """
        you = self.deal.nexus
        by_person = {
            "us": you is not None and (you.us_person or you.us_clearing),
            "eu": you is not None and (you.eu_establishment or you.eu_vessel_or_insurer),
            "uk": you is not None and (you.uk_establishment or you.uk_insurer_or_clearing),
            "none": True,
        }
        if by_person[whose]:
            return ()
        clears = {"us": "USD", "uk": "GBP"}.get(whose)
        if clears and self.deal.payment.currency == clears and self.has("payment.currency"):
            return ("payment.currency",)
        return None

    def checked(self, outside: OutsideList) -> bool | None:
        """Return what the caller's own check of a list found; None if it was not checked."""
        results = [check.found for check in self.deal.checks if check.list is outside]
        return any(results) if results else None


def gather(deal: Deal, screened: Mapping[str, ScreenedParty], on: date, lists: Searched) -> Facts:
    """Return the facts of a deal. `screened` has an entry for every party and every owner above one."""
    places = tuple(resolve(stop) for stop in deal.route)
    everyone = tuple((f"parties.{at}", party, frozenset(party.roles)) for at, party in enumerate(deal.parties))
    return Facts(deal, screened, on, lists, places, ownership(deal, screened), everyone)


def code_of(text: str | None) -> str | None:
    """Return the alpha-2 code of a country as given; None if none is, or if it names none."""
    return country(text) if text else None


def countries_of(party: Party) -> tuple[str, ...]:
    """Return the countries that a party is said to be of; a flag counts for a ship."""
    given = (*party.countries, *((party.flag,) if party.flag else ()))
    return tuple(dict.fromkeys(code for text in given if (code := country(text))))


def imo_of(party: Party) -> str:
    """Return a ship's number as given: in its own field, among its identifiers or in its name; else empty."""
    given = [party.imo or "", *(i.value for i in party.identifiers if i.type.casefold().startswith("imo"))]
    number = next((clean("imo", text) for text in given if text), "")
    if number:
        return number
    words = "".join(letter if letter.isalnum() else " " for letter in party.name).split()
    return next((word for word in words if is_valid("imo", word)), "")


def bic_of(party: Party) -> str:
    """Return a bank's BIC as given, in its own field or among its identifiers; empty if there is none."""
    given = [party.bic or "", *(i.value for i in party.identifiers if i.type.casefold() in ("bic", "swift"))]
    return next((clean("bic", text) for text in given if text), "")
