"""Facts of a subject or a listed entity as running text: countries by name, numbers with their type."""

from collections.abc import Iterable
from typing import Any

from api.web.presenters.notes import identifier_label
from lists.countries import country
from lists.countries import name as country_name


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
