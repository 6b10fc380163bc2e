"""An assessed deal as its page shows it: verdict, reasons, regimes, parties, what is missing, the baseline apart."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures, words
from api.web.presenters.cargo import GoodsView, StopView, goods, money, nexus, route, way
from api.web.presenters.coverage import Coverage, Mark, coverage
from api.web.presenters.facts import party_at, told_apart
from api.web.presenters.found import MEASURES, references
from api.web.presenters.screening import OUTCOMES, Missing, ReceiptView, receipt_view, split_lead
from api.web.presenters.tree import Tree, trees
from api.web.text import _, ngettext
from lists.entity import Measure
from screening.answer import Found
from screening.deals.assessment import (
    Assessment,
    OwnershipResult,
    PartyResult,
    Reason,
    RuleCited,
)
from screening.deals.deal import PartyRole
from screening.deals.rules import Level, Verdict
from screening.matching.result import Outcome
from screening.services.deal import RecordedDeal

VERDICTS: Final = {
    Verdict.CLEAR: _("Clear"),
    Verdict.INCOMPLETE: _("Incomplete"),
    Verdict.REVIEW: _("Review"),
    Verdict.STOP: _("Stop"),
    Verdict.NOTE: _("Note"),
}
HEADINGS: Final = {
    Verdict.STOP: _("What stops this deal"),
    Verdict.REVIEW: _("What calls for a review"),
    Verdict.INCOMPLETE: _("What leaves this deal open"),
}
LEVELS: Final = {
    Level.NONE: _("None"),
    Level.EXPOSURE: _("Exposure"),
    Level.UNKNOWN: _("Unknown"),
    Level.RESTRICTED: _("Restricted"),
    Level.PROHIBITED: _("Prohibited"),
}
ROLES: Final = {role: role.value.replace("_", " ").capitalize() for role in PartyRole}
AUTHORITIES: Final = {
    "ofac": _("OFAC, summed"),
    "eu": _("EU, or control"),
    "uk": _("UK, or control"),
    "un": _("UN, or control"),
}
LIMITS: Final = {"ofac": _("50 % or more"), "eu": _("50 % or more"), "uk": _("more than 50 %"), "un": _("50 % or more")}
"""The ownership rules as the mockup states them; the assessment itself applies them."""


@dataclass(frozen=True, slots=True)
class ReasonView:
    """One reason: the fact, what follows, and what would change it with its citations."""

    text: str
    details: str
    small: str


@dataclass(frozen=True, slots=True)
class RegimeView:
    """One regime's row."""

    title: str
    level: str
    word: str
    because: str
    rules: str


@dataclass(frozen=True, slots=True)
class PartyView:
    """One party's row."""

    role: str
    name: str
    lang: str
    rtl: bool
    about: str
    mark: Mark
    matches: str


@dataclass(frozen=True, slots=True)
class StandingView:
    """How a party stands under one ownership rule."""

    rule: str
    held: str
    limit: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class OwnersView:
    """Who owns one party: the picture and the rules."""

    tree: Tree
    standings: tuple[StandingView, ...]
    circular: bool


@dataclass(frozen=True, slots=True)
class DealPage:
    """One deal, ready for its template."""

    title: str
    reference: str
    outcome: str
    word: str
    lead: str
    say: str
    receipt: ReceiptView
    heading: str
    reasons: tuple[ReasonView, ...]
    regimes: tuple[RegimeView, ...]
    parties: tuple[PartyView, ...]
    owners: tuple[OwnersView, ...]
    others: tuple[ReasonView, ...]
    baseline: tuple[ReasonView, ...]
    missing: tuple[Missing, ...]
    goods: tuple[GoodsView, ...]
    money: tuple[tuple[str, str], ...]
    route: tuple[StopView, ...]
    coverage: Coverage
    warnings: tuple[str, ...]
    assessed_on: str
    rules_hash: str
    nexus: str
    way: str


def deal_page(recorded: RecordedDeal) -> DealPage:
    """Return the page of one recorded deal."""
    deal = recorded.assessment
    lead, say = split_lead(deal.say)
    reference, word = recorded.receipt.reference or recorded.receipt.id, VERDICTS[deal.verdict]
    return DealPage(
        title=f"{word}: {reference}",
        reference=reference,
        outcome=deal.verdict.value,
        word=word,
        lead=lead,
        say=" ".join(part for part in (say, deal.because) if part),
        receipt=receipt_view(recorded.receipt),
        heading=HEADINGS.get(deal.verdict, _("Reasons")),
        reasons=tuple(_reason(reason) for reason in deal.reasons),
        regimes=tuple(
            RegimeView(r.title, r.level.value, LEVELS[r.level], " ".join(r.because), _cited(r.rules))
            for r in deal.regimes
        ),
        parties=tuple(_party(party, told_apart(party_at(deal.deal, party.path))) for party in deal.parties),
        owners=_owners(deal),
        others=tuple(ReasonView(p.text, "", _small(p.evidence, (p.rule,))) for p in deal.others),
        baseline=tuple(ReasonView(p.text, "", _small(p.evidence, (p.rule,))) for p in deal.baseline),
        missing=tuple(_missing(text) for text in deal.missing),
        goods=goods(deal),
        money=money(deal),
        route=route(deal),
        coverage=coverage(deal.covered, deal.not_covered),
        warnings=deal.warnings,
        assessed_on=figures.day(deal.assessed_on),
        rules_hash=deal.rules.hash,
        nexus=nexus(deal),
        way=way(deal),
    )


def _reason(reason: Reason) -> ReasonView:
    together = [part.text for part in reason.parts]
    return ReasonView(reason.text, " ".join([*reason.details, *together]), _small(reason.evidence, reason.rules))


def _small(evidence: str, rules: Sequence[RuleCited]) -> str:
    changes = f"{evidence.rstrip('.')}." if evidence else ""
    return " · ".join(part for part in (changes, _cited(rules)) if part)


def _cited(rules: Sequence[RuleCited]) -> str:
    said = []
    for rule in rules:
        since = f", {rule.valid_from}" if rule.valid_from else ""
        open_ = " " + _("(unconfirmed)") if rule.unconfirmed else ""
        said.append(f"{rule.id}: {rule.citation}{since}{open_}")
    return "; ".join(said)


def _party(party: PartyResult, about: str) -> PartyView:
    counts = bool(party.counts_as_listed)
    kind = Outcome.MATCH if counts else Outcome.INCOMPLETE if _lacks(party) else party.outcome
    return PartyView(
        role=", ".join(ROLES[PartyRole(role)] for role in party.roles) or _("Owner"),
        name=party.name,
        lang=words.language(party.name),
        rtl=words.is_rtl(party.name),
        about=about,
        mark=Mark(kind.value, OUTCOMES[kind]),
        matches=" · ".join(_matches(party)) or _("Nothing close"),
    )


def _lacks(party: PartyResult) -> bool:
    return party.outcome is Outcome.CLEAR and bool(party.missing)


def _matches(party: PartyResult) -> list[str]:
    said = [_match(found) for found in party.matches]
    if party.counts_as_listed:
        by = ", ".join(authority.upper() for authority in party.counts_as_listed)
        said.append(_("counts as listed by its owners (%s)") % by)
    if party.nearest and not said:
        said.append(_("Nearest %s") % figures.score(party.nearest.score))
    return [*said, *party.missing]


def _match(found: Found) -> str:
    kinds = dict.fromkeys(MEASURES[Measure(listing.measure)].lower() for listing in found.listings)
    tag = references(found.entity_id, found.lists)[0]
    return ", ".join([f"{found.primary_name} ({tag})", *kinds, figures.score(found.score)])


def _owners(deal: Assessment) -> tuple[OwnersView, ...]:
    matched = {party.path: party.outcome is Outcome.MATCH for party in deal.parties}
    known = [picture for picture in deal.ownership if picture.holdings]
    return tuple(
        OwnersView(drawn, _standings(picture), picture.circular)
        for picture, drawn in zip(known, trees(known, matched), strict=True)
    )


def _standings(picture: OwnershipResult) -> tuple[StandingView, ...]:
    rows = []
    for standing in picture.standings:
        if standing.counts_as_listed:
            mark = Mark("stop", _("Counts as listed"))
        elif standing.unknown_shares or picture.unnamed not in {"", "0"}:
            mark = Mark("incomplete", _("Not all owners known"))
        else:
            mark = Mark("clear", _("Below the limit"))
        rule, limit = AUTHORITIES.get(standing.authority, standing.authority), LIMITS.get(standing.authority, "")
        rows.append(StandingView(rule, f"{standing.share} %", limit, mark))
    return tuple(rows)


def _missing(text: str) -> Missing:
    what, _colon, where = text.partition(": ")
    return Missing(what, where)


def lede(page: DealPage) -> str:
    """Return the line under the title: goods, where they go, money, and how many parties."""
    number = len(page.parties)
    parties = ngettext("%d party", "%d parties", number) % number
    return ", ".join(filter(None, [*(good.text for good in page.goods[:2]), page.way, page.money[0][1], parties]))
