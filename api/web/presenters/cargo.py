"""What a deal moves, for how much, and which way: goods, money and route as its page shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures
from api.web.text import _
from lists.countries import name as country_name
from screening.deals.assessment import Assessment, GoodsResult, PlaceResult

STOPS: Final = {
    "load": _("load"),
    "transship": _("transship"),
    "crossing": _("crossing"),
    "discharge": _("discharge"),
    "destination": _("destination"),
}

NEXUS: Final = (
    ("us_person", _("US person")),
    ("us_clearing", _("US dollars or a US bank clear the payment")),
    ("eu_establishment", _("EU establishment or national")),
    ("eu_vessel_or_insurer", _("EU vessel or insurer")),
    ("uk_establishment", _("UK establishment or national")),
    ("uk_insurer_or_clearing", _("UK insurer or clearing")),
)
"""What the caller may say of itself, as the form asks it."""


@dataclass(frozen=True, slots=True)
class StopView:
    """One place of the route. `leg` is how goods leave it."""

    name: str
    code: str
    text: str
    status: str
    hit: bool
    leg: str
    sea: bool


@dataclass(frozen=True, slots=True)
class GoodsView:
    """One kind of goods."""

    hs: str
    text: str
    value: str
    tier: str


def goods(deal: Assessment) -> tuple[GoodsView, ...]:
    """Return each kind of goods, with its value as it was given and its tier on the priority list."""
    asked = deal.deal.get("goods") or ()
    currency = str((deal.deal.get("payment") or {}).get("currency") or "")
    return tuple(_good(good, asked, currency) for good in deal.goods)


def _good(good: GoodsResult, asked: Sequence[dict[str, object]], currency: str) -> GoodsView:
    at = int(good.path.rpartition(".")[2])
    value = asked[at].get("value") if at < len(asked) else None
    origin = _("origin %s") % country_name(good.origin) if good.origin else _("origin unknown")
    return GoodsView(
        hs=good.hs or _("no code"),
        text=", ".join(part for part in (good.description, origin) if part),
        value=f"{currency} {figures.amount(str(value))}".strip() if value else "",
        tier=_("Priority, tier %s") % good.tier if good.tier else "",
    )


def money(deal: Assessment) -> tuple[tuple[str, str], ...]:
    """Return amount, channel and incoterm, each with its label; what was not given says so."""
    payment = deal.deal.get("payment") or {}
    given = str(payment.get("amount") or "")
    amount = " ".join(filter(None, (str(payment.get("currency") or ""), given and figures.amount(given))))
    facts = (
        (_("Amount"), amount),
        (_("Channel"), str(payment.get("channel") or "").upper()),
        (_("Incoterm"), str(deal.deal.get("incoterm") or "")),
    )
    return tuple((label, text or _("not given")) for label, text in facts)


def nexus(deal: Assessment) -> str:
    """Return whose law the caller said reaches it: `EU establishment or national`; that nothing was said."""
    said = deal.deal.get("nexus")
    if said is None:
        return _("not said")
    return ", ".join(word for name, word in NEXUS if said.get(name)) or _("none of US, EU and UK")


def way(deal: Assessment) -> str:
    """Return where the goods go, in short: `Astrakhan to Tehran`; nothing of fewer than two places."""
    ends = [stop.name for stop in route(deal)]
    return _("%(start)s to %(end)s") % {"start": ends[0], "end": ends[-1]} if len(ends) > 1 else ""


def route(deal: Assessment) -> tuple[StopView, ...]:
    """Return the places of the route in order; a place that a reason rests on is a hit."""
    asked = deal.deal.get("route") or ()
    struck = {cause for reason in deal.reasons for cause in reason.causes}
    return tuple(_stop(place, asked, hit=place.path in struck) for place in deal.route)


def _stop(place: PlaceResult, asked: Sequence[dict[str, object]], *, hit: bool) -> StopView:
    at = int(place.path.rpartition(".")[2])
    mode = str(asked[at].get("mode") or "") if at < len(asked) else ""
    kind = STOPS.get(place.kind, place.kind)
    where = country_name(place.country) if place.country else _("country not known")
    return StopView(
        name=place.name or place.unlocode or _("unknown place"),
        code=place.unlocode,
        text=f"{kind} · {where}" if place.known else f"{kind} · {_('not a place Caspian knows')}",
        status=place.status,
        hit=hit,
        leg=mode,
        sea=mode in {"sea", "river"},
    )
