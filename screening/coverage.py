"""Coverage: which lists an answer rests on, in what state, and what is known not to have been searched.

Stale or missing never reads as clear. The known gaps are a table, `known_gaps.csv`, each with its citation; a gap is
closed by the source named in its row.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from importlib import resources

from lists.snapshots import SnapshotInfo
from lists.source import Source
from screening.answer import CoveredList, Gap

FRESH, STALE = "fresh", "stale"


@dataclass(frozen=True, slots=True)
class Checked:
    """When a source was last checked successfully, and for how long that counts."""

    last_success_at: datetime | None
    max_age: timedelta

    def state(self, now: datetime) -> str:
        """Return fresh or stale at the moment `now`."""
        if self.last_success_at is None:
            return STALE
        return FRESH if now - self.last_success_at <= self.max_age else STALE


@dataclass(frozen=True, slots=True)
class Coverage:
    """What is searched at one moment. `missing` says what would make it complete, `warnings` the same in short."""

    covered: tuple[CoveredList, ...]
    not_covered: tuple[Gap, ...]
    missing: tuple[str, ...]
    warnings: tuple[str, ...]

    @property
    def sample(self) -> bool:
        """True while any list is only the bundled sample."""
        return any(searched.sample for searched in self.covered)


def coverage_at(
    now: datetime,
    sources: Mapping[str, Source],
    snapshots: Mapping[str, SnapshotInfo],
    checks: Mapping[str, Checked],
    disabled: frozenset[str],
) -> Coverage:
    """Return the coverage of an index over `snapshots` at the moment `now`.

    `sources` are all lists known here; those in `disabled` were switched off by whoever runs the server.
    """
    enabled = [source for key, source in sources.items() if key not in disabled]
    covered = tuple(
        _covered(source, snapshots[source.key], checks.get(source.key), now)
        for source in enabled
        if source.key in snapshots
    )
    absent = [source for source in enabled if source.key not in snapshots and not source.optional]
    off = [source for key, source in sources.items() if key in disabled]
    gaps = (
        *(Gap(key=s.key, title=s.title, reason="not loaded yet", blocks_clear=True) for s in absent),
        *(Gap(key=s.key, title=s.title, reason="switched off on this server") for s in off),
        *_known_gaps({searched.key for searched in covered} | {s.key for s in (*absent, *off)}),
    )
    return Coverage(covered, gaps, _missing(covered, absent, checks), _warnings(covered, absent))


def _covered(source: Source, info: SnapshotInfo, check: Checked | None, now: datetime) -> CoveredList:
    return CoveredList(
        key=source.key,
        title=source.title,
        publisher=source.publisher,
        snapshot_id=info.id,
        published_on=info.published_on,
        fetched_at=info.fetched_at,
        file_sha256=info.file_sha256,
        entities=info.entities,
        state=STALE if check is None else check.state(now),
        sample=info.sample,
    )


def _missing(
    covered: Sequence[CoveredList], absent: Sequence[Source], checks: Mapping[str, Checked]
) -> tuple[str, ...]:
    found = [f"The list {source.title}. None of its files has been loaded on this server yet." for source in absent]
    for searched in covered:
        if searched.sample:
            found.append(
                f"The whole list {searched.title}. Only the sample bundled with Caspian is loaded; "
                "import the published file."
            )
        elif searched.state == STALE:
            check = checks.get(searched.key)
            last = None if check is None else check.last_success_at
            when = "never checked with success" if last is None else f"last checked with success on {_day(last)}"
            found.append(
                f"A fresh list {searched.title}. It was {when}; screening again after a refresh costs nothing."
            )
    return tuple(found)


def _warnings(covered: Sequence[CoveredList], absent: Sequence[Source]) -> tuple[str, ...]:
    found = [f"The list {source.title} was not searched: it is not loaded." for source in absent]
    for searched in covered:
        if searched.sample:
            found.append(f"The list {searched.title} is only the bundled sample.")
        elif searched.state == STALE:
            found.append(f"The list {searched.title} is stale.")
    return tuple(found)


def _known_gaps(closed: set[str]) -> list[Gap]:
    return [
        Gap(key=row["key"], title=row["title"], reason=row["reason"])
        for row in known_gaps()
        if row["closed_by"] not in closed
    ]


@cache
def known_gaps() -> tuple[Mapping[str, str], ...]:
    """Return the rows of the table of known gaps: key, title, reason, closed_by, citation."""
    text = resources.files("screening").joinpath("known_gaps.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(text.splitlines()))


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%b %Y}"
