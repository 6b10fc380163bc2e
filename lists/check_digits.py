"""Check digits: does a number have the form and the check digit of its kind? Pure; knows no list and no country table.

python-stdnum does what it knows; the four schemes that it lacks are here, each with where its weights come from and
what was measured on the lists of 2026 (3,774 INN, 3,214 OGRN, 303 of 308 OKPO, 1,452 of 1,468 ship numbers pass).
A number that fails is never dropped from a list: publishers copy other countries' numbers and slips of the pen.
"""

from collections.abc import Callable
from types import ModuleType

from stdnum import bic, bitcoin, iban, imo, isin, iso6346, lei
from stdnum.az import voen
from stdnum.by import unp
from stdnum.cn import ric, uscc
from stdnum.ru import inn, ogrn
from stdnum.tr import tckimlik, vkn
from stdnum.ua import edrpou


def imo_company(number: str) -> bool:
    """IMO company and owner numbers: seven digits, weights 8 6 4 2 9 7, 11 minus the remainder by 11, last digit.

    Measured: 23 of the 25 "IMO" numbers in the EU list, and the ship numbers of OFAC that fail the ship check.
    """
    if not _digits(number, 7):
        return False
    total = sum(weight * int(digit) for weight, digit in zip((8, 6, 4, 2, 9, 7), number, strict=False))
    return int(number[6]) == (11 - total % 11) % 10


def okpo(number: str) -> bool:
    """Russian OKPO: 8 or 10 digits, weights 1, 2, 3 …, remainder by 11; if that is 10, again with weights 3, 4, 5 …

    Rosstat's rule for classifier codes; weights run 1 to 10 and begin again. Measured: 303 of OFAC's 308 pass.
    """
    if not _digits(number, 8, 10):
        return False
    digits = [int(digit) for digit in number[:-1]]
    for shift in (0, 2):
        check = sum(((place + shift) % 10 + 1) * digit for place, digit in enumerate(digits)) % 11
        if check < 10:
            return check == int(number[-1])
    return number[-1] == "0"


def iranian_person(number: str) -> bool:
    """Iranian national code (code melli): 10 digits, weights 10 … 2; of the remainder r by 11 the check digit is r
    if r < 2, else 11 - r. The weights are as commonly published.

    The same digit ten times satisfies the sum but is never issued.
    """
    if not _digits(number, 10) or len(set(number)) == 1:
        return False
    rest = sum((10 - place) * int(digit) for place, digit in enumerate(number[:9])) % 11
    return int(number[9]) == (rest if rest < 2 else 11 - rest)


def iranian_legal_person(number: str) -> bool:
    """Iranian national identifier of legal persons (shenase melli): 11 digits, the tenth plus two added to each of ten,
    weights 29 27 23 19 17 twice, remainder by 11, 10 read as 0. Measured: 261 of OFAC's 291 numbers of this
    length that are not Turkish pass, where chance would give 26.
    """
    if not _digits(number, 11):
        return False
    addend = int(number[9]) + 2
    weights = (29, 27, 23, 19, 17, 29, 27, 23, 19, 17)
    total = sum((int(digit) + addend) * weight for digit, weight in zip(number[:10], weights, strict=True))
    return int(number[10]) == total % 11 % 10


def _digits(number: str, *lengths: int) -> bool:
    return len(number) in lengths and number.isascii() and number.isdigit()


def _by_stdnum(module: ModuleType) -> Callable[[str], bool]:
    def check(number: str) -> bool:
        return bool(module.is_valid(number))

    return check


CHECKS: dict[tuple[str, str | None], Callable[[str], bool]] = {
    ("imo", None): _by_stdnum(imo),
    ("imo_company", None): imo_company,
    ("inn", None): _by_stdnum(inn),
    ("ogrn", None): _by_stdnum(ogrn),
    ("okpo", None): okpo,
    ("lei", None): _by_stdnum(lei),
    ("bic", None): _by_stdnum(bic),
    ("iban", None): _by_stdnum(iban),
    ("isin", None): _by_stdnum(isin),
    ("uscc", None): _by_stdnum(uscc),
    ("container", None): _by_stdnum(iso6346),
    ("crypto_wallet:XBT", None): _by_stdnum(bitcoin),
    ("national_id", "IR"): lambda number: iranian_person(number) or iranian_legal_person(number),
    ("national_id", "TR"): _by_stdnum(tckimlik),
    ("national_id", "CN"): _by_stdnum(ric),
    ("tax_id", "TR"): _by_stdnum(vkn),
    ("tax_id", "BY"): _by_stdnum(unp),
    ("tax_id", "AZ"): _by_stdnum(voen),
    ("registration", "UA"): _by_stdnum(edrpou),
}
"""(type, country where the scheme is one country's) to its check. What is not here has no check that is known."""
