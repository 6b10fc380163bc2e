"""Identifiers: labels to types, check digits that prove a type, canonical forms, and what users type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ListContentError
from lists.check_digits import imo_company, iranian_legal_person, iranian_person, okpo
from lists.entity import Kind
from lists.identifiers import (
    TYPES,
    canonical,
    clean,
    is_label,
    is_valid,
    labels,
    listed_identifier,
    number_in,
    read_identifier,
)


@pytest.mark.parametrize(
    ("authority", "label", "value", "type_", "cleaned", "country"),
    [
        ("ofac", "Vessel Registration Identification", "IMO 9187629", "imo", "9187629", None),
        ("ofac", "Vessel Registration Identification", "IMO  8904408", "imo", "8904408", None),
        ("ofac", "Vessel Registration Identification", "9187629", "imo", "9187629", None),
        ("ofac", "Vessel Registration Identification", "RS 150443", "registration", "RS150443", None),
        ("ofac", "Vessel Registration Identification", "15411", "registration", "15411", None),
        ("ofac", "Tax ID No.", "7702070139", "inn", "7702070139", "RU"),
        ("ofac", "Tax ID No.", "7702070138", "tax_id", "7702070138", None),
        ("ofac", "Registration Number", "1027739019142", "ogrn", "1027739019142", "RU"),
        ("ofac", "Registration Number", "7702070139", "registration", "7702070139", None),
        ("ofac", "Government Gazette Number", "00032537", "okpo", "00032537", "RU"),
        ("ofac", "Government Gazette Number", "205412119", "registration", "205412119", None),
        ("ofac", "Legal Entity Number", "253400V1H6ART1UQ0N98", "lei", "253400V1H6ART1UQ0N98", None),
        ("ofac", "Legal Entity Number", "852777978", "registration", "852777978", None),
        ("ofac", "Unified Social Credit Code (USCC)", "9113 1003 3607 3223 KX", "uscc", None, None),
        ("ofac", "SWIFT/BIC", "MELIIRTH", "bic", "MELIIRTH", None),
        ("ofac", "MMSI", "352002243", "mmsi", "352002243", None),
        ("ofac", "Passport", "A 1838-6175", "passport", "A18386175", None),
        ("eu", "National Fiscal Code", "7744000912", "inn", "7744000912", "RU"),
        ("eu", "swiftbic", "DCBK KPPY", "bic", "DCBKKPPY", None),
        ("eu", "IMO (vessel identification)", "4032815", "imo_company", "4032815", None),
        ("un", "IMO number", "5434358", "imo_company", "5434358", None),
        ("un", "National Identification Number | national passport", "8200203535", "passport", "8200203535", None),
    ],
)
def test_listed(authority: str, label: str, value: str, type_: str, cleaned: str | None, country: str | None) -> None:
    found = listed_identifier(authority, label, value)
    assert (found.type, found.text, found.label) == (type_, value, label)
    assert found.value == (cleaned or clean(type_, value))
    if cleaned:
        assert found.country == country


def test_a_failing_check_digit_never_rejects() -> None:
    found = listed_identifier("ofac", "Vessel Registration Identification", "IMO 9187628")
    assert (found.type, found.value) == ("imo", "9187628")


def test_a_stated_country_forbids_another_countrys_number() -> None:
    assert listed_identifier("ofac", "Tax ID No.", "7702070139", country="TR").type == "tax_id"
    assert listed_identifier("ofac", "Tax ID No.", "7702070139", country="RU").type == "inn"


def test_a_number_that_passes_both_imo_checks_goes_by_who_bears_it() -> None:
    both = next(str(n) for n in range(9_000_000, 9_100_000) if is_valid("imo", str(n)) and imo_company(str(n)))
    label = "Vessel Registration Identification"
    assert listed_identifier("ofac", label, both, kind=Kind.VESSEL).type == "imo"
    assert listed_identifier("ofac", label, both, kind=Kind.ORGANIZATION).type == "imo_company"


def test_strength() -> None:
    def strong(label: str, value: str, country: str | None = None) -> bool:
        return listed_identifier("ofac", label, value, country=country).strong

    assert strong("Passport", "A18386175")
    assert strong("Passport", "419633", "IR")
    assert not strong("Passport", "419633"), "six digits of an unknown country are on many passports"
    assert not strong("Registration Number", "26740", "IR"), "Iranian register numbers are unique in a province only"
    assert strong("Registration Number", "10101920830", "IR")
    assert not strong("Birth Certificate Number", "123456789", "IR"), "the table calls it weak"
    assert strong("SWIFT/BIC", "MELIIRTH")


def test_labels() -> None:
    assert canonical("OFAC", "Gender").kind == "fact"
    assert canonical("ofac", "Website").kind == "contact"
    assert is_label("eu", "passport")
    assert not is_label("eu", "Passport number of a friend")
    assert "Passport" in labels("un")
    with pytest.raises(ListContentError, match="'Loyalty Card'"):
        canonical("ofac", "Loyalty Card")
    with pytest.raises(ListContentError, match="not an identifier"):
        listed_identifier("ofac", "Gender", "Male")
    with pytest.raises(ListContentError, match="no letter or digit"):
        listed_identifier("eu", "passport", " - ")


@pytest.mark.parametrize(
    ("type_", "value", "country", "valid"),
    [
        ("imo", "IMO 9187629", None, True),
        ("imo", "9187628", None, False),
        ("imo_company", "1790183", None, True),
        ("inn", "7702070139", None, True),
        ("inn", "500100732259", None, True),
        ("ogrn", "1027700132195", None, True),
        ("lei", "253400V1H6ART1UQ0N98", None, True),
        ("bic", "BICIGALX", None, True),
        ("iban", "DE89 3704 0044 0532 0130 00", None, True),
        ("iban", "DE89 3704 0044 0532 0130 01", None, False),
        ("isin", "RU0009029540", None, True),
        ("national_id", "0013542419", "IR", True),
        ("national_id", "0013542418", "IR", False),
        ("national_id", "0013542419", None, None),
        ("national_id", "10000000146", "TR", True),
        ("passport", "A12345678", None, None),
        ("mmsi", "422030700", None, True),
        ("mmsi", "42203070", None, False),
    ],
)
def test_validity(type_: str, value: str, country: str | None, valid: bool | None) -> None:
    assert is_valid(type_, value, country) is valid


def test_own_checks_on_numbers_of_the_lists() -> None:
    assert all(okpo(number) for number in ("09804148", "42935911", "00032537"))
    assert not okpo("09804149")
    assert imo_company("5342883")
    assert not imo_company("5342884")
    assert iranian_person("0013542419")
    assert not iranian_person("1111111111")
    assert iranian_legal_person("10101920830")
    assert not iranian_legal_person("10101920831")


@given(st.integers(0, 999_999))
def test_one_check_digit_in_ten_is_right(start: int) -> None:
    for check, digits in ((imo_company, 6), (okpo, 7)):
        body = f"{start * 7 % 10**digits:0{digits}d}"
        assert sum(check(body + str(last)) for last in range(10)) == 1


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Ration card number 0134852", "0134852"),
        ("A 0139243 German travel document", "A 0139243"),
        ("381110042 (Expired 25 Jan. 2016)", "381110042"),
        ("SSN 156-92-9858", "156-92-9858"),
        ("Series 4503 No 498240", "4503 498240"),
        ("CAR diplomatic passport no. D00000898", "D00000898"),
        ("No34409/129", "34409/129"),
        ("OR 1961825", "OR 1961825"),
        ("14/MaMaKa(N)140703", "14/MaMaKa(N)140703"),
        ("H 236483", "H 236483"),
        ("without", "without"),
    ],
)
def test_a_number_out_of_words(text: str, number: str) -> None:
    assert number_in(text) == number


def test_cleaning() -> None:
    assert clean("passport", " ab-12 34/5 ") == "AB12345"
    assert clean("national_id", "۰۰۱۳۵۴۲۴۱۹") == "0013542419"
    assert clean("bic", "BIC MELIIRTH") == "MELIIRTH"
    assert clean("bic", "BICIGALX") == "BICIGALX", "a bank's code may itself begin with BIC"
    assert clean("crypto_wallet:XBT", "12YyR9EpvHxB") == "12YyR9EpvHxB", "Bitcoin addresses tell case"
    assert clean("crypto_wallet:ETH", "0x098B716B8Aaf") == "0x098b716b8aaf"


@given(st.sampled_from(["imo", "inn", "passport", "bic", "crypto_wallet:ETH"]), st.text(max_size=30))
def test_cleaning_is_idempotent(type_: str, text: str) -> None:
    assert clean(type_, clean(type_, text)) == clean(type_, text)


@pytest.mark.parametrize(
    ("text", "type_", "value", "country"),
    [
        ("imo:9187629", "imo", "9187629", None),
        ("IMO 9187629", "imo", "9187629", None),
        ("IMO9187629", "imo", "9187629", None),
        ("imo:۹۱۸۷۶۲۹", "imo", "9187629", None),
        ("imo:4032815", "imo_company", "4032815", None),
        ("inn:7702070139", "inn", "7702070139", "RU"),
        ("ИНН 7702070139", "inn", "7702070139", "RU"),
        ("tax_id:7702070139", "inn", "7702070139", "RU"),
        ("bic:MELIIRTH", "bic", "MELIIRTH", None),
        ("SWIFT: meli irth", "bic", "MELIIRTH", None),
        ("passport:IR:A12345678", "passport", "A12345678", "IR"),
        ("Passport A1234567", "passport", "A1234567", None),
        ("code melli:0013542419", "national_id", "0013542419", "IR"),
        ("کد ملی:۰۰۱۳۵۴۲۴۱۹", "national_id", "0013542419", "IR"),
        ("crypto_wallet:XBT:12YyR9EpvHxBjjKjTWqfKqeyoWnvcraxpW", "crypto_wallet:XBT", None, None),
        ("registration:AE:11582964", "registration", "11582964", "AE"),
    ],
)
def test_read(text: str, type_: str, value: str | None, country: str | None) -> None:
    found = read_identifier(text)
    assert (found.type, found.country, found.text) == (type_, country, text)
    assert found.value == (value or text.rpartition(":")[2])


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("9187629", "write its type first"),
        ("loyalty:12", "write its type first"),
        ("", "write its type first"),
        ("imo:9187628", "check digit"),
        ("inn:7702070138", "check digit"),
        ("passport:Atlantis:A12345678", "two-letter code"),
        ("passport:IR:", "no number"),
        ("wallet:12YyR9EpvHxBjjKjTWqfKqeyoWnvcraxpW", "currency"),
        ("wallet:XBT:12Yy", "too short"),
    ],
)
def test_what_cannot_be_read_says_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        read_identifier(text)


def test_every_documented_example_is_read() -> None:
    for kind in TYPES():
        assert read_identifier(kind.example).type.partition(":")[0] == kind.type
        assert kind.written_as
        assert kind.title


def test_a_wallet_of_a_coin_without_a_row_is_read_as_the_others_are() -> None:
    assert "Digital Currency Address - TON" not in labels("ofac")
    wallet = listed_identifier(
        "ofac", "Digital Currency  Address - TON", "UQBfAN7LfaUYgXZNw5Wc7GBgkEX2yhuJ5ka95J1JJwXX"
    )
    assert (wallet.type, wallet.strong) == ("crypto_wallet:TON", True)
    assert is_label("ofac", "Digital Currency Address - TON")


@pytest.mark.parametrize(
    "label", ["Digital Currency Address - ", "Digital Currency Address - ton!", "Digital Currency"]
)
def test_what_only_resembles_a_wallet_stays_unknown(label: str) -> None:
    assert not is_label("ofac", label)
    with pytest.raises(ListContentError, match="in no row"):
        canonical("ofac", label)
