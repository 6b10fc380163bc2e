"""Results: parties, ownership, goods and route as an assessment shows them. Pure."""

from decimal import Decimal

from screening.deals.assessment import (
    GoodsResult,
    HoldingResult,
    NearMiss,
    OwnershipResult,
    PartyResult,
    PlaceResult,
    StandingResult,
)
from screening.deals.facts import Facts
from screening.deals.ownership import AUTHORITIES, WHOLE, Holding, Standing
from screening.deals.screened import ScreenedParty
from screening.deals.words import called, path_name


def parties(facts: Facts) -> tuple[PartyResult, ...]:
    """Return every party and, after all of them, every owner above one, with what the lists say."""
    standings = _standings(facts)
    paths = sorted(facts.screened, key=lambda path: (".owners." in path, [int(p) for p in path.split(".")[1::2]]))
    return tuple(_party(facts, path, standings.get(path, {})) for path in paths)


def owners(facts: Facts) -> tuple[OwnershipResult, ...]:
    """Return who owns each party, storey by storey, for those whose owners are known at all."""
    standings = _standings(facts)
    listed = {whose: facts.listed_nodes(whose) for whose in AUTHORITIES}
    blocked = frozenset().union(*(frozenset(nodes) for nodes in listed.values()))
    counting = {
        facts.graph.node_of[path] for path, by in standings.items() if any(s.counts_as_listed for s in by.values())
    }
    circular = facts.graph.in_cycles()
    found = []
    for path, party in facts.parties():
        holdings = _above(facts, path)
        if not holdings:
            continue
        named = sum((h.percent or Decimal(0) for h in facts.graph.owners_of(path)), Decimal(0))
        names = {h.owner: h.name for h in facts.graph.holdings} | {facts.graph.node_of[path]: called(party)}
        found.append(
            OwnershipResult(
                path=path,
                name=called(party),
                holdings=tuple(
                    HoldingResult(
                        owned=names.get(h.owned, h.owned),
                        owner=h.name,
                        percent=None if h.percent is None else _plain(h.percent),
                        controls=h.controls,
                        listed=h.owner in blocked,
                        counts_as_listed=h.owner in counting,
                        path=h.path,
                        source=h.source,
                    )
                    for h in holdings
                ),
                standings=tuple(_standing(whose, standing) for whose, standing in standings[path].items()),
                unnamed=_plain(max(Decimal(0), WHOLE - named)),
                circular=facts.graph.node_of[path] in circular,
            )
        )
    return tuple(found)


def goods(facts: Facts) -> tuple[GoodsResult, ...]:
    """Return each kind of goods with what the tables have of its code."""
    return tuple(
        GoodsResult(
            path=path,
            description=goods.description,
            hs=goods.hs or "",
            origin=facts.origin(goods),
            tier=found.tier,
            groups=tuple(sorted(found.names)),
        )
        for path, goods, found in facts.goods
    )


def route(facts: Facts) -> tuple[PlaceResult, ...]:
    """Return the places of the route in order, as they were resolved."""
    return tuple(
        PlaceResult(
            path=f"route.{at}",
            kind=stop.kind,
            name=place.name,
            unlocode=place.unlocode,
            country=place.country,
            place_kind=place.kind,
            latitude=place.latitude,
            longitude=place.longitude,
            status=place.status,
            known=place.known,
        )
        for at, (stop, place) in enumerate(zip(facts.deal.route, facts.places, strict=True))
    )


def _party(facts: Facts, path: str, standings: dict[str, Standing]) -> PartyResult:
    screened = facts.screened[path]
    at = int(path.split(".")[1])
    roles = () if ".owners." in path else tuple(role.value for role in facts.deal.parties[at].roles)
    return PartyResult(
        path=path,
        roles=roles,
        name=path_name(facts, path),
        outcome=screened.outcome,
        counts_as_listed=tuple(whose for whose, s in standings.items() if s.counts_as_listed),
        matches=screened.matches,
        nearest=_nearest(screened),
        missing=() if screened.searchable else ("a name with letters, or a number",),
    )


def _nearest(screened: ScreenedParty) -> NearMiss | None:
    for near in screened.near_misses[:1]:
        return NearMiss(entity_id=near.entity_id, name=near.primary_name, score=near.score)
    return None


def _standings(facts: Facts) -> dict[str, dict[str, Standing]]:
    """Path to authority to standing, for every party and owner that has owners."""
    listed = {whose: facts.listed_nodes(whose) for whose in AUTHORITIES}
    return {
        path: {whose: facts.graph.standing(path, listed[whose], whose) for whose in AUTHORITIES}
        for path, node in facts.graph.node_of.items()
        if node in facts.graph.above
    }


def _above(facts: Facts, path: str) -> list[Holding]:
    seen: set[str] = set()
    waiting, found = [facts.graph.node_of[path]], list[Holding]()
    while waiting:
        node = waiting.pop(0)
        if node in seen:
            continue
        seen.add(node)
        above = facts.graph.above.get(node, ())
        found += above
        waiting += [h.owner for h in above]
    return found


def _standing(whose: str, standing: Standing) -> StandingResult:
    return StandingResult(
        authority=whose,
        share=_plain(standing.share),
        counts_as_listed=standing.counts_as_listed,
        controlled=standing.controlled,
        unknown_shares=bool(standing.unknown),
    )


def _plain(share: Decimal) -> str:
    return f"{share.normalize():f}"
