"""Subject and listed entity side by side, fact by fact: what each says, and what that did to the score.

A fact that the matcher compared carries its effect. One that only the list knows, or that only the subject gave, stands
beside "not given" or "not in the listing": an officer must see what could still be asked for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.web.presenters import figures
from api.web.presenters.facts import country_text, number_text, texts
from api.web.text import _
from lists.entity import Kind, ListedEntity
from screening.answer import Found
from screening.matching.result import Qualifier, Stance

FACTS: Final = {
    "birth_date": _("Birth date"),
    "birth_place": _("Birth place"),
    "gender": _("Gender"),
    "country": _("Country"),
    "identifier": _("Number"),
    "address": _("Address"),
    "vessel_flag": _("Flag"),
    "vessel_type": _("Type"),
    "vessel_tonnage": _("Tonnage"),
    "vessel_built": _("Built"),
    "position": _("Position"),
}
"""Facts in the order of the table."""

FOR: Final[Mapping[str, frozenset[Kind]]] = {
    "birth_date": frozenset({Kind.PERSON}),
    "gender": frozenset({Kind.PERSON}),
    "birth_place": frozenset({Kind.PERSON}),
    "position": frozenset({Kind.PERSON}),
    "vessel_flag": frozenset({Kind.VESSEL, Kind.AIRCRAFT}),
    "vessel_type": frozenset({Kind.VESSEL, Kind.AIRCRAFT}),
    "vessel_tonnage": frozenset({Kind.VESSEL}),
    "vessel_built": frozenset({Kind.VESSEL, Kind.AIRCRAFT}),
}
"""Facts that only some kinds have; the others are every kind's."""

ASKED: Final = {
    "birth_date": "birth_date",
    "gender": "gender",
    "country": "countries",
    "address": "addresses",
    "vessel_type": "vessel_type",
    "vessel_tonnage": "gross_tonnage",
    "vessel_built": "built",
}
"""Where a subject, as it was asked, has each fact; its numbers stand apart."""

PLACES: Final = frozenset({"country", "vessel_flag"})
"""Facts that the matcher gives as country codes."""

MOST: Final = 6
"""Values of one fact that are shown; a bank has forty addresses."""


@dataclass(frozen=True, slots=True)
class Side:
    """What one side says. Without values it says nothing, in words."""

    texts: tuple[str, ...]
    otherwise: str = ""


@dataclass(frozen=True, slots=True)
class FactRow:
    """One fact: both sides, the stance (corroborates, contradicts, silent), what it did."""

    fact: str
    subject: Side
    listed: Side
    stance: str
    effect: str


def versus(found: Found | None, subject: Mapping[str, Any], listings: Sequence[ListedEntity]) -> tuple[FactRow, ...]:
    """Return the facts of a subject (as it was asked) and a listed entity, those that were compared with their effect.

    `found` is None where the record keeps no comparison.
    """
    compared: dict[str, list[Qualifier]] = {}
    for qualifier in () if found is None else found.qualifiers:
        compared.setdefault(qualifier.feature, []).append(qualifier)
    known, asked = _listed(listings), _asked(subject)
    kinds = {entity.kind for entity in listings}
    rows: list[FactRow] = []
    for feature, label in FACTS.items():
        if feature in compared:
            rows += [_compared(label, one) for one in compared[feature]]
        elif (feature in known or feature in asked) and _is_for(feature, kinds):
            rows.append(_alone(label, asked.get(feature, ()), known.get(feature, ())))
    return tuple(rows)


def _is_for(feature: str, kinds: set[Kind]) -> bool:
    return feature not in FOR or not kinds or bool(FOR[feature] & kinds)


def _compared(label: str, one: Qualifier) -> FactRow:
    words = {Stance.CORROBORATES: _("Agrees %s"), Stance.CONTRADICTS: _("Differs %s")}
    effect = words[one.stance] % figures.effect(one.effect) if one.stance in words else _("Says nothing")
    said = country_text if one.feature in PLACES else str
    subject = Side(_given(said(one.subject_value)), _("not given"))
    listed = Side(_given(said(one.listed_value)), _("not in the listing"))
    return FactRow(label, subject, listed, one.stance.value, effect)


def _alone(label: str, asked: tuple[str, ...], listed: tuple[str, ...]) -> FactRow:
    effect = _("Not compared") if asked and listed else _("Says nothing")
    return FactRow(
        label, Side(asked, _("not given")), Side(_few(listed), _("not in the listing")), Stance.SILENT.value, effect
    )


def _given(text: str) -> tuple[str, ...]:
    return (text,) if text else ()


def _few(texts: tuple[str, ...]) -> tuple[str, ...]:
    return texts if len(texts) <= MOST else (*texts[:MOST], _("and %d more") % (len(texts) - MOST))


def _listed(listings: Sequence[ListedEntity]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for entity in listings:
        for feature, given in _facts_of(entity).items():
            found.setdefault(feature, []).extend(given)
    return {feature: shown for feature, given in found.items() if (shown := texts(given))}


def _facts_of(entity: ListedEntity) -> dict[str, Sequence[str]]:
    vessel = entity.vessel
    seats = [place.country for place in entity.addresses]
    facts: dict[str, Sequence[str]] = {
        "birth_date": [born.text or born.earliest.isoformat() for born in entity.birth_dates],
        "birth_place": [place.text or country_text(place.country) for place in entity.birth_places],
        "gender": entity.genders,
        "country": [country_text(one) for one in (*entity.nationalities, *seats)],
        "identifier": [number_text(one.type, one.text or one.value, one.country) for one in entity.identifiers],
        "address": [place.text for place in entity.addresses],
        "position": entity.titles,
    }
    if vessel is not None:
        facts |= {
            "vessel_flag": [country_text(vessel.flag)],
            "vessel_type": [vessel.type],
            "vessel_tonnage": [figures.count(vessel.gross_tonnage)] if vessel.gross_tonnage else [],
            "vessel_built": [vessel.built],
        }
    return facts


def _asked(subject: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    numbers = subject.get("identifiers") or ()
    given = {feature: texts(subject.get(name)) for feature, name in ASKED.items()}
    given["country"] = tuple(map(country_text, given["country"]))
    given["identifier"] = tuple(number_text(one["type"], one["value"], one.get("country")) for one in numbers)
    return {feature: shown for feature, shown in given.items() if shown}
