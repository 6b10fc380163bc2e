"""Notes: the short sentences beside the scores of a match, and why a near-miss is none.

A reason explains a score, not a colour: what agrees, what differs, which word has no counterpart.
"""

from typing import Final

from api.web.presenters import figures, words
from api.web.presenters.words import quoted
from api.web.text import _, ngettext
from screening.answer import Found, Matcher
from screening.matching.result import AlignedPair, Explanation, Identity, Leftover, Outcome, Qualifier, Stance

JUST_ABOVE: Final = 20
"""Tenths above the review threshold within which a score is called "just above" (mockup: 71.3 with review at 70)."""

FEATURES: Final = {
    "birth_date": _("Birth date"),
    "country": _("Country"),
    "gender": _("Gender"),
    "identifier": _("Identifier"),
    "address": _("Address"),
    "kind": _("Kind"),
    "vessel_flag": _("Flag"),
    "vessel_type": _("Vessel type"),
    "gross_tonnage": _("Tonnage"),
    "built": _("Year built"),
}


def score_note(found: Found, matcher: Matcher) -> str:
    """Return what stands under the deciding score."""
    review = figures.score(matcher.review_threshold).removesuffix(".0")
    if found.decided_by != "name":
        return _("A shared number decides by itself: %s.") % identifier_label(found.decided_by)
    if 0 <= found.score - matcher.review_threshold <= JUST_ABOVE:
        return _("Just above %s, where review starts.") % review
    if found.identity is Identity.NAME_ONLY and found.outcome is not Outcome.CLEAR:
        return _("Review from %s. A name alone stops at 95.") % review
    return _("Review from %(review)s, match from %(match)s.") % {
        "review": review,
        "match": figures.score(matcher.match_threshold).removesuffix(".0"),
    }


def name_note(found: Found) -> str:
    """Return what stands under the name score: the same words, or the word that makes the difference."""
    explanation = found.explanation
    if explanation.listed_left:
        return _("%s has no counterpart in your name.") % quoted(_phrase(explanation.listed_left))
    if explanation.subject_left:
        return _("%s has no counterpart in the listed name.") % quoted(_phrase(explanation.subject_left))
    if not explanation.pairs:
        return _("The names were not compared word by word.")
    if all(words.is_same(pair) for pair in explanation.pairs):
        return _same_words(explanation)
    least = min(explanation.pairs, key=lambda pair: pair.similarity)
    return _("%(mine)s and %(theirs)s are similar, not the same.") % {
        "mine": quoted(least.subject_text),
        "theirs": quoted(least.listed_text),
    }


def identity_note(found: Found) -> str:
    """Return what stands under the identity: what agrees and what differs."""
    agree = _features(found.qualifiers, Stance.CORROBORATES)
    differ = _features(found.qualifiers, Stance.CONTRADICTS)
    if agree and differ:
        return _("Agrees: %(agree)s. Differs: %(differ)s.") % {"agree": agree, "differ": differ}
    if agree:
        return _("Agrees: %s. Nothing disagrees.") % agree
    if differ:
        return _("Differs: %s.") % differ
    return _("Only the name speaks; nothing else could be compared.")


def why_not(found: Found) -> str:
    """Return why a near-miss is none: what has no counterpart, what agrees only, what contradicts."""
    explanation = found.explanation
    reasons = [*_word_reasons(explanation)]
    reasons += [
        _("%s differs") % feature_label(q.feature).lower() for q in found.qualifiers if q.stance is Stance.CONTRADICTS
    ]
    text = "; ".join(dict.fromkeys(reasons)) or _("The score stays below the review threshold")
    return text[0].upper() + text[1:]


def feature_label(feature: str) -> str:
    """Return a feature's name as people say it; one without an entry is shown by its own name."""
    return FEATURES.get(feature, feature.replace("_", " ").capitalize())


def identifier_label(kind: str) -> str:
    """Return an identifier type as people write it: codes of a few letters in capitals."""
    return kind.upper() if len(kind) <= 5 else kind.replace("_", " ")


def _word_reasons(explanation: Explanation) -> list[str]:
    agreeing = [pair for pair in explanation.pairs if words.is_same(pair)]
    if explanation.pairs and len(agreeing) == len(explanation.pairs) and _weight(agreeing) < figures.FULL // 2:
        return [_("only %s agrees") % quoted(" … ".join(pair.listed_text for pair in agreeing))]
    reasons = []
    if explanation.listed_left:
        reasons.append(_("%s has no counterpart") % quoted(_phrase(explanation.listed_left)))
    if explanation.subject_left:
        reasons.append(_("your %s has none in the listing") % quoted(_phrase(explanation.subject_left)))
    if not reasons and len(agreeing) < len(explanation.pairs):
        least = min(explanation.pairs, key=lambda pair: pair.similarity)
        reasons.append(_("%s is only similar") % quoted(least.listed_text))
    return reasons


def _weight(pairs: list[AlignedPair]) -> int:
    return sum(pair.weight for pair in pairs)


def _phrase(left: tuple[Leftover, ...]) -> str:
    return " ".join(word.text for word in left)


def _same_words(explanation: Explanation) -> str:
    number = len(explanation.pairs)
    if not words.same_script(explanation):
        text = ngettext("The same word in another script.", "The same %s words in another script.", number)
    elif all(p.subject_text.casefold() == p.listed_text.casefold() for p in explanation.pairs):
        text = ngettext("The same word.", "The same %s words.", number)
    else:
        text = ngettext("The same word in another spelling.", "The same %s words in another spelling.", number)
    return text % figures.in_words(number) if "%s" in text else text


def _features(qualifiers: tuple[Qualifier, ...], stance: Stance) -> str:
    names = dict.fromkeys(feature_label(q.feature).lower() for q in qualifiers if q.stance is stance)
    return ", ".join(names)
