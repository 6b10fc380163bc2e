"""Checks of banks and of the way the money goes."""

from collections.abc import Iterator

from lists.countries import name
from lists.numbers import is_valid
from screening.deals.deal import OutsideList
from screening.deals.facts import IRAN, Facts, bic_of, countries_of
from screening.deals.hit import Hit
from screening.deals.rules import Level, Verdict
from screening.deals.screened import has_measure
from screening.deals.words import called, entries, the_party

RUSSIAN_OR_IRANIAN = {
    "spfs": "SPFS, the Russian message system",
    "mir": "Mir, the Russian card system (NSPK is blocked)",
    "sepam": "SEPAM, the Iranian message system",
}
WITHOUT_A_TRACE = {
    "cash": "in cash",
    "gold": "in gold",
    "crypto": "in crypto assets",
    "exchange_house": "through an exchange house",
}


def correspondent(facts: Facts) -> Iterator[Hit]:
    """A bank on the CAPTA list, where US dollars or a US bank clear (US-P-008)."""
    reached = facts.nexus("us")
    if reached is None:
        return
    for path, bank in facts.banks():
        hits = [hit for hit in facts.hits(path) if has_measure(hit, "capta")]
        if hits:
            text = f"{the_party(bank)} is on the CAPTA list: US banks may not keep accounts for it."
            yield Hit("US-P-008", (path, *reached), text, evidence=entries(hits), about=path)


def channels(facts: Facts) -> Iterator[Hit]:
    """Payment over a Russian or Iranian system (US-S-008), or in a way that leaves no trace (X-009)."""
    channel = facts.deal.payment.channel or ""
    if facts.has("payment.channel"):
        if channel in RUSSIAN_OR_IRANIAN:
            yield Hit("US-S-008", ("payment.channel",), f"The payment goes over {RUSSIAN_OR_IRANIAN[channel]}.")
        if channel in WITHOUT_A_TRACE:
            yield Hit("X-009", ("payment.channel",), f"The payment goes {WITHOUT_A_TRACE[channel]}.")
    for path, bank in facts.banks():
        if bank.spfs_member and facts.has(path):
            text = f"{the_party(bank)} is a member of SPFS, by your own data."
            yield Hit("US-S-008", (path,), text, about=path)


def iranian_banks(facts: Facts) -> Iterator[Hit]:
    """A bank in Iran, where EU law reaches (EU-008)."""
    if facts.nexus("eu") is None:
        return
    for path, bank in facts.banks():
        if facts.has(path) and (IRAN in countries_of(bank) or bic_of(bank)[4:6] == IRAN):
            text = f"{the_party(bank)} is in Iran: a transfer needs what Regulation 267/2012 asks for."
            yield Hit("EU-008", (path,), text, about=path)


def eu_annexes(facts: Facts) -> Iterator[Hit]:
    """Banks of Annexes XIV and XLIV, which are in no list file (EU-010)."""
    banks = list(facts.banks())
    if facts.nexus("eu") is None or not banks:
        return
    found = facts.checked(OutsideList.EU_ANNEX_XIV_XLIV)
    if found is True and facts.has("checks.eu_annex_xiv_xliv"):
        text = "By your own check a bank of the deal is in Annex XIV or XLIV of Regulation 833/2014."
        yield Hit("EU-010", ("checks.eu_annex_xiv_xliv",), text, Verdict.STOP, Level.PROHIBITED)
    elif found is None and facts.has("missing.eu_annex_xiv_xliv"):
        text = "Annexes XIV and XLIV of Regulation 833/2014 name banks; they are in no list file."
        lack = "Annexes XIV and XLIV of Regulation 833/2014: check the banks by hand and say so"
        yield Hit("EU-010", ("missing.eu_annex_xiv_xliv",), text, missing=lack)


def codes(facts: Facts) -> Iterator[Hit]:
    """A BIC that fails its form, or is of another country than the bank (X-008)."""
    for path, bank in facts.parties():
        bic, cause = bic_of(bank), f"{path}.bic"
        if not bic or not facts.has(cause):
            continue
        countries = countries_of(bank)
        if is_valid("bic", bic) is False:
            yield Hit("X-008", (cause,), f"{bic} of {called(bank)} is no BIC: 8 or 11 characters.", about=path)
        elif countries and bic[4:6] not in countries:
            where, said = name(bic[4:6]), name(countries[0])
            yield Hit(
                "X-008", (cause,), f"{bic} is a BIC of {where}; {called(bank)} is said to be of {said}.", about=path
            )


CHECKS = (correspondent, channels, iranian_banks, eu_annexes, codes)
