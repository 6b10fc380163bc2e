"""Hit: one rule that applies to a deal, with what in the deal it rests on. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from screening.deals.facts import Facts
from screening.deals.rules import Level, Verdict


@dataclass(frozen=True, slots=True)
class Hit:
    """`causes`: taking any of them away takes the hit away. `verdict`, `outcome` and `regimes` are the rule's own
    unless given here. `missing`: what must be brought, for an incomplete one. `evidence`: what would change it.
    """

    rule: str
    causes: tuple[str, ...]
    text: str
    verdict: Verdict | None = None
    outcome: Level | None = None
    regimes: tuple[str, ...] | None = None
    missing: str = ""
    evidence: str = ""
    about: str = ""


Check = Callable[[Facts], Iterable[Hit]]
"""A check looks at the facts and yields the hits of the rules it stands for."""
