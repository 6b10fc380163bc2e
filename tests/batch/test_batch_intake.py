"""Intake: a file that is sent again under its idempotency key while the first sending is still at it."""

import asyncio
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from core.database import Database
from core.errors import Conflict
from screening.access import Principal, Role
from screening.batch import intake
from screening.batch.intake import FileTaken, take_in
from screening.batch.pool import Pinned
from screening.batch.reading import Row, open_table
from screening.matching.policy import Policy
from screening.records import table

ANNA = Principal("key:ck_anna", "Anna", Role.TRADER)
PINNED = Pinned({"name": 0}, {}, "an index", Policy(), "defaults", {})
FILE = FileTaken("in.csv", "a" * 64, once="a-key")


async def test_the_later_sending_counts_and_nothing_of_the_first_is_left(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a server that hangs, or was killed: nobody knows whether the first will ever end."""
    path = tmp_path / "in.csv"
    path.write_text("name\nBank Melli\nIvan Petrov\n")
    at_it, go_on, plainly = threading.Event(), threading.Event(), intake._packed

    def slowly(rows: Iterable[Row]) -> Iterator[tuple[int, bytes]]:
        at_it.set()
        go_on.wait(30)
        yield from plainly(rows)

    async def sent() -> str:
        return await take_in(database, open_table(path), PINNED, ANNA, FILE)

    monkeypatch.setattr(intake, "_packed", slowly)
    first = asyncio.create_task(sent())
    await asyncio.to_thread(at_it.wait, 30)
    monkeypatch.setattr(intake, "_packed", plainly)
    second = await sent()
    go_on.set()
    with pytest.raises(Conflict, match="sent again"):
        await first
    async with database.read() as session:
        rows = list((await session.execute(select(table("batch_input").c.batch_id))).scalars())
        batches = list((await session.execute(select(table("batch").c.id))).scalars())
    assert rows == batches == [second]
    assert await sent() == second
