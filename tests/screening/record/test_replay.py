"""Replay: a recorded screening, run again, is the same byte for byte; what has changed since is named, never hidden."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from record_lists import NIOC, OLYA, SOLEIMANI, SOURCES, make_settings, put_in_force
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import InvalidInput, NotFound
from core.settings import Settings
from lists.entity import Kind, ListedEntity, Name, NameType
from screening import answering, replaying
from screening.access import Principal, Role
from screening.answer import Screening
from screening.audit.check import verify_database
from screening.audit.log import erase_payload
from screening.audit.query import AuditFilter, page
from screening.coverage import STALE
from screening.live_index import LiveIndex
from screening.matching.result import Outcome
from screening.recorder import Recorder
from screening.replaying import Changed, EntityChange
from screening.request import ScreeningRequest
from screening.services.replay import ReplayService
from screening.services.screen import ScreeningService

DINA = Principal("key:ck_dina", "Dina Karimova", Role.TRADER)
IVAN = Principal("key:ck_ivan", "Ivan", Role.TRADER)
VERA = Principal("key:ck_vera", "Vera", Role.AUDITOR)

SEPAH = ListedEntity(
    id="ofac:700", source="us_list", kind=Kind.ORGANIZATION, names=(Name("Bank Sepah", NameType.PRIMARY),)
)
NOBODY = ListedEntity(
    id="eu:EU.9.9", source="eu_list", kind=Kind.PERSON, names=(Name("Qasim Suleimanov", NameType.PRIMARY),)
)
SUBJECTS = (
    {"name": "Ghasem Soleymani", "birth_date": "1957-03-11"},
    {"name": "قاسم سلیمانی"},
    {"name": "PORT OLYA-3", "kind": "vessel"},
    {"name": "PORT OLYA-9", "kind": "vessel"},
    {"name": "IMO 9481910"},
    {"name": "Bank Sepah", "kind": "organization"},
    {"name": "National Iranian Oil Co"},
    {"name": "Caspian Dried Fruit Trading LLC"},
    {"name": "—!?"},
)


@dataclass(frozen=True)
class Desk:
    """One running server: its services, and the index it follows."""

    screenings: ScreeningService
    replays: ReplayService
    live: LiveIndex

    async def ask(self, *, as_of: object = None, **subject: object) -> Screening:
        return await self.screenings.screen(ScreeningRequest.model_validate({"subject": subject, "as_of": as_of}), DINA)


@asynccontextmanager
async def serving(database: Database, settings: Settings) -> AsyncIterator[Desk]:
    async with Recorder(database) as recorder, LiveIndex(database, settings, SOURCES) as live:
        screenings = ScreeningService(database, live, recorder, settings)
        yield Desk(screenings, ReplayService(database, recorder, screenings), live)
        await screenings.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return make_settings(tmp_path, database_url)


@pytest.fixture
async def desk(database: Database, settings: Settings) -> AsyncIterator[Desk]:
    """A server over two fresh lists."""
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA))
    await put_in_force(database, "eu_list", (NIOC,))
    async with serving(database, settings) as made:
        yield made


async def test_replays_across_three_list_changes_and_a_configuration_change_are_byte_identical(
    database: Database, settings: Settings
) -> None:
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA), at=now() - timedelta(days=5))  # stale from the start
    asked: list[str] = []
    changes = (
        ("eu_list", (NIOC,)),
        ("us_list", (OLYA, SEPAH)),
        ("us_list", (replace(SOLEIMANI, birth_dates=()), SEPAH)),
    )
    async with serving(database, settings) as desk:
        for key, entities in ((None, ()), *changes):
            if key is not None:
                await put_in_force(database, key, entities)
                assert await desk.live.reload()
            asked += [(await desk.ask(**subject)).receipt.id for subject in SUBJECTS]
    changed = settings.model_copy(update={"review_threshold": 600, "match_threshold": 950, "near_misses": 2})
    async with serving(database, changed) as desk:
        asked += [(await desk.ask(**subject)).receipt.id for subject in SUBJECTS]
        replays = [await desk.replays.replay(screening_id, VERA) for screening_id in asked]
    assert len(replays) == len(SUBJECTS) * 5
    assert [replay.screening_id for replay in replays if not replay.identical] == []
    old, new = replays[: -len(SUBJECTS)], replays[-len(SUBJECTS) :]
    assert {change.what for replay in old for change in replay.changed} == {
        "review_threshold",
        "match_threshold",
        "near_misses",
        "thresholds_from",
    }
    assert all(not replay.changed for replay in new)
    assert (await verify_database(database)).whole


async def test_a_replay_is_recorded_with_what_it_found(desk: Desk, database: Database) -> None:
    asked = await desk.ask(name="Qasem Soleimani")
    replay = await desk.replays.replay(asked.receipt.id, VERA, request_id="req-9")
    async with database.read() as session:
        (line,) = await page(session, AuditFilter(action="replayed"))
    assert (line.sequence, line.hash) == (replay.audit_sequence, replay.audit_hash)
    assert (line.content["record_id"], line.content["actor"]["name"]) == (asked.receipt.id, "Vera")
    assert (line.content["outcome"], line.content["request_id"]) == ("match", "req-9")
    assert line.content["details"] == {"identical": True, "differs": [], "changed": [], "problems": []}


async def test_today_says_what_was_gained_lost_and_rescored(desk: Desk, database: Database) -> None:
    name = "Qasem Soleimani"
    asked = await desk.ask(name=name, birth_date="1957-03-11")
    (before,) = asked.answer.matches
    await put_in_force(database, "us_list", (replace(SOLEIMANI, birth_dates=()),))
    await put_in_force(database, "eu_list", (NIOC, replace(NOBODY, names=(Name(name, NameType.PRIMARY),))))
    await desk.live.reload()
    replay = await desk.replays.replay(asked.receipt.id, DINA, today=True)
    assert replay.identical
    assert replay.today is not None
    gained, rescored = replay.today.entities
    assert (gained.entity_id, gained.change, gained.recorded) == ("eu:EU.9.9", "gained", None)
    assert (rescored.entity_id, rescored.change, rescored.recorded) == ("ofac:36", "rescored", before.score)
    assert rescored.now is not None
    assert rescored.now < before.score
    assert [change.what for change in replay.today.lists] == ["eu_list", "us_list"]
    assert not replay.today.outcome_changed
    await put_in_force(database, "us_list", (OLYA,))
    await put_in_force(database, "eu_list", (NIOC,))
    await desk.live.reload()
    today = (await desk.replays.replay(asked.receipt.id, DINA, today=True)).today
    assert today is not None
    assert today.outcome_changed
    assert today.outcome_now is Outcome.CLEAR
    assert today.entities == (
        EntityChange(entity_id="ofac:36", name="Qasem SOLEIMANI", change="lost", recorded=before.score, now=None),
    )


async def test_another_matcher_version_is_named_and_is_not_identical(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await desk.ask(name="Qasem Soleimani")
    recorded = asked.answer.matcher.version
    for module in (answering, replaying):
        monkeypatch.setattr(module, "VERSION", "99.0.0")
    replay = await desk.replays.replay(asked.receipt.id, VERA)
    assert not replay.identical
    assert replay.differs == ("matcher",)
    assert replay.changed == (Changed(what="matcher version", recorded=recorded, now="99.0.0"),)


async def test_other_numbers_or_tables_are_named(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = await desk.ask(name="Qasem Soleimani")
    for module in (answering, replaying):
        monkeypatch.setattr(module, "config_hash", lambda _policy: "0" * 64)
    replay = await desk.replays.replay(asked.receipt.id, VERA)
    assert (replay.identical, replay.differs) == (False, ("matcher",))
    (change,) = replay.changed
    assert change.what == "numbers and tables (config_hash)"
    assert (change.recorded, change.now) == (asked.answer.matcher.config_hash, "0" * 64)


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE list_snapshot SET file_sha256 = 'e' WHERE source = 'us_list'", "us_list: the record says file hash"),
        ("UPDATE list_snapshot SET entity_count = 3 WHERE source = 'eu_list'", "eu_list: the record says number of"),
    ],
)
async def test_a_snapshot_that_is_not_as_recorded_is_named(
    desk: Desk, database: Database, statement: str, says: str
) -> None:
    asked = await desk.ask(name="Qasem Soleimani")
    async with database.write() as session:
        await session.execute(text(statement))
    replay = await desk.replays.replay(asked.receipt.id, VERA)
    assert (replay.identical, len(replay.problems)) == (False, 1)
    assert replay.problems[0].startswith(says)


async def test_a_trader_replays_its_own_only_and_nobody_what_was_erased(desk: Desk, database: Database) -> None:
    asked = await desk.ask(name="Qasem Soleimani")
    with pytest.raises(NotFound):
        await desk.replays.replay(asked.receipt.id, IVAN)
    async with database.write() as session:
        await erase_payload(session, asked.receipt.audit_sequence, VERA, "court order")
    with pytest.raises(NotFound, match="erased"):
        await desk.replays.replay(asked.receipt.id, VERA)


async def test_as_of_finds_what_was_listed_then_and_judges_the_lists_then(
    database: Database, settings: Settings
) -> None:
    start = now() - timedelta(days=30)
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA), at=start)
    await put_in_force(database, "eu_list", (NIOC,), at=start)
    await put_in_force(database, "us_list", (OLYA,))
    await put_in_force(database, "eu_list", (NIOC, NOBODY))
    name = "Qasem Soleimani"
    async with serving(database, settings) as desk:
        today = (await desk.ask(name=name)).answer
        asked = await desk.ask(name=name, as_of=start + timedelta(hours=1))
        stale = (await desk.ask(name=name, as_of=start + timedelta(days=20))).answer
        replay = await desk.replays.replay(asked.receipt.id, DINA, today=True)
        for moment in (start - timedelta(days=1), now() + timedelta(days=1)):
            with pytest.raises(InvalidInput) as refused:
                await desk.ask(name=name, as_of=moment)
            assert [error.field for error in refused.value.errors] == ["as_of"]
    then = asked.answer
    assert "ofac:36" not in {match.entity_id for match in today.matches}
    assert (then.outcome, then.matches[0].entity_id) == (Outcome.MATCH, "ofac:36")
    assert then.as_of == start + timedelta(hours=1)
    assert (today.as_of, {searched.state for searched in then.covered}) == (None, {"fresh"})
    assert {searched.state for searched in stale.covered} == {STALE}
    assert replay.identical
    assert replay.today is not None
    assert ("ofac:36", "lost") in {(one.entity_id, one.change) for one in replay.today.entities}
