"""Match workers: they answer word for word as the server itself does, and nobody notices when one dies."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from record_lists import NIOC, OLYA, SOLEIMANI, SOURCES, make_settings, put_in_force

from core.database import Database
from screening import match_workers
from screening.answering import Answering
from screening.live_index import LiveIndex
from screening.match_worker import COVERAGE, Worker
from screening.match_workers import MatchWorkers
from screening.matching.policy import Policy
from screening.reading import read_request
from screening.request import ScreeningRequest

REQUESTS = [
    ScreeningRequest.model_validate({"subject": subject})
    for subject in (
        {"name": "قاسم سلیمانی", "birth_date": "1335-12-20", "countries": ["Iran"]},
        {"name": "IMO 9481910", "kind": "vessel"},
        {"name": "KASPIY\nSTAR \u2028", "kind": "vessel"},
        {"name": "", "identifiers": [{"type": "imo", "value": "9481910"}]},
    )
]
ANSWERING = Answering(Policy(near_misses=3), "settings")


@pytest.fixture
async def live(sqlite_template: Path, tmp_path: Path) -> AsyncIterator[LiveIndex]:
    """A live index over three listed entities."""
    address = f"sqlite:///{tmp_path / 'caspian.sqlite'}"
    (tmp_path / "caspian.sqlite").write_bytes(sqlite_template.read_bytes())  # noqa: ASYNC240 - a small file
    database = Database(address)
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA))
    await put_in_force(database, "eu_list", (NIOC,))
    async with LiveIndex(database, make_settings(tmp_path, address), SOURCES) as made:
        yield made
    await database.dispose()


@pytest.fixture
async def workers(live: LiveIndex, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[MatchWorkers]:
    """Two workers that have the index open, though it is small."""
    monkeypatch.setattr(match_workers, "INLINE_BELOW", 1)
    made = MatchWorkers(ANSWERING, count=2, worth_starting=2)
    for _ in range(2):
        assert await made.answer(REQUESTS[0], live.current(), live.coverage()) is None
    assert made._preparing is not None
    await made._preparing
    yield made
    await made.close()


def here(live: LiveIndex, request: ScreeningRequest) -> str:
    answer = ANSWERING.answer(request, read_request(request), live.current().index, live.coverage())
    return answer.model_dump_json()


async def test_they_answer_word_for_word_and_in_order(live: LiveIndex, workers: MatchWorkers) -> None:
    asked = REQUESTS * 10
    given = await asyncio.gather(*(workers.answer(request, live.current(), live.coverage()) for request in asked))
    for request, one in zip(asked, given, strict=True):
        assert one is not None
        answer, text = one
        assert text == here(live, request) == answer.model_dump_json()


async def test_a_new_index_is_opened_before_it_is_asked_for(
    live: LiveIndex, workers: MatchWorkers, tmp_path: Path
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'caspian.sqlite'}")
    await put_in_force(database, "us_list", (SOLEIMANI,))
    await database.dispose()
    assert await live.reload()
    assert await workers.answer(REQUESTS[1], live.current(), live.coverage()) is None  # meanwhile the server answers
    assert workers._preparing is not None
    await workers._preparing
    given = await workers.answer(REQUESTS[1], live.current(), live.coverage())
    assert given is not None
    assert given[1] == here(live, REQUESTS[1])


async def test_when_one_dies_the_server_answers_by_itself(live: LiveIndex, workers: MatchWorkers) -> None:
    for worker in workers._ready[1]:
        os.kill(worker.process.pid, signal.SIGKILL)
        await worker.process.wait()
    given = await asyncio.gather(*(workers.answer(REQUESTS[0], live.current(), live.coverage()) for _ in range(4)))
    assert given == [None] * 4


async def test_a_small_index_and_a_short_life_pay_for_no_worker(live: LiveIndex) -> None:
    made = MatchWorkers(ANSWERING, count=1, worth_starting=1)
    assert await made.answer(REQUESTS[0], live.current(), live.coverage()) is None
    assert made._preparing is None
    await made.close()


def test_what_a_worker_cannot_do_it_says(tmp_path: Path) -> None:
    worker = Worker()
    for line in (b"noise", b"{}", b'{"request":"{}","coverage":"{}"}', b'{"open":"/nowhere/x","policy":{}}'):
        assert worker.reply(line).startswith('{"failed"')


async def test_a_worker_keeps_its_coverage_until_told_another(live: LiveIndex) -> None:
    text = COVERAGE.dump_json(live.coverage()).decode()
    assert COVERAGE.validate_json(text) == live.coverage()
