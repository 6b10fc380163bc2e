"""Remembered: what was found good a moment ago, by the hash of its secret, so that few requests ask the database."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from core.clock import iso, now

SECONDS = 5.0
"""How long what was good is taken as good: a revocation made by another process takes effect within this time, one made
here at once."""

MOST = 10_000

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class _Kept(Generic[Found]):
    found: Found
    until: float  # monotonic seconds
    ends_at: str | None


class Remembered(Generic[Found]):
    """One per process and kind of secret."""

    def __init__(self, seconds: float = SECONDS) -> None:
        self._seconds = seconds
        self._kept: dict[str, _Kept[Found]] = {}

    def get(self, hashed: str) -> Found | None:
        """Return what stands behind a secret, if that was found out a moment ago and it has not ended since."""
        kept = self._kept.get(hashed)
        if kept is None or kept.until < time.monotonic():
            return None
        return None if kept.ends_at is not None and kept.ends_at <= iso(now()) else kept.found

    def keep(self, hashed: str, found: Found, ends_at: str | None) -> None:
        """Remember it for a few seconds, but never beyond `ends_at`."""
        if len(self._kept) >= MOST:
            self._kept.clear()
        self._kept[hashed] = _Kept(found, time.monotonic() + self._seconds, ends_at)

    def drop(self, is_gone: Callable[[Found], bool]) -> None:
        """Forget everything that `is_gone` says has ended."""
        self._kept = {hashed: kept for hashed, kept in self._kept.items() if not is_gone(kept.found)}
