"""Figures as the console writes them: scores, effects, days, moments, counts, hashes (console design, "Words").

Scores come as tenths of a point and are shown with one decimal, never as a percentage. Times are UTC.
"""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from api.web.text import _, ngettext

FULL: Final = 1000
"""The highest score in tenths."""

MONTHS: Final = (
    _("Jan"),
    _("Feb"),
    _("Mar"),
    _("Apr"),
    _("May"),
    _("Jun"),
    _("Jul"),
    _("Aug"),
    _("Sep"),
    _("Oct"),
    _("Nov"),
    _("Dec"),
)

SMALL_NUMBERS: Final = (
    _("no"),
    _("one"),
    _("two"),
    _("three"),
    _("four"),
    _("five"),
    _("six"),
    _("seven"),
    _("eight"),
    _("nine"),
    _("ten"),
)


def score(tenths: int) -> str:
    """Return a score as the pages show it: `98.0`, and `100` for the full score."""
    return "100" if tenths == FULL else f"{tenths / 10:.1f}"


def effect(tenths: int) -> str:
    """Return what a qualifier did to the score: `+3.0`, `−15.0`, `0`."""
    if tenths == 0:
        return "0"
    return f"{'+' if tenths > 0 else '−'}{abs(tenths) / 10:.1f}"


def share(thousandths: int) -> str:
    """Return a word's share of the whole name: `0.71`."""
    return f"{thousandths / 1000:.2f}"


def day(value: date | None) -> str:
    """Return `23 Nov 2026`, or "not dated" where the publisher gives no day."""
    return _("not dated") if value is None else f"{value.day} {MONTHS[value.month - 1]} {value.year}"


def moment(value: datetime) -> str:
    """Return `24 Nov 2026, 09:14:07` in UTC."""
    at = value.astimezone(UTC)
    return f"{day(at.date())}, {at:%H:%M:%S}"


def short_moment(value: datetime | None) -> str:
    """Return `24 Nov 08:55` in UTC, or "never"."""
    if value is None:
        return _("never")
    at = value.astimezone(UTC)
    return f"{at.day} {MONTHS[at.month - 1]} {at:%H:%M}"


def count(value: int) -> str:
    """Return a number with its thousands marked: `18,758`."""
    return f"{value:,}"


def amount(text: str) -> str:
    """Return an amount that was given as text with its thousands marked: `412,000.50`; what is none as it was given."""
    try:
        return f"{Decimal(text):,f}"
    except InvalidOperation:
        return text


def in_words(number: int) -> str:
    """Return a small number as a word, as running text wants it: `three`; from eleven on in figures."""
    return SMALL_NUMBERS[number] if 0 <= number < len(SMALL_NUMBERS) else count(number)


def duration(span: timedelta) -> str:
    """Return a span as people say it, in its largest unit: `6 days`, `8 h`, `25 min`."""
    minutes = max(int(span.total_seconds() // 60), 0)
    if minutes >= 48 * 60:
        return ngettext("%d day", "%d days", minutes // 1440) % (minutes // 1440)
    if minutes >= 60:
        return _("%d h") % (minutes // 60)
    return _("%d min") % minutes


def span(length: timedelta) -> str:
    """Return a span in its two largest units: `2 d 3 h`, `3 h 46 m`, `14 m`; less than a minute is `0 m`."""
    minutes = max(int(length.total_seconds() // 60), 0)
    days, hours, rest = minutes // 1440, minutes // 60 % 24, minutes % 60
    if days:
        return _("%(days)d d %(hours)d h") % {"days": days, "hours": hours}
    if hours:
        return _("%(hours)d h %(minutes)d m") % {"hours": hours, "minutes": rest}
    return _("%d m") % rest


def short_hash(value: str, length: int = 12) -> str:
    """Return the first letters of a hash and an ellipsis; the whole hash stands in the element's title."""
    return value if len(value) <= length else f"{value[:length]}…"
