"""Every number of the matcher has its example, and the example holds."""

import ast
from datetime import date
from pathlib import Path

import pytest

from lists.entity import Address, Identifier, Kind, ListedEntity, Name, NameType, PartialDate, VesselFacts
from screening.matching import numbers
from screening.matching.example import FACT_EXAMPLES, NAME_EXAMPLES, FactExample, NameExample
from screening.matching.matcher import compare
from screening.matching.policy import Policy
from screening.matching.scoring import FEATURES
from screening.matching.subject import Subject

NUMBERS = Path(__file__).resolve().parents[3] / "screening" / "matching" / "numbers.py"


def _title(example: NameExample | FactExample) -> str:
    return f"{example.subject} | {example.listed}"


@pytest.mark.parametrize("example", NAME_EXAMPLES, ids=_title)
def test_names_score_within_the_bounds_of_their_example(example: NameExample) -> None:
    listed = ListedEntity("x:1", "x", example.kind, (Name(example.listed, NameType.PRIMARY),))
    score = compare(Subject(example.subject, example.kind), listed, Policy()).name_score
    assert example.low <= score <= example.high


@pytest.mark.parametrize("example", FACT_EXAMPLES, ids=lambda e: f"{e.feature} {_title(e)}")
def test_a_fact_has_the_effect_of_its_example(example: FactExample) -> None:
    subject, listed = _beside(example)
    found = [q for feature in FEATURES if (q := feature(subject, listed)) is not None]
    effects = [q.effect for q in found if q.feature == example.feature]
    if example.effect == -numbers.BIRTH_NEAR_DAYS:  # a number of days: two dates this near are near, not different
        assert effects == [-numbers.BIRTH_NEAR]
    else:
        assert effects == [example.effect]


def test_no_number_stands_without_its_example() -> None:
    tree = ast.parse(NUMBERS.read_text(encoding="utf-8"))
    bare = [
        target.id
        for node in tree.body
        if isinstance(node, ast.Assign) and not isinstance(node.value, ast.Call)
        for target in node.targets
        if isinstance(target, ast.Name) and not target.id.startswith("_")
    ]
    assert bare == []


def _date(text: str) -> PartialDate:
    if "/" in text:
        first, last = text.split("/")
        return PartialDate(date(int(first), 1, 1), date(int(last), 12, 31))
    if len(text) == 4:
        return PartialDate(date(int(text), 1, 1), date(int(text), 12, 31))
    return PartialDate(date.fromisoformat(text), date.fromisoformat(text))


def _identifier(text: str, *, strong: bool) -> Identifier:
    kind, value = text.split(":")
    return Identifier(kind, value, strong=strong)


def _beside(example: FactExample) -> tuple[Subject, ListedEntity]:
    ours, theirs = example.subject, example.listed
    kind = Kind.VESSEL if example.feature.startswith("vessel") else Kind.PERSON
    names = (Name("X", NameType.PRIMARY),)
    weak = example.feature == "identifier" and ours.startswith("registration")
    subjects: dict[str, Subject] = {
        "identifier": Subject("X", identifiers=(_identifier(ours, strong=False),) if ":" in ours else ()),
        "birth_date": Subject("X", birth_date=_date(ours) if example.feature == "birth_date" else None),
        "gender": Subject("X", gender=ours),
        "country": Subject("X", countries=(ours,)),
        "address": Subject("X", addresses=(ours,)),
        "vessel_flag": Subject("X", countries=(ours,)),
        "vessel_type": Subject("X", vessel_type=ours),
        "vessel_tonnage": Subject("X", gross_tonnage=int(ours) if ours.isdigit() else None),
        "vessel_built": Subject("X", built=int(ours) if ours.isdigit() else None),
    }
    listed: dict[str, ListedEntity] = {
        "identifier": ListedEntity(
            "x:1", "x", kind, names, identifiers=(_identifier(theirs, strong=not weak),) if ":" in theirs else ()
        ),
        "birth_date": ListedEntity(
            "x:1", "x", kind, names, birth_dates=(_date(theirs),) if example.feature == "birth_date" else ()
        ),
        "gender": ListedEntity("x:1", "x", kind, names, genders=(theirs,)),
        "country": ListedEntity("x:1", "x", kind, names, nationalities=(theirs,)),
        "address": ListedEntity("x:1", "x", kind, names, addresses=(Address(theirs, city="Tehran", country="IR"),)),
        "vessel_flag": ListedEntity("x:1", "x", kind, names, vessel=VesselFacts(flag=theirs)),
        "vessel_type": ListedEntity("x:1", "x", kind, names, vessel=VesselFacts(type=theirs)),
        "vessel_tonnage": ListedEntity(
            "x:1", "x", kind, names, vessel=VesselFacts(gross_tonnage=int(theirs) if theirs.isdigit() else None)
        ),
        "vessel_built": ListedEntity("x:1", "x", kind, names, vessel=VesselFacts(built=theirs)),
    }
    return subjects[example.feature], listed[example.feature]
