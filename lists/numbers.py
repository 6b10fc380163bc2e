"""Numbers: their canonical form, their form and check digits by type, and a number out of the words round it. Pure."""

import re
import unicodedata

from lists.check_digits import CHECKS

FORMS = {
    "imo": r"\d{7}",
    "imo_company": r"\d{7}",
    "mmsi": r"\d{9}",
    "inn": r"\d{10}|\d{12}",
    "ogrn": r"\d{13}|\d{15}",
    "okpo": r"\d{8}|\d{10}",
    "kpp": r"\d{9}",
    "bik": r"0\d{8}",
    "lei": r"[0-9A-Z]{18}\d{2}",
    "bic": r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?",
    "isin": r"[A-Z]{2}[A-Z0-9]{9}\d",
    "uscc": r"[0-9A-Z]{18}",
    "duns": r"\d{9}",
    "iban": r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}",
}
COUNTRY_OF = {"inn": "RU", "ogrn": "RU", "okpo": "RU", "kpp": "RU", "bik": "RU", "uscc": "CN"}
_WORDS = re.compile(
    r"^(?:(?:IMO|MMSI|INN|ИНН|OGRN|ОГРН|OKPO|ОКПО|BIK|БИК|LEI|BIC|SWIFT|IBAN|NO|№)(?:[\s:.#-]+|(?=\d)))+"
)
"""A type's own name before its number, set off from it or followed by a digit: `BIC MELIIRTH`, not `BICIGALX`."""

_HEADING = re.compile(r"^(?:(?:SSN|TIN|ID|BPA)\b[ .:]*)?(?:(?:Nr|No|N°|№)[ .:]*(?=\d))?")
_SERIES = re.compile(r"\bSeries\s+(\w+)\s+(?:No\.?|number)\s*(\w+)", re.IGNORECASE)
_PROSE = re.compile(r"(?!series)[a-zà-ž]{3}")
"""Three small letters in a row: words, not a part of the number."""
_IN_BRACKETS = re.compile(r"\([^)]*\)?")
_NUMBER = re.compile(r"(?<!\w)(?:[A-Z]{1,4}[ -]{0,2})?\d[\dA-Z./-]*(?: [\dA-Z./-]*\d[\dA-Z./-]*)*")


def clean(type_: str, value: str) -> str:
    """Return the canonical form of a number: upper case, letters and digits only, digits as ASCII, without a leading
    name of its type (`IMO 9187629`, `ИНН 7702070139`). Wallet addresses keep their case unless it says nothing.
    """
    text = unicodedata.normalize("NFKC", value).strip()
    if type_.startswith("crypto_wallet"):
        compact = "".join(text.split())
        return compact.lower() if compact[:2].lower() == "0x" or compact[:3].lower() == "bc1" else compact
    text = unicodedata.normalize("NFKC", text.upper())
    if type_ in FORMS:
        text = _WORDS.sub("", text)
    return "".join(_ascii(letter) for letter in text if letter.isalnum())


def is_valid(type_: str, value: str, country: str | None = None) -> bool | None:
    """Say whether a number has the form and the check digits of its type; None where no check is known.

    `country` tells whose national identity, tax or register number it is.
    """
    cleaned = clean(type_, value)
    form = FORMS.get(type_)
    if form and not re.fullmatch(form, cleaned):
        return False
    check = CHECKS.get((type_, None)) or CHECKS.get((type_, country))
    if check is None:
        return True if form else None
    return check(cleaned)


def number_in(text: str) -> str:
    """Return the number out of a text that puts words round it, as the EU and the UN do: `Ration card number
    0134852`, `A 0139243 German travel document`, `381110042 (Expired 25 Jan. 2016)`. A text without such words is
    returned as it is. Of several numbers the longest is taken; the whole text is the caller's to keep.
    """
    if series := _SERIES.search(text):
        return f"{series[1]} {series[2]}"
    text = _HEADING.sub("", text)
    if not _PROSE.search(text):
        return text
    found: list[str] = _NUMBER.findall(_IN_BRACKETS.sub(" ", text)) or _NUMBER.findall(text)
    return max(found, key=len).strip(" .,;:/-") if found else text


def _ascii(letter: str) -> str:
    return str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
