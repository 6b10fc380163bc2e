"""Replay and past moments over HTTP: by whom, with which body, and what comes back."""

from datetime import timedelta

import pytest
from made_lists import Door

from core.clock import now
from screening.access import Role

ASKED = {"subject": {"name": "Qasem Soleimani"}}


@pytest.mark.parametrize("role", list(Role))
async def test_a_screening_is_replayed_by_every_role_but_another_trader(door: Door, role: Role) -> None:
    asked = await door.screen(ASKED, Role.OFFICER)
    address = f"/v1/screenings/{asked.json()['receipt']['id']}/replay"
    replay = await door.client.post(address, headers=door.auth(role))
    if role is Role.TRADER:
        assert replay.status_code == 404
        return
    body = replay.json()
    assert (replay.status_code, body["identical"], body["today"]) == (200, True, None)
    assert (body["outcome"], body["differs"], body["problems"]) == ("match", [], [])
    (line,) = (await door.get("/v1/audit", action="replayed")).json()["items"]
    assert line["hash"] == body["audit_hash"]


async def test_today_is_said_when_asked_for_and_unknown_fields_are_refused(door: Door) -> None:
    asked = await door.screen(ASKED)
    address = f"/v1/screenings/{asked.json()['receipt']['id']}/replay"
    replay = await door.client.post(address, json={"today": True}, headers=door.auth(Role.TRADER))
    today = replay.json()["today"]
    assert (today["outcome_now"], today["outcome_changed"], today["entities"]) == ("match", False, [])
    refused = await door.client.post(address, json={"todai": True}, headers=door.auth(Role.TRADER))
    assert refused.status_code == 422


async def test_as_of_is_in_the_answer_and_a_moment_without_lists_is_refused(door: Door) -> None:
    moment = now()
    answer = (await door.screen(ASKED | {"as_of": moment.isoformat()})).json()["answer"]
    assert answer["as_of"] == moment.isoformat().replace("+00:00", "Z")
    assert answer["matches"][0]["entity_id"] == "ofac:11116"
    for bad in ((moment - timedelta(days=400)).isoformat(), (moment + timedelta(days=1)).isoformat(), "2026-11-20"):
        refused = await door.screen(ASKED | {"as_of": bad})
        assert refused.status_code == 422
        assert [error["field"] for error in refused.json()["errors"]] == ["as_of"]


@pytest.mark.parametrize("role", list(Role))
async def test_a_deal_is_replayed_by_every_role_but_another_trader(door: Door, role: Role) -> None:
    deal = {"parties": [{"roles": ["buyer"], "name": "Qasem Soleimani"}, {"roles": ["seller"], "name": "Volga Agro"}]}
    made = await door.client.post("/v1/deals", json=deal, headers=door.auth(Role.OFFICER))
    address = f"{made.headers['location']}/replay"
    replay = await door.client.post(address, json={"today": True}, headers=door.auth(role))
    if role is Role.TRADER:
        assert replay.status_code == 404
        return
    body = replay.json()
    assert (replay.status_code, body["identical"], body["changed"], body["problems"]) == (200, True, [], [])
    assert (body["verdict"], body["today"]["verdict_now"]) == (made.json()["assessment"]["verdict"],) * 2
    assert (body["today"]["verdict_changed"], body["today"]["entities"]) == (False, [])
    (line,) = (await door.get("/v1/audit", action="replayed")).json()["items"]
    assert line["hash"] == body["audit_hash"]
    refused = await door.client.post(address, json={"todai": True}, headers=door.auth(role))
    assert refused.status_code == 422
