"""The only place that reads the clock, so that tests can stop it and pure code never asks."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return the current time, aware, in UTC, to the microsecond."""
    return datetime.now(UTC)


def iso(moment: datetime) -> str:
    """Return `moment` as RFC 3339 in UTC with microseconds and a `Z`: `2026-11-24T09:14:07.000000Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
