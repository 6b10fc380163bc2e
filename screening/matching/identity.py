"""Identifiers of a subject: those given as such, and those written where a name is expected ("IMO 9481910").

Owns what decides by itself and how an identifier is keyed; how two are compared is `features.identifiers`.
"""

import re
from collections.abc import Callable
from dataclasses import replace
from zlib import crc32

from stdnum import bic, imo, lei
from stdnum.ru import inn, ogrn

from lists.entity import Identifier, Kind
from screening.matching import numbers as n
from screening.matching.subject import Subject

UNIQUE = frozenset({"imo", "imo_company", "inn", "ogrn", "lei", "bic", "mmsi", "okpo", "swift", "iban", "isin", "duns"})
"""Types whose value names one party in the whole world; others do so only when the list marks them strong."""

_REGISTERS = frozenset({"tax_id", "registration", "inn", "ogrn", "uscc", "national_id"})
"""Types under which one number may stand, by its publisher's label: OFAC has 100104937 as the tax number of Planar in
Minsk, the EU as its registration number.
"""

_OFFICE_CODE = re.compile(r"\d{4}01001")
"""A Russian tax-office code (КПП) at the seat (form: order ММВ-7-6/435@ of 29 June 2012): whole towns share it, and
773101001 is listed as the tax number of one firm and the registration number of another.
"""

_WALLET = "crypto_wallet"

_BETWEEN = r"[\s:.=#№-]*"
_NUMBER = r"(\d{7,20})"
_LABELS: tuple[tuple[str, str], ...] = (
    ("imo", rf"IMO(?:\s*(?:number|no\.?|№|#))?{_BETWEEN}{_NUMBER}"),
    ("inn", rf"(?:INN|ИНН){_BETWEEN}{_NUMBER}"),
    ("inn", rf"Tax\s*ID(?:\s*(?:number|no\.?))?{_BETWEEN}((?=[A-Z]*\d)[A-Z0-9]{{7,20}})"),
    ("ogrn", rf"(?:OGRN|ОГРН){_BETWEEN}{_NUMBER}"),
    ("lei", rf"LEI{_BETWEEN}([A-Z0-9]{{18}}\d\d)"),
    ("bic", r"(?:BIC[\s:.=#№-]+|SWIFT(?:/BIC|\s+code)?\s*[:=#№]\s*)([A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?)"),
    ("mmsi", rf"MMSI{_BETWEEN}(\d{{9}})"),
)
"""A label and its number. Nothing that may be a word is taken for a number: *Innovations*, *Swift Industry*."""

_LABELLED = tuple((kind, re.compile(rf"(?<!\w){pattern}\b", re.IGNORECASE)) for kind, pattern in _LABELS)
_CHECKS: dict[str, Callable[[str], bool]] = {
    "imo": imo.is_valid,
    "inn": inn.is_valid,
    "ogrn": ogrn.is_valid,
    "lei": lei.is_valid,
    "bic": bic.is_valid,
    "mmsi": lambda value: len(value) == 9 and value.isdigit(),
}
_BARE: tuple[str, ...] = ("lei", "ogrn", "inn")
"""Types recognised without a label, by their check digits. A bare seven-digit number is an IMO only for a vessel."""

CHECKED = frozenset({"imo", "inn", "ogrn", "lei", "bic"})


def canonical(value: str) -> str:
    """Return the value in upper case without blanks and punctuation, as lists keep it."""
    return re.sub(r"[^0-9A-Z\u0400-\u04FF\u0600-\u06FF]", "", value.upper())


def compared_as(kind: str, value: str) -> str:
    """Return what an identifier of this type is compared with: values under one such word are of one kind.

    Mostly the type itself. A number long enough to be no other's by chance compares across the types of `_REGISTERS`,
    and a wallet across coins: one address is listed for ETH and for USDT.
    """
    kind = kind.lower()
    if kind.startswith(_WALLET):
        return _WALLET
    plain = canonical(value)
    if kind in _REGISTERS and len(plain) >= n.REGISTER_LETTERS and not _OFFICE_CODE.fullmatch(plain):
        return "register"
    return kind


def key(kind: str, value: str) -> int:
    """Return the 32-bit key under which an index finds an identifier; the value is compared again afterwards."""
    return crc32(f"{compared_as(kind, value)}:{canonical(value)}".encode())


def decides(identifier: Identifier) -> bool:
    """Whether sharing this identifier means being the same party."""
    return identifier.strong or identifier.type in UNIQUE


def is_valid(kind: str, value: str) -> bool:
    """Whether the value passes its type's check digits; True for types that have none."""
    check = _CHECKS.get(kind)
    return check is None or bool(check(canonical(value)))


def with_identifiers_of_name(subject: Subject) -> Subject:
    """Return the subject with the identifiers that are written in its name moved among its identifiers.

    A labelled number is taken with or without a valid check digit; a bare one only with one.
    """
    name, found = subject.name, []
    for kind, pattern in _LABELLED:
        for match in pattern.finditer(name):
            found.append(_identifier(kind, match.group(1)))
        name = pattern.sub(" ", name)
    bare = canonical(name)
    if bare.isalnum() and any(c.isdigit() for c in bare) and len(name.split()) == 1:
        kinds = ("imo", *_BARE) if subject.kind is Kind.VESSEL else _BARE
        kind_of_bare = next((kind for kind in kinds if is_valid(kind, bare)), None)
        if kind_of_bare is not None:
            found.append(_identifier(kind_of_bare, bare))
            name = ""
    if not found:
        return subject
    return replace(subject, name=" ".join(name.split()), identifiers=(*subject.identifiers, *found))


def _identifier(kind: str, value: str) -> Identifier:
    country = "RU" if kind in {"inn", "ogrn"} else None
    return Identifier(kind, canonical(value), country, text=value, strong=True)
