"""Checks of what the lists say of the parties, in every role."""

from collections.abc import Iterator

from screening.answer import Found
from screening.deals.deal import OutsideList, Party
from screening.deals.facts import Facts, code_of, countries_of
from screening.deals.hit import Hit
from screening.deals.rules import Level, Verdict
from screening.deals.screened import authority, blocks, has_measure
from screening.deals.tables import folded, has_words, rows
from screening.deals.words import AUTHORITY_TITLES, called, entries, is_bank, is_listed, path_name, the_party

LISTED_RULES = {"ofac": ("US-P-005", "us"), "eu": ("EU-001", "eu"), "uk": ("UK-001", "uk"), "un": ("UN-001", "none")}
"""Authority to the rule on its blocked parties, and the nexus that rule needs."""

EXPOSED = {"ofac": "us_secondary", "eu": "eu", "uk": "uk", "un": "un"}
"""Authority to the regime in which its listing is felt even without its law reaching the caller."""

SHORTEST_TENOR = 14
"""Days of new debt from which EO 13662 Directive 1 applies; Directive 3 allows 30, Directive 2 allows 60."""

US_SHARE = 10
"""Per cent of US content above which foreign-made goods are subject to the EAR for Iran (15 CFR 734.4, 746.7)."""


def listed_parties(facts: Facts) -> Iterator[Hit]:
    """A party on a list: blocked, restricted in part, or possibly the one listed (X-013, and each authority's rule)."""
    for path, party in facts.traders:
        hits = facts.hits(path)
        blocking = [hit for hit in hits if blocks(hit)]
        if blocking:
            text, evidence = is_listed(party, blocking), f"{entries(blocking)}. Another party would change this"
            yield Hit("X-013", (path,), text, regimes=_regimes(blocking), evidence=evidence, about=path)
            yield from _by_authority(facts, path, party)
        elif hits:
            kinds = ", ".join(sorted({listing.measure.replace("_", " ") for hit in hits for listing in hit.listings}))
            text = f"{is_listed(party, hits)} The listing restricts some dealings ({kinds}); it does not block."
            yield Hit("X-013", (path,), text, Verdict.REVIEW, Level.RESTRICTED, _regimes(hits), about=path)


def possible_parties(facts: Facts) -> Iterator[Hit]:
    """A party or an owner that comes close to a listed entity: a person must look (X-013)."""
    for path, screened in facts.screened.items():
        if not facts.has(path) or screened.hits or not screened.doubts:
            continue
        doubts = screened.doubts
        who = path_name(facts, path)
        text = f"{who} comes close to {doubts[0].primary_name}, who is listed. {doubts[0].sentence}"
        evidence = f"{entries(doubts)}. A birth date, a country or a number that differs would change this"
        yield Hit("X-013", (path,), text, Verdict.REVIEW, Level.EXPOSURE, _regimes(doubts), "", evidence, path)


def secondary(facts: Facts) -> Iterator[Hit]:
    """A listed party whose entry carries a secondary-sanctions flag (US-S-001)."""
    for path, party in facts.traders:
        flagged = [hit for hit in facts.hits(path) if hit.secondary_sanctions]
        if flagged:
            text = f"{the_party(party)}: {flagged[0].secondary_sanctions[0]}"
            yield Hit("US-S-001", (path,), text, about=path)


def government(facts: Facts) -> Iterator[Hit]:
    """Names of the Government of Iran and Iranian banks, listed or not, where US law reaches (US-P-004)."""
    reached = facts.nexus("us")
    if reached is None:
        return
    for path, party in facts.traders:
        iranian = "IR" in countries_of(party)
        if facts.has(path) and iranian and (is_bank(party) or governmental(party)):
            what = "an Iranian bank" if is_bank(party) else "by its name a body of the Government of Iran"
            text = f"{the_party(party)} is {what}: blocked in the United States, listed or not."
            yield Hit("US-P-004", (path, *reached), text, about=path)


def governmental(party: Party) -> bool:
    """Say whether a name has the words of an Iranian state body (`data/government_words.csv`)."""
    names = [folded(name) for name in (party.name, *party.other_names)]
    return any(has_words(name, folded(row["words"])) for name in names for row in rows("government_words"))


def sectoral(facts: Facts) -> Iterator[Hit]:
    """A party on the SSI list, and credit longer than the shortest tenor, or unknown (US-P-009)."""
    reached = facts.nexus("us")
    days = facts.deal.payment.credit_days
    if reached is None or (days is not None and days <= SHORTEST_TENOR):
        return
    for path, party in facts.traders:
        if not any(has_measure(hit, "sectoral") for hit in facts.hits(path)):
            continue
        if days is not None:
            text = f"{the_party(party)} is under sectoral sanctions, and the deal gives {days} days of credit."
            yield Hit("US-P-009", (path, "payment.credit_days", *reached), text, about=path)
        elif facts.has("missing.credit_days"):
            text = f"{the_party(party)} is under sectoral sanctions, and the payment terms are not said."
            lack = "The payment terms in days: new debt to a party under sectoral sanctions may be prohibited"
            yield Hit(
                "US-P-009", (path, "missing.credit_days"), text, Verdict.INCOMPLETE, Level.UNKNOWN, None, lack, "", path
            )


def export_control(facts: Facts) -> Iterator[Hit]:
    """A party on a US export-control list, and goods under US rules (US-P-011)."""
    for goods_path, goods, _ in facts.goods:
        if code_of(goods.origin) != "US" and (goods.us_content_percent or 0) <= US_SHARE:
            continue
        for path, party in facts.traders:
            hits = [hit for hit in facts.hits(path) if has_measure(hit, "export_control")]
            if hits:
                text = f"{the_party(party)} is on a US export-control list, and goods are of US origin or content."
                yield Hit("US-P-011", (path, goods_path), text, evidence=entries(hits), about=path)


def unsearchable(facts: Facts) -> Iterator[Hit]:
    """A party or an owner that cannot be screened as given (X-016)."""
    for path, screened in facts.screened.items():
        cause = f"missing.name.{path}"
        if not screened.searchable and facts.has(cause):
            lack = f"The name of {path}: what is given has no letter and no number"
            yield Hit("X-016", (cause,), f"{path} cannot be screened: it has no name and no number.", missing=lack)


def uk_list(facts: Facts) -> Iterator[Hit]:
    """The UK list, where it is not loaded and was not checked by hand (UK-001)."""
    if "uk_sl" in facts.lists.keys:
        return
    found = facts.checked(OutsideList.UK_SANCTIONS_LIST)
    reached = facts.nexus("uk") is not None
    if found is True and facts.has("checks.uk_sanctions_list"):
        text = "By your own check a party is on the UK Sanctions List."
        stops = None if reached else Verdict.REVIEW
        yield Hit("UK-001", ("checks.uk_sanctions_list",), text, stops, None if reached else Level.EXPOSURE)
    elif found is None and facts.has("missing.uk_sanctions_list"):
        text = "The UK Sanctions List is not loaded here."
        lack = "The UK Sanctions List: load it, or check it by hand and say so"
        verdict = Verdict.INCOMPLETE if reached else Verdict.NOTE
        yield Hit("UK-001", ("missing.uk_sanctions_list",), text, verdict, Level.UNKNOWN, None, lack if reached else "")


def _by_authority(facts: Facts, path: str, party: Party) -> Iterator[Hit]:
    for whose, (rule, nexus) in LISTED_RULES.items():
        hits = facts.blocked_by(path, whose)
        reached = facts.nexus(nexus)
        if hits and reached is not None:
            text = f"{the_party(party)} is blocked by {AUTHORITY_TITLES[whose]}: {hits[0].primary_name}."
            yield Hit(rule, (path, *reached), text, evidence=entries(hits), about=path)


def _regimes(hits: list[Found] | tuple[Found, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(EXPOSED[key] for hit in hits if (key := authority(hit)) in EXPOSED))


def sectors(facts: Facts) -> Iterator[Hit]:
    """A party in Iran that works in a sector of EO 13902 by the caller's own data (US-S-006)."""
    named = {"construction", "mining", "manufacturing", "textiles", "finance"}
    for path, party in facts.traders:
        if facts.has(path) and party.sector in named and "IR" in countries_of(party):
            text = f"{called(party)} works in {party.sector} in Iran."
            yield Hit("US-S-006", (path,), text, about=path)


CHECKS = (
    listed_parties,
    possible_parties,
    secondary,
    government,
    sectoral,
    export_control,
    unsearchable,
    uk_list,
    sectors,
)
