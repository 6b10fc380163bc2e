"""Figures, pictures and tables of a validation: what they count, and that they say the same."""

import csv
import io
from xml.etree import ElementTree

import pytest
from validation_lists import validation_lists

from benchmarks.themselves import by_script, script_of
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.validation.figures import Minimums, Share
from screening.validation.page import pictures
from screening.validation.samples import CLEAN
from screening.validation.table import cases_csv, figures_csv
from screening.validation.validation import NEW, Plan, Validation, validate

PLAN = Plan(queries=4, innocents=60, seed=3)


@pytest.fixture(scope="module")
def told() -> list[tuple[str, int, int]]:
    return []


@pytest.fixture(scope="module")
def validation(told: list[tuple[str, int, int]]) -> Validation:
    listed = validation_lists()
    index = ListIndex.build(listed)
    return validate(index, listed, {"made:RU0", "made:IR4"}, (PLAN, Policy()), lambda *how_far: told.append(how_far))


@pytest.mark.parametrize(
    ("part", "whole", "low", "high"),
    [(0, 0, 0.0, 1.0), (95, 100, 0.888, 0.978), (0, 200, 0.0, 0.0188), (200, 200, 0.9812, 1.0)],
)
def test_wilsons_interval(part: int, whole: int, low: float, high: float) -> None:
    """The figures are those of Wilson's formula as statistics packages give them."""
    assert Share(part, whole).interval == pytest.approx((low, high), abs=0.0005)


def test_every_name_counts_once(validation: Validation, told: list[tuple[str, int, int]]) -> None:
    assert sum(one.raised.whole for one in validation.classes) == len(validation.tried)
    assert sum(one.tried for one in validation.groups) == validation.innocents.tried == PLAN.innocents
    assert validation.recall.whole == len(validation.tried) - sum(t.query.group == CLEAN for t in validation.tried)
    for what, total in (("changed names", len(validation.tried)), ("made-up names", PLAN.innocents)):
        assert (what, total, total) in told


def test_a_listed_name_finds_itself_first(validation: Validation) -> None:
    clean = next(one for one in validation.classes if one.key == CLEAN)
    assert clean.raised.value == clean.first.value == 1.0
    assert {one.query.group for one in validation.new} == {NEW}
    assert [one.rank for one in validation.new] == [1, 1]
    assert validation.missed_new == ()


def test_recall_and_alarms_fall_as_the_threshold_rises(validation: Validation) -> None:
    recall = [point.recall for point in validation.curve]
    alarms = [point.alarms for point in validation.curve]
    assert recall == sorted(recall, reverse=True)
    assert alarms == sorted(alarms, reverse=True)
    in_force = next(p for p in validation.curve if p.threshold == validation.policy.review_threshold)
    assert in_force.recall == validation.recall.value


def test_minimums_are_held_against_the_figures(validation: Validation) -> None:
    assert validation.faults(Minimums(recall=0.0, alarms=1.0)) == ()
    assert len(validation.faults(Minimums(recall=1.01, alarms=-0.01))) == 2


def test_listed_names_are_counted_by_their_script(validation: Validation) -> None:
    groups = by_script(validation.new + tuple(one for one in validation.tried if one.query.group == CLEAN))
    assert sum(map(len, groups.values())) == len(validation.new) + 4
    assert script_of("«Андрей» SHEIN") == "cyrillic"
    assert script_of("محمود") == "arabic"
    assert script_of("61-A") == "latin"
    assert script_of("99") == "none"


def test_pictures_are_xml_with_a_title_and_say_the_figures(validation: Validation) -> None:
    drawn = pictures(validation, Minimums())
    for picture in (drawn.classes, drawn.recall, drawn.alarms, drawn.tiers):
        root = ElementTree.fromstring(picture)
        assert root.find("{http://www.w3.org/2000/svg}title") is not None
    assert f"recall {validation.recall.value:.1%} at 70" in drawn.recall
    assert drawn.classes.count("<path") == len(validation.classes)


def test_tables_hold_every_case_and_every_figure(validation: Validation) -> None:
    cases = list(csv.DictReader(io.StringIO(cases_csv(validation))))
    assert len(cases) == len(validation.tried) + len(validation.new) + len(validation.cleared)
    raised = sum(row["raised"] == "yes" for row in cases if row["set"] == "changed names" and row["group"] != CLEAN)
    assert raised == validation.recall.part
    rows = {(r["set"], r["group"], r["measure"]): r for r in csv.DictReader(io.StringIO(figures_csv(validation)))}
    assert rows["changed names", "all", "raised"]["part"] == str(validation.recall.part)
    assert rows["newly listed", "all", "raised"]["whole"] == "2"
