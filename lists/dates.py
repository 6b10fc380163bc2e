"""Dates as publishers write them, known in part or about, read into ranges of days; and birth dates as users type them.

The forms were taken from the OFAC, EU, UN and UK files themselves. What cannot be read raises ListContentError; the
parser decides whether that stops it or whether the text is kept as a fact.
"""

import re
from calendar import monthrange
from datetime import date, timedelta

from core.errors import ListContentError
from lists.entity import PartialDate

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"),
            ("feb", "february"),
            ("mar", "march"),
            ("apr", "april"),
            ("may",),
            ("jun", "june"),
            ("jul", "july"),
            ("aug", "august"),
            ("sep", "sept", "september"),
            ("oct", "october"),
            ("nov", "november"),
            ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}

_ABOUT = re.compile(r"^(circa|approximately|approx\.?|about|c\.|ca\.?)\s*(?=\d|[a-z])", re.IGNORECASE)
_RANGE = re.compile(r"^(?:between\s+)?(.+?)\s+(?:to|and)\s+(.+)$|^(\d{4})\s*[-–]\s*(\d{4})$", re.IGNORECASE)
_YEAR = re.compile(r"^(\d{4})$")
_MONTH_YEAR = re.compile(r"^([A-Za-z]{3,9})\.?\s+(\d{4})$")
_DAY_MONTH_YEAR = re.compile(r"^(\d{1,2})\s+([A-Za-z]{3,9})\.?,?\s+(\d{4})$")
_ISO = re.compile(r"^(\d{4})-(\d{1,2})(?:-(\d{1,2})(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?)?$")
_NUMERIC = re.compile(r"^(\d{1,2})[/.](\d{1,2})[/.](\d{4})$")

EARLIEST_YEAR, LATEST_YEAR = 1850, 2100
"""Years outside of this are slips of the pen, not dates of living or recent parties or of their papers."""

PERSIAN_YEARS = range(1300, 1411)
"""Years a user may give in the Persian (solar Hijri) calendar: 1921 to 2032. No Gregorian birth year lies in it."""

_NOWRUZ_1300 = date(1921, 3, 21)
_PERSIAN_MONTHS = (31, 31, 31, 31, 31, 31, 30, 30, 30, 30, 30, 30)


def partial_date(text: str, *, day_first: bool | None = None) -> PartialDate:
    """Read a date in any form the publishers use: `1961`, `03 Apr 1961`, `Apr 1961`, `circa 1961`, `1960 to 1962`,
    `01 Jan 1960 to 31 Dec 1962`, `Between 1960 and 1965`, `1961-04-03`, and `4/3/1961` where `day_first` tells the
    publisher's order (UK true, OFAC's own date false). `00` for an unknown day or month is read as such (UK).

    Returns the range of days it may be, with `text` kept. Raises ListContentError for anything else.
    """
    words = " ".join(text.split()).rstrip(".")
    about = _ABOUT.match(words)
    core = words[about.end() :] if about else words
    try:
        if spread := _RANGE.match(core):
            first, last = (spread[1], spread[2]) if spread[1] else (spread[3], spread[4])
            later = _ABOUT.sub("", last)
            earliest, latest = _span(_ABOUT.sub("", first), day_first)[0], _span(later, day_first)[1]
        else:
            earliest, latest = _span(core, day_first)
    except ValueError as error:
        raise ListContentError(f"the date {text!r} cannot be read: {error}") from error
    if earliest > latest:
        raise ListContentError(f"the date {text!r} cannot be read: the range ends before it begins")
    return PartialDate(earliest, latest, approximate=about is not None, text=text)


def of_parts(year: int, month: int | None = None, day: int | None = None, *, approximate: bool = False) -> PartialDate:
    """Return the range of days that a year, a month or a day covers. Raises ListContentError if there is none such."""
    try:
        earliest, latest = _days(year, month or 0, day or 0)
    except ValueError as error:
        raise ListContentError(f"there is no date {year}-{month}-{day}: {error}") from error
    return PartialDate(earliest, latest, approximate=approximate, text=_iso(year, month, day))


def between(first_year: int, last_year: int, *, approximate: bool = False) -> PartialDate:
    """Return the range from one year to another; turned round if given the wrong way (the EU file has such)."""
    first_year, last_year = sorted((first_year, last_year))
    try:
        earliest, latest = _days(first_year, 0, 0)[0], _days(last_year, 0, 0)[1]
    except ValueError as error:
        raise ListContentError(f"there is no range {first_year} to {last_year}: {error}") from error
    return PartialDate(earliest, latest, approximate=approximate, text=f"{first_year} to {last_year}")


def exact_day(text: str, *, day_first: bool | None = None) -> date | None:
    """Read the day of a listing or a document, None for "". Raises ListContentError if it is no single day."""
    if not text:
        return None
    found = partial_date(text, day_first=day_first)
    if found.earliest != found.latest or found.approximate:
        raise ListContentError(f"the date {text!r} is not one day")
    return found.earliest


def read_birth_date(text: str) -> PartialDate:
    """Read a birth date that a user typed: `1961`, `1961-04`, `1961-04-03`, `3 Apr 1961`, or the same in the Persian
    calendar (`1340`, `1340-01-14`, `۱۳۴۰/۰۱/۱۴`), which becomes the Gregorian day or range.

    Raises ValueError with what to write instead.
    """
    plain = _ascii_digits(" ".join(text.split()))
    parts = re.match(r"^(\d{4})(?:[-/.](\d{1,2})(?:[-/.](\d{1,2}))?)?$", plain)
    if parts:
        year, month, day = (int(part) if part else 0 for part in parts.groups())
        if year in PERSIAN_YEARS:
            earliest, latest = persian_span(year, month, day)
        else:
            earliest, latest = _days(year, month, day, strict=True)
        return PartialDate(earliest, latest, text=text)
    if _NUMERIC.match(plain):
        raise ValueError(f"{text!r} may be read two ways; write year-month-day, as in 1961-04-03")
    try:
        found = partial_date(plain)
    except ListContentError as error:
        raise ValueError(
            f"{text!r} is not a date that can be read; write 1961, 1961-04 or 1961-04-03, or in Persian 1340-01-14"
        ) from error
    return PartialDate(found.earliest, found.latest, approximate=found.approximate, text=text)


def persian_span(year: int, month: int = 0, day: int = 0) -> tuple[date, date]:
    """Return the Gregorian days that a Persian year, month or day covers; 0 stands for not said. Raises ValueError."""
    if not month:
        last = persian_to_gregorian(year, 12, _persian_month_days(year, 12))
        return persian_to_gregorian(year, 1, 1), last
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    if not day:
        return persian_to_gregorian(year, month, 1), persian_to_gregorian(year, month, _persian_month_days(year, month))
    exact = persian_to_gregorian(year, month, day)
    return exact, exact


def persian_to_gregorian(year: int, month: int, day: int) -> date:
    """Return the Gregorian day of a Persian (solar Hijri) one. Raises ValueError if there is no such day.

    Leap years follow the 33-year cycle, which gives the true ones from 1210 to 1634 (K. Borkowski, "The Persian
    calendar for 3000 years", 1996): those whose remainder by 33 is 1, 5, 9, 13, 17, 22, 26 or 30.
    """
    if year not in PERSIAN_YEARS:
        raise ValueError(f"the Persian year must be from {PERSIAN_YEARS[0]} to {PERSIAN_YEARS[-1]}")
    if not 1 <= month <= 12 or not 1 <= day <= _persian_month_days(year, month):
        raise ValueError(f"there is no day {year}-{month:02d}-{day:02d} in the Persian calendar")
    years = sum(366 if _persian_leap(earlier) else 365 for earlier in range(PERSIAN_YEARS[0], year))
    return _NOWRUZ_1300 + timedelta(days=years + sum(_PERSIAN_MONTHS[: month - 1]) + day - 1)


def _span(text: str, day_first: bool | None) -> tuple[date, date]:
    text = text.strip()
    if match := _YEAR.match(text):
        return _days(int(match[1]), 0, 0)
    if match := _MONTH_YEAR.match(text):
        return _days(int(match[2]), _month(match[1]), 0)
    if match := _DAY_MONTH_YEAR.match(text):
        return _days(int(match[3]), _month(match[2]), int(match[1]), strict=True)
    if match := _ISO.match(text):
        return _days(int(match[1]), int(match[2]), int(match[3] or 0), strict=True)
    if match := _NUMERIC.match(text):
        if day_first is None:
            raise ValueError("day and month cannot be told apart")
        day, month = (match[1], match[2]) if day_first else (match[2], match[1])
        return _days(int(match[3]), int(month), int(day))
    raise ValueError("its form is not known")


def _days(year: int, month: int, day: int, *, strict: bool = False) -> tuple[date, date]:
    """The days that a date covers; 0 stands for an unknown day or month, unless `strict` forbids a day of no month."""
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise ValueError(f"the year {year} is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    if not month:
        if strict and day:
            raise ValueError("a day needs its month")
        return date(year, 1, 1), date(year, 12, 31)
    if not 1 <= month <= 12:
        raise ValueError(f"there is no month {month}")
    last = monthrange(year, month)[1]
    if not day:
        return date(year, month, 1), date(year, month, last)
    if not 1 <= day <= last:
        raise ValueError(f"{year}-{month:02d} has no day {day}")
    return date(year, month, day), date(year, month, day)


def _month(name: str) -> int:
    try:
        return _MONTHS[name.lower()]
    except KeyError:
        raise ValueError(f"{name!r} is no month") from None


def _iso(year: int, month: int | None, day: int | None) -> str:
    text = f"{year:04d}"
    if month:
        text += f"-{month:02d}"
        if day:
            text += f"-{day:02d}"
    return text


def _persian_leap(year: int) -> bool:
    return year % 33 in (1, 5, 9, 13, 17, 22, 26, 30)


def _persian_month_days(year: int, month: int) -> int:
    return 29 if month == 12 and not _persian_leap(year) else _PERSIAN_MONTHS[month - 1]


def _ascii_digits(text: str) -> str:
    """Persian (۱۳۴۰), Arabic (١٣٤٠) and full-width digits as ASCII; all else unchanged."""
    return "".join(str(int(letter)) if letter.isdecimal() else letter for letter in text)
