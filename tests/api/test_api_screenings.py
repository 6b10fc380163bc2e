"""Screening over HTTP: asked, recorded, answered, read again."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from screening.access import Role
from screening.answer import Screening


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ({"name": "Qassem Soleymani", "kind": "person", "birth_date": "1957-03-11"}, "ofac:11116"),
        ({"name": "قاسم سلیمانی"}, "ofac:11116"),
        ({"name": "بانک ملی ایران"}, "eu:EU.27.28"),
        ({"name": "Банк Мелли Иран"}, "eu:EU.27.28"),
        ({"identifiers": [{"type": "imo", "value": "IMO 9481910"}], "kind": "vessel"}, "ofac:50002"),
    ],
)
async def test_a_listed_party_is_a_match(door: Any, subject: dict[str, Any], expected: str) -> None:
    response = await door.screen({"subject": subject, "reference": "deal 2026-118"})
    assert response.status_code == 200, response.text
    screening = Screening.model_validate_json(response.content)
    assert screening.answer.outcome == "match"
    assert screening.answer.matches[0].entity_id == expected
    assert {covered.key for covered in screening.answer.covered} == {"ofac_sdn", "ofac_cons", "eu_fsf", "un_sc"}
    assert screening.receipt.reference == "deal 2026-118"
    assert response.headers["location"] == f"/v1/screenings/{screening.receipt.id}"


async def test_an_unlisted_party_is_no_match(door: Any) -> None:
    body = (await door.screen({"subject": {"name": "Caspian Dried Fruit Trading LLC"}})).json()
    assert body["answer"]["outcome"] == "clear"
    assert body["answer"]["matches"] == []


async def test_a_200_is_recorded(door: Any) -> None:
    receipt = (await door.screen({"subject": {"name": "Ivan Petrov"}}, X_Request_Id="trace-000018")).json()["receipt"]
    async with door.app.state.services.database.read() as session:
        query = text("SELECT audit_sequence, outcome FROM screening WHERE id = :id")
        row = (await session.execute(query, {"id": receipt["id"]})).one()
        query = text("SELECT hash, body FROM audit_entry WHERE sequence = :sequence")
        entry = (await session.execute(query, {"sequence": row.audit_sequence})).one()
    assert (row.audit_sequence, entry.hash) == (receipt["audit_sequence"], receipt["audit_hash"])
    assert "trace-000018" in entry.body
    assert "Petrov" not in entry.body  # the personal part stands beside the chain


async def test_what_cannot_be_recorded_is_not_answered(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    await door.app.state.services.recorder.stop()
    response = await door.screen({"subject": {"name": "Ivan Petrov"}})
    assert response.status_code == 503
    assert response.json()["type"] == "/problems/unavailable"
    assert int(response.headers["retry-after"]) > 0


async def test_it_is_read_again_word_for_word_and_the_reading_is_recorded(door: Any) -> None:
    asked = await door.screen({"subject": {"name": "Bank Melli Iran"}})
    again = await door.get(asked.headers["location"], Role.TRADER)
    assert again.content == asked.content
    assert (await door.get(asked.headers["location"], Role.AUDITOR)).content == asked.content
    log = (await door.get("/v1/audit", action="record_read", record=asked.json()["receipt"]["id"])).json()
    assert [line["entry"]["actor"]["role"] for line in log["items"]] == ["auditor", "trader"]


async def test_a_trader_reads_its_own_screenings_only(door: Any) -> None:
    asked = await door.screen({"subject": {"name": "Bank Melli Iran"}}, Role.OFFICER)
    response = await door.get(asked.headers["location"], Role.TRADER)
    assert response.status_code == 404
    assert (await door.get("/v1/screenings", Role.TRADER)).json()["items"] == []


async def test_the_last_screenings_come_newest_first_page_by_page(door: Any) -> None:
    for number in range(5):
        await door.screen({"subject": {"name": f"Party {number}"}, "reference": str(number)})
    seen, cursor = [], None
    while True:
        query = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await door.get("/v1/screenings", Role.TRADER, **query)).json()
        seen += [line["receipt"]["reference"] for line in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == ["4", "3", "2", "1", "0"]


async def test_the_same_idempotency_key_gives_the_recorded_answer_again(door: Any) -> None:
    body = {"subject": {"name": "Bank Melli Iran"}}
    first = await door.screen(body, Idempotency_Key="7c9e6679")
    again = await door.screen(body, Idempotency_Key="7c9e6679")
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    other = await door.screen({"subject": {"name": "Bank Sepah"}}, Idempotency_Key="7c9e6679")
    assert (other.status_code, other.json()["type"]) == (409, "/problems/conflict")
    assert (await door.screen(body, Role.OFFICER, Idempotency_Key="7c9e6679")).content != first.content


async def test_at_once_under_one_idempotency_key_is_recorded_once(door: Any) -> None:
    body = {"subject": {"name": "Bank Melli Iran"}}
    answers = await asyncio.gather(*(door.screen(body, Idempotency_Key="at-once") for _ in range(8)))
    assert len({answer.content for answer in answers}) == 1
    assert len((await door.get("/v1/screenings", Role.TRADER)).json()["items"]) == 1


@pytest.mark.parametrize("key", ["", "two words", "x" * 201, "\t"])
async def test_an_idempotency_key_that_cannot_be_one_is_refused(door: Any, key: str) -> None:
    response = await door.screen({"subject": {"name": "A"}}, Idempotency_Key=key)
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "Idempotency-Key"


async def test_without_lists_nothing_is_answered(empty_door: Any) -> None:
    response = await empty_door.screen({"subject": {"name": "Ivan Petrov"}})
    assert (response.status_code, response.json()["type"]) == (503, "/problems/unavailable")
