"""A list change ends the clearances of what it changes: screening, decision, edition, screening, end to end."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

from record_lists import NIOC, SOLEIMANI, SOURCES, make_settings, put_in_force
from record_log import DINA, OLGA

from core.clock import now
from core.database import Database
from lists.admit import RefreshResult
from lists.checks import CheckOutcome
from screening.access import Principal, Role
from screening.answer import Screening
from screening.audit.check import verify_database
from screening.audit.query import AuditFilter, page
from screening.cases.case import State
from screening.cases.inputs import ApprovalInput, DecisionInput
from screening.live_index import LiveIndex
from screening.matching.result import Outcome
from screening.recorder import Recorder
from screening.request import ScreeningRequest, SubjectInput
from screening.services.lists import audited
from screening.services.review import ReviewService
from screening.services.screen import ScreeningService

TOMAS = Principal("key:ck_tomas", "Tomas Brandt", Role.APPROVER)


@dataclass(frozen=True)
class World:
    """A running service on two lists, and the desk that reviews its cases."""

    database: Database
    live: LiveIndex
    screenings: ScreeningService
    review: ReviewService

    async def screen(self, name: str) -> Screening:
        request = ScreeningRequest(subject=SubjectInput(name=name))
        return await self.screenings.screen(request, DINA)

    async def clear(self, case_id: str) -> None:
        """Two people close the case with a clearance."""
        said = {"decision": "false_positive", "reason": "FP-02", "clear_until": now().date() + timedelta(days=30)}
        await self.review.decide(case_id, DecisionInput.model_validate({"version": 1, **said}), OLGA)
        await self.review.approve(case_id, ApprovalInput(version=2, approve=True), TOMAS)

    async def activated(self, source: str) -> None:
        """What a refresh does in the transaction that brings a list into force."""
        async with self.database.write() as session:
            await audited(OLGA)(session, RefreshResult(source, CheckOutcome.ACTIVATED))


@asynccontextmanager
async def running(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[World]:
    await put_in_force(database, "us_list", (SOLEIMANI,))
    await put_in_force(database, "eu_list", (NIOC,))
    settings = make_settings(tmp_path, database_url)
    async with Recorder(database) as recorder, LiveIndex(database, settings, SOURCES) as live:
        screenings = ScreeningService(database, live, recorder, settings)
        yield World(database, live, screenings, ReviewService(database, recorder, settings))
        await screenings.close()


def only_case(screening: Screening) -> str:
    (case,) = screening.receipt.cases
    assert case.state is State.OPEN
    return case.id


async def test_a_clearance_is_told_beside_the_answer_which_never_changes(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with running(database, database_url, tmp_path) as world:
        first = await world.screen("Qasem Soleimani")
        await world.clear(only_case(first))
        second = await world.screen("Qasem Soleimani")
        assert second.answer.model_dump_json() == first.answer.model_dump_json()
        assert (second.answer.outcome, second.receipt.outcome_after_clearances) == (Outcome.MATCH, Outcome.CLEAR)
        assert [one.entity_id for one in second.receipt.cleared] == ["ofac:36"]
        assert second.receipt.cases == ()
        assert (await world.screenings.get(second.receipt.id, DINA)).document == second.document
        assert (await world.screenings.get(first.receipt.id, DINA)).receipt.cases[0].state is State.CLOSED
        assert (await world.screenings.recent(DINA))[0].receipt == second.receipt
    async with database.read() as session:
        lines = await page(session, AuditFilter(record=second.receipt.id, action="screened"))
    assert lines[0].content["details"]["outcome_after_clearances"] == "clear"
    assert (await verify_database(database)).whole


async def test_a_changed_entity_ends_the_clearance_and_opens_the_case_again(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with running(database, database_url, tmp_path) as world:
        case_id = only_case(await world.screen("Qasem Soleimani"))
        await world.clear(case_id)
        await world.activated("us_list")
        assert (await world.review.get(case_id, OLGA)).state is State.CLOSED, "nothing of it has changed"
        await put_in_force(database, "us_list", (replace(SOLEIMANI, nationalities=("IR", "IQ")),))
        await world.activated("us_list")
        case = await world.review.get(case_id, OLGA)
        assert (case.state, case.clearances[0].ended_why) == (State.OPEN, "entity_changed")
        assert case.matches[0].version != case.clearances[0].version
        assert await world.live.reload()
        again = await world.screen("Qasem Soleimani")
        assert only_case(again) == case_id
        assert again.receipt.outcome_after_clearances is None
    assert (await verify_database(database)).whole


async def test_a_change_of_another_list_leaves_the_clearance(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with running(database, database_url, tmp_path) as world:
        case_id = only_case(await world.screen("Qasem Soleimani"))
        await world.clear(case_id)
        await put_in_force(database, "eu_list", (replace(NIOC, nationalities=("IR",)),))
        await world.activated("eu_list")
        await put_in_force(database, "us_list", (SOLEIMANI, replace(SOLEIMANI, id="ofac:99")))
        await world.activated("us_list")
        assert [one.in_force for one in (await world.review.get(case_id, OLGA)).clearances] == [True]


async def test_an_entity_off_every_list_leaves_nothing_to_decide(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    async with running(database, database_url, tmp_path) as world:
        case_id = only_case(await world.screen("National Iranian Oil Company"))
        await world.clear(case_id)
        await put_in_force(database, "eu_list", (replace(NIOC, id="eu:EU.2.2"),))
        await world.activated("eu_list")
        case = await world.review.get(case_id, OLGA)
    assert (case.state, case.clearances[0].ended_why) == (State.CLOSED, "delisted")
