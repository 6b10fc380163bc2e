"""Facts of a subject or a listed entity as running text: countries by name, numbers with their type."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from api.web.presenters.notes import identifier_label
from api.web.text import _
from lists.countries import country
from lists.countries import name as country_name

NUMBERS: Final = ("imo", "bic")
"""Numbers that a party of a deal has in fields of their own."""


def texts(value: Any) -> tuple[str, ...]:
    """Return the values of one fact, each once: of a single one, of a list, of none."""
    if value is None:
        return ()
    given: Iterable[Any] = value if isinstance(value, list | tuple) else (value,)
    return tuple(dict.fromkeys(str(one) for one in given if one not in {"", None}))


def country_text(written: str | None) -> str:
    """Return a country by its English name; what is no country as it was written."""
    code = country(written) if written else None
    return country_name(code) if code else written or ""


def number_text(kind: str, value: str, of: str | None) -> str:
    """Return a number with its type and, where one goes with it, its country: `Passport G4506013 (Iran)`."""
    return f"{identifier_label(kind)} {value}" + (f" ({country_text(of)})" if of else "")


def party_at(deal: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Return the party or owner at a place of a deal (`parties.0.owners.1`) as a subject; nothing where none is."""
    at: Any = deal
    for step in path.split("."):
        inside = at.get(step) if isinstance(at, Mapping) else at[int(step)] if step.isdigit() and at else None
        if inside is None:
            return {}
        at = inside
    own = [{"type": kind, "value": at[kind]} for kind in NUMBERS if at.get(kind)]
    return {**at, "identifiers": [*at.get("identifiers", ()), *own]}


def told_apart(party: Mapping[str, Any]) -> str:
    """Return what tells a party of a deal apart beside its name: its numbers, its flag or its countries."""
    numbers = [number_text(one["type"], one["value"], one.get("country")) for one in party.get("identifiers", ())]
    flag = _("flag %s") % country_text(party["flag"]) if party.get("flag") else ""
    return " · ".join(filter(None, [*numbers, flag, *map(country_text, texts(party.get("countries")))]))
