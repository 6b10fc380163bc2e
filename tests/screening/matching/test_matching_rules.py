"""What tells parties apart and what does not: rules of scoring, on names of no list, without an index."""

import pytest

from lists.entity import Kind, ListedEntity, Name, NameType
from screening.matching.common_words import common_family_names
from screening.matching.matcher import compare
from screening.matching.policy import Policy
from screening.matching.result import Outcome, ScoredCandidate
from screening.matching.subject import Subject

POLICY = Policy()


def compared(ours: str, theirs: str, kind: Kind) -> ScoredCandidate:
    return compare(Subject(ours, kind), ListedEntity("x:1", "x", kind, (Name(theirs, NameType.PRIMARY),)), POLICY)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Dmitrij Rogosin", "Dmitry Rogozin"),  # German s
        ("Aleksei Mordachov", "Alexey Mordashov"),  # French ch
        ("Hamd Damghani", "Hamid Damghani"),  # a letter missing in a given name
        ("Abbas Harb", "Abbas Hussein Harb"),  # a name left out beside a rare family name
        ("Leila Khodadust", "لیلا خدادوست"),
        ("Ehsan Imaninejad", "احسان ایمانی نژاد"),  # the letter where two words meet is one letter
        ("Amir Ali Haji Zadeh", "امیرعلی حاجیزاده"),
        ("Ramzan Akhmadovich Kadyrov", "Рамзан Ахматович Кадыров"),
        ("Hojjat al-Islam Alireza Adiani", "علیرضا ادیانی"),
    ],
)
def test_persons_that_are_the_same(ours: str, theirs: str) -> None:
    assert compared(ours, theirs, Kind.PERSON).outcome is not Outcome.CLEAR


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Ali Karimi", "Ali Karami"),  # two families that many bear
        ("Hamid Reza Sharifi", "Hamid Reza Sharafi"),
        ("Mehdi Bagheri", "Mehdi Baseri"),  # who asks for a common name means it
        ("Ahmad Mansouri", "M. Ahmad"),  # a given name and an initial
        ("Mohammad Hosseini", "Mohammad Hossein Rezaei"),
        ("Sergei Ivanov", "Sergei Petrov"),
        ("Andrey Andreevich Guryev", "Andrey Grigoryevich Guryev"),  # father and son
    ],
)
def test_persons_that_are_not(ours: str, theirs: str) -> None:
    assert compared(ours, theirs, Kind.PERSON).outcome is Outcome.CLEAR


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Bank-e Keshavarzi", "Agricultural Bank of Iran"),
        ("Tikhomirov JSC", "Tikhomirov Scientific Research Institute JSC"),
        ("Luzyanov Plant JSC", "Luzyanov Plant JSC named after I.I. Petrenko"),
        ("Open Joint Sock Company Alfakta", "Open Joint Stock Company Alfakta"),
        ("Foolad Khouzestan", "Khuzestan Steel Company"),
    ],
)
def test_companies_that_are_the_same(ours: str, theirs: str) -> None:
    assert compared(ours, theirs, Kind.ORGANIZATION).outcome is not Outcome.CLEAR


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Tehran Cement Company", "Tehran Petrochemical Company"),
        ("Volga Trading", "Volga Shipping"),
        ("Bazargani Setareh LLC", "Trade Star FZC"),  # commerce and a common noun, all of it translated
        ("Rosneft Trading SA", "Rosneft"),  # a daughter
        ("Bank Melli Iran", "Bank of Iran"),
    ],
)
def test_companies_that_are_not(ours: str, theirs: str) -> None:
    assert compared(ours, theirs, Kind.ORGANIZATION).outcome is Outcome.CLEAR


def test_a_legal_form_that_is_left_out_costs_little_and_is_said() -> None:
    found = compared("PROMSVYAZBANK PJSC", "PROMSVYAZBANK", Kind.ORGANIZATION)
    assert 900 <= found.name_score < 1000
    assert [left.text for left in found.explanation.subject_left] == ["PJSC"]
    assert "“PJSC” is not in the listed name" in found.sentence


def test_what_a_bank_without_a_word_of_its_own_is_called_weighs_more_than_its_country() -> None:
    found = compared("بانک ملی ایران", "Bank Melli Iran", Kind.ORGANIZATION)
    weight = {pair.listed_text: pair.weight for pair in found.explanation.pairs}
    assert weight["Melli"] > weight["Iran"]


def test_common_family_names_are_known_in_their_scripts_and_for_women() -> None:
    assert {"ivanov", "ivanova", "رضایی"} <= common_family_names()


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("X", "X-Holding"),
        ("a", "AA"),
        ("The", "The Doctor"),
        ("Mr", "Mr. O"),
        ("Company Ltd", "ASBL"),
        ("LLC", "S.L."),
        ("S.A.", "AS"),
        ("شرکت", "Firmaco"),
        ("سید", "Said"),
        ("Iran", "Islamic Republic of Iran - China Shipping Lines"),
    ],
)
def test_a_name_that_tells_nobody_raises_nobody(ours: str, theirs: str) -> None:
    for kind in (Kind.PERSON, Kind.ORGANIZATION):
        listed = ListedEntity("x:1", "x", kind, (Name(theirs, NameType.PRIMARY),))
        assert compare(Subject(ours, kind), listed, POLICY).outcome is Outcome.CLEAR
        assert compare(Subject(ours, None), listed, POLICY).outcome is Outcome.CLEAR


@pytest.mark.parametrize("name", ["Mr. O", "X-Holding", "ASBL", "SE", "AA", "Sardar", "Alias LLC", "The", "X"])
def test_a_name_that_tells_nobody_is_found_where_it_is_listed(name: str) -> None:
    for kind in (Kind.PERSON, Kind.ORGANIZATION):
        assert compared(name, name, kind).outcome is not Outcome.CLEAR


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        ("Ingrid Johnson", "Prince Y. JOHNSON"),  # Y sounds i before a vowel only
        ("Olga Yaroslavovna Stepanova", "Olga G. Stepanova"),  # another father
        ("Vahid Khalili", "وحید جلیلی"),  # another first consonant
        ("Zhiqiang Wang", "Zhiqing Wang"),  # two Chinese names
        ("Guohua Li", "Guihua Li"),
        ("Hakan Çelik", "Chelik Hasan"),
        ("Rajesh Sharma", "Rakesh Sharma"),
        ("Ahmed Al Shamsi", "Ahmad Al-Shami"),
    ],
)
def test_persons_that_only_look_alike_are_not(ours: str, theirs: str) -> None:
    assert compared(ours, theirs, Kind.PERSON).outcome is Outcome.CLEAR


def test_initials_and_first_letters_as_languages_write_them() -> None:
    assert compared("Y. Petrovsky", "Iuri Petrovsky", Kind.PERSON).outcome is not Outcome.CLEAR
    assert compared("Reza Chosravi Moghaddam", "رضا خسروي مقدم", Kind.PERSON).outcome is not Outcome.CLEAR
    assert (
        compared("Natalia V. Petrovsky", "Natallia Uladzimirauna Petrovsky", Kind.PERSON).outcome is not Outcome.CLEAR
    )
    assert compared("ОАО «Н Холдинг»", "OJSC N Holding", Kind.ORGANIZATION).outcome is not Outcome.CLEAR
