"""Flag, type, tonnage and year of build of a ship or an aircraft, as qualifiers. The IMO number decides before them."""

import re

from lists.entity import ListedEntity
from screening.matching import numbers as n
from screening.matching.result import Qualifier, Stance
from screening.matching.subject import Subject

_YEAR = re.compile(r"\b(1[89]\d\d|20\d\d)\b")
_TYPES = {
    "tanker": "tanker",
    "oil": "tanker",
    "gas carrier": "tanker",
    "lpg": "tanker",
    "lng": "tanker",
    "cargo": "cargo",
    "bulk": "cargo",
    "container": "cargo",
    "roll": "cargo",
    "ro-ro": "cargo",
    "tug": "tug",
    "yacht": "yacht",
    "fishing": "fishing",
    "passenger": "passenger",
}


def flag(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare flags. A former flag agrees too: ships change theirs to hide."""
    facts = listed.vessel
    if facts is None or not subject.countries or not facts.flag:
        return None
    ours = ", ".join(subject.countries)
    if facts.flag in subject.countries:
        return Qualifier("vessel_flag", Stance.CORROBORATES, n.FLAG_SAME, ours, facts.flag, "the same flag")
    if set(facts.former_flags) & set(subject.countries):
        return Qualifier("vessel_flag", Stance.CORROBORATES, n.FLAG_SAME, ours, facts.flag, "a former flag")
    text = f"another flag: {ours}, not {facts.flag}"
    return Qualifier("vessel_flag", Stance.CONTRADICTS, -n.FLAG_DIFFERS, ours, facts.flag, text)


def vessel_type(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare types by what they carry: a tanker is not a tug."""
    facts = listed.vessel
    if facts is None:
        return None
    ours, theirs = _type(subject.vessel_type), _type(facts.type)
    if not ours or not theirs:
        return None
    if ours == theirs:
        effect, stance, text = n.VESSEL_TYPE_SAME, Stance.CORROBORATES, "the same type"
    else:
        effect, stance, text = -n.VESSEL_TYPE_DIFFERS, Stance.CONTRADICTS, f"another type: listed as {facts.type}"
    return Qualifier("vessel_type", stance, effect, subject.vessel_type, facts.type, text)


def _type(text: str) -> str:
    lowered = text.lower()
    return next((kind for word, kind in _TYPES.items() if word in lowered), "")


def tonnage(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare gross tonnages: equal within 2 %, different beyond 15 %, silent between."""
    facts = listed.vessel
    if facts is None or not subject.gross_tonnage or not facts.gross_tonnage:
        return None
    ours, theirs = subject.gross_tonnage, facts.gross_tonnage
    gap = abs(ours - theirs) / max(ours, theirs)
    if gap <= n.TONNAGE_NEAR:
        text = "the same gross tonnage"
        return Qualifier("vessel_tonnage", Stance.CORROBORATES, n.TONNAGE_SAME, str(ours), str(theirs), text)
    if gap > n.TONNAGE_FAR:
        text = f"another gross tonnage: {ours}, not {theirs}"
        return Qualifier("vessel_tonnage", Stance.CONTRADICTS, -n.TONNAGE_DIFFERS, str(ours), str(theirs), text)
    return None


def built(subject: Subject, listed: ListedEntity) -> Qualifier | None:
    """Compare years of build; one year apart says nothing (keel laid, delivered)."""
    facts = listed.vessel
    year = _YEAR.search(facts.built) if facts else None
    if year is None or not subject.built:
        return None
    theirs = int(year.group(1))
    if subject.built == theirs:
        text = "built in the same year"
        return Qualifier("vessel_built", Stance.CORROBORATES, n.BUILT_SAME, str(subject.built), str(theirs), text)
    if abs(subject.built - theirs) > 1:
        text = f"built in another year: {subject.built}, not {theirs}"
        return Qualifier("vessel_built", Stance.CONTRADICTS, -n.BUILT_DIFFERS, str(subject.built), str(theirs), text)
    return None
