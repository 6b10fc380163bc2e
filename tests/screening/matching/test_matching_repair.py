"""Repair: words that no list knows are read as what was meant; known words and plain names stay as they are."""

import pytest

from screening.matching.repair import repaired
from screening.names.words import fold_word

NAMES = ("Orekhov", "Jairan", "Superior", "Cloudrun", "Siberian", "Branch", "Dmitriy", "Borisov")
KNOWN = {fold_word(name).sound for name in NAMES}


def knows(sound: str) -> bool:
    return sound in KNOWN


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("CLOUDRUNLLC", "cloudrun llc"),
        ("OPEN JOINT STCK COMPANY", "OPEN JOINT stock COMPANY"),
        ("LIMITED LIABILPTY COMPANY", "LIMITED liability COMPANY"),
        ("SIBERIANBRANCH", "siberian branch"),
        ("Joint Stock Comp any", "Joint Stock Company"),
        ("5UPERIOR", "superior"),
        ("VАWАRС", "VAWARC"),
    ],
)
def test_reads_a_company_as_it_was_meant(written: str, meant: str) -> None:
    assert repaired(written, knows, person=False) == meant


@pytest.mark.parametrize(
    ("written", "meant"), [("Yury 0REKHOV", "Yury orekhov"), ("Drnitriy BORISOV", "dmitriy BORISOV")]
)
def test_reads_a_person_as_it_was_meant(written: str, meant: str) -> None:
    assert repaired(written, knows, person=True) == meant


@pytest.mark.parametrize(
    "name", ["Superior", "Siberian Branch", "Borisnova", "قاسم سلیمانی", "Орехов", "IMO 9481910", ""]
)
def test_leaves_names_alone(name: str) -> None:
    assert repaired(name, knows, person=True) is None


def test_splits_and_unglues_no_personal_name() -> None:
    assert repaired("SIBERIANBRANCH", knows, person=True) is None
