"""Reading a request: fields that cannot be read are named; a failing check digit is a warning; wording is plain."""

import pytest

from core.errors import InvalidInput
from screening.reading import Read, read_request
from screening.request import ScreeningRequest


def read(reference: str | None = None, **subject: object) -> Read:
    return read_request(ScreeningRequest.model_validate({"subject": subject, "reference": reference}))


def errors(reference: str | None = None, **subject: object) -> dict[str, str]:
    with pytest.raises(InvalidInput) as refused:
        read(reference, **subject)
    return {error.field: error.message for error in refused.value.errors}


def test_everything_is_read_into_a_subject() -> None:
    subject = read(
        name="Иван Петров",
        kind="person",
        birth_date="1340-01-14",
        countries=["Russia", "IR", "Россия"],
        gender="Male",
        identifiers=[
            {"type": "INN", "value": "7702 070 139"},
            {"type": "passport", "value": "A 123456", "country": "ir"},
        ],
    ).subject
    assert subject.birth_date is not None
    assert subject.birth_date.earliest.isoformat() == "1961-04-03"
    assert subject.countries == ("RU", "IR")
    assert subject.gender == "male"
    assert [(i.type, i.value, i.country) for i in subject.identifiers] == [
        ("inn", "7702070139", "RU"),
        ("passport", "A123456", "IR"),
    ]


def test_every_unreadable_field_is_named_at_once() -> None:
    found = errors(
        "two\nlines",
        name="x",
        birth_date="soon",
        countries=["IR", "Atlantis"],
        gender="?",
        identifiers=[
            {"type": "shoe size", "value": "44"},
            {"type": "passport", "value": "123456", "country": "Atlantis"},
        ],
    )
    assert set(found) == {
        "reference",
        "subject.birth_date",
        "subject.countries.1",
        "subject.gender",
        "subject.identifiers.0.type",
        "subject.identifiers.1.country",
    }
    assert "imo" in found["subject.identifiers.0.type"]


def test_nothing_to_search_for_is_refused() -> None:
    assert "subject.name" in errors(birth_date="1961")


@pytest.mark.parametrize(
    ("kind", "value"), [("imo", "9481911"), ("inn", "7702070130"), ("lei", "549300ABCDEFGHIJKL00"), ("imo", "12345")]
)
def test_a_failing_check_digit_is_searched_and_warned_of(kind: str, value: str) -> None:
    found = read(identifiers=[{"type": kind, "value": value}])
    assert found.subject.identifiers[0].value == value
    assert "check digit" in found.warnings[0]
    assert value not in found.warnings[0]
    assert found.searchable


def test_a_number_without_digits_is_refused() -> None:
    assert "subject.identifiers.0.value" in errors(identifiers=[{"type": "inn", "value": "unknown"}])


@pytest.mark.parametrize(
    ("name", "identifiers", "lacks"),
    [
        ("KASPIY STAR", [], True),
        ("KASPIY STAR 9481911", [], True),
        ("IMO 9481910", [], False),
        ("PORT OLYA-3 (IMO9481910)", [], False),
        ("KASPIY STAR", [{"type": "imo", "value": "9481910"}], False),
    ],
)
def test_a_ship_without_its_number_is_noticed(name: str, identifiers: list[dict[str, str]], lacks: bool) -> None:
    assert read(name=name, kind="vessel", identifiers=identifiers).lacks_imo is lacks
    assert not read(name=name, kind="organization", identifiers=identifiers).lacks_imo
