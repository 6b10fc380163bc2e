"""Screening end to end, on a real database and index: answered, honest about its lists, recorded, repeatable."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from record_lists import NIOC, OLYA, SOLEIMANI, SOURCES, make_settings, put_in_force
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound, Unavailable
from core.settings import Settings
from screening.access import Principal, Role
from screening.audit.check import verify_database
from screening.audit.log import erase_payload
from screening.audit.query import AuditFilter, page
from screening.live_index import LiveIndex
from screening.matching.result import Outcome
from screening.recorder import Recorder
from screening.request import ScreeningRequest
from screening.services.screen import ScreeningService

DINA = Principal("key:ck_dina", "Dina Karimova", Role.TRADER)
IVAN = Principal("key:ck_ivan", "Ivan", Role.TRADER)
OLGA = Principal("key:ck_olga", "Olga", Role.OFFICER)


@asynccontextmanager
async def serving(database: Database, settings: Settings) -> AsyncIterator[ScreeningService]:
    async with Recorder(database) as recorder, LiveIndex(database, settings, SOURCES) as live:
        service = ScreeningService(database, live, recorder, settings)
        yield service
        await service.close()


@pytest.fixture
async def service(database: Database, database_url: str, tmp_path: Path) -> AsyncIterator[ScreeningService]:
    """The service over two fresh lists."""
    await put_in_force(database, "us_list", (SOLEIMANI, OLYA))
    await put_in_force(database, "eu_list", (NIOC,))
    async with serving(database, make_settings(tmp_path, database_url)) as made:
        yield made


def ask(name: str = "", reference: str | None = None, **subject: object) -> ScreeningRequest:
    return ScreeningRequest.model_validate({"subject": {"name": name, **subject}, "reference": reference})


async def test_a_match_is_answered_explained_and_recorded(service: ScreeningService, database: Database) -> None:
    screening = await service.screen(ask("Ghasem Soleymani", "deal 7"), DINA, request_id="req-1")
    answer, best = screening.answer, screening.answer.matches[0]
    assert (answer.outcome, best.entity_id, best.lists) == (Outcome.MATCH, "ofac:36", ("us_list",))
    assert answer.say.startswith(
        "Do not sign or pay. This is very likely Qasem SOLEIMANI, whom the United States lists"
    )
    assert best.listings[0].meaning == "Property blocked."
    assert best.secondary_sanctions == ("Subject to Secondary Sanctions",)
    assert [searched.key for searched in answer.covered] == ["us_list", "eu_list"]
    assert {"eu_833_annex_xlii", "eu_port_bans", "ir_government", "uk_sl"} <= {gap.key for gap in answer.not_covered}
    assert (screening.receipt.actor, screening.receipt.reference) == ("Dina Karimova", "deal 7")
    async with database.read() as session:
        (line,) = await page(session, AuditFilter(entity="ofac:36"))
    assert line.sequence == screening.receipt.audit_sequence
    assert line.hash == screening.receipt.audit_hash
    content = line.content
    assert content["record_id"] == screening.receipt.id
    assert content["request_id"] == "req-1"
    assert content["results"] == [["ofac:36", best.score]]
    assert [used["file_sha256"] for used in content["lists"]] == ["f" * 64] * 2
    assert content["matcher"]["config_hash"] == answer.matcher.config_hash == service.config_hash
    assert content["matcher"]["thresholds_from"] == "defaults"
    assert "oleymani" not in str(content)  # nobody's name is in the chain
    assert (await verify_database(database)).whole


async def test_a_clear_says_what_was_searched_and_how_near_it_came(service: ScreeningService) -> None:
    answer = (await service.screen(ask("Caspian Dried Fruit Trading LLC"), DINA)).answer
    assert answer.outcome is Outcome.CLEAR
    assert answer.say.startswith("Nothing on the two lists searched comes close. ")
    assert answer.say.endswith("review starts at 70.")
    assert answer.missing == ()


@pytest.mark.parametrize(
    ("subject", "missing"),
    [
        ({"name": "KASPIY STAR", "kind": "vessel"}, "IMO"),
        ({"name": "—!?"}, "A name with letters, or a number."),
    ],
)
async def test_what_is_not_enough_to_be_sure_is_no_clear(
    service: ScreeningService, subject: dict[str, str], missing: str
) -> None:
    answer = (await service.screen(ask(**subject), DINA)).answer
    assert answer.outcome is Outcome.INCOMPLETE
    assert answer.say.startswith("This is not a clear.")
    assert missing in answer.missing[0]


@pytest.mark.parametrize("name", ["IMO 9481910", "PORT OLYA-3"])
async def test_a_ship_is_found_by_its_number_and_by_its_name(service: ScreeningService, name: str) -> None:
    answer = (await service.screen(ask(name, kind="vessel"), DINA)).answer
    assert answer.matches[0].entity_id == "ofac:50585"


async def test_a_stale_list_turns_clear_into_incomplete_but_not_a_match(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    await put_in_force(database, "us_list", (SOLEIMANI,), at=now() - timedelta(days=5))
    await put_in_force(database, "eu_list", (NIOC,))
    async with serving(database, make_settings(tmp_path, database_url)) as service:
        nothing = (await service.screen(ask("Caspian Dried Fruit Trading LLC"), DINA)).answer
        match = (await service.screen(ask("Qasem Soleimani"), DINA)).answer
    assert nothing.outcome is Outcome.INCOMPLETE
    assert "one thing is missing" in nothing.say
    assert match.outcome is Outcome.MATCH
    for answer in (nothing, match):
        assert [searched.state for searched in answer.covered] == ["stale", "fresh"]
        assert answer.warnings == ("The list List us_list is stale.",)


async def test_the_bundled_sample_is_never_clear(database: Database, database_url: str, tmp_path: Path) -> None:
    await put_in_force(database, "us_list", (SOLEIMANI,), sample=True)
    await put_in_force(database, "eu_list", (NIOC,))
    async with serving(database, make_settings(tmp_path, database_url)) as service:
        answer = (await service.screen(ask("Caspian Dried Fruit Trading LLC"), DINA)).answer
    assert answer.outcome is Outcome.INCOMPLETE
    assert answer.covered[0].sample
    assert "Only the sample" in answer.missing[0]


async def test_without_any_list_nothing_is_answered(database: Database, database_url: str, tmp_path: Path) -> None:
    async with serving(database, make_settings(tmp_path, database_url)) as service:
        with pytest.raises(Unavailable):
            await service.screen(ask("Ivan Petrov"), DINA)
    assert (await verify_database(database)).checked == 0


async def test_it_is_read_back_word_for_word_and_the_reading_is_recorded(
    service: ScreeningService, database: Database
) -> None:
    asked = await service.screen(ask("قاسم سلیمانی", birth_date="1335-12-20", countries=["Iran"]), DINA)
    read = await service.get(asked.receipt.id, OLGA, request_id="req-2")
    assert read.model_dump_json() == asked.model_dump_json()
    assert read.document == asked.document == asked.model_dump_json()
    async with database.read() as session:
        (line,) = await page(session, AuditFilter(action="record_read"))
    assert (line.content["record_id"], line.content["actor"]["name"]) == (asked.receipt.id, "Olga")


async def test_a_trader_reads_its_own_only(service: ScreeningService) -> None:
    asked = await service.screen(ask("Ivan Petrov"), DINA)
    assert (await service.get(asked.receipt.id, DINA)).receipt == asked.receipt
    for screening_id, who in ((asked.receipt.id, IVAN), ("01NOTHING", OLGA)):
        with pytest.raises(NotFound):
            await service.get(screening_id, who)


async def test_an_erased_screening_is_said_to_be_erased(service: ScreeningService, database: Database) -> None:
    asked = await service.screen(ask("Ivan Petrov"), DINA)
    async with database.write() as session:
        await erase_payload(session, asked.receipt.audit_sequence, OLGA, "court order")
    with pytest.raises(NotFound, match="erased"):
        await service.get(asked.receipt.id, OLGA)
    (line,) = await service.recent(DINA)
    assert (line.receipt.id, line.subject) == (asked.receipt.id, None)
    assert (await verify_database(database)).whole


async def test_ones_own_last_screenings_newest_first(service: ScreeningService) -> None:
    made = [(await service.screen(ask(name), DINA)).receipt.id for name in ("Ivan Petrov", "Anna Orlova", "Bank")]
    await service.screen(ask("Somebody Else"), IVAN)
    lines = await service.recent(DINA)
    assert {line.receipt.id for line in lines} == set(made)
    assert [line.receipt.id for line in lines] == sorted(made, reverse=True)
    assert [line.receipt.id for line in await service.recent(DINA, before=lines[0].receipt.id, limit=1)] == [
        lines[1].receipt.id
    ]


async def test_one_key_records_once(service: ScreeningService, database: Database) -> None:
    first = await service.screen(ask("Ivan Petrov"), DINA, idempotency_key="k1")
    again = await service.screen(ask("Ivan Petrov"), DINA, idempotency_key="k1")
    assert again.model_dump_json() == first.model_dump_json()
    with pytest.raises(Conflict):
        await service.screen(ask("Ivan Petrov", "other"), DINA, idempotency_key="k1")
    other = await service.screen(ask("Ivan Petrov"), IVAN, idempotency_key="k1")
    assert other.receipt.id != first.receipt.id
    async with database.read() as session:
        assert (await session.execute(text("SELECT count(*) FROM screening"))).scalar_one() == 2


@pytest.mark.parametrize("key", ["", "x" * 201, "a\nb", "\x00"])
async def test_a_key_that_cannot_be_used_is_refused(service: ScreeningService, key: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        await service.screen(ask("Ivan Petrov"), DINA, idempotency_key=key)
    assert refused.value.errors[0].field == "Idempotency-Key"


async def test_the_same_question_gets_the_same_answer_byte_for_byte(service: ScreeningService) -> None:
    request = ask("Qasem Soleimani", birth_date="1957", countries=["IR"])
    answers = {(await service.screen(request, DINA)).answer.model_dump_json() for _ in range(3)}
    answers.add((await service.evaluate(request)).model_dump_json())
    assert len(answers) == 1


async def test_evaluating_leaves_no_record(service: ScreeningService, database: Database) -> None:
    assert (await service.evaluate(ask("Qasem Soleimani"))).outcome is Outcome.MATCH
    assert (await verify_database(database)).checked == 0


async def test_thresholds_come_from_the_settings(database: Database, database_url: str, tmp_path: Path) -> None:
    await put_in_force(database, "us_list", (SOLEIMANI,))
    await put_in_force(database, "eu_list", (NIOC,))
    settings = make_settings(tmp_path, database_url, match_threshold=990, review_threshold=600)
    async with serving(database, settings) as service:
        answer = (await service.screen(ask("Qasem Soleimani"), DINA)).answer
    assert answer.outcome is Outcome.REVIEW
    assert answer.say.startswith("Wait for an officer. The name is close to Qasem SOLEIMANI, whom the United States")
    assert (answer.matcher.review_threshold, answer.matcher.match_threshold) == (600, 990)
    assert answer.matcher.thresholds_from == "settings"


async def test_odd_text_is_recorded_on_both_databases(service: ScreeningService, database: Database) -> None:
    for name in ("a\x00b", "line\nbreak", "ß" * 500, "İ" * 500, "🚢 emoji", "\u202e right to left"):
        screening = await service.screen(ask(name), DINA)
        assert (await service.get(screening.receipt.id, DINA)).answer.subject["name"] == screening.answer.subject[
            "name"
        ]
    assert (await verify_database(database)).whole
