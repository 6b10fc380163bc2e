"""Health, numbers, headers: what the outside may ask without a key."""

import re
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from made_lists import fill, put_in_force
from sqlalchemy import text

from core.clock import now
from screening.access import Role


def points(response: Any) -> dict[str, str]:
    return {wrong["field"]: wrong["message"] for wrong in response.json()["errors"]}


async def test_alive_and_ready(door: Any) -> None:
    assert (await door.client.get("/healthz")).json()["status"] == "alive"
    assert (await door.client.get("/readyz")).json()["status"] == "ready"


async def test_without_lists_it_is_alive_but_not_ready(empty_door: Any) -> None:
    assert (await empty_door.client.get("/healthz")).status_code == 200
    response = await empty_door.client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["type"] == "/problems/not-ready"
    assert set(points(response)) == {"lists.ofac_sdn", "lists.ofac_cons", "lists.eu_fsf", "lists.un_sc", "index"}


async def test_while_the_index_is_behind_the_first_import_it_is_not_ready(empty_door: Any) -> None:
    services = empty_door.app.state.services
    await services.live.stop()  # nothing follows the lists but what this test says
    for source in ("ofac_sdn", "ofac_cons", "eu_fsf"):
        await put_in_force(services.database, fill(source), source, date(2026, 11, 23))
    await services.live.reload()
    await put_in_force(services.database, fill("un_sc"), "un_sc", date(2026, 11, 23))
    response = await empty_door.client.get("/readyz")
    asked = await empty_door.screen({"subject": {"name": "Zhanna Trading"}})
    assert (response.status_code, asked.json()["answer"]["outcome"]) == (503, "incomplete")
    assert set(points(response)) == {"index"}
    assert "(un_sc)" in points(response)["index"]
    await services.live.reload()
    assert (await empty_door.client.get("/readyz")).status_code == 200


async def test_with_stale_lists_it_is_not_ready(door: Any) -> None:
    with time_machine.travel(now() + timedelta(days=30), tick=False):
        response = await door.client.get("/readyz")
    assert response.status_code == 503
    assert set(points(response)) == {"lists.ofac_sdn", "lists.ofac_cons", "lists.eu_fsf", "lists.un_sc"}


async def test_with_another_schema_it_is_not_ready(door: Any) -> None:
    async with door.app.state.services.database.write() as session:
        await session.execute(text("UPDATE alembic_version SET version_num = 'another'"))
    response = await door.client.get("/readyz")
    assert (response.status_code, set(points(response))) == (503, {"migrations"})


async def test_numbers_are_told_by_route_and_never_by_name(door: Any) -> None:
    asked = await door.screen({"subject": {"name": "Qasem Soleimani"}})
    await door.get(asked.headers["location"])
    await door.get("/v1/entities", q="Soleimani")
    await door.client.get("/no/such/Soleimani")
    await door.client.request("BREW", "/v1/lists")
    page = (await door.client.get("/metrics")).text
    requests = 'caspian_http_requests_total{method="POST",route="/v1/screenings",status="200"} 1.0'
    assert requests in page
    assert 'caspian_http_requests_total{method="GET",route="/v1/screenings/{id}",status="200"} 1.0' in page
    assert 'caspian_http_requests_total{method="GET",route="(no route)",status="404"} 1.0' in page
    assert 'caspian_screenings_total{outcome="match"} 1.0' in page
    assert 'caspian_list_state{list="eu_fsf",state="fresh"} 1.0' in page
    assert 'caspian_list_entities{list="ofac_sdn"} 2.0' in page
    assert re.search(r"^caspian_index_entities 5\.0$", page, re.MULTILINE)
    assert not re.search("(?i)soleimani|BREW|" + asked.json()["receipt"]["id"], page)


async def test_every_number_is_in_the_docs(door: Any) -> None:
    from pathlib import Path

    told = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    names = re.findall(r"^# TYPE (caspian_\w+)", (await door.client.get("/metrics")).text, re.MULTILINE)
    assert [name for name in names if not name.endswith("_created") and f"`{name}`" not in told] == []


@pytest.mark.parametrize("path", ["/healthz", "/v1/lists", "/nope", "/docs"])
async def test_every_answer_carries_the_security_headers(door: Any, path: str) -> None:
    headers = (await door.client.get(path)).headers
    assert "script-src 'self'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in headers


async def test_a_request_id_is_taken_over_if_it_is_harmless(door: Any) -> None:
    async def told(sent: str) -> str:
        answer = await door.client.get("/healthz", headers={"X-Request-Id": sent})
        return str(answer.headers["x-request-id"])

    assert await told("0af7651916cd43dd8448eb211c80319c") == "0af7651916cd43dd8448eb211c80319c"
    assert await told("Ivan Petrov") != "Ivan Petrov"
    assert await told("x" * 65) != "x" * 65


async def test_another_site_gets_no_leave_to_read(door: Any) -> None:
    asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"}
    response = await door.client.options("/v1/screenings", headers=asked | door.auth(Role.TRADER))
    assert response.status_code == 405
    assert "access-control-allow-origin" not in response.headers
