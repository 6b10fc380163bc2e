"""Replay of deals: run again, the same byte for byte; lists, rules and settings that changed since are named."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from record_lists import NIOC, OLYA, SOLEIMANI, SOURCES, make_settings, put_in_force
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import NotFound
from core.settings import Settings
from lists.entity import Kind, ListedEntity, Name, NameType
from screening.access import Principal, Role
from screening.audit.check import verify_database
from screening.audit.log import erase_payload
from screening.audit.query import AuditFilter, page
from screening.deals import rules
from screening.deals.deal import Deal
from screening.deals.rules import Verdict
from screening.deals.tables import tables_hash
from screening.live_index import LiveIndex
from screening.recorder import Recorder
from screening.replaying import Changed
from screening.services.deal import DealService, RecordedDeal
from screening.services.deal_replay import DealReplayService
from screening.services.screen import ScreeningService

DINA = Principal("key:ck_dina", "Dina Karimova", Role.TRADER)
IVAN = Principal("key:ck_ivan", "Ivan", Role.TRADER)
VERA = Principal("key:ck_vera", "Vera", Role.AUDITOR)

MELLAT = ListedEntity(
    id="ofac:701",
    source="us_list",
    kind=Kind.ORGANIZATION,
    names=(Name("Kish Grain Trading", NameType.PRIMARY),),
    contacts=(("phone", "+98 21 8890 1234"),),
)
OWNERS = [{"name": "Ghasem Soleymani", "kind": "person", "percent": "60"}]
WHEAT = {"hs": "1001.99", "description": "Milling wheat", "origin": "RU"}
DEALS: tuple[dict[str, Any], ...] = (
    {
        "parties": [
            {"roles": ["seller"], "name": "Volga Agromash", "countries": ["RU"]},
            {"roles": ["buyer", "end_user"], "name": "Pars Grain Import", "countries": ["IR"], "owners": OWNERS},
            {"roles": ["vessel"], "name": "PORT OLYA-3", "imo": "9481910"},
        ],
        "goods": [WHEAT],
        "nexus": {},
    },
    {
        "parties": [
            {"roles": ["seller"], "name": "Volga Agromash", "countries": ["RU"]},
            {"roles": ["buyer"], "name": "Tehran Bread", "countries": ["IR"], "phones": ["+98 21 8890 1234"]},
        ],
        "goods": [WHEAT],
    },
    {"parties": [{"roles": ["seller", "buyer"], "name": "Caspian Dried Fruit Trading"}]},
    {"parties": [{"roles": ["seller"], "name": "—!?"}, {"roles": ["buyer"], "name": "National Iranian Oil Co"}]},
)


@dataclass(frozen=True)
class Desk:
    """One running server: its deals, and the index it follows."""

    deals: DealService
    replays: DealReplayService
    live: LiveIndex

    async def ask(self, deal: dict[str, Any]) -> RecordedDeal:
        return await self.deals.assess(Deal.model_validate(deal), DINA)


@asynccontextmanager
async def serving(database: Database, settings: Settings) -> AsyncIterator[Desk]:
    async with Recorder(database) as recorder, LiveIndex(database, settings, SOURCES) as live:
        screenings = ScreeningService(database, live, recorder, settings)
        deals = DealService(database, live, recorder, settings)
        yield Desk(deals, DealReplayService(database, recorder, screenings, deals), live)
        await screenings.close()


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    return make_settings(tmp_path, database_url)


@pytest.fixture
async def desk(database: Database, settings: Settings) -> AsyncIterator[Desk]:
    """A server over two fresh lists."""
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA, MELLAT))
    await put_in_force(database, "eu_list", (NIOC,))
    async with serving(database, settings) as made:
        yield made


async def test_replays_across_list_settings_and_switch_changes_are_byte_identical(
    database: Database, settings: Settings
) -> None:
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA), at=now() - timedelta(days=5))  # stale, the other absent
    verdicts: list[Verdict] = []
    asked: list[str] = []
    changes = (None, ("eu_list", (NIOC,)), ("us_list", (OLYA, MELLAT)), ("us_list", (replace(SOLEIMANI, names=()),)))
    async with serving(database, settings) as desk:
        for change in changes[:3]:
            if change is not None:
                await put_in_force(database, *change)
                assert await desk.live.reload()
            for deal in DEALS:
                recorded = await desk.ask(deal)
                asked.append(recorded.receipt.id)
                verdicts.append(recorded.assessment.verdict)
    assert {Verdict.INCOMPLETE, Verdict.STOP} <= set(verdicts)
    other = settings.model_copy(
        update={"review_threshold": 600, "near_misses": 2, "deal_rules": {"us_p_012": True, "x_011": False}}
    )
    async with serving(database, other) as desk:
        asked += [(await desk.ask(deal)).receipt.id for deal in DEALS]
        replays = [await desk.replays.replay(deal_id, VERA) for deal_id in asked]
    assert [(one.deal_id, one.differs, one.problems) for one in replays if not one.identical] == []
    old, new = replays[: -len(DEALS)], replays[-len(DEALS) :]
    assert {change.what for one in old for change in one.changed} == {
        "review_threshold",
        "near_misses",
        "thresholds_from",
        "rules switched",
    }
    assert Changed(what="rules switched", recorded="none", now="US-P-012=on, X-011=off") in old[0].changed
    assert all(not one.changed for one in new)
    assert (await verify_database(database)).whole


async def test_a_table_of_rules_that_is_another_now_is_named(
    desk: Desk, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await desk.ask(DEALS[0])
    table = dict(rules.all_rules())
    cited = asked.assessment.reasons[0].rules[0].id
    table[cited] = replace(table[cited], citation="another paragraph")
    monkeypatch.setattr(rules, "all_rules", lambda: table)
    changed = replace(desk.deals.rules, rules=table)
    monkeypatch.setattr(desk.deals, "rules", changed)
    replay = await desk.replays.replay(asked.receipt.id, VERA)
    assert not replay.identical
    assert {"reasons", "rules"} <= set(replay.differs) <= {"reasons", "rules", "regimes", "others"}
    assert replay.changed == (Changed(what="rules (hash)", recorded=asked.assessment.rules.hash, now=changed.hash),)


async def test_a_table_that_rules_read_and_that_is_another_now_is_named(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = await desk.ask(DEALS[0])
    recorded = asked.assessment.rules
    assert recorded.tables == tables_hash()
    monkeypatch.setattr(rules, "tables_hash", lambda: "other")
    monkeypatch.setattr(desk.deals, "rules", replace(desk.deals.rules, tables="other"))
    replay = await desk.replays.replay(asked.receipt.id, VERA, today=True)
    assert (replay.identical, replay.differs) == (False, ("rules",))
    changed = Changed(what="tables of the rules (hash)", recorded=recorded.tables, now="other")
    assert replay.changed == (changed,)
    assert replay.today is not None
    assert replay.today.changed == (changed,)


async def test_a_record_from_before_tables_were_named_is_replayed_the_same(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr(desk.deals, "rules", replace(desk.deals.rules, tables=""))
        asked = await desk.ask(DEALS[0])
    assert '"tables"' not in asked.assessment.model_dump_json()
    replay = await desk.replays.replay(asked.receipt.id, VERA)
    assert replay.identical
    assert replay.changed == (Changed(what="tables of the rules (hash)", recorded="not recorded", now=tables_hash()),)


async def test_a_replay_is_recorded_and_today_says_what_moved(desk: Desk, database: Database) -> None:
    asked = await desk.ask(DEALS[0])
    assert asked.assessment.verdict is Verdict.STOP
    await put_in_force(database, "us_list", (MELLAT,))
    await put_in_force(database, "eu_list", (NIOC, replace(NIOC, id="eu:EU.2", names=(Name("Volga Agromash"),))))
    await desk.live.reload()
    replay = await desk.replays.replay(asked.receipt.id, VERA, today=True, request_id="req-9")
    assert (replay.identical, replay.verdict, replay.changed) == (True, Verdict.STOP, ())
    today = replay.today
    assert today is not None
    assert {(one.change, one.path, one.entity_id) for one in today.entities} == {
        ("gained", "parties.0", "eu:EU.2"),
        ("lost", "parties.1.owners.0", "ofac:36"),
        ("lost", "parties.2", "ofac:50585"),
    }
    assert [change.what for change in today.lists] == ["eu_list", "us_list"]
    assert today.reasons_lost
    assert set(today.reasons_lost) <= {reason.text for reason in asked.assessment.reasons}
    async with database.read() as session:
        (line,) = await page(session, AuditFilter(action="replayed"))
    assert (line.sequence, line.hash) == (replay.audit_sequence, replay.audit_hash)
    assert (line.content["record_id"], line.content["outcome"]) == (asked.receipt.id, "stop")
    assert (line.content["actor"]["name"], line.content["request_id"]) == ("Vera", "req-9")
    details = line.content["details"]
    assert (details["identical"], details["today"]["outcome"]) == (True, today.verdict_now.value)
    assert "lost ofac:36" in details["today"]["entities"]


async def test_a_snapshot_that_is_not_as_recorded_is_named(desk: Desk, database: Database) -> None:
    asked = await desk.ask(DEALS[2])
    async with database.write() as session:
        await session.execute(text("UPDATE list_snapshot SET file_sha256 = 'e' WHERE source = 'us_list'"))
    replay = await desk.replays.replay(asked.receipt.id, VERA)
    assert (replay.identical, replay.differs, len(replay.problems)) == (False, (), 1)
    assert replay.problems[0].startswith("us_list: the record says file hash")


async def test_a_content_that_its_entry_does_not_bind_is_named(desk: Desk, database: Database) -> None:
    asked = await desk.ask(DEALS[2])
    sequence = asked.receipt.audit_sequence
    async with database.write() as session:
        if database.is_sqlite:
            await session.execute(text("DROP TRIGGER audit_payload_refuses_update"))
        else:
            await session.execute(text("ALTER TABLE audit_payload DISABLE TRIGGER ALL"))
        statement = "UPDATE audit_payload SET answered = replace(answered, 'Dried', 'Fresh') WHERE sequence = :sequence"
        await session.execute(text(statement), {"sequence": sequence})
    replay = await desk.replays.replay(asked.receipt.id, VERA)
    assert not replay.identical
    assert {"deal", "parties"} <= set(replay.differs)
    assert "verify the log" in replay.problems[0]


async def test_a_trader_replays_its_own_only_and_nobody_what_was_erased(desk: Desk, database: Database) -> None:
    asked = await desk.ask(DEALS[0])
    assert await desk.replays.knows(asked.receipt.id)
    assert not await desk.replays.knows("nothing")
    with pytest.raises(NotFound):
        await desk.replays.replay(asked.receipt.id, IVAN)
    async with database.write() as session:
        await erase_payload(session, asked.receipt.audit_sequence, VERA, "court order")
    with pytest.raises(NotFound, match="erased"):
        await desk.replays.replay(asked.receipt.id, VERA)
