"""Entities, lists, the audit log and keys over HTTP."""

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from made_lists import MELLI, SOLEIMANI, fill, put_in_force

from core.database import Database
from lists.entity import Name, NameType
from screening.access import Role
from screening.audit.export import verify_export


async def test_an_entity_is_read_by_its_id(door: Any) -> None:
    body = (await door.get("/v1/entities/ofac:11116")).json()
    assert body["id"] == "ofac:11116"
    assert body["listings"][0]["names"][1]["value"] == "قاسم سلیمانی"
    assert (await door.get("/v1/entities/ofac:0")).status_code == 404


async def test_an_entity_is_read_as_of_a_past_day(door: Any) -> None:
    before = (await door.get("/v1/lists/eu_fsf")).json()["snapshot"]["activated_at"]
    renamed = replace(MELLI, names=(Name("Melli Bank of Iran", NameType.PRIMARY),))
    await put_in_force(door.app.state.services.database, (renamed,), "eu_fsf", date(2026, 11, 24))
    now = (await door.get("/v1/entities/eu:EU.27.28")).json()
    then = (await door.get("/v1/entities/eu:EU.27.28", as_of=before)).json()
    assert now["listings"][0]["names"][0]["value"] == "Melli Bank of Iran"
    assert then["listings"][0]["names"][0]["value"] == "Bank Melli Iran"


@pytest.mark.parametrize(
    ("words", "first"),
    [("soleimani", "ofac:11116"), ("بانک ملی", "eu:EU.27.28"), ("ofac:50002", "ofac:50002"), ("9481910", "ofac:50002")],
)
async def test_entities_are_searched_by_name_number_and_id(door: Any, words: str, first: str) -> None:
    body = (await door.get("/v1/entities", q=words)).json()
    assert body["items"][0]["id"] == first
    assert body["items"][0]["lists"]


async def test_a_search_comes_page_by_page(door: Any) -> None:
    whole = (await door.get("/v1/entities", q="bank")).json()
    first = (await door.get("/v1/entities", q="bank", limit=1)).json()
    second = (await door.get("/v1/entities", q="bank", limit=1, cursor=first["next"])).json()
    assert len(whole["items"]) >= 2
    assert first["items"] + second["items"] == whole["items"][:2]


async def test_lists_say_how_fresh_they_are(door: Any) -> None:
    lists = {one["key"]: one for one in (await door.get("/v1/lists")).json()["items"]}
    sdn = lists["ofac_sdn"]
    assert set(lists) == {"ofac_sdn", "ofac_cons", "eu_fsf", "un_sc", "us_csl"}
    assert (lists["us_csl"]["state"], lists["us_csl"]["snapshot"]) == ("not_loaded", None)
    assert (sdn["state"], sdn["last_outcome"]) == ("fresh", "activated")
    assert (sdn["snapshot"]["entities"], sdn["snapshot"]["published_on"]) == (2, "2026-11-23")
    assert sdn == (await door.get("/v1/lists/ofac_sdn")).json()
    assert (await door.get("/v1/lists/ofac_what")).status_code == 404


async def test_changes_of_a_list_are_filtered_and_paged(door: Any) -> None:
    database: Database = door.app.state.services.database
    moved = replace(SOLEIMANI, nationalities=("IR", "IQ"))
    await put_in_force(database, (moved, *fill("eu_fsf")), "ofac_sdn", date(2026, 11, 24))
    path = "/v1/lists/ofac_sdn/changes"
    newest = (await door.get(path)).json()
    assert sorted((c["change"], c["entity_id"]) for c in newest["items"]) == [
        ("added", "eu:EU.27.28"),
        ("changed", "ofac:11116"),
        ("removed", "ofac:50002"),
    ]
    (changed,) = (await door.get(path, change="changed")).json()["items"]
    assert changed["fields"] == [{"field": "nationalities", "before": ["IR"], "after": ["IR", "IQ"]}]
    since = newest["items"][0]["activated_at"]
    assert len((await door.get(path, since=since)).json()["items"]) == 3
    first = (await door.get(path, limit=2)).json()
    rest = (await door.get(path, limit=2, cursor=first["next"])).json()
    assert first["items"] + rest["items"] == newest["items"]
    assert rest["next"] is None


async def test_a_refresh_that_fails_says_why_and_leaves_the_list_in_force(door: Any, tmp_path: Any) -> None:
    broken = tmp_path / "broken.xml"
    broken.write_text("<html>Service unavailable</html>")
    door.app.state.services.settings.lists["eu_fsf"] = door.app.state.services.settings.source("eu_fsf").model_copy(
        update={"url": str(broken)}
    )
    response = await door.client.post("/v1/lists/eu_fsf/refresh", headers=door.auth(Role.OFFICER))
    assert (response.status_code, response.json()["type"]) == (502, "/problems/list-refused")
    status = (await door.get("/v1/lists/eu_fsf")).json()
    assert status["snapshot"]["entities"] == 1
    assert status["last_outcome"] in {"refused", "failed"}
    assert status["last_reason"] in response.json()["detail"]


async def test_the_log_is_filtered(door: Any) -> None:
    await door.screen({"subject": {"name": "Ivan Petrov"}, "reference": "a"})
    await door.screen({"subject": {"name": "Qasem Soleimani"}, "reference": "b"}, Role.OFFICER)

    async def references(**query: object) -> list[str]:
        items = (await door.get("/v1/audit", Role.AUDITOR, **query)).json()["items"]
        return [line["entry"]["reference"] for line in items if line["entry"]["action"] == "screened"]

    assert await references(action="screened") == ["b", "a"]
    assert await references(subject="PETROV") == ["a"]
    assert await references(entity="ofac:11116") == ["b"]
    assert await references(outcome="match") == ["b"]
    assert await references(since="2999-01-01T00:00:00Z") == []
    assert await references(until="2999-01-01T00:00:00+03:00", action="screened") == ["b", "a"]
    actor = (await door.get("/v1/audit", outcome="match")).json()["items"][0]["entry"]["actor"]["id"]
    assert await references(actor=actor, action="screened") == ["b"]


async def test_the_log_comes_page_by_page(door: Any) -> None:
    for number in range(5):
        await door.screen({"subject": {"name": f"Party {number}"}, "reference": str(number)})
    seen, query = [], {"action": "screened", "limit": 2}
    while True:
        page = (await door.get("/v1/audit", **query)).json()
        seen += [line["entry"]["reference"] for line in page["items"]]
        if page["next"] is None:
            break
        query["cursor"] = page["next"]
    assert seen == ["4", "3", "2", "1", "0"]


async def test_who_looked_at_the_log_is_in_the_log_and_whom_they_looked_for_beside_it(door: Any) -> None:
    await door.get("/v1/audit", Role.AUDITOR, subject="Petrov", outcome="clear")
    line = (await door.get("/v1/audit", action="record_read")).json()["items"][0]
    assert line["entry"]["actor"]["role"] == "auditor"
    assert line["entry"]["details"] == {"outcome": "clear"}
    assert line["subject"] == "petrov"
    assert "petrov" not in json.dumps(line["entry"]).lower()


async def test_the_log_verifies_and_exports(door: Any) -> None:
    await door.screen({"subject": {"name": "Ivan Petrov"}})
    verdict = (await door.get("/v1/audit/verify", Role.AUDITOR)).json()
    assert (verdict["whole"], verdict["problem"]) == (True, None)
    export = await door.get("/v1/audit/export", Role.AUDITOR)
    lines = export.text.splitlines()
    assert export.headers["content-type"].startswith("application/jsonl")
    assert verify_export(lines).whole
    assert json.loads(lines[-2])["entry"]["action"] == "exported"
    head = json.loads(lines[-1])["checkpoint"]
    assert (await door.get("/v1/audit/verify", sequence=head["sequence"] + 9, hash=head["hash"])).json()[
        "whole"
    ] is False
    assert (await door.get("/v1/audit/verify", sequence=1)).status_code == 422
    bare = await door.get("/v1/audit/export", payloads=False, after=verdict["checked"])
    assert "petrov" not in bare.text.lower()
    assert (await door.get("/v1/audit/export", after=10_000)).status_code == 404


async def test_a_key_is_created_used_listed_and_revoked(door: Any) -> None:
    admin = door.auth(Role.ADMIN)
    made = await door.client.post("/v1/keys", json={"role": "trader", "owner": "Desk 4"}, headers=admin)
    assert made.status_code == 201
    key = made.json()
    header = {"X-API-Key": key["key"]}
    assert made.headers["location"] == f"/v1/keys/{key['id']}"
    assert (await door.client.get("/v1/lists", headers=header)).status_code == 200
    listed = await door.get("/v1/keys")
    (shown,) = [one for one in listed.json()["items"] if one["id"] == key["id"]]
    assert (shown["owner"], shown["revoked_at"]) == ("Desk 4", None)
    assert key["key"] not in listed.text
    assert (await door.client.delete(made.headers["location"], headers=admin)).json()["revoked_at"]
    assert (await door.client.get("/v1/lists", headers=header)).status_code == 401
    actions = [line["entry"]["action"] for line in (await door.get("/v1/audit", record=key["id"])).json()["items"]]
    assert actions == ["key_revoked", "key_created"]
    assert (await door.client.delete("/v1/keys/ck_none", headers=admin)).status_code == 404


async def test_an_expired_key_no_longer_opens(door: Any) -> None:
    body = {"role": "trader", "owner": "Desk 4", "expires_at": "2020-01-01T00:00:00Z"}
    key = (await door.client.post("/v1/keys", json=body, headers=door.auth(Role.ADMIN))).json()["key"]
    assert (await door.client.get("/v1/lists", headers={"X-API-Key": key})).status_code == 401


async def test_a_key_asked_for_twice_under_one_idempotency_key_is_made_once(door: Any) -> None:
    headers = door.auth(Role.ADMIN) | {"Idempotency-Key": "new-desk"}
    body = {"role": "trader", "owner": "Desk 4"}
    first = await door.client.post("/v1/keys", json=body, headers=headers)
    again = await door.client.post("/v1/keys", json=body, headers=headers)
    assert (first.status_code, again.status_code) == (201, 409)
    assert first.json()["id"] in again.json()["detail"]


async def test_keys_come_page_by_page(door: Any) -> None:
    first = (await door.get("/v1/keys", limit=3)).json()
    rest = (await door.get("/v1/keys", limit=3, cursor=first["next"])).json()
    ids = [one["id"] for one in first["items"] + rest["items"]]
    assert ids == sorted(set(ids))
    assert len(ids) == len(Role)


async def test_identifier_types_are_told(door: Any) -> None:
    types = {one["type"] for one in (await door.get("/v1/identifier-types")).json()["items"]}
    assert {"imo", "inn", "ogrn", "lei", "bic", "passport"} <= types
