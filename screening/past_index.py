"""PastIndexes: indexes over snapshots that were in force earlier, for replays and for screenings as of a past moment.

Their files lie in a directory of their own beside the live ones: `LiveIndex` removes what it does not know there.
"""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from pathlib import Path

from core.database import Database
from core.settings import Settings
from lists.snapshots import SnapshotInfo
from screening.index_build import open_or_build
from screening.live_index import SUFFIX, LiveIndex, index_name
from screening.matching.index import ListIndex

MOST_OPEN = 4
"""Indexes kept open at a time: replays come in runs over the same few days, and each index maps some 100 MB."""

MOST_FILES = 16
"""Files kept: about a month of weekday lists at 60 MB each stays below one gigabyte; any of them can be built again."""


class PastIndexes:
    """Opens the index over any snapshots held, building it if need be. One per process; safe to call concurrently."""

    def __init__(self, database: Database, live: LiveIndex, settings: Settings) -> None:
        self._database = database
        self._live = live
        self._settings = settings
        self._open: OrderedDict[str, ListIndex] = OrderedDict()
        self._lock = asyncio.Lock()

    async def index(self, snapshots: Mapping[str, SnapshotInfo]) -> ListIndex:
        """Return the index over these snapshots, by source key, under the matcher of this version.

        The live index serves where it is over the same. Raises Unavailable when the index cannot be built.
        """
        name = index_name(snapshots)
        if self._live.loaded and self._live.current().hash == name:
            return self._live.current().index
        async with self._lock:
            if name not in self._open:
                path = self._directory / f"{name}{SUFFIX}"
                self._open[name] = await open_or_build(self._database, self._settings.database, snapshots, path)
                await asyncio.to_thread(self._prune, path)
            self._open.move_to_end(name)
            while len(self._open) > MOST_OPEN:
                self._open.popitem(last=False)
            return self._open[name]

    async def file(self, snapshots: Mapping[str, SnapshotInfo]) -> Path:
        """Return the file of the index over these snapshots, for another process to open; built if there is none.

        Raises Unavailable when it cannot be built.
        """
        name = index_name(snapshots)
        if self._live.loaded and self._live.current().hash == name and self._live.current().path.exists():
            return self._live.current().path
        path = self._directory / f"{name}{SUFFIX}"
        async with self._lock:
            if not path.exists():
                await open_or_build(self._database, self._settings.database, snapshots, path)
            await asyncio.to_thread(self._prune, path)
        return path

    @property
    def _directory(self) -> Path:
        return self._settings.index_dir / "past"

    def _prune(self, used: Path) -> None:
        """Remove the files used longest ago. Whoever still maps one keeps its pages: it only loses its name."""
        used.touch()
        paths = sorted(self._directory.glob(f"*{SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in paths[MOST_FILES:]:
            path.unlink(missing_ok=True)
