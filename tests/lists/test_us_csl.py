"""The US Consolidated Screening List: row by row on a small file of real rows, loud on what no rule knows."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ListContentError, ListFormatError
from lists.entity import Kind, ListedEntity, Measure
from lists.sources.us_csl import CODES, COLUMNS, parse

FIXTURE = Path(__file__).parents[1] / "fixtures" / "lists" / "us_csl.csv"


@pytest.fixture(scope="module")
def entities() -> dict[str, ListedEntity]:
    return {entity.primary_name: entity for entity in parse(FIXTURE).entities}


def file(tmp_path: Path, **cells: str) -> Path:
    """A file of one row of the Entity List with these cells."""
    row = {"_id": "a" * 40, "source": next(iter(CODES)), "name": "Example Plant JSC"} | cells
    path = tmp_path / "csl.csv"
    line = ",".join(f'"{row.get(column, "")}"' for column in COLUMNS)
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8")
    return path


def test_the_file(entities: dict[str, ListedEntity]) -> None:
    parsed = parse(FIXTURE)
    assert (parsed.published_on, parsed.format) == (None, "US Consolidated Screening List CSV")
    assert len(entities) == 11, "the two rows of OFAC's are left to OFAC's own files"


def test_a_firm_with_aliases(entities: dict[str, ListedEntity]) -> None:
    plant = entities["140 Repair Plant JSC"]
    assert (plant.kind, plant.listed_on) == (Kind.ORGANIZATION, date(2022, 4, 7))
    assert [name.value for name in plant.names[1:]] == [
        "Open Joint Stock Company 140 Repair Plant",
        "JSC 140 Repair Plant",
    ]
    assert [address.country for address in plant.addresses] == ["BY"]
    (listing,) = plant.programmes
    assert (listing.code, listing.measure, listing.title) == ("EL", Measure.EXPORT_CONTROL, "Entity List (EL)")
    assert ("licence policy", "Policy of denial.") in plant.facts


def test_persons_and_firms_are_told_apart(entities: dict[str, ListedEntity]) -> None:
    kinds = {name: entity.kind.value for name, entity in entities.items()}
    assert kinds["Mahdi Keivan Bahari"] == kinds["YAVUZ CIZMECI"] == kinds["Helmi Soedirdja"] == "person"
    assert kinds["AO Kronshtadt"] == kinds["SKY BLUE BIRD LTD"] == kinds["Academy of Business Security"]
    assert kinds["AO Kronshtadt"] == "organization"


def test_the_affiliate_that_is_meant_is_a_name(entities: dict[str, ListedEntity]) -> None:
    (huawei,) = [entity for name, entity in entities.items() if name.startswith("Huawei")]
    assert huawei.names[1].value == "Shenzhen Huawei New Technology Co., Ltd."


def test_successors_are_a_fact_and_no_part_of_the_name(entities: dict[str, ListedEntity]) -> None:
    bearings = entities["PFK Profpodshipnik, LLC"]
    assert ("also listed", "any successor, sub-unit or subsidiary") in bearings.facts
    assert [listing.code for listing in bearings.programmes] == ["INKSNA"]


def test_each_programme_of_a_row_is_a_listing_that_does_what_its_list_does(entities: dict[str, ListedEntity]) -> None:
    listings = entities["Buhary Seyed Abu Tahir"].programmes
    assert [listing.code for listing in listings] == ["Export-Import Bank Act", "Nuclear Proliferation Prevention Act"]
    assert {listing.measure for listing in listings} == {Measure.MENU_BASED}


def test_punctuation_in_control_characters_is_put_right(entities: dict[str, ListedEntity]) -> None:
    assert "CAST Xi’an Spaceflight Engine Factory" in entities


@pytest.mark.parametrize(("written", "meant"), [("0097-06-30", date(1997, 6, 30)), ("0017-05-26", date(2017, 5, 26))])
def test_a_year_of_two_figures(tmp_path: Path, written: str, meant: date) -> None:
    (found,) = parse(file(tmp_path, start_date=written)).entities
    assert found.listed_on == meant


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (
            {"source": "Moon List (ML) - Bureau of the Moon"},
            "the list 'Moon List (ML)",
        ),
        ({"programs": "E.O. 99999"}, "E.O. 99999"),
        ({"dates_of_birth": "1970-01-01"}, "fills dates_of_birth"),
        ({"name": ""}, "no id or no name"),
        ({"start_date": "some day"}, "some day"),
    ],
)
def test_what_no_rule_knows_is_refused(tmp_path: Path, cells: dict[str, str], says: str) -> None:
    with pytest.raises(ListContentError, match=says.replace("(", r"\(").replace(")", r"\)")):
        parse(file(tmp_path, **cells))


@pytest.mark.parametrize("damage", ["cut", "column"])
def test_a_damaged_file_is_refused(tmp_path: Path, damage: str) -> None:
    whole = FIXTURE.read_text(encoding="utf-8")
    path = tmp_path / "csl.csv"
    path.write_text(whole[:-40] if damage == "cut" else whole.replace("alt_names", "other_names", 1), encoding="utf-8")
    with pytest.raises(ListFormatError):
        parse(path)
