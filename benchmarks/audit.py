"""Audit: how long an export of 100,000 entries takes to verify offline, and what signing a log of that length costs.

Entries are screenings with a payload of the usual size, made in memory and exported from a database of the embedded
kind. Verifying runs in one thread, from the file alone, with the public key given.
"""

import asyncio
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from core import migrations
from core.database import Database
from core.settings import Settings
from screening.audit.entry import Action, Actor, Draft
from screening.audit.export import export_lines, verify_export
from screening.audit.log import append, seal
from screening.audit.notary import notary_of

ENTRIES = 100_000
CHUNK = 1_000
ASKED = '{"subject":{"name":"Bank Melli Iran","kind":"organization","countries":["IR"]}}'
ANSWERED = '{"outcome":"match","results":[' + '{"entity":"ofac_sdn:36","score":985},' * 20 + "0]}"
WHO = Actor("key:ck_bench", "Benchmark", "trader")


def main(arguments: Sequence[str]) -> None:
    """Measure with 100,000 entries, or with as many as the first argument says."""
    count = int(arguments[0]) if arguments else ENTRIES
    with tempfile.TemporaryDirectory() as directory:
        asyncio.run(_export(Path(directory), count))
        public_key = notary_of(Settings(data_dir=Path(directory))).public_key
        export = Path(directory) / "export.jsonl"
        began, processor = time.perf_counter(), time.process_time()
        with export.open(encoding="utf-8", newline="\n") as lines:
            verdict = verify_export(lines, public_key=public_key)
        took, spent = time.perf_counter() - began, time.process_time() - processor
        assert verdict.whole, verdict.problem
        assert verdict.proved == count + 1
        size = export.stat().st_size / 1_000_000
        print(
            f"verify an export: {took:.2f} s ({spent:.2f} s of processor), {verdict.checked:,} entries, {size:.0f} MB"
        )


async def _export(directory: Path, count: int) -> None:
    settings = Settings(data_dir=directory)
    await asyncio.to_thread(migrations.upgrade, settings.database)
    database, notary = Database(settings.database), notary_of(settings)
    for start in range(0, count, CHUNK):
        drafts = [_draft(number) for number in range(start, min(count, start + CHUNK))]
        async with database.write() as session:
            await append(session, drafts)
    began = time.perf_counter()
    await notary.attest_news(database)
    print(f"sign the first checkpoint: {time.perf_counter() - began:.2f} s")
    async with database.write() as session:
        await append(session, [_draft(count)])
    began = time.perf_counter()
    await notary.attest_news(database)
    print(f"sign the next, one entry later: {time.perf_counter() - began:.3f} s")
    began = time.perf_counter()
    await notary.prove(database, count // 2)
    print(f"prove one entry: {time.perf_counter() - began:.3f} s")
    began = time.perf_counter()
    with (directory / "export.jsonl").open("w", encoding="utf-8", newline="\n") as file:
        async for line in export_lines(database, notary=notary):
            file.write(line)
    print(f"export: {time.perf_counter() - began:.2f} s")
    await database.dispose()


def _draft(number: int) -> Draft:
    return Draft(
        Action.SCREENED,
        WHO,
        f"S{number:07}",
        outcome="match",
        results=(("ofac_sdn:36", 985), ("eu_fsf:EU.1.2", 910)),
        payload=seal("Bank Melli Iran", ASKED, ANSWERED),
    )
