"""Identifiers: what a publisher's label means, the canonical form of a number, and numbers as users type them.

`data/identifier_types.csv` has a row for every label seen in the files: its canonical type, whether it is an
identifier, a contact or a fact, how well it identifies, and the types it may prove to be by its check digits
(`may_be`): OFAC's "Tax ID No." is an INN where it passes the INN check, its "Government Gazette Number" is OKPO, an
"IMO" that fails the ship check and passes the company check is a company's. Each row keeps source and certainty.
`data/identifier_kinds.csv` names the types that users can give.
"""

import csv
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.errors import ListContentError
from lists.countries import country as country_code
from lists.entity import Identifier, Kind
from lists.numbers import COUNTRY_OF, FORMS, clean, is_valid, number_in

__all__ = [
    "TYPES",
    "IdentifierType",
    "LabelRow",
    "canonical",
    "clean",
    "is_label",
    "is_valid",
    "labels",
    "listed_identifier",
    "number_in",
    "read_identifier",
]

_NEEDS_COUNTRY = frozenset({"passport", "national_id", "tax_id", "registration", "driver_licence", "licence"})
"""Numbers of these types are given anew in every country."""

_TELLING_LENGTH = 8
"""Without its country, a number of fewer characters says little; OFAC's 26740 is in many registers."""
_LEAST_LENGTH = 5

_WALLET = re.compile(r"Digital Currency Address - ([A-Z0-9]{2,10})")
"""OFAC's label for a wallet, with the ticker of its coin."""


@dataclass(frozen=True, slots=True)
class LabelRow:
    """What one label of one publisher means. `kind` is identifier, contact or fact; `may_be` types by check digits."""

    authority: str
    label: str
    type: str
    kind: str
    strong: bool
    country: str | None
    may_be: tuple[str, ...]
    note: str


@dataclass(frozen=True, slots=True)
class IdentifierType:
    """A type that users can give: how it may be written before the colon, its one country if it has one, an example."""

    type: str
    title: str
    written_as: tuple[str, ...]
    country: str | None
    example: str


def canonical(authority: str, label: str) -> LabelRow:
    """Return what a publisher's label means; `authority` is the prefix of entity ids (ofac, eu, un).

    Raises ListContentError for a label that no row of the table names.
    """
    row = _row(authority, label)
    if row is None:
        raise ListContentError(
            f"{authority}: the identifier type {label!r} is in no row of lists/data/identifier_types.csv"
        )
    return row


def labels(authority: str) -> tuple[str, ...]:
    """Return every label of one publisher that the table names; `authority` as for `canonical`."""
    return tuple(label for known, label in _labels() if known == authority)


def is_label(authority: str, label: str) -> bool:
    """Say whether `canonical` knows a publisher's label; `authority` as there."""
    return _row(authority, label) is not None


def listed_identifier(
    authority: str, label: str, value: str, *, country: str | None = None, kind: Kind | None = None, note: str = ""
) -> Identifier:
    """Return a list's identifier in canonical form. `country` is alpha-2; `kind` that of the entity, which tells the
    rare number that passes both IMO checks; issue and expiry dates are the caller's to add (`dataclasses.replace`).

    A number that fails its check is kept under a looser type. Raises ListContentError for an unknown label, for a
    label that is no identifier (ask `canonical` first) and for a value without a letter or digit.
    """
    row = canonical(authority, label)
    if row.kind != "identifier":
        raise ListContentError(f"{authority}: {label!r} is a {row.kind}, not an identifier")
    country = country or row.country
    type_, cleaned = _proven(row, value, country, kind)
    if not cleaned:
        raise ListContentError(f"{authority}: the {label} {value!r} has no letter or digit")
    country = country or COUNTRY_OF.get(type_)
    return Identifier(
        type=type_,
        value=cleaned,
        country=country,
        text=value,
        label=label,
        strong=row.strong and _telling(type_, cleaned, country),
        note=note,
    )


def read_identifier(text: str) -> Identifier:
    """Read an identifier as a user types it: `imo:9187629`, `IMO 9187629`, `inn:7702070139`, `bic:MELIIRTH`,
    `passport:IR:A12345678`, `code melli:0013542419`, `crypto_wallet:XBT:12Yy…`.

    A ship number that passes only the company check becomes `imo_company`, a Russian `tax_id` an `inn`.
    Raises ValueError that says what to write, or that a check digit is wrong.
    """
    written, country, value = _split(text)
    spec = _written_types().get(written.casefold())
    if spec is None:
        raise ValueError(
            f"{text!r} names no known type of identifier; write its type first, as in imo:9187629, inn:7702070139 "
            f"or passport:IR:A12345678. Types: {', '.join(sorted({kind.type for kind in TYPES()}))}"
        )
    type_, country = spec.type, spec.country or country
    if type_ == "crypto_wallet":
        return _read_wallet(text, country, value)
    alpha2 = country_code(country) if country else None
    if country and alpha2 is None:
        raise ValueError(f"{country!r} in {text!r} is no country; write its two-letter code, as in {spec.example}")
    type_ = _sharper(type_, value, alpha2)
    cleaned = clean(type_, value)
    if not any(letter.isdigit() for letter in cleaned) and type_ not in ("bic", "aircraft_tail", "call_sign"):
        raise ValueError(f"{text!r} holds no number; write it as in {spec.example}")
    checked = spec.country or type_ not in ("tax_id", "registration")  # other registers of a country check otherwise
    if checked and is_valid(type_, value, alpha2) is False:
        raise ValueError(f"{value!r} is no valid {spec.title}: its length or check digit is wrong; compare the papers")
    alpha2 = alpha2 or COUNTRY_OF.get(type_)
    return Identifier(type=type_, value=cleaned, country=alpha2, text=text, strong=_telling(type_, cleaned, alpha2))


@cache
def TYPES() -> tuple[IdentifierType, ...]:  # noqa: N802 - a constant that is read from a file at first use
    """All types that users can give, in the order of the table, for documentation and forms."""
    return tuple(
        IdentifierType(
            row["type"], row["title"], tuple(row["written_as"].split(";")), row["country"] or None, row["example"]
        )
        for row in _table("identifier_kinds.csv")
    )


def _row(authority: str, label: str) -> LabelRow | None:
    """The table's row; for a wallet of a coin that no row names, one made as theirs are: OFAC adds coins as it meets
    them, and a new one must not refuse the whole list.
    """
    name = " ".join(label.split())
    row = _labels().get((authority.lower(), name))
    coin = _WALLET.fullmatch(name)
    if row is not None or coin is None:
        return row
    type_ = f"crypto_wallet:{coin[1]}"
    return LabelRow(authority.lower(), name, type_, "identifier", True, None, (), "a coin without a row of its own")


def _proven(row: LabelRow, value: str, country: str | None, kind: Kind | None) -> tuple[str, str]:
    """The type that the check digits prove, with the cleaned value; else the row's own, or registration."""
    order = row.may_be
    if order == ("imo", "imo_company") and kind in (Kind.ORGANIZATION, Kind.PERSON):
        order = ("imo_company", "imo")
    for type_ in order:
        if country in (None, COUNTRY_OF.get(type_, country)) and is_valid(type_, value):
            return type_, clean(type_, value)
    cleaned = clean(row.type, value)
    form = FORMS.get(row.type)
    if form and not re.fullmatch(form, cleaned):
        return "registration", clean("registration", value)
    return row.type, cleaned


def _telling(type_: str, cleaned: str, country: str | None) -> bool:
    """Does the number, with its country, name one party? Iranian register numbers are unique in a province only."""
    if type_ in FORMS or type_.startswith(("crypto_wallet", "aircraft", "iban")):
        return type_ != "kpp"
    if type_ == "registration" and country == "IR":
        return len(cleaned) > _TELLING_LENGTH
    if country and len(cleaned) >= _LEAST_LENGTH:
        return True
    return len(cleaned) >= _TELLING_LENGTH or (type_ not in _NEEDS_COUNTRY and len(cleaned) >= _LEAST_LENGTH)


def _split(text: str) -> tuple[str, str | None, str]:
    """(type as written, country or currency, value) of `type:value`, `type:XX:value` or `TYPE value`."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) == 3:
        return parts[0], parts[1], parts[2]
    if len(parts) == 2:
        return parts[0], None, parts[1]
    folded = text.strip().casefold()
    for form in sorted(_written_types(), key=len, reverse=True):
        rest = folded.removeprefix(form)
        if rest != folded and rest and not rest[0].isalpha():
            return form, None, text.strip()[-len(rest) :]
    return text.strip(), None, ""


def _sharper(type_: str, value: str, country: str | None) -> str:
    """A user's `imo` may be a company's, a `tax_id` an INN, a `registration` an OGRN or USCC: as in the lists."""
    options = {"imo": ("imo", "imo_company"), "tax_id": ("inn", "uscc"), "registration": ("ogrn", "uscc")}
    for option in options.get(type_, ()):
        if country in (None, COUNTRY_OF.get(option, country)) and is_valid(option, value):
            return option
    return type_


def _read_wallet(text: str, currency: str | None, value: str) -> Identifier:
    known = sorted(row.type for row in _labels().values() if row.type.startswith("crypto_wallet:"))
    type_ = f"crypto_wallet:{(currency or '').upper()}"
    if type_ not in known:
        names = ", ".join(name.partition(":")[2] for name in known)
        raise ValueError(f"name the wallet's currency, as in crypto_wallet:XBT:12Yy…; one of {names} ({text!r})")
    cleaned = clean(type_, value)
    if len(cleaned) < 20:
        raise ValueError(f"{value!r} is too short for a wallet address")
    return Identifier(type=type_, value=cleaned, text=text, strong=True)


@cache
def _labels() -> dict[tuple[str, str], LabelRow]:
    return {
        (row["authority"], row["label"]): LabelRow(
            authority=row["authority"],
            label=row["label"],
            type=row["type"],
            kind=row["kind"],
            strong=row["strength"] == "strong",
            country=row["country"] or None,
            may_be=tuple(row["may_be"].split()),
            note=row["note"],
        )
        for row in _table("identifier_types.csv")
    }


@cache
def _written_types() -> dict[str, IdentifierType]:
    found: dict[str, IdentifierType] = {}
    for spec in TYPES():
        for form in (*spec.written_as, spec.type):
            found.setdefault(form.casefold(), spec)  # the general row of a type comes before its countries' own
    return found


def _table(name: str) -> list[dict[str, str]]:
    text = resources.files("lists.data").joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
