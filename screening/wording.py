"""Wording: the one sentence an answer says to the person who asked. Pure.

The rules are the console's ("Words"): what to do now comes first; say what was found and what was searched; scores
with one decimal, never as a percentage; never a word that passes judgement on a deal.
"""

from collections.abc import Sequence

from lists.entity import Kind
from screening.answer import CoveredList, Found
from screening.matching.result import Identity, Outcome, Stance

STOP = "Do not sign or pay."
WAIT = "Wait for an officer."
NOT_CLEAR = "This is not a clear."

NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")

AUTHORITIES = {
    "ofac": "the United States",
    "us": "the United States",
    "eu": "the European Union",
    "un": "the United Nations",
    "uk": "the United Kingdom",
}
"""Authority, as in the first part of an entity's id, in words. Any other is called by its own key in capitals."""

DISAGREEMENTS = {
    "birth_date": "the birth dates differ",
    "country": "the countries differ",
    "gender": "the genders differ",
    "identifier": "the numbers differ",
    "kind": "it is another kind of party",
    "vessel_flag": "the flags differ",
    "vessel_type": "the vessel types differ",
    "gross_tonnage": "the tonnages differ",
    "built": "the years of building differ",
}
"""Feature that contradicts → what a trader reads. A feature without a row is named as it is."""


def say(
    outcome: Outcome,
    matches: Sequence[Found],
    near_misses: Sequence[Found] | None,
    covered: Sequence[CoveredList],
    missing: Sequence[str],
    review_threshold: int,
) -> str:
    """Return the sentence for one answer. `missing` is what would complete it; `near_misses` None: not looked at."""
    if outcome is Outcome.MATCH:
        return f"{STOP} This is very likely {_who(matches[0])}{_more(matches)}."
    if outcome is Outcome.REVIEW:
        return f"{WAIT} {_close_to(matches[0])}{_more(matches)}."
    if outcome is Outcome.INCOMPLETE:
        return _incomplete(covered, missing)
    return f"Nothing on the {_lists(len(covered))} searched comes close. {_nearest(near_misses, review_threshold)}"


def points(score: int) -> str:
    """Return a score in tenths as people read it: 713 → 71.3."""
    return f"{score // 10}.{score % 10}"


def _who(best: Found) -> str:
    pronoun = "whom" if best.kind is Kind.PERSON else "which"
    return f"{best.primary_name}, {pronoun} {listed_by(best)} lists"


def listed_by(best: Found) -> str:
    """Return who lists an entity, in words."""
    key = best.entity_id.partition(":")[0]
    return AUTHORITIES.get(key, key.upper())


def _close_to(best: Found) -> str:
    if best.decided_by != "name":
        return f"A number it gives is that of {_who(best)}"
    text = f"The name is close to {_who(best)}"
    if best.low_priority:
        text += " under an alias that identifies poorly"
    if best.identity is Identity.CONTRADICTED:
        against = [q.feature for q in best.qualifiers if q.stance is Stance.CONTRADICTS]
        words = [DISAGREEMENTS.get(name, f"{name.replace('_', ' ')} disagrees") for name in dict.fromkeys(against)]
        return f"{text}, but {joined(words)}" if words else text
    return f"{text}; only the name speaks for it" if best.identity is Identity.NAME_ONLY else text


def _more(matches: Sequence[Found]) -> str:
    others = len(matches) - 1
    if not others:
        return ""
    return f"; {number_word(others)} more listed {'entity comes' if others == 1 else 'entities come'} close"


def _incomplete(covered: Sequence[CoveredList], missing: Sequence[str]) -> str:
    count = len(missing)
    what = "one thing is" if count == 1 else f"{number_word(count)} things are"
    found = "We searched and found nothing close" if covered else "Nothing could be searched"
    return f"{NOT_CLEAR} {found}, but {what} missing, so we cannot be sure."


def _nearest(near_misses: Sequence[Found] | None, review_threshold: int) -> str:
    review = points(review_threshold).removesuffix(".0")
    if near_misses is None:
        return f"Review starts at {review}."
    if not near_misses:
        return f"No listed name is near; review starts at {review}."
    return f"The nearest name scores {points(near_misses[0].score)}; review starts at {review}."


def _lists(count: int) -> str:
    return "one list" if count == 1 else f"{number_word(count)} lists"


def number_word(count: int) -> str:
    """Return a count as a word up to ten, as digits above."""
    return NUMBERS[count] if count < len(NUMBERS) else f"{count:,}"


def joined(words: Sequence[str]) -> str:
    """Return words as a list in a sentence: `a, b and c`."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
