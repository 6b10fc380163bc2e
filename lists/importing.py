"""Import: every list in a directory, or in one file, however it is named; what happened to each file is reported.

An explicit import is a successful check of a mirror: it makes a list fresh.
"""

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from core.database import Database
from lists import editions, files
from lists.admit import RefreshResult, Terms, admit_in_order
from lists.checks import CheckOutcome
from lists.editions import Edition, Unknown
from lists.snapshots import in_force
from lists.source import Source, discover


class FileOutcome(StrEnum):
    """What became of one file."""

    ACTIVATED = "activated"  # its edition came into force
    UNCHANGED = "unchanged"  # its edition was in force already
    REFUSED = "refused"  # it is not sound, or not what is expected
    SUPERSEDED = "superseded"  # a later edition is in the same place; `result` tells if it was kept as history
    COMPANION = "companion"  # read together with its main file
    UNKNOWN = "unknown"  # no source knows it: skipped


@dataclass(frozen=True, slots=True)
class FileResult:
    """One file of an import. `source` is the list it belongs to, `result` what admitting it did, if it came so far."""

    file: str
    outcome: FileOutcome
    source: str | None = None
    reason: str = ""
    result: RefreshResult | None = None


async def import_directory(
    database: Database, location: Path, sources: Sequence[Source] | None = None, terms: Terms | None = None
) -> tuple[FileResult, ...]:
    """Import every list found in the directory (or file, `.gz` or `.zip`) `location`.

    `sources`: which lists to look for, all by default. Returns what became of each file; one that fails harms no
    other. Raises ListFetchError when there is no such file or directory.
    """
    known = tuple(discover().values()) if sources is None else tuple(sources)
    terms = terms or Terms()
    with TemporaryDirectory(prefix="caspian-import-") as into:
        paths = await asyncio.to_thread(files.files_in, location)
        terms.say(str(location), "reading")
        candidates, unknown = await asyncio.to_thread(
            editions.collect, paths, known, Path(into), terms.max_bytes, terms.clock()
        )
        read = await editions.read_all(candidates)
        results = [_not_a_list(file) for file in unknown]
        for source, found in _by_source(read).items():
            results += await _import_source(database, source, found, terms)
    return tuple(results)


async def _import_source(database: Database, source: Source, found: list[Edition], terms: Terms) -> list[FileResult]:
    async with database.read() as session:
        current = (await in_force(session)).get(source.key)
    plan = editions.order(found, current.published_on if current else None)
    newest = plan.newest
    later = f"{newest.candidate.opened.name} is later" if newest else ""
    results = [_superseded(edition, later) for edition in plan.superseded]
    for edition, result in await admit_in_order(database, plan, terms):
        if edition in plan.history and result.ok:
            results.append(_superseded(edition, f"{later}; kept as history", result))
        else:
            results.append(_admitted(edition, result))
    return results


def _by_source(found: Sequence[Edition]) -> dict[Source, list[Edition]]:
    grouped: defaultdict[Source, list[Edition]] = defaultdict(list)
    for edition in found:
        grouped[edition.candidate.source].append(edition)
    return grouped


def _not_a_list(file: Unknown) -> FileResult:
    if file.error is None:
        return FileResult(file.name, FileOutcome.COMPANION)
    return FileResult(file.name, FileOutcome.UNKNOWN, reason=str(file.error))


def _superseded(edition: Edition, reason: str, result: RefreshResult | None = None) -> FileResult:
    candidate = edition.candidate
    return FileResult(candidate.opened.name, FileOutcome.SUPERSEDED, candidate.source.key, reason, result)


def _admitted(edition: Edition, result: RefreshResult) -> FileResult:
    candidate = edition.candidate
    outcome = FileOutcome.REFUSED if result.outcome is CheckOutcome.FAILED else FileOutcome(result.outcome.value)
    return FileResult(candidate.opened.name, outcome, candidate.source.key, result.reason, result)
