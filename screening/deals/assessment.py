"""Assessment: what Caspian says of a deal, as one document. It is recorded word for word and shown by every door.

As with a screening's answer, it holds nothing that changes between two runs on the same lists, rules and day.
"""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from screening.answer import CoveredList, Found, Gap, Matcher
from screening.deals.rules import Level, Verdict
from screening.matching.result import Outcome


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RuleCited(_Frozen):
    """A rule as it is cited. `unconfirmed`: nobody has read its text for Caspian, and an expert must."""

    id: str
    citation: str
    valid_from: date | None
    status: str
    unconfirmed: bool


class Part(_Frozen):
    """One of several things that a reason needs together: without it, the verdict would be `otherwise`."""

    cause: str
    text: str
    otherwise: Verdict


class Reason(_Frozen):
    """One reason for the verdict. `alone`: with it and none of the others, the verdict would be the same. Where it
    takes several things together, `parts` has them all, and without any one of them the reason would be gone.
    """

    text: str
    details: tuple[str, ...]
    evidence: str
    about: str
    causes: tuple[str, ...]
    alone: bool
    parts: tuple[Part, ...]
    rules: tuple[RuleCited, ...]


class Point(_Frozen):
    """Something else that rules say: less than the verdict, or exposure that every such deal has."""

    text: str
    verdict: Verdict
    evidence: str
    about: str
    rule: RuleCited


class RegimeResult(_Frozen):
    """One regime's row. `baseline`: the deal also has the exposure that every Iran–Russia deal has under it."""

    regime: str
    title: str
    level: Level
    because: tuple[str, ...]
    rules: tuple[RuleCited, ...]
    baseline: bool


class NearMiss(_Frozen):
    """The best candidate below the review threshold."""

    entity_id: str
    name: str
    score: int


class PartyResult(_Frozen):
    """One party or owner. `roles` is empty for an owner in a tree. `counts_as_listed` names the authorities under whose
    ownership rules it counts as listed.
    """

    path: str
    roles: tuple[str, ...]
    name: str
    outcome: Outcome
    counts_as_listed: tuple[str, ...]
    matches: tuple[Found, ...]
    nearest: NearMiss | None
    missing: tuple[str, ...]


class HoldingResult(_Frozen):
    """One share or control in an ownership picture. `percent` is text, exact as given; None if not known."""

    owned: str
    owner: str
    percent: str | None
    controls: bool
    listed: bool
    counts_as_listed: bool
    path: str | None
    source: str


class StandingResult(_Frozen):
    """How a party stands under one authority's ownership rule."""

    authority: str
    share: str
    counts_as_listed: bool
    controlled: bool
    unknown_shares: bool


class OwnershipResult(_Frozen):
    """Who owns one party. `unnamed` is the part of it whose owners were not named."""

    path: str
    name: str
    holdings: tuple[HoldingResult, ...]
    standings: tuple[StandingResult, ...]
    unnamed: str
    circular: bool


class GoodsResult(_Frozen):
    """One kind of goods as the tables have its code."""

    path: str
    description: str
    hs: str
    origin: str | None
    tier: str
    groups: tuple[str, ...]


class PlaceResult(_Frozen):
    """One place of the route as it was resolved."""

    path: str
    kind: str
    name: str
    unlocode: str
    country: str | None
    place_kind: str
    latitude: str
    longitude: str
    status: str
    known: bool


class RulesUsed(_Frozen):
    """Which rules were applied: their hash and that of the tables they read (goods, words, places, countries), those
    switched against their default, those off, those unconfirmed. Assessments from before it was kept have no `tables`.
    """

    hash: str
    tables: str = Field("", exclude_if=lambda tables: not tables)
    switched: tuple[str, ...]
    off: tuple[str, ...]
    unconfirmed: tuple[str, ...]


class Assessment(_Frozen):
    """The whole assessment. `say` is what to do, `because` how many reasons and whether each is enough; `otherwise` the
    verdict if all reasons were gone; `missing` what must be brought.
    """

    verdict: Verdict
    say: str
    because: str
    otherwise: Verdict
    assessed_on: date
    deal: dict[str, Any]
    reasons: tuple[Reason, ...]
    others: tuple[Point, ...]
    regimes: tuple[RegimeResult, ...]
    baseline: tuple[Point, ...]
    missing: tuple[str, ...]
    parties: tuple[PartyResult, ...]
    ownership: tuple[OwnershipResult, ...]
    goods: tuple[GoodsResult, ...]
    route: tuple[PlaceResult, ...]
    covered: tuple[CoveredList, ...]
    not_covered: tuple[Gap, ...]
    warnings: tuple[str, ...]
    matcher: Matcher
    rules: RulesUsed
