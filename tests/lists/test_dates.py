"""Dates: every form the publishers use, and birth dates as users type them, in both calendars."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ListContentError
from lists.dates import (
    between,
    exact_day,
    of_parts,
    partial_date,
    persian_span,
    persian_to_gregorian,
    read_birth_date,
)


@pytest.mark.parametrize(
    ("text", "earliest", "latest", "about"),
    [
        ("1961", "1961-01-01", "1961-12-31", False),
        ("03 Apr 1961", "1961-04-03", "1961-04-03", False),
        ("3 April 1961.", "1961-04-03", "1961-04-03", False),
        ("Apr 1961", "1961-04-01", "1961-04-30", False),
        ("Nov. 1973", "1973-11-01", "1973-11-30", False),
        ("Feb 1960", "1960-02-01", "1960-02-29", False),
        ("circa 1961", "1961-01-01", "1961-12-31", True),
        ("circa 03 Apr 1961", "1961-04-03", "1961-04-03", True),
        ("Approximately 1961", "1961-01-01", "1961-12-31", True),
        ("1960 to 1962", "1960-01-01", "1962-12-31", False),
        ("circa 1960-1962", "1960-01-01", "1962-12-31", True),
        ("Between 1960 and 1965", "1960-01-01", "1965-12-31", False),
        ("01 Jan 1960 to 30 Jun 1961", "1960-01-01", "1961-06-30", False),
        ("Aug 1977 to Sep 1977", "1977-08-01", "1977-09-30", False),
        ("1961-04-03", "1961-04-03", "1961-04-03", False),
        ("2015-07-01-04:00", "2015-07-01", "2015-07-01", False),
        ("2026-08-01T23:00:03.110Z", "2026-08-01", "2026-08-01", False),
        ("2022-03-18T14:52:26.947+01:00", "2022-03-18", "2022-03-18", False),
    ],
)
def test_forms_of_publishers(text: str, earliest: str, latest: str, about: bool) -> None:
    found = partial_date(text)
    assert (found.earliest.isoformat(), found.latest.isoformat(), found.approximate) == (earliest, latest, about)
    assert found.text == text


def test_the_order_of_day_and_month_is_the_publishers() -> None:
    assert partial_date("04/03/1961", day_first=True).earliest == date(1961, 3, 4)
    assert partial_date("04/22/2026", day_first=False).earliest == date(2026, 4, 22)
    unknown_day = partial_date("00/00/1980", day_first=True)
    assert (unknown_day.earliest, unknown_day.latest) == (date(1980, 1, 1), date(1980, 12, 31))
    with pytest.raises(ListContentError, match="cannot be told apart"):
        partial_date("04/03/1961")


@pytest.mark.parametrize(
    "text", ["", "unknown", "30-35 years old", "31 Feb 1961", "13/13/1961", "1339", "1962 to 1960", "3 Foo 1961", "61"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ListContentError, match="cannot be read"):
        partial_date(text, day_first=True)


def test_parts_and_ranges() -> None:
    assert of_parts(1961, 4).latest == date(1961, 4, 30)
    assert of_parts(1961, 4, 3, approximate=True).approximate
    assert (of_parts(1961, 0, 0).earliest, of_parts(1961, 0, 0).text) == (date(1961, 1, 1), "1961")
    assert between(1968, 1963).earliest == date(1963, 1, 1), "a range given the wrong way round is turned"
    for wrong in (lambda: of_parts(1961, 13), lambda: of_parts(1961, 2, 30), lambda: between(61, 1962)):
        with pytest.raises(ListContentError):
            wrong()


def test_exact_day() -> None:
    assert exact_day("") is None
    assert exact_day("2016-10-13") == date(2016, 10, 13)
    for vague in ("2016", "Oct 2016", "circa 13 Oct 2016"):
        with pytest.raises(ListContentError, match="not one day"):
            exact_day(vague)


@pytest.mark.parametrize(
    ("text", "earliest", "latest"),
    [
        ("1961", "1961-01-01", "1961-12-31"),
        ("1961-04", "1961-04-01", "1961-04-30"),
        ("1961/4/3", "1961-04-03", "1961-04-03"),
        ("3 Apr 1961", "1961-04-03", "1961-04-03"),
        ("1340", "1961-03-21", "1962-03-20"),
        ("1340-01", "1961-03-21", "1961-04-20"),
        ("1340-01-14", "1961-04-03", "1961-04-03"),
        ("۱۳۴۰/۰۱/۱۴", "1961-04-03", "1961-04-03"),
        ("١٣٤٠/٠١/١٤", "1961-04-03", "1961-04-03"),
    ],
)
def test_birth_dates_of_users(text: str, earliest: str, latest: str) -> None:
    found = read_birth_date(text)
    assert (found.earliest.isoformat(), found.latest.isoformat()) == (earliest, latest)
    assert found.text == text


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("04/03/1961", "year-month-day"),
        ("yesterday", "1961-04-03"),
        ("1961-13", "no month 13"),
        ("1961-02-30", "no day 30"),
        ("1961-00-03", "needs its month"),
        ("1404-12-30", "Persian calendar"),
        ("1340-13", "no month 13"),
        ("1200", "not between"),
        ("", "1961"),
    ],
)
def test_birth_dates_that_cannot_be_read_say_what_to_write(text: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        read_birth_date(text)


@pytest.mark.parametrize(
    ("persian", "gregorian"),
    [
        ((1300, 1, 1), date(1921, 3, 21)),
        ((1357, 11, 22), date(1979, 2, 11)),  # the revolution's day
        ((1368, 3, 14), date(1989, 6, 4)),
        ((1375, 12, 30), date(1997, 3, 20)),  # a leap year
        ((1398, 10, 13), date(2020, 1, 3)),
        ((1399, 12, 30), date(2021, 3, 20)),  # a leap year
        ((1400, 1, 1), date(2021, 3, 21)),
        ((1403, 12, 30), date(2025, 3, 20)),  # a leap year that the 2820-year rule gets wrong
        ((1404, 1, 1), date(2025, 3, 21)),
    ],
)
def test_known_persian_days(persian: tuple[int, int, int], gregorian: date) -> None:
    assert persian_to_gregorian(*persian) == gregorian


@given(st.integers(1300, 1409), st.integers(1, 12))
def test_persian_months_follow_each_other(year: int, month: int) -> None:
    first, last = persian_span(year, month)
    following = persian_span(year + 1, 1) if month == 12 else persian_span(year, month + 1)
    assert following[0] == last + timedelta(days=1)
    assert (last - first).days + 1 in ((31,) if month <= 6 else (30,) if month <= 11 else (29, 30))


@given(st.integers(1300, 1410))
def test_a_persian_year_begins_on_nowruz(year: int) -> None:
    first, last = persian_span(year)
    assert (first.month, first.day) in ((3, 20), (3, 21), (3, 22))
    assert (last - first).days + 1 in (365, 366)


@given(st.dates(date(1850, 1, 1), date(2100, 12, 31)))
def test_every_day_is_read_back(day: date) -> None:
    for text in (day.isoformat(), day.strftime("%d %b %Y"), day.strftime("%d %B %Y")):
        found = partial_date(text)
        assert found.earliest == found.latest == day
