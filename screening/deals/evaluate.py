"""Evaluate: every check against a deal's facts, and the verdict that the hits come to. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from screening.deals.checks import banks, cargo, owners, parties, route, terms, vessels
from screening.deals.facts import Facts
from screening.deals.hit import Check, Hit
from screening.deals.rules import Level, RuleBook, Verdict

CHECKS: tuple[Check, ...] = (
    *parties.CHECKS,
    *owners.CHECKS,
    *vessels.CHECKS,
    *banks.CHECKS,
    *cargo.CHECKS,
    *route.CHECKS,
    *terms.CHECKS,
)


def evaluate(facts: Facts, book: RuleBook) -> tuple[Hit, ...]:
    """Return the hits of all rules that are on and valid on the day, with verdict, outcome and regimes filled in from
    the rules; one for each rule, set of causes and text.
    """
    found: dict[tuple[str, tuple[str, ...], str], Hit] = {}
    for check in CHECKS:
        for hit in check(facts):
            if book.is_on(hit.rule, facts.on):
                found.setdefault((hit.rule, tuple(sorted(set(hit.causes))), hit.text), _whole(hit, book))
    return tuple(sorted(found.values(), key=lambda hit: (book.order[hit.rule], hit.causes, hit.text)))


def verdict_of(hits: Iterable[Hit]) -> Verdict:
    """Return the worst verdict among the hits; clear if there is none, or notes only."""
    worst = max((hit.verdict or Verdict.CLEAR for hit in hits), key=lambda verdict: verdict.rank, default=Verdict.CLEAR)
    return Verdict.CLEAR if worst is Verdict.NOTE else worst


def level_of(hits: Sequence[Hit], regime: str) -> Level:
    """Return the worst outcome among the hits that speak of a regime."""
    return max(
        (hit.outcome or Level.NONE for hit in hits if regime in (hit.regimes or ())),
        key=lambda level: level.rank,
        default=Level.NONE,
    )


def _whole(hit: Hit, book: RuleBook) -> Hit:
    rule = book.rules[hit.rule]
    return replace(
        hit,
        causes=tuple(sorted(set(hit.causes))),
        verdict=hit.verdict or rule.verdict,
        outcome=hit.outcome or rule.outcome,
        regimes=rule.regimes if hit.regimes is None else hit.regimes,
        evidence=hit.evidence or rule.evidence,
    )
