"""Countries: every way the publishers write one, to its ISO 3166-1 alpha-2 code.

`data/countries.csv` has a row per country (and XK, Kosovo, the user-assigned code that banks and the EU use):
code, the short name shown to people, other names as OFAC, EU, UN and UK write them and in Russian and Persian, and
nationalities. Names follow ISO 3166-1. Rows without a code are texts found in the files that name no one country.
A territory that lists write as a region (Crimea, Gaza) goes to the code that ISO 3166 puts it under; this says
where a place is filed, nothing of whose it is.
"""

import csv
import hashlib
import unicodedata
from functools import cache
from importlib import resources

from core.errors import ListContentError


def country(text: str) -> str | None:
    """Return the alpha-2 code for a country's name, code (alpha-2 or alpha-3) or nationality, as people and lists
    write it; case, accents, dots and a leading "the" do not matter. None if it names none that is known.
    """
    return _codes().get(_key(text)) or None


def listed_country(text: str) -> str | None:
    """Return the alpha-2 code for a country as a list writes it, None for "" and for a text known to name no country
    (`undetermined`, `Region: Kafia Kingi`). Raises ListContentError for a text that no row of the table names.
    """
    if not text or text.isspace():
        return None
    try:
        return _codes()[_key(text)] or None
    except KeyError:
        raise ListContentError(f"the country {text!r} is in no row of lists/data/countries.csv") from None


def name(code: str) -> str:
    """Return the short English name for an alpha-2 code; the code itself if it is not one."""
    return _names().get(code, code)


@cache
def codes() -> frozenset[str]:
    """All alpha-2 codes known here."""
    return frozenset(_names())


@cache
def table_sha256() -> str:
    """SHA-256 over the table: what names it in the record of an answer that rests on it."""
    return hashlib.sha256("\n".join(_lines()).encode()).hexdigest()


@cache
def _lines() -> tuple[str, ...]:
    table = resources.files("lists.data").joinpath("countries.csv").read_text(encoding="utf-8")
    return tuple(table.splitlines())


@cache
def _rows() -> tuple[dict[str, str], ...]:
    return tuple(csv.DictReader(_lines()))


@cache
def _names() -> dict[str, str]:
    return {row["code"]: row["name"] for row in _rows() if row["code"]}


@cache
def _codes() -> dict[str, str]:
    """Every written form, folded, to its code. Raises ValueError if two rows claim one form: the table is wrong."""
    found: dict[str, str] = {}
    for row in _rows():
        forms = [row["code"], row["name"], *row["other_names"].split(";"), *row["nationalities"].split(";")]
        for form in filter(None, forms):
            key = _key(form)
            if found.setdefault(key, row["code"]) != row["code"]:
                raise ValueError(f"countries.csv gives {form!r} to {found[key]!r} and to {row['code']!r}")
    return found


@cache
def _key(text: str) -> str:
    """Fold case, accents and punctuation away: `Côte d’Ivoire` and `Cote d Ivoire` are one."""
    decomposed = unicodedata.normalize("NFKD", text.replace("&", " and "))
    letters = "".join(
        " " if not (letter.isalnum() or unicodedata.combining(letter)) else letter.casefold()
        for letter in decomposed
        if not unicodedata.combining(letter) and letter != "."
    )
    words = letters.split()
    return " ".join(words[1:] if len(words) > 1 and words[0] == "the" else words)
