"""The log in a real database: appended, queried, exported, verified; tampered with behind its triggers, and found."""

import asyncio
import sqlite3
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from record_log import OLGA, fill, make_draft
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import now
from core.database import Database
from screening.audit.check import verify_database
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, read_head
from screening.audit.query import AuditFilter, page
from screening.audit.verify import Fault, Head, Verdict

ROW_TWO = "SELECT body, salt FROM audit_entry JOIN audit_payload USING (sequence) WHERE sequence = 2"


async def test_drafts_are_chained_in_order_and_the_head_moves(database: Database) -> None:
    async with database.write() as session:
        first = await append(session, [Draft(Action.EXPORTED, actor(OLGA)), Draft(Action.EXPORTED, actor(OLGA))])
    async with database.write() as session:
        (second,) = await append(session, [Draft(Action.SIGNED_IN, actor(OLGA))])
        assert await append(session, []) == []
    assert [entry.sequence for entry in (*first, second)] == [1, 2, 3]
    async with database.read() as session:
        assert await read_head(session) == Head(3, second.hash)
    assert (await verify_database(database)).whole


async def test_a_transaction_that_fails_leaves_no_entry(database: Database) -> None:
    async def fail_midway() -> None:
        async with database.write() as session:
            await append(session, [make_draft(1)])
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail_midway()
    async with database.read() as session:
        assert await page(session, AuditFilter()) == []
    assert (await verify_database(database)).checked == 0


async def test_concurrent_writers_never_fork_the_chain(database: Database) -> None:
    async def write(number: int) -> None:
        async with database.write() as session:
            await append(session, [Draft(Action.EXPORTED, actor(OLGA), str(number))] * 3)

    await asyncio.gather(*(write(number) for number in range(32)))
    verdict = await verify_database(database)
    assert verdict.whole, verdict.problem
    assert verdict.checked == 96


WRITER = """
import asyncio, sys
from core.database import Database
from screening.audit.entry import Action, Actor, Draft
from screening.audit.log import append
async def main():
    database = Database(sys.argv[1])
    for number in range(15):
        async with database.write() as session:
            await append(session, [Draft(Action.EXPORTED, Actor("cli:x", "x", "admin"), str(number))])
    await database.dispose()
asyncio.run(main())
"""


def run_writers(address: str, count: int) -> list[str]:
    """Run that many processes at once; return what those that failed wrote."""
    command = [sys.executable, "-c", WRITER, address]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE) for _ in range(count)]
    errors = [process.communicate()[1].decode() for process in running]
    return [error for process, error in zip(running, errors, strict=True) if process.returncode != 0]


async def test_several_processes_never_fork_the_chain(database: Database, database_url: str) -> None:
    assert await asyncio.to_thread(run_writers, database_url, 3) == []
    verdict = await verify_database(database)
    assert verdict.whole, verdict.problem
    assert verdict.checked == 45


async def test_pages_are_filtered_and_newest_first(database: Database) -> None:
    before = now()
    async with database.write() as session:
        await append(
            session,
            [
                make_draft(1, outcome="match", subject="ООО «Ромашка»"),
                make_draft(2, by=OLGA),
                Draft(Action.LIST_IMPORTED, actor(OLGA), "ofac_sdn"),
                make_draft(3, subject="Bank 100% _Sepah"),
            ],
        )

    async def found(**wanted: str | datetime) -> list[int]:
        async with database.read() as session:
            return [line.sequence for line in await page(session, AuditFilter(**wanted))]  # type: ignore[arg-type]

    assert await found() == [4, 3, 2, 1]
    assert await found(actor="key:ck_olga") == [3, 2]
    assert await found(action="list_imported") == [3]
    assert await found(outcome="match") == [1]
    assert await found(entity="ofac:36") == [4, 2, 1]
    assert await found(subject="«РОМАШКА»") == [1]
    assert await found(subject="100%") == [4]
    assert await found(subject="1000") == []
    assert await found(subject="k_S") == []
    assert await found(record="S0002") == [2]
    assert await found(since=before, until=now() + timedelta(seconds=1), actor="key:ck_dina") == [4, 1]
    assert await found(until=before) == []
    async with database.read() as session:
        first = await page(session, AuditFilter(), limit=3)
        assert [line.sequence for line in await page(session, AuditFilter(), before=first[-1].sequence)] == [1]
        assert first[0].subject == "bank 100% _sepah"
        assert first[1].subject is None
        assert first[0].content["actor"] == {"id": "key:ck_dina", "name": "Dina Karimova", "role": "trader"}


async def unguarded(session: AsyncSession, database: Database, *statements: str) -> None:
    """Do what only somebody with the database's own password can: drop the triggers, then tamper."""
    if database.is_sqlite:
        names = (await session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))).scalars().all()
        for name in names:
            await session.execute(text(f"DROP TRIGGER {name}"))
    else:
        await session.execute(text("SET session_replication_role = replica"))
    for statement in statements:
        await session.execute(text(statement))
    if not database.is_sqlite:
        await session.execute(text("SET session_replication_role = DEFAULT"))


TAMPERED = [
    ("UPDATE audit_entry SET body = replace(body, 'clear', 'match') WHERE sequence = 5", 5, Fault.ALTERED),
    ("UPDATE audit_entry SET hash = replace(hash, 'a', 'b') WHERE sequence = 5", 5, Fault.ALTERED),
    ("DELETE FROM audit_entry WHERE sequence = 5", 5, Fault.MISSING),
    ("DELETE FROM audit_entry WHERE sequence >= 8", 8, Fault.TRUNCATED),
    ("UPDATE audit_entry SET actor_id = 'key:ck_other' WHERE sequence = 5", 5, Fault.COLUMN),
    ("UPDATE audit_entry SET occurred_at = '2020-01-01T00:00:00.000000Z' WHERE sequence = 5", 5, Fault.COLUMN),
    ("UPDATE audit_entry SET outcome = NULL WHERE sequence = 5", 5, Fault.COLUMN),
    ("UPDATE audit_entry SET action = 'exported' WHERE sequence = 5", 5, Fault.COLUMN),
    ("UPDATE audit_entry SET commitment = NULL WHERE sequence = 5", 5, Fault.COLUMN),
    ("UPDATE audit_entry SET prev_hash = 'x' WHERE sequence = 5", 5, Fault.COLUMN),
    ("UPDATE audit_mention SET entity_id = 'ofac:37' WHERE sequence = 5 AND entity_id = 'ofac:36'", 5, Fault.COLUMN),
    ("DELETE FROM audit_mention WHERE sequence = 5", 5, Fault.COLUMN),
    ("INSERT INTO audit_mention (sequence, entity_id, mention) VALUES (5, 'un:1', 'match')", 5, Fault.COLUMN),
    ("UPDATE audit_payload SET answered = '{}' WHERE sequence = 5", 5, Fault.PAYLOAD),
    ("UPDATE audit_payload SET subject = 'another' WHERE sequence = 5", 5, Fault.PAYLOAD),
    ("DELETE FROM audit_payload WHERE sequence = 5", 5, Fault.PAYLOAD),
    ("UPDATE screening SET outcome = 'match' WHERE audit_sequence = 5", 5, Fault.RECORD),
    ("UPDATE screening SET reference = 'deal 7' WHERE audit_sequence = 5", 5, Fault.RECORD),
    ("DELETE FROM screening WHERE audit_sequence = 5", 5, Fault.RECORD),
    ("UPDATE audit_head SET hash = 'x'", 9, Fault.BROKEN),
    ("UPDATE audit_head SET sequence = 8", 9, Fault.TRUNCATED),
    ("DELETE FROM audit_head", 1, Fault.TRUNCATED),
    (
        "INSERT INTO audit_payload (sequence, salt, subject, asked, answered) VALUES (99, 's', 's', 'a', 'b')",
        99,
        Fault.ORPHAN,
    ),
    ("INSERT INTO audit_mention (sequence, entity_id, mention) VALUES (99, 'un:1', 'match')", 99, Fault.ORPHAN),
]


@pytest.mark.parametrize(("statement", "sequence", "fault"), TAMPERED, ids=[case[0][:60] for case in TAMPERED])
async def test_tampering_is_found_and_named(database: Database, statement: str, sequence: int, fault: Fault) -> None:
    await fill(database, 9)
    assert (await verify_database(database)).whole
    async with database.write() as session:
        await unguarded(session, database, statement)
    verdict = await verify_database(database)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (sequence, fault)
    assert str(sequence) in verdict.problem.message


async def test_two_rows_swapped_are_found(database: Database) -> None:
    await fill(database, 9)
    async with database.write() as session:
        await unguarded(
            session,
            database,
            "UPDATE audit_entry SET sequence = 100 WHERE sequence = 4",
            "UPDATE audit_entry SET sequence = 4 WHERE sequence = 6",
            "UPDATE audit_entry SET sequence = 6 WHERE sequence = 100",
        )
    verdict = await verify_database(database)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (4, Fault.REORDERED)


async def test_a_head_noted_elsewhere_finds_a_cut_together_with_the_head_row(database: Database) -> None:
    await fill(database, 9)
    async with database.read() as session:
        noted = await read_head(session)
    async with database.write() as session:
        await unguarded(
            session,
            database,
            *(f"DELETE FROM {name} WHERE sequence = 9" for name in ("audit_entry", "audit_payload", "audit_mention")),
            "DELETE FROM screening WHERE audit_sequence = 9",
            "UPDATE audit_head SET sequence = 8, hash = (SELECT hash FROM audit_entry WHERE sequence = 8)",
        )
    assert (await verify_database(database)).whole  # the database alone cannot know
    verdict = await verify_database(database, expected=noted)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (9, Fault.TRUNCATED)


def checkpointed(path: Path) -> bytes:
    """The bytes of a closed SQLite database, with all that was written in its one file."""
    plain = sqlite3.connect(path)
    plain.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    plain.close()
    return path.read_bytes()


async def verdict_on(content: bytes, path: Path) -> Verdict:
    """The verdict on a database whose file has this content."""
    path.write_bytes(content)  # noqa: ASYNC240 - nothing else runs here
    opened = Database(f"sqlite:///{path}")
    try:
        return await verify_database(opened)
    finally:
        await opened.dispose()
        for leftover in ("", "-wal", "-shm"):
            Path(f"{path}{leftover}").unlink(missing_ok=True)  # noqa: ASYNC240 - as above


async def test_every_flipped_byte_of_a_row_in_the_file_is_found(database: Database, tmp_path: Path) -> None:
    """Not by SQL: the bytes of the SQLite file itself, where the row's text lies."""
    if not database.is_sqlite:
        pytest.skip("PostgreSQL's files are behind its own checksums")
    await fill(database, 3)
    async with database.read() as session:
        row = (await session.execute(text(ROW_TWO))).one()
    await database.dispose()
    whole = checkpointed(Path(str(database.url.database)))
    for written in row:
        start = whole.index(written.encode())
        for at in range(start, start + len(written), max(1, len(written) // 20)):
            flipped = whole[:at] + bytes([whole[at] ^ 0x81]) + whole[at + 1 :]
            verdict = await verdict_on(flipped, tmp_path / "flipped.sqlite")
            assert verdict.problem is not None, at
            assert verdict.problem.sequence == 2


async def test_a_damaged_page_is_reported_not_raised(database: Database, tmp_path: Path) -> None:
    if not database.is_sqlite:
        pytest.skip("a matter of SQLite's file")
    await fill(database, 60)
    async with database.read() as session:
        page_size = (await session.execute(text("PRAGMA page_size"))).scalar_one()
        body = (await session.execute(text("SELECT body FROM audit_entry WHERE sequence = 30"))).scalar_one()
    await database.dispose()
    whole = bytearray(checkpointed(Path(str(database.url.database))))
    start = whole.index(body[:200].encode()) // page_size * page_size
    whole[start : start + 16] = bytes(16)
    verdict = await verdict_on(bytes(whole), tmp_path / "damaged.sqlite")
    assert verdict.problem is not None
    assert verdict.problem.sequence <= 30
