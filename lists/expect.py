"""Expectations: may this edition replace the one in force? Pure. Each refusal says what was found, and what to do."""

from datetime import date
from typing import Protocol

from core.errors import ListExpectationError
from lists.source import Source


class Edition(Protocol):
    """What of a snapshot the expectations look at."""

    @property
    def published_on(self) -> date | None:
        """The day the publisher dates it."""

    @property
    def entities(self) -> int:
        """How many entities it holds."""

    @property
    def sample(self) -> bool:
        """Whether it is the excerpt bundled with Caspian."""


def check(source: Source, new: Edition, in_force: Edition | None, *, allow_older: bool = False) -> None:
    """Raise ListExpectationError unless `new` may come into force.

    The count must lie in the source's range and not fall by more than its greatest drop; an edition older than the
    one in force must be asked for (`allow_older`), and then the drop is expected. The bundled sample has no range to
    keep, never replaces a real edition, and is replaced by any.
    """
    if new.sample:
        _check_sample(source, in_force)
        return
    _check_range(source, new.entities)
    if in_force is None or in_force.sample or allow_older:
        return
    _check_date(source, new.published_on, in_force.published_on)
    _check_drop(source, new.entities, in_force.entities)


def _check_sample(source: Source, in_force: Edition | None) -> None:
    if in_force is not None and not in_force.sample:
        msg = f"{source.title}: the bundled sample never replaces a real edition"
        raise ListExpectationError(msg)


def _check_range(source: Source, found: int) -> None:
    fewest, most = source.expect.fewest, source.expect.most
    if not fewest <= found <= most:
        msg = (
            f"{source.title}: the file holds {found:,} entities, expected {fewest:,} to {most:,}; "
            "it is cut short or another list, or the range in the source's module needs a new look"
        )
        raise ListExpectationError(msg)


def _check_date(source: Source, new: date | None, in_force: date | None) -> None:
    if new is not None and in_force is not None and new < in_force:
        msg = (
            f"{source.title}: the file was published on {new}, before the edition in force ({in_force}); "
            "to go back to it on purpose, import it with --allow-older"
        )
        raise ListExpectationError(msg)


def _check_drop(source: Source, found: int, before: int) -> None:
    allowed = source.expect.drop
    if before and (before - found) / before > allowed:
        msg = (
            f"{source.title}: the file holds {found:,} entities, {(before - found) / before:.0%} fewer than the "
            f"{before:,} in force; at most {allowed:.0%} may vanish at once"
        )
        raise ListExpectationError(msg)
