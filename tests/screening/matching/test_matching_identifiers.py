"""Identifiers under the labels of different publishers: one number is one number, found and compared as such."""

from dataclasses import replace

import pytest
from made_entities import company

from lists.entity import Identifier, Kind
from screening.matching.features.identifiers import identifier, shared
from screening.matching.identity import decides, is_valid, with_identifiers_of_name
from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.result import Outcome, Stance
from screening.matching.subject import Subject

POLICY = Policy()
ETH, USDT = "crypto_wallet:ETH", "crypto_wallet:USDT"
WALLET = "0X2F389CE8BD8FF92DE3402FFCE4691D17FC4F6535"


def asked(*identifiers: Identifier) -> Subject:
    """Return a company whose name is on no list."""
    return Subject("Sunny Trader", Kind.ORGANIZATION, identifiers=identifiers)


def best_of(ours: Identifier, theirs: Identifier) -> str:
    """Return what decided for the first match, "none" where there is no match."""
    index = ListIndex.build([company("eu:1", "OJSC Planar", identifiers=(theirs,)), company("eu:2", "Elsewhere Ltd")])
    result = match(index, asked(ours), POLICY)
    return result.matches[0].decided_by if result.matches else "none"


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Identifier("tax_id", "100104937", "BY"), Identifier("registration", "100104937", "BY")),
        (Identifier("tax_id", "100104937", "BY"), Identifier("registration", "100 104 937")),
        (Identifier("tax_id", "100104937"), Identifier("registration", "100104937", "BY")),
        (Identifier("inn", "7707083893", "RU"), Identifier("tax_id", "7707083893")),
        (Identifier("inn", "7707083893", "RU"), Identifier("national_id", "7707083893", "RU")),
        (Identifier("ogrn", "1027700132195", "RU"), Identifier("registration", "1027700132195")),
        (Identifier("registration", "91110000625909986U", "CN"), Identifier("uscc", "91110000625909986U", "CN")),
        (Identifier("national_id", "10101382714", "IR"), Identifier("registration", "10101382714")),
        (Identifier(ETH, WALLET), Identifier(USDT, WALLET)),
        (Identifier("crypto_wallet", WALLET), Identifier(USDT, WALLET)),
    ],
)
def test_a_number_under_another_label_is_found_and_decides(ours: Identifier, theirs: Identifier) -> None:
    strong = replace(theirs, strong=True)
    assert best_of(ours, strong) == theirs.type
    assert best_of(replace(ours, type=theirs.type), strong) == theirs.type


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (Identifier("tax_id", "100104937", "BY"), Identifier("registration", "100104937", "UA")),
        (Identifier("inn", "7707083893", "RU"), Identifier("tax_id", "7707083893", "BY")),
        (Identifier("tax_id", "32855961", "UA"), Identifier("registration", "32855961", "UA")),
        (Identifier("tax_id", "773101001", "RU"), Identifier("registration", "773101001", "RU")),
        (Identifier("passport", "100104937", "BY"), Identifier("registration", "100104937", "BY")),
        (Identifier("imo", "9481910"), Identifier("mmsi", "9481910")),
        (Identifier("tax_id", "100104937"), Identifier("registration", "100104938")),
        (Identifier(ETH, WALLET), Identifier(USDT, WALLET[:-1] + "6")),
        (Identifier(ETH, WALLET), Identifier("registration", WALLET)),
    ],
    ids=["country", "inn abroad", "short", "tax office", "passport", "imo", "value", "wallet", "wallet as number"],
)
def test_what_is_another_number_does_not_decide(ours: Identifier, theirs: Identifier) -> None:
    strong = replace(theirs, strong=True)
    assert best_of(ours, strong) == "none"
    assert shared(asked(ours), company("eu:1", "OJSC Planar", identifiers=(strong,))) is None


def test_under_its_own_label_a_short_number_still_decides() -> None:
    number = Identifier("registration", "32855961", "UA", strong=True)
    assert best_of(replace(number, strong=False), number) == "registration"


def test_a_weak_number_under_another_label_corroborates_and_says_where_it_stands() -> None:
    listed = company("eu:1", "OJSC Planar", identifiers=(Identifier("registration", "100104937"),))
    found = identifier(asked(Identifier("tax_id", "100104937", "BY", text="100 104 937")), listed)
    assert found is not None
    assert found.stance is Stance.CORROBORATES
    assert found.text == "the same number 100104937, listed as registration"
    assert not decides(listed.identifiers[0])


def test_one_that_decides_is_told_before_one_that_does_not() -> None:
    weak = Identifier("registration", "100104937")
    strong = Identifier("tax_id", "100104937", strong=True)
    listed = company("eu:1", "OJSC Planar", identifiers=(weak, strong))
    pair = shared(asked(Identifier("inn", "100104937")), listed)
    assert pair is not None
    assert pair.listed == strong


def test_a_shared_number_under_another_label_outweighs_a_different_one() -> None:
    """The party has a new INN in the subject's books, but carries the listed registration number."""
    ours = (Identifier("inn", "7707083893"), Identifier("ogrn", "1027700132195"))
    theirs = (Identifier("inn", "7736050003"), Identifier("registration", "1027700132195", strong=True))
    assert is_valid("inn", ours[0].value)
    assert is_valid("inn", theirs[0].value)
    index = ListIndex.build([company("eu:1", "OJSC Planar", identifiers=theirs)])
    result = match(index, asked(*ours), POLICY)
    assert result.outcome is Outcome.MATCH
    assert result.matches[0].decided_by == "registration"


@pytest.mark.parametrize(
    "name",
    [
        "Innovations LLC",
        "INNOVATSIONNYE TEKHNOLOGII",
        "Innokentyevich Petrov",
        "BICENTENARIO XII",
        "Bicycleworld",
        "Leicester Trading",
        "Swift Industry",
        "Swift Logistics LLC",
        "IMOGEN STAR",
        "INNOVA2000 GmbH",
        "Иннополис",
    ],
)
def test_a_word_that_begins_like_a_label_stays_in_the_name(name: str) -> None:
    subject = Subject(name)
    assert with_identifiers_of_name(subject) == subject


@pytest.mark.parametrize(
    ("name", "kind", "value", "rest"),
    [
        ("PORT OLYA-3 IMO 9481910", "imo", "9481910", "PORT OLYA-3"),
        ("IMO9481910", "imo", "9481910", ""),
        ("ООО Ромашка, ИНН: 7707083893", "inn", "7707083893", "ООО Ромашка,"),
        ("Bank Melli, SWIFT: MELIIRTH", "bic", "MELIIRTH", "Bank Melli,"),
        ("Bank Melli BIC MELIIRTHXXX", "bic", "MELIIRTHXXX", "Bank Melli"),
        ("Example Tax ID AB1234567", "inn", "AB1234567", "Example"),
    ],
)
def test_a_labelled_number_is_taken_out_of_the_name(name: str, kind: str, value: str, rest: str) -> None:
    read = with_identifiers_of_name(Subject(name))
    assert (read.name, [(found.type, found.value) for found in read.identifiers]) == (rest, [(kind, value)])
