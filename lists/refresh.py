"""Refresh: look at a list's publisher or mirror now, and bring what it has into force: fetch, read, expect, save.

Every refresh leaves a row, whatever came of it. A list that fails harms no other, and its edition in force stays.
Two processes that refresh one list at once are safe: the second finds it unchanged.
"""

import asyncio
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from core.database import Database
from core.errors import Conflict, ListError, ListFetchError
from core.logging import logger
from core.settings import Settings
from lists import checks, editions, files
from lists.address import address, is_remote, local_path, public
from lists.admit import RefreshResult, Terms, admit_in_order, record, refuse
from lists.checks import CheckOutcome, Validators
from lists.content import parser_version
from lists.editions import Candidate
from lists.fetch import FetchLimits, NotModified, fetch
from lists.files import FetchedFile
from lists.snapshots import SnapshotInfo, in_force
from lists.source import Source

_log = logger(__name__)


async def refresh(
    database: Database, source: Source, settings: Settings, terms: Terms | None = None, *, quick: bool = False
) -> RefreshResult:
    """Check one list now. Returns how it ended; what is wrong with a file or a publisher is in it, never raised.

    `quick`: one attempt and short patience, for a first run. Raises Conflict when the settings switch the list off.
    """
    if not settings.source(source.key).enabled:
        raise Conflict(f"{source.title} is switched off (CASPIAN_LISTS__{source.key.upper()}__ENABLED)")
    terms = replace(terms or Terms(), max_bytes=settings.fetch_max_bytes, started=time.monotonic())
    with TemporaryDirectory(prefix=f"caspian-{source.key}-") as into:
        check = _Check(database, source, settings, terms, Path(into))
        result = await check.run(quick=quick)
    _log.info("list checked", list=source.key, outcome=result.outcome.value, reason=result.reason)
    return result


async def refresh_all(
    database: Database,
    sources: Iterable[Source],
    settings: Settings,
    terms: Terms | None = None,
    *,
    quick: bool = False,
) -> list[RefreshResult]:
    """Check every list that is switched on, all at once; one that fails, even unforeseen, harms no other."""
    wanted = [source for source in sources if settings.source(source.key).enabled]
    ended = await asyncio.gather(
        *(refresh(database, source, settings, terms, quick=quick) for source in wanted), return_exceptions=True
    )
    results = []
    for source, result in zip(wanted, ended, strict=True):
        if isinstance(result, RefreshResult):
            results.append(result)
        elif isinstance(result, Exception):
            _log.error("list check broke", list=source.key, exc_info=result)
            reason = f"the check itself failed: {type(result).__name__}: {result}"
            results.append(RefreshResult(source.key, CheckOutcome.FAILED, reason))
        else:
            raise result  # cancelled, or the process is to end
    return results


class _Check:
    """One check of one list under way."""

    def __init__(self, database: Database, source: Source, settings: Settings, terms: Terms, into: Path) -> None:
        self.database, self.source, self.settings, self.terms, self.into = database, source, settings, terms, into
        self.url = address(source, settings)
        self.current: SnapshotInfo | None = None

    async def run(self, *, quick: bool) -> RefreshResult:
        """Find the file, wherever it is, and admit it."""
        async with self.database.read() as session:
            self.current = (await in_force(session)).get(self.source.key)
        try:
            if is_remote(self.url):
                return await self._remote(quick=quick)
            return await self._local(local_path(self.url))
        except ListError as error:
            return await refuse(self.database, self.source, error, self.url, self.terms)

    async def _remote(self, *, quick: bool) -> RefreshResult:
        limits = FetchLimits(max_bytes=self.settings.fetch_max_bytes, timeout=self.settings.fetch_timeout)
        known = await self._validators()
        self.terms.say(self.source.key, "fetching")
        try:
            came = await fetch(self.url, self.into, limits.quick() if quick else limits, known)
        except ListFetchError as error:
            return await self._fall_back(error)
        if isinstance(came, NotModified):
            return await self._unchanged(self._seen_before(known))
        if known.file_sha256 == came.sha256:
            return await self._unchanged(came)
        return await self._downloaded(came)

    async def _downloaded(self, came: FetchedFile) -> RefreshResult:
        candidates, unknown = await self._collect([came.path])
        if not candidates:
            error = next(u.error for u in unknown if u.error is not None)
            return await refuse(self.database, self.source, error, came, self.terms)
        return await self._admit([replace(candidate, fetched=came) for candidate in candidates])

    async def _local(self, location: Path) -> RefreshResult:
        candidates, unknown = await self._collect(await asyncio.to_thread(files.files_in, location))
        if not candidates:
            alone = [u.error for u in unknown if u.error is not None]
            raise alone[0] if len(alone) == 1 else ListFetchError(f"no file in {location} is {self.source.title}")
        if len(candidates) == 1 and self._in_force_already(candidates[0]):
            return await self._unchanged(candidates[0].fetched)
        return await self._admit(candidates)

    async def _fall_back(self, error: ListFetchError) -> RefreshResult:
        """With nothing in force but perhaps the sample, read the directory of list files that the settings name.

        Only then: were a directory that nobody renews to stand in for a publisher each time, no list would go stale.
        """
        directory = self.settings.lists_dir
        if directory is None or (self.current is not None and not self.current.sample):
            raise error
        candidates, _ = await self._collect(await asyncio.to_thread(files.files_in, directory))
        if not candidates:
            raise error
        result = await self._admit(candidates)
        return replace(result, reason=f"{error}; {result.reason or f'read from {directory}'}")

    async def _collect(self, paths: Iterable[Path]) -> tuple[list[Candidate], list[editions.Unknown]]:
        most = self.settings.fetch_max_bytes
        unpacked = self.into / "unpacked"
        return await asyncio.to_thread(editions.collect, paths, [self.source], unpacked, most, self.terms.clock())

    async def _admit(self, candidates: list[Candidate]) -> RefreshResult:
        self.terms.say(self.source.key, "reading")
        read = await editions.read_all(candidates)
        plan = editions.order(read, self.current.published_on if self.current else None)
        return (await admit_in_order(self.database, plan, self.terms))[-1][1]

    async def _validators(self) -> Validators:
        """What makes the request conditional: only while what is in force was read by the parser of today."""
        if self.current is None or self.current.parser_version != parser_version():
            return Validators()
        async with self.database.read() as session:
            return await checks.validators(session, self.source.key, public(self.url), self.current.id)

    def _in_force_already(self, candidate: Candidate) -> bool:
        """Whether the very file was read before. Not told of a file with companions: its hash covers only itself."""
        return (
            self.current is not None
            and not self.current.sample
            and not candidate.form.companions
            and candidate.fetched.sha256 == self.current.file_sha256
            and self.current.parser_version == parser_version()
        )

    async def _unchanged(self, came: FetchedFile) -> RefreshResult:
        return await record(self.database, self.source, CheckOutcome.UNCHANGED, came, self.terms)

    def _seen_before(self, known: Validators) -> FetchedFile:
        assert self.current is not None
        return FetchedFile(
            path=self.into,
            sha256=known.file_sha256 or self.current.file_sha256,
            file_name=self.current.file_name,
            origin=public(self.url),
            fetched_at=self.terms.clock(),
            etag=known.etag,
            last_modified=known.last_modified,
        )
