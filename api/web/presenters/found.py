"""One match or near-miss: its names, scores with what they mean, facts for and against, and what the listing does."""

from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures, words
from api.web.presenters.notes import identity_note, name_note, score_note, why_not
from api.web.presenters.words import Line, Row
from api.web.text import _
from lists.entity import Kind, Measure
from screening.answer import Found, Listing, Matcher
from screening.matching.result import Identity, Qualifier, Stance

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
