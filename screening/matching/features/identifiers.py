"""Identifiers: a shared unique one decides by itself; different valid ones of a kind that a party has once speak
against (DESIGN.md, "Meaning of the score").
"""

from collections.abc import Iterable
from typing import NamedTuple

from lists.entity import Identifier, ListedEntity
from screening.matching import numbers as n
from screening.matching.identity import canonical, compared_as, decides, is_valid
from screening.matching.result import Qualifier, Stance
from screening.matching.subject import Subject

ONE_PER_PARTY = ("imo", "inn", "ogrn", "lei")
"""Types of which a party has one for life. Passports, BICs and tax numbers of other countries may be several."""

WORDS = {
    "imo": "IMO number",
    "imo_company": "IMO company number",
    "inn": "Russian tax number (INN)",
    "ogrn": "Russian state registration number (OGRN)",
    "lei": "legal entity identifier (LEI)",
    "bic": "bank code (BIC)",
    "mmsi": "MMSI",
    "passport": "passport",
    "national_id": "national identity number",
}


class Shared(NamedTuple):
    """An identifier on both sides."""

    subject: Identifier
    listed: Identifier


def named(kind: str) -> str:
    """Return the plain name of an identifier type."""
    if kind.startswith("crypto_wallet"):
        return "crypto wallet"
    return WORDS.get(kind, kind.replace("_", " "))


def shared(subject: Subject, listed: ListedEntity) -> Shared | None:
    """Return an identifier that both carry, one that decides first; None if there is none."""
    found = [
        Shared(ours, theirs) for ours in subject.identifiers for theirs in listed.identifiers if _same(ours, theirs)
    ]
    return min(found, key=lambda pair: not decides(pair.listed), default=None)


def _same(ours: Identifier, theirs: Identifier) -> bool:
    """The same value under types that compare, and no two countries: numbers are given anew in every country."""
    if canonical(ours.value) != canonical(theirs.value):
        return _same_bank(ours, theirs)
    if compared_as(ours.type, ours.value) != compared_as(theirs.type, theirs.value):
        return False
    return not ours.country or not theirs.country or ours.country == theirs.country


def _same_bank(ours: Identifier, theirs: Identifier) -> bool:
    """A BIC of eight letters is the head office of the one of eleven that ends in XXX, and names the same bank."""
    if ours.type != "bic" or theirs.type != "bic":
        return False
    return canonical(ours.value)[:8] == canonical(theirs.value)[:8]


def identifier(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare identifiers: one shared, or different valid ones of a type that a party has once."""
    if not subject.identifiers or not listed.identifiers:
        return None
    pair = shared(subject, listed)
    if pair is not None:
        effect = n.IDENTIFIER_SHARED if decides(pair.listed) else n.IDENTIFIER_WEAK
        text = _said(pair)
        return Qualifier("identifier", Stance.CORROBORATES, effect, _shown(pair.subject), _shown(pair.listed), text)
    for kind in ONE_PER_PARTY:
        ours, theirs = _valid(subject.identifiers, kind), _valid(listed.identifiers, kind)
        if ours and theirs:
            text = f"another {named(kind)}: {ours[0]}, not {theirs[0]}"
            effect = -(n.IMO_DIFFERS if kind == "imo" else n.IDENTIFIER_DIFFERS)
            return Qualifier("identifier", Stance.CONTRADICTS, effect, ours[0], theirs[0], text)
    return None


def _said(pair: Shared) -> str:
    ours, theirs = named(pair.subject.type), named(pair.listed.type)
    value = canonical(pair.listed.value)
    return f"the same {theirs} {value}" if ours == theirs else f"the same number {value}, listed as {theirs}"


def _valid(identifiers: Iterable[Identifier], kind: str) -> list[str]:
    return [i.value for i in identifiers if i.type == kind and is_valid(kind, i.value)]


def _shown(found: Identifier) -> str:
    return found.text or found.value
