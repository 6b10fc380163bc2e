"""Coincidences: which made-up names are taken for a listed name, whatever the spelling, and which are not."""

import pytest

from lists.entity import Kind, ListedEntity, Name, NameType
from screening.validation.coincidences import ListedNames
from screening.validation.innocents import Innocent, innocents


def _listed(*names: tuple[str, Kind]) -> ListedNames:
    return ListedNames(
        ListedEntity(f"t:{number}", "t", kind, (Name(name, NameType.PRIMARY),))
        for number, (name, kind) in enumerate(names)
    )


LISTED = _listed(
    ("Igor MASLOV", Kind.PERSON),
    ("МИХЕЕВ Сергей Александрович", Kind.PERSON),
    ("Seyed Behrouz PARSA", Kind.PERSON),
    ("Aleksandr MOROZOV", Kind.PERSON),
    ("ARMAN SHIPPING CO LLC", Kind.ORGANIZATION),
    ("AKTSIONERNOE OBSHCHESTVO ATLANT TORG", Kind.ORGANIZATION),
    ("Sabalan Petrochemical Company (SPC)", Kind.ORGANIZATION),
)


def _person(*parts: tuple[str, ...], father: tuple[str, ...] = ()) -> Innocent:
    return Innocent("made", "as it is written", Kind.PERSON, parts, father)


@pytest.mark.parametrize(
    ("made", "coincides"),
    [
        (_person(("Игорь", "Igor"), ("Маслов", "Maslov")), True),
        (_person(("Igor",), ("Maslova",)), False),
        (_person(("Igor",), ("Maslov",), father=("Иванович", "Ivanovich")), True),
        (_person(("Сергей", "Sergei"), ("Михеев", "Mikheev")), True),
        (_person(("Сергей",), ("Михеев",), father=("Александрович", "Aleksandrovich")), True),
        (_person(("Сергей",), ("Михеев",), father=("Петрович", "Petrovich")), False),
        (_person(("بهروز", "Behrooz"), ("پارسا", "Parsa")), True),
        (_person(("Alexandr",), ("Morozov",)), True),
        (_person(("Igor",), ("Parsa",)), False),
        (Innocent("made", "Arman Shipping JSC", Kind.ORGANIZATION, (("Arman",), ("Shipping",))), True),
        (Innocent("made", "Atlant-Torg OOO", Kind.ORGANIZATION, (("Atlant",), ("Torg",))), True),
        (Innocent("made", "Sabalan Petrochemical Co.", Kind.ORGANIZATION, (("Sabalan",), ("Petrochemical",))), True),
        (Innocent("made", "Arman Steel LLC", Kind.ORGANIZATION, (("Arman",), ("Steel",))), False),
        (Innocent("made", "Igor Maslov", Kind.ORGANIZATION, (("Igor",), ("Maslov",))), False),
    ],
)
def test_only_a_whole_listed_name_of_its_kind_coincides(made: Innocent, coincides: bool) -> None:
    assert LISTED.coincides(made) is coincides


def test_a_name_is_recognised_in_whichever_spelling_it_is_made() -> None:
    """Whatever spelling a made-up name has, listed word for word as it stands it is a coincidence."""
    for made in innocents(300, 11):
        assert _listed((made.name, made.kind)).coincides(made), made
