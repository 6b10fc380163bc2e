"""Countries and addresses, as qualifiers."""

import re

from anyascii import anyascii

from lists.entity import Kind, ListedEntity
from screening.matching import numbers as n
from screening.matching.result import Qualifier, Stance
from screening.matching.subject import Subject

_CRAFT = (Kind.VESSEL, Kind.AIRCRAFT)
_WORD = re.compile(r"[a-z]{3,}|\d+")
_STREET_WORDS = frozenset(
    {"street", "str", "ulitsa", "avenue", "ave", "blvd", "boulevard", "road", "square", "building", "bld", "floor"}
    | {"no", "number", "city", "region", "box", "the", "and", "office", "dom", "unit", "suite", "province"}
)


def countries_of(listed: ListedEntity) -> tuple[str, ...]:
    """Return all countries that the list ties the party to, in order, once each."""
    found = [
        *listed.nationalities,
        *(place.country for place in listed.birth_places),
        *(address.country for address in listed.addresses),
        *(identifier.country for identifier in listed.identifiers),
    ]
    return tuple(dict.fromkeys(country for country in found if country))


def country(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare countries. Sharing one says little where most parties are Russian or Iranian; sharing none says more.

    A ship's flag changes hands too easily to be compared here: see `vessels.flag`.
    """
    if not subject.countries or listed.kind in _CRAFT:
        return None
    theirs = countries_of(listed)
    if not theirs:
        return None
    ours, listed_as = ", ".join(subject.countries), ", ".join(theirs)
    common = [c for c in subject.countries if c in theirs]
    if common:
        text = f"the same country: {', '.join(common)}"
        return Qualifier("country", Stance.CORROBORATES, n.COUNTRY_SAME, ours, listed_as, text)
    text = f"other countries: {ours}, not {listed_as}"
    return Qualifier("country", Stance.CONTRADICTS, -n.COUNTRY_DIFFERS, ours, listed_as, text)


def address(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare addresses by their words: most of one in the other is the same address; a shared city is a hint."""
    best: tuple[int, str, str] | None = None
    for ours in subject.addresses:
        words = _words(ours)
        for theirs in listed.addresses:
            effect = _alike(words, _words(f"{theirs.text} {theirs.street}"), _words(theirs.city))
            if effect and (best is None or effect > best[0]):
                best = (effect, ours, theirs.text or theirs.city)
    if best is None:
        return None
    text = "the same address" if best[0] == n.ADDRESS_SAME else "the same city"
    return Qualifier("address", Stance.CORROBORATES, best[0], best[1], best[2], text)


def _words(text: str) -> frozenset[str]:
    return frozenset(_WORD.findall(anyascii(text).lower())) - _STREET_WORDS


def _alike(ours: frozenset[str], theirs: frozenset[str], city: frozenset[str]) -> int:
    common = ours & theirs
    smaller = min(len(ours), len(theirs))
    numbered = any(word.isdigit() for word in common)
    if numbered and len(common) >= n.ADDRESS_WORDS and len(common) >= n.ADDRESS_SHARE * smaller:
        return n.ADDRESS_SAME
    return n.ADDRESS_CITY if city and city <= ours else 0
