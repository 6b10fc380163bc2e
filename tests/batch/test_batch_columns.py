"""Columns are known by their headers in three languages, or as the caller says."""

import pytest

from core.errors import InvalidInput
from screening.batch.columns import HEADERS, map_columns
from screening.batch.reading import Row


@pytest.mark.parametrize(("field", "header"), [(field, form) for field, forms in HEADERS.items() for form in forms])
def test_every_header_of_the_table_is_known(field: str, header: str) -> None:
    assert map_columns(["name" if field != "name" else "x", header.upper()]).places[field] == 1


def test_letters_of_an_arabic_keyboard_and_underscores_are_read() -> None:
    assert map_columns(["نام", "كشور", "birth_date"]).places == {"name": 0, "countries": 1, "birth_date": 2}


def test_what_the_caller_says_goes_before_the_header() -> None:
    assert map_columns(["name", "trading as"], {"name": "trading as"}).places == {"name": 1}


def test_a_saved_mapping_says_all_but_for_what_the_caller_says() -> None:
    header = ["name", "trading as", "country"]
    assert map_columns(header, saved={"name": "trading as"}).places == {"name": 1}
    assert map_columns(header, {"countries": "country"}, {"name": "trading as"}).places == {"name": 1, "countries": 2}


@pytest.mark.parametrize(
    ("header", "chosen", "says"),
    [
        (["a", "b"], {}, "no column holds names"),
        (["name"], {"nome": "name"}, "no field of a subject"),
        (["name"], {"name": "Name!"}, "no column 'Name!'"),
    ],
)
def test_a_table_that_cannot_be_mapped_is_refused(header: list[str], chosen: dict[str, str], says: str) -> None:
    with pytest.raises(InvalidInput, match=says):
        map_columns(header, chosen)


def test_a_row_becomes_a_request() -> None:
    columns = map_columns(["id", "name", "country", "imo", "kind"])
    request, read = columns.request(Row(2, ("D-1", "PORT OLYA-3", "RU | IR", "9481910", "Vessel")))
    assert request.reference == "D-1"
    assert read.subject.countries == ("RU", "IR")
    assert read.subject.identifiers[0].value == "9481910"


@pytest.mark.parametrize("cells", [("",), ("x" * 501,), ("A", "Atlantis"), ("A", "IR", "robot")])
def test_a_row_that_cannot_be_read_says_why(cells: tuple[str, ...]) -> None:
    with pytest.raises(InvalidInput) as caught:
        map_columns(["name", "country", "kind"]).request(Row(2, cells))
    assert caught.value.errors
