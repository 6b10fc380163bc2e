"""Deals and rules over HTTP: assessed, recorded, read again, repeated under one key, refused by field."""

from collections.abc import Mapping
from typing import Any

from made_lists import Door

from screening.access import Role
from screening.audit.check import verify_database

DEAL: Mapping[str, Any] = {
    "reference": "AST-2026-118",
    "parties": [
        {"roles": ["seller"], "name": "Volga Agromash", "countries": ["RU"]},
        {"roles": ["buyer", "end_user"], "name": "Qasem Soleimani", "kind": "person", "countries": ["IR"]},
        {"roles": ["vessel"], "name": "PORT OLYA-3", "imo": "9481910"},
    ],
    "goods": [{"hs": "1001.99", "description": "Milling wheat", "origin": "RU"}],
    "nexus": {},
}


async def post(door: Door, deal: Mapping[str, Any], **headers: str) -> Any:
    key = {"Authorization": f"Bearer {door.keys[Role.TRADER]}"}
    return await door.client.post("/v1/deals", json=deal, headers={**key, **headers})


async def test_a_deal_is_assessed_recorded_and_read_again(door: Door) -> None:
    answer = await post(door, DEAL)
    assert answer.status_code == 200, answer.text
    deal = answer.json()
    assert deal["assessment"]["verdict"] == "stop"
    assert {"parties.1", "parties.2"} <= {reason["about"] for reason in deal["assessment"]["reasons"]}
    key = {"Authorization": f"Bearer {door.keys[Role.TRADER]}"}
    again = await door.client.get(answer.headers["location"], headers=key)
    assert again.json() == deal
    assert (await verify_database(door.app.state.services.database)).whole


async def test_the_same_key_gives_the_same_deal_and_another_deal_is_refused(door: Door) -> None:
    first = await post(door, DEAL, **{"Idempotency-Key": "one"})
    again = await post(door, DEAL, **{"Idempotency-Key": "one"})
    assert again.json()["receipt"]["id"] == first.json()["receipt"]["id"]
    other = await post(door, {**DEAL, "reference": "other"}, **{"Idempotency-Key": "one"})
    assert other.status_code == 409


async def test_what_cannot_be_read_is_named_by_field(door: Door) -> None:
    parties = [{"roles": ["seller"], "name": "X", "countries": ["Nowhereland"]}]
    answer = await post(door, {**DEAL, "parties": parties, "goods": [{"hs": "10", "origin": "Atlantis"}]})
    assert answer.status_code == 422
    assert {error["field"] for error in answer.json()["errors"]} == {"parties.0.countries.0", "goods.0.origin"}
    unknown = await post(door, {**DEAL, "colour": "blue"})
    assert unknown.status_code == 422


async def test_a_deal_of_somebody_else_is_not_found(door: Door) -> None:
    key = {"Authorization": f"Bearer {door.keys[Role.OFFICER]}"}
    made = await door.client.post("/v1/deals", json=DEAL, headers=key)
    mine = {"Authorization": f"Bearer {door.keys[Role.TRADER]}"}
    assert (await door.client.get(made.headers["location"], headers=mine)).status_code == 404


async def test_the_rules_are_listed_with_their_citations(door: Door) -> None:
    key = {"Authorization": f"Bearer {door.keys[Role.AUDITOR]}"}
    rules = (await door.client.get("/v1/rules", headers=key)).json()
    by_id = {rule["id"]: rule for rule in rules["items"]}
    assert by_id["EU-002"]["citation"]
    assert by_id["US-P-012"]["applied"] is False
    assert len(rules["hash"]) == 64
