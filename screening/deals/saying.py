"""Saying: the sentences at the head of an assessment, by the console's rules ("Words"). Pure.

What to do now comes first; it is said how many reasons there are, and whether each alone is enough.
"""

from collections.abc import Sequence

from screening.deals.facts import Facts
from screening.deals.reasons import Account
from screening.deals.rules import Verdict
from screening.deals.words import path_name
from screening.wording import NOT_CLEAR, STOP, WAIT, number_word

VERBS = {Verdict.STOP: "stop", Verdict.REVIEW: "call for a review of", Verdict.INCOMPLETE: "leave open"}
CAUSES = {
    "payment.currency": "the currency",
    "payment.channel": "the way it is paid",
    "payment.credit_days": "the days of credit",
    "deal.iran": "the tie to Iran",
    "deal.transit": "the transit country",
    "missing.end_user": "no end user named",
    "lists": "the state of the lists",
    "voyage": "what is declared of the voyage",
}


def say(verdict: Verdict, parties: int, lists: int) -> str:
    """Return what to do now."""
    if verdict is Verdict.STOP:
        return STOP
    if verdict is Verdict.REVIEW:
        return WAIT
    if verdict is Verdict.INCOMPLETE:
        return NOT_CLEAR
    people = "one party" if parties == 1 else f"all {number_word(parties)} parties"
    searched = "one list" if lists == 1 else f"{number_word(lists)} lists"
    return f"Nothing found: we screened {people} in every role against {searched} and held the deal against the rules."


def because(verdict: Verdict, found: Account, missing: Sequence[str]) -> str:
    """Return how many reasons there are, whether each suffices alone, and what would be left without them."""
    count = len(found.reasons)
    if not count:
        return "The exposure that every Iran–Russia deal has is listed apart."
    noun, verb = ("reason", f"{VERBS[verdict]}s") if count == 1 else ("reasons", VERBS[verdict])
    if count == 1 and verdict is Verdict.REVIEW:
        verb = "calls for a review of"
    if count == 1 and verdict is Verdict.INCOMPLETE:
        verb = "leaves open"
    text = f"{number_word(count).capitalize()} {noun} {verb} this deal"
    if count > 1:
        alone = all(reason.alone for reason in found.reasons)
        text += "; each alone is enough" if alone else "; not each is enough alone"
    elif parts := len(found.reasons[0].parts):
        text += f"; it takes all {number_word(parts)} of its parts together"
    without = {1: "it", 2: "both"}.get(count, f"all {number_word(count)}")
    return f"{text}. Without {without} it would be {found.otherwise.value}{_since(found.otherwise, missing)}."


def cause_text(facts: Facts, cause: str) -> str:
    """Return a cause in words."""
    if cause in CAUSES:
        return CAUSES[cause]
    first, _, rest = cause.partition(".")
    at = int(rest.split(".")[0]) if rest[:1].isdigit() else 0
    if first == "parties":
        path = cause.removesuffix(".bic").removesuffix(".roles").removesuffix(".contacts")
        return path_name(facts, path)
    if first == "ownership":
        return f"who owns {path_name(facts, rest)}"
    if first == "goods":
        return facts.deal.goods[at].description or f"goods {at + 1}"
    if first == "route":
        return facts.places[at].name
    return rest.replace("_", " ")


def _since(otherwise: Verdict, missing: Sequence[str]) -> str:
    if otherwise is not Verdict.INCOMPLETE:
        return ""
    what = "one thing is" if len(missing) == 1 else f"{number_word(len(missing))} things are"
    return f", because {what} missing"
