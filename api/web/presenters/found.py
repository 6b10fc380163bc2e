"""One match or near-miss: its names, scores with what they mean, facts for and against, and what the listing does."""

from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures, words
from api.web.presenters.words import Line, Row, quoted
from api.web.text import _, ngettext
from lists.entity import Kind, Measure
from screening.answer import Found, Listing, Matcher
from screening.matching.result import AlignedPair, Explanation, Identity, Leftover, Outcome, Qualifier, Stance

JUST_ABOVE: Final = 20
"""Tenths above the review threshold within which a score is called "just above" (mockup: 71.3 with review at 70)."""

KINDS: Final = {
    Kind.PERSON: _("Person"),
    Kind.ORGANIZATION: _("Organisation"),
    Kind.VESSEL: _("Vessel"),
    Kind.AIRCRAFT: _("Aircraft"),
}
IDENTITIES: Final = {
    Identity.CORROBORATED: _("Corroborated"),
    Identity.NAME_ONLY: _("Name only"),
    Identity.CONTRADICTED: _("Contradicted"),
}
NAME_TYPES: Final = {"primary": _("primary"), "alias": _("also known as"), "former": _("former name")}
QUALITIES: Final = {"strong": _("strong"), "weak": _("weak")}
MEASURES: Final = {
    Measure.BLOCKING: _("Blocking"),
    Measure.SECTORAL: _("Sectoral"),
    Measure.CAPTA: _("Correspondent accounts"),
    Measure.MENU_BASED: _("Menu-based"),
    Measure.INVESTMENT: _("Investment ban"),
    Measure.EXPORT_CONTROL: _("Export control"),
    Measure.TRANSACTION_BAN: _("Transaction ban"),
    Measure.VESSEL_SERVICE_BAN: _("Vessel service ban"),
    Measure.PORT_BAN: _("Port ban"),
    Measure.TRAVEL_BAN: _("Travel ban"),
    Measure.ARMS_EMBARGO: _("Arms embargo"),
    Measure.REJECT: _("Reject"),
    Measure.OTHER: _("Other measure"),
    Measure.UNKNOWN: _("Measure not stated"),
}
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
LIST_TAGS: Final = {"ofac_sdn": "OFAC SDN", "ofac_cons": "OFAC non-SDN"}
"""How the two lists of one authority are told apart; every other list goes by its authority's name."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of "what speaks for and against": a stance, a text, the effect in points."""

    stance: str
    text: str
    effect: str


@dataclass(frozen=True, slots=True)
class Meaning:
    """One line of "what the listing means": a code, what it does in plain words, and the citation."""

    code: str
    title: str
    text: str
    citation: str


@dataclass(frozen=True, slots=True)
class Meter:
    """The bar under a score: its width and the threshold's place, both 0-100, as SVG wants them."""

    width: str
    tick: str | None


@dataclass(frozen=True, slots=True)
class FoundView:
    """Everything the page shows about one match."""

    entity_id: str
    name: str
    name_lang: str
    kind: str
    tags: tuple[str, ...]
    url: str
    outcome: str
    low_priority: bool
    sentence: str
    subject: Line
    listed: Line
    listed_label: str
    also: str
    score: str
    score_meter: Meter
    score_note: str
    name_score: str
    name_meter: Meter
    name_note: str
    identity: str
    identity_note: str
    reasons: tuple[Reason, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...]
    measures: tuple[tuple[str, bool], ...]
    meanings: tuple[Meaning, ...]
    listed_on: str


@dataclass(frozen=True, slots=True)
class NearMiss:
    """One row of "other listed entities that came close". `why_not` is never empty."""

    entity_id: str
    name: str
    name_lang: str
    tag: str
    score: str
    why_not: str
    view: FoundView


def found_view(found: Found, matcher: Matcher) -> FoundView:
    """Return what the page shows about one match, under the thresholds that decided."""
    subject, listed = words.lines(found.explanation)
    return FoundView(
        entity_id=found.entity_id,
        name=found.primary_name,
        name_lang=words.language(found.primary_name),
        kind=KINDS[found.kind],
        tags=references(found.entity_id, found.lists),
        url=found.url,
        outcome=found.outcome.value,
        low_priority=found.low_priority,
        sentence=found.sentence,
        subject=subject,
        listed=listed,
        listed_label=_listed_label(found),
        also=", ".join(name for name in found.other_names if name != found.listed_name),
        score=figures.score(found.score),
        score_meter=Meter(_percent(found.score), _percent(matcher.review_threshold)),
        score_note=score_note(found, matcher),
        name_score=figures.score(found.name_score),
        name_meter=Meter(_percent(found.name_score), None),
        name_note=name_note(found),
        identity=IDENTITIES[found.identity],
        identity_note=identity_note(found),
        reasons=tuple(_reason(q) for q in found.qualifiers),
        rows=words.rows(found.explanation),
        notes=found.explanation.notes,
        measures=_measures(found.listings),
        meanings=_meanings(found),
        listed_on="" if found.listed_on is None else figures.day(found.listed_on),
    )


def near_miss(found: Found, matcher: Matcher) -> NearMiss:
    """Return one near-miss with the reason why it is none."""
    return NearMiss(
        entity_id=found.entity_id,
        name=found.primary_name,
        name_lang=words.language(found.primary_name),
        tag=references(found.entity_id, found.lists)[0],
        score=figures.score(found.score),
        why_not=why_not(found),
        view=found_view(found, matcher),
    )


def references(entity_id: str, keys: tuple[str, ...]) -> tuple[str, ...]:
    """Return how people cite a listed entity: `OFAC SDN 25578`, `EU.27.28`, `UN IRi.001`; one for each of its lists."""
    authority, _colon, own = entity_id.partition(":")
    named = authority.upper()
    if own.startswith(f"{named}."):
        return (own,)
    prefixes = dict.fromkeys(LIST_TAGS.get(key, named) for key in keys) or {named: None}
    return tuple(f"{prefix} {own}" for prefix in prefixes)


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


def _reason(qualifier: Qualifier) -> Reason:
    silent = qualifier.stance is Stance.SILENT
    return Reason(qualifier.stance.value, qualifier.text, "–" if silent else figures.effect(qualifier.effect))


def _listed_label(found: Found) -> str:
    parts = [
        _("Listed name"),
        NAME_TYPES.get(found.listed_name_type, found.listed_name_type),
        QUALITIES.get(found.listed_name_quality, found.listed_name_quality),
    ]
    return " · ".join(part for part in parts if part)


def _measures(listings: tuple[Listing, ...]) -> tuple[tuple[str, bool], ...]:
    kinds = dict.fromkeys(Measure(listing.measure) for listing in listings)
    return tuple((MEASURES[kind], kind is Measure.BLOCKING) for kind in kinds)


def _meanings(found: Found) -> tuple[Meaning, ...]:
    listed = [Meaning(_code(item), _stopped(item.title), item.meaning, item.legal_basis) for item in found.listings]
    secondary = [
        Meaning(_("Secondary"), _("Secondary sanctions."), text, _("OFAC, word for word"))
        for text in found.secondary_sanctions
    ]
    return tuple(listed + secondary)


def _code(listing: Listing) -> str:
    """OFAC's codes stand alone; those of other lists are short and need the list's name; some entries have none."""
    authority = listing.list.partition("_")[0].upper()
    if not listing.code:
        return LIST_TAGS.get(listing.list, authority)
    return listing.code if listing.list in LIST_TAGS else f"{authority} · {listing.code}"


def _stopped(title: str) -> str:
    return title if not title or title.endswith((".", "!", "?")) else f"{title}."


def _percent(tenths: int) -> str:
    return f"{max(0, min(tenths, figures.FULL)) / 10:g}"
