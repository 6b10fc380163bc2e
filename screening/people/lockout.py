"""Lockout: how long a name is held back after failed sign-ins. Pure."""

from datetime import timedelta
from typing import Final

FREE: Final = 5
"""Failures in a row that cost nothing: a person mistypes, and forgets which password it was."""

FIRST: Final = timedelta(seconds=30)
LONGEST: Final = timedelta(hours=1)
"""The delay doubles from the first to the longest: long enough that guessing is hopeless, short enough that whoever
fails in another's name cannot keep that person out for a day."""

MOST: Final = 100
"""Failures in a row after which only an administrator lets the person in again (NIST SP 800-63B, section 5.2.2)."""

FOREVER: Final = "9999-12-31T00:00:00.000000Z"
"""Held until somebody unlocks."""


def delay(failures: int) -> timedelta | None:
    """Return how long to hold a name back after so many failures in a row; None: until it is unlocked."""
    if failures >= MOST:
        return None
    if failures < FREE:
        return timedelta()
    doubled: timedelta = FIRST * (1 << min(failures - FREE, 20))
    return min(LONGEST, doubled)
