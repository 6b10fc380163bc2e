"""Webhooks over HTTP: made, shown without their secret, removed; their deliveries paged and replayed; and the job."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from api import jobs
from core import migrations
from core.settings import Settings
from screening.access import Role
from screening.webhooks.sending import deliver_events

EVENTS = ["case.opened", "batch.finished"]


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """With private addresses allowed: the receiver of a test stands on this host."""
    return Settings(database_url=database_url, data_dir=tmp_path, schedule=False, webhook_allow_private=True)


async def make(door: Any, url: str) -> dict[str, Any]:
    body = {"url": url, "events": EVENTS}
    answer = await door.client.post("/v1/webhooks", json=body, headers=door.auth(Role.OFFICER))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_screening_that_opens_a_case_is_told(door: Any, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("", 200)
    made = await make(door, httpserver.url_for("/hook"))
    assert made["secret"].startswith("whsec_")
    screened = await door.screen({"subject": {"name": "Bank Melli Iran", "kind": "organization"}})
    assert screened.json()["receipt"]["cases"]
    database = door.app.state.services.database
    assert await deliver_events(database, allow_private=True) == 1
    ((request, _),) = httpserver.log
    told = request.get_json()
    (case,) = (await door.get("/v1/cases", Role.OFFICER)).json()["items"]
    assert (told["event"], told["record_id"]) == ("case.opened", case["id"])
    assert "Melli" not in request.data.decode()
    (entry,) = (await door.get("/v1/audit", Role.AUDITOR, action="case_opened")).json()["items"]
    assert entry["entry"]["record_id"] == case["id"]
    assert (told["audit_sequence"], told["audit_hash"]) == (entry["sequence"], entry["hash"])

    (sent,) = (await door.get("/v1/webhooks/deliveries", state="delivered", webhook=made["id"])).json()["items"]
    assert sent["id"] == told["id"]
    again = await door.client.post(f"/v1/webhooks/deliveries/{sent['id']}/replay", headers=door.auth(Role.ADMIN))
    assert again.json()["state"] == "waiting"
    assert await deliver_events(database, allow_private=True) == 1
    assert (await door.get("/v1/webhooks/deliveries", state="failed")).json()["items"] == []


async def test_the_secret_is_shown_once_and_removal_is_recorded(empty_door: Any, httpserver: HTTPServer) -> None:
    door = empty_door
    first, second = [await make(door, httpserver.url_for(f"/{path}?token=t0ken")) for path in ("a", "b")]
    page = (await door.get("/v1/webhooks", Role.OFFICER, limit=1)).json()
    rest = (await door.get("/v1/webhooks", Role.OFFICER, cursor=page["next"])).json()
    assert [one["id"] for one in page["items"] + rest["items"]] == [first["id"], second["id"]]
    assert not any("secret" in one for one in page["items"] + rest["items"])
    for _ in range(2):
        gone = await door.client.delete(f"/v1/webhooks/{first['id']}", headers=door.auth(Role.OFFICER))
        assert gone.json()["removed_at"]
    unknown = await door.client.delete("/v1/webhooks/none", headers=door.auth(Role.OFFICER))
    assert unknown.status_code == 404
    lines = (await door.get("/v1/audit", Role.AUDITOR)).json()["items"][:3]
    actions = [line["entry"]["action"] for line in lines]
    assert actions == ["webhook_removed", "webhook_created", "webhook_created"]
    assert lines[1]["entry"]["details"] == {"host": "localhost", "events": sorted(EVENTS)}
    assert "t0ken" not in str(lines)


async def test_the_same_idempotency_key_gives_the_same_webhook(empty_door: Any, httpserver: HTTPServer) -> None:
    async def made(path: str, events: list[str], role: Role = Role.OFFICER) -> Any:
        headers = empty_door.auth(role) | {"Idempotency-Key": "a-key"}
        body = {"url": httpserver.url_for(path), "events": events}
        return await empty_door.client.post("/v1/webhooks", json=body, headers=headers)

    first = await made("/a", EVENTS)
    again = await made("/a", EVENTS[::-1])
    assert (first.status_code, again.status_code, again.json()) == (201, 201, first.json())
    assert (await made("/b", EVENTS)).status_code == 409
    assert (await made("/a", EVENTS[:1])).json()["type"] == "/problems/conflict"
    other = await made("/a", EVENTS, Role.ADMIN)
    assert other.json()["id"] != first.json()["id"]
    assert len((await empty_door.get("/v1/webhooks", Role.OFFICER)).json()["items"]) == 2
    assert len((await empty_door.get("/v1/audit", Role.AUDITOR, action="webhook_created")).json()["items"]) == 2


async def test_who_may_and_what_is_refused(empty_door: Any) -> None:
    post = empty_door.client.post
    body = {"url": "https://hooks.example/", "events": EVENTS}
    for role in (Role.TRADER, Role.APPROVER, Role.AUDITOR):
        assert (await post("/v1/webhooks", json=body, headers=empty_door.auth(role))).status_code == 403
    for wrong in ({"events": []}, {"events": ["case.closed"]}, {"url": "ftp://localhost/"}):
        answer = await post("/v1/webhooks", json=body | wrong, headers=empty_door.auth(Role.ADMIN))
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["field"].startswith(next(iter(wrong)))


async def test_the_schedule_sends(tmp_path: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "EVERY_MINUTE", "* * * * * *")
    asked: list[bool] = []

    async def noted(_database: object, *, allow_private: bool) -> int:
        asked.append(allow_private)
        return 0

    monkeypatch.setattr(jobs, "deliver_events", noted)
    settings = Settings(data_dir=tmp_path, webhook_allow_private=True)
    await asyncio.to_thread(migrations.upgrade, settings.database)
    async with jobs.schedule(settings):
        for _ in range(100):
            if asked:
                break
            await asyncio.sleep(0.1)
    assert asked
    assert all(asked)
