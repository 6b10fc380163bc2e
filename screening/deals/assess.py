"""Assess: a deal whose parties are screened, held against the rules, as one document. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from screening.answer import CoveredList, Gap, Matcher
from screening.deals import results
from screening.deals.assessment import Assessment, Part, Point, Reason, RegimeResult, RuleCited, RulesUsed
from screening.deals.deal import Deal
from screening.deals.evaluate import evaluate, level_of, verdict_of
from screening.deals.facts import Facts, Searched, gather
from screening.deals.hit import Hit
from screening.deals.reasons import Account, Grounds, account
from screening.deals.rules import REGIMES, Level, Rule, RuleBook, Verdict
from screening.deals.saying import because, cause_text, say
from screening.deals.screened import ScreenedParty

NO_LAW = {
    "us_primary": "No US person, no US dollars and no US goods are named.",
    "us_secondary": "Nothing in this deal that the rules name.",
    "eu": "By what you said, EU law does not reach you.",
    "uk": "By what you said, UK law does not reach you.",
    "un": "Nobody and nothing in this deal is on a UN list.",
}
"""Why a regime says none where no rule speaks."""


@dataclass(frozen=True, slots=True)
class Lists:
    """The lists behind an assessment, as their coverage says. `missing` would make them complete."""

    covered: tuple[CoveredList, ...]
    not_covered: tuple[Gap, ...]
    missing: tuple[str, ...]
    matcher: Matcher

    @property
    def searched(self) -> Searched:
        """What the rules read of it."""
        stale = [one.key for one in self.covered if one.sample or one.state != "fresh"]
        absent = [gap.key for gap in self.not_covered if gap.blocks_clear]
        return Searched(frozenset(one.key for one in self.covered), (*stale, *absent), self.missing)


def assess(deal: Deal, screened: Mapping[str, ScreenedParty], book: RuleBook, lists: Lists, on: date) -> Assessment:
    """Return the assessment of a deal on a day.

    `screened` has an entry for each party and each owner, by path (`parties.0`, `parties.0.owners.1`).
    """
    facts = gather(deal, screened, on, lists.searched)
    hits = evaluate(facts, book)
    verdict = verdict_of(hits)
    found = account(facts, book, hits, verdict)
    missing = tuple(dict.fromkeys(hit.missing for hit in hits if hit.missing))
    return Assessment(
        verdict=verdict,
        say=say(verdict, len(deal.parties), len(lists.covered)),
        because=because(verdict, found, missing),
        otherwise=found.otherwise,
        assessed_on=on,
        deal=deal.model_dump(mode="json", exclude_defaults=True),
        reasons=tuple(_reason(one, facts, book) for one in found.reasons),
        others=_others(hits, found, verdict, book),
        regimes=tuple(_regime(regime, hits, book) for regime in REGIMES),
        baseline=tuple(_point(hit, book) for hit in hits if _is_baseline(hit, book)),
        missing=missing,
        parties=results.parties(facts),
        ownership=results.owners(facts),
        goods=results.goods(facts),
        route=results.route(facts),
        covered=lists.covered,
        not_covered=lists.not_covered,
        warnings=tuple(dict.fromkeys(w for party in screened.values() for w in party.warnings)),
        matcher=lists.matcher,
        rules=_rules_used(book, hits, on),
    )


def _reason(grounds: Grounds, facts: Facts, book: RuleBook) -> Reason:
    first, *more = grounds.hits
    return Reason(
        text=first.text,
        details=tuple(dict.fromkeys(hit.text for hit in more if hit.text != first.text)),
        evidence=first.evidence or next((hit.evidence for hit in more if hit.evidence), ""),
        about=first.about,
        causes=grounds.causes,
        alone=grounds.alone,
        parts=tuple(
            Part(cause=cause, text=cause_text(facts, cause), otherwise=otherwise) for cause, otherwise in grounds.parts
        ),
        rules=_cited(grounds.hits, book),
    )


def _others(hits: Sequence[Hit], found: Account, verdict: Verdict, book: RuleBook) -> tuple[Point, ...]:
    """What is said beside the reasons, the weightier first."""
    told = {hit for reason in found.reasons for hit in reason.hits}
    rest = [hit for hit in hits if hit not in told and not _is_baseline(hit, book)]
    order = sorted(rest, key=lambda hit: -(hit.verdict or verdict).rank)
    return tuple(_point(hit, book) for hit in order)


def _regime(regime: str, hits: Sequence[Hit], book: RuleBook) -> RegimeResult:
    about = [hit for hit in hits if regime in (hit.regimes or ())]
    special = [hit for hit in about if not _is_baseline(hit, book)]
    level = level_of(special, regime)
    speaking = [hit for hit in special if hit.outcome is level and level is not Level.NONE]
    return RegimeResult(
        regime=regime,
        title=REGIMES[regime],
        level=level,
        because=tuple(dict.fromkeys(hit.text for hit in speaking)) or (NO_LAW[regime],),
        rules=_cited(speaking, book),
        baseline=len(special) < len(about),
    )


def _point(hit: Hit, book: RuleBook) -> Point:
    return Point(
        text=hit.text,
        verdict=hit.verdict or Verdict.NOTE,
        evidence=hit.evidence,
        about=hit.about,
        rule=_cite(book.rules[hit.rule]),
    )


def _is_baseline(hit: Hit, book: RuleBook) -> bool:
    return book.rules[hit.rule].section == "baseline"


def _cited(hits: Sequence[Hit], book: RuleBook) -> tuple[RuleCited, ...]:
    return tuple(_cite(book.rules[rule]) for rule in dict.fromkeys(hit.rule for hit in hits))


def _cite(rule: Rule) -> RuleCited:
    return RuleCited(
        id=rule.id,
        citation=rule.citation,
        valid_from=rule.valid_from,
        status=rule.status,
        unconfirmed=rule.unconfirmed,
    )


def _rules_used(book: RuleBook, hits: Sequence[Hit], on: date) -> RulesUsed:
    applied = dict.fromkeys(hit.rule for hit in hits)
    return RulesUsed(
        hash=book.hash,
        tables=book.tables,
        switched=tuple(f"{rule}={'on' if is_on else 'off'}" for rule, is_on in sorted(book.set_by.items())),
        off=tuple(rule for rule in book.rules if not book.is_on(rule, on)),
        unconfirmed=tuple(rule for rule in applied if book.rules[rule].unconfirmed),
    )
