"""Programmes: the measure comes from the list and the sanctions type, never from the tag where that leaves a choice."""

from pathlib import Path

import pytest
from lxml import etree

from core.errors import ListContentError
from lists.entity import Measure
from lists.programmes import programme, rows


@pytest.mark.parametrize(
    ("code", "list_name", "sanctions_type", "measure"),
    [
        ("RUSSIA-EO14024", "SDN List", "", Measure.BLOCKING),
        ("RUSSIA-EO14024", "Consolidated List", "Executive Order 14024 Directive 2", Measure.CAPTA),
        ("RUSSIA-EO14024", "Consolidated List", "Executive Order 14024 Directive 1a", Measure.SECTORAL),
        ("UKRAINE-EO13662", "Sectoral Sanctions Identifications List", "", Measure.SECTORAL),
        ("UKRAINE-EO13662", "Consolidated List", "", Measure.SECTORAL),
        ("561-Related", "CAPTA List", "", Measure.CAPTA),
        ("NS-PLC", "Non-SDN Palestinian Legislative Council List", "", Measure.REJECT),
        ("CMIC-EO13959", "Non-SDN CMIC List", "", Measure.INVESTMENT),
        ("CAATSA - RUSSIA", "Non-SDN Menu-Based Sanctions List", "", Measure.MENU_BASED),
        ("SDGT", "Consolidated List", "", Measure.UNKNOWN),
        ("SDGT", "", "", Measure.BLOCKING),
    ],
)
def test_one_ofac_tag_does_different_things(code: str, list_name: str, sanctions_type: str, measure: Measure) -> None:
    found = programme("ofac", code, list_name=list_name, sanctions_type=sanctions_type)
    assert found.measure is measure
    assert (found.code, found.list_name) == (code, list_name)
    assert found.title
    assert found.legal_basis
    assert found.meaning


def test_collisions_of_codes() -> None:
    assert programme("un", "GB").title.startswith("Guinea-Bissau")
    assert programme("un", "GB").measure is Measure.TRAVEL_BAN
    assert programme("eu", "SDN").title.startswith("Sudan")


def test_an_eu_entry_without_a_programme_is_unknown_never_none() -> None:
    found = programme("eu", "")
    assert found.measure is Measure.UNKNOWN
    assert "names no programme" in found.meaning


def test_the_unknown_is_named() -> None:
    with pytest.raises(ListContentError, match="programme 'MOON-EO1'"):
        programme("ofac", "MOON-EO1")
    with pytest.raises(ListContentError, match="list 'Other List'"):
        programme("ofac", "SDGT", list_name="Other List")
    with pytest.raises(ListContentError, match="sanctions type 'Maybe'"):
        programme("ofac", "SDGT", sanctions_type="Maybe")
    with pytest.raises(ListContentError):
        programme("eu", "RUSSIA-EO14024")


def test_every_row_is_whole() -> None:
    seen = set()
    for row in rows():
        assert (row.authority, row.row, row.code) not in seen
        seen.add((row.authority, row.row, row.code))
        assert row.measures, row.code
        assert row.meaning, row.code
        assert row.source, row.code
        assert row.certainty in ("R", "S", "K")


@pytest.mark.full_lists
@pytest.mark.parametrize("file", ["current/SDN.XML", "current/CONSOLIDATED.XML", "previous/SDN.XML"])
def test_every_programme_of_the_real_ofac_files_is_known(shared_lists: Path, file: str) -> None:
    seen = {element.text for _, element in etree.iterparse(str(shared_lists / file), tag="{*}program")}
    assert all(programme("ofac", code).meaning for code in seen)
    assert len(seen) > 10
