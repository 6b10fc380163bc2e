"""Monitoring: a list change that touches 300 entities held against kept subjects by `caspian subjects rescreen`, from
end to end; and what the search misses of what the matcher finds when it screens everybody.

Two hundred entities of OFAC's SDN list come anew and a hundred come with a name more; subjects are innocents, listed
names and manipulated listed names (`benchmarks.kept`). Time of processor is that of all processes; memory is that of
all processes together, pages that they share counted once. Where others use the machine too, the processor's time is
the figure.
"""

import argparse
import asyncio
import json
import os
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path

from benchmarks.batch import Memory, caspian, environment
from benchmarks.engine import SEED
from benchmarks.kept import subjects
from benchmarks.lists import LISTS, MOST_BYTES, SHARED, full_index, listed_entities
from core import migrations
from core.clock import now
from core.database import Database
from core.settings import Settings
from lists.entity import ListedEntity
from lists.files import FetchedFile, files_in, unpack
from lists.importing import import_directory
from lists.saving import save
from lists.snapshots import in_force
from lists.source import ParsedList, Source, discover, format_of
from screening.access import Principal, Role
from screening.matching.index import ListIndex
from screening.matching.matcher import matches
from screening.matching.part import part_of
from screening.matching.policy import Policy
from screening.monitoring import store
from screening.monitoring.reach import candidates, touched
from screening.monitoring.segment import arrays_of, subject_of

CURRENT = SHARED / "lists" / "current"
CHANGES = "ofac_sdn"
WHO = Principal("key:ck_bench", "Benchmark", Role.TRADER)
TOGETHER = 10_000
SHOWN = 5


def main(arguments: Sequence[str] = ()) -> None:
    """Measure and print. `--subjects N` kept, `--exact M` screened against all lists to compare (0: not)."""
    parser = argparse.ArgumentParser(prog="monitoring")
    parser.add_argument("--subjects", type=int, default=1_000_000)
    parser.add_argument("--exact", type=int, default=20_000)
    parser.add_argument("--entities", type=int, default=300)
    asked = parser.parse_args(arguments)
    ids = sorted(entity.id for entity in listed_entities() if entity.source == CHANGES)
    chosen = random.Random(SEED).sample(ids, asked.entities)
    if asked.exact:
        _compare(asked.exact, chosen)
    if asked.subjects:
        with tempfile.TemporaryDirectory() as name:
            _measure(Path(name), asked.subjects, chosen)


def _measure(directory: Path, count: int, chosen: Sequence[str]) -> None:
    env = environment(directory, "")
    kept = asyncio.run(_prepare(directory, count, chosen))
    print(f"{count:,} subjects kept in {kept:.0f} s")
    print(f"the index over them built ahead: {_told(*_command(env, 'subjects', 'rescreen', '--json')[1:])}, ", end="")
    files = list(directory.glob("indexes/subjects/*")) or list(directory.rglob("subjects/*"))
    print(f"{sum(file.stat().st_size for file in files) / 2**20:,.0f} MB in {len(files)} files")
    _command(env, "lists", "import", "--from", str(CURRENT))
    _command(env, "screen", "Ivan Petrov", "--json")
    out, seconds, processor, memory = _command(env, "subjects", "rescreen", "--json")
    (run,) = json.loads(out)
    print(f"the change held against them, screened again and recorded: {_told(seconds, processor, memory)}")
    print(
        f"{run['entities']} changed entities, {run['subjects']:,} subjects, {run['candidates']:,} screened again, "
        f"{run['alarms']:,} of them met somebody"
    )


def _told(seconds: float, processor: float, memory: int) -> str:
    return f"{seconds:.1f} s, {processor:.1f} s of processor, at most {memory / 2**20:,.0f} MB"


def _command(env: Mapping[str, str], *arguments: str) -> tuple[str, float, float, int]:
    """Run a command; return what it printed, its seconds, those of the processor, and the most memory."""
    before, began = os.times(), time.perf_counter()
    process = caspian(dict(env), *arguments)
    memory = Memory(process.pid)
    out, _ = process.communicate()
    seconds, after, most = time.perf_counter() - began, os.times(), memory.stop()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    assert process.returncode in (0, 3, 4), arguments
    return out, seconds, spent, most


async def _prepare(directory: Path, count: int, chosen: Sequence[str]) -> float:
    """Bring the lists into force as they were before the change, and keep subjects; return how long that took."""
    settings, sources = Settings(data_dir=directory, database_url=""), discover()
    await asyncio.to_thread(migrations.upgrade, settings.database)
    database = Database(settings.database)
    await _bring_before(database, sources[CHANGES], chosen)
    await import_directory(database, CURRENT, [sources[key] for key in LISTS if key != CHANGES])
    began = time.perf_counter()
    async with database.write() as session:
        for key, info in (await in_force(session)).items():
            await store.begin_run(session, key, None, info.id, store.BEGUN)
    cells: list[tuple[str, ...]] = []
    for subject in subjects(count, listed_entities(), SEED):
        cells.append(subject)
        if len(cells) == TOGETHER:
            await _keep(database, cells)
            cells = []
    await _keep(database, cells)
    await database.dispose()
    return time.perf_counter() - began


async def _keep(database: Database, cells: Sequence[Sequence[str]]) -> None:
    async with database.write() as session:
        await store.insert(session, cells, WHO)


async def _bring_before(database: Database, source: Source, chosen: Sequence[str]) -> None:
    """Bring an edition into force that lacks two of three chosen entities, and of the third its last name."""
    path, parsed = _parsed(source)
    came = set(chosen[: len(chosen) * 2 // 3])
    before = tuple(_without_last_name(e) if e.id in set(chosen) else e for e in parsed.entities if e.id not in came)
    published = parsed.published_on - timedelta(days=1) if parsed.published_on else None
    fetched = FetchedFile(path, "f" * 64, path.name, "https://example.org/before", now())
    async with database.write() as session:
        await save(session, source, ParsedList(before, published, parsed.format), fetched, now())


def _without_last_name(entity: ListedEntity) -> ListedEntity:
    names = entity.names[:-1] or entity.names
    return replace(entity, names=names, remarks=f"{entity.remarks} As it was before.")


def _parsed(source: Source) -> tuple[Path, ParsedList]:
    with tempfile.TemporaryDirectory() as into:
        for given in files_in(CURRENT):
            for file in unpack(given, Path(into), MOST_BYTES):
                form = format_of(source, file.path)
                if form is not None:
                    return file.path, form.parse(file.path)
    raise AssertionError(f"no file of {source.key}")


def _compare(count: int, chosen: Sequence[str]) -> None:
    """Hold the entities against subjects by the index and by screening everybody, and print what differs.

    Half of these subjects bear names of the changed entities, so that there is much to miss.
    """
    index = full_index()
    some = [entity for entity in listed_entities() if entity.id in set(chosen)]
    cells = [
        *subjects(count // 2, some, SEED, listed=1.0),
        *subjects(count - count // 2, listed_entities(), SEED + 1),
    ]
    part, segment = part_of(index, chosen), arrays_of(cells, index.knows)
    reached, found = candidates(segment, part, Policy()), set(touched(segment, part, Policy()))
    wanted = _screened(index, cells, chosen)
    lost, more = sorted(set(wanted) - found), sorted(found - set(wanted))
    print(
        f"{count:,} subjects, half of them under names of the {len(chosen)} changed entities: screening everybody "
        f"raises {len(wanted):,} against those; the index reaches {len(reached):,} and finds {len(found):,}: "
        f"{len(lost)} lost, {len(more)} more"
    )
    for place in lost[:SHOWN]:
        print(f"lost: {cells[place]} {wanted[place]}")


def _screened(index: ListIndex, cells: Sequence[Sequence[str]], chosen: Sequence[str]) -> dict[int, list[str]]:
    """Return the subjects that a screening raises to review against chosen entities, with those."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "all.caspidx"
        index.save(path)
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            starts = range(0, len(cells), 1_000)
            work = (pool.submit(_screen, path, at, cells[at : at + 1_000], set(chosen)) for at in starts)
            return {place: met for done in list(work) for place, met in done.result().items()}


def _screen(path: Path, first: int, cells: Sequence[Sequence[str]], chosen: set[str]) -> dict[int, list[str]]:
    index = _open(path)
    found = {}
    for place, one in enumerate(cells, first):
        met = [m.entity_id for m in matches(index, subject_of(one), Policy()).matches if m.entity_id in chosen]
        if met:
            found[place] = met
    return found


_opened: dict[Path, ListIndex] = {}


def _open(path: Path) -> ListIndex:
    if path not in _opened:
        _opened[path] = ListIndex.open(path)
    return _opened[path]
