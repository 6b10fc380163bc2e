"""Acronyms a name spells, and organisations known by a short or another name."""

import pytest

from lists.entity import Kind
from screening.names.acronyms import initials_of
from screening.names.clean import tidy
from screening.names.reading import read_name
from screening.names.tables import records


@pytest.mark.parametrize(
    ("name", "acronym"),
    [
        ("National Iranian Tanker Company", "nitc"),
        ("United Shipbuilding Corporation", "usc"),
        ("Bank Melli Iran", "bmi"),
        ("Kazan Optical and Mechanical Plant", "komp"),
        ("Казанский оптико-механический завод", "komz"),
        ("Persian Anahita Kimia Tadbir", "pakt"),
    ],
)
def test_initials_are_acronyms(name: str, acronym: str) -> None:
    assert acronym in initials_of(read_name(name, Kind.ORGANIZATION)[0])


@pytest.mark.parametrize("name", ["Tir Arman Co", "Sazeh Saman Mehr", "شرکت ملی نفت ایران", "Alpha Beta"])
def test_three_letters_of_any_firm_and_persian_letters_are_not(name: str) -> None:
    assert all(len(acronym) > 3 for acronym in initials_of(read_name(name, Kind.ORGANIZATION)[0]))


def test_an_acronym_alone_is_read_as_the_full_name() -> None:
    full = {token.concept for token in read_name("National Iranian Oil Company", Kind.ORGANIZATION)[0].tokens}
    forms = read_name("NIOC", Kind.ORGANIZATION)
    assert forms[0].written == "NIOC"
    assert any({token.concept for token in form.tokens} == full for form in forms)
    assert {form.script for form in forms} >= {"Latn", "Cyrl", "Arab"}


def test_an_acronym_beside_a_name_is_not() -> None:
    assert len(read_name("NIOC Ghadir Pars Trading", Kind.ORGANIZATION)) == 1
    assert len(read_name("Nioc", Kind.PERSON)) == 1


def test_every_fact_is_reached() -> None:
    missed = [
        (short, name)
        for record in records("acronyms.csv")
        for short in record["short"].split(";")
        for name in record["names"].split(";")
        if tidy(name).lower() not in {form.written.lower() for form in read_name(short, Kind.ORGANIZATION)}
    ]
    assert missed == []
