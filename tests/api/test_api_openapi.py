"""The description of the API is whole, its examples work when sent, and its page needs nothing from elsewhere."""

import re
from typing import Any

import pytest

from api import examples, permissions, problems
from screening.access import Role
from screening.answer import Screening
from screening.request import ScreeningRequest


async def described(door: Any) -> dict[str, Any]:
    return (await door.client.get("/openapi.json")).json()  # type: ignore[no-any-return]


async def test_every_route_is_described_with_its_problems_and_roles(empty_door: Any) -> None:
    paths = (await described(empty_door))["paths"]
    told = {(method.upper(), path) for path, found in paths.items() for method in found if path.startswith("/v1/")}
    assert told == set(permissions.ALLOWED)
    for method, path in told:
        operation = paths[path][method.lower()]
        assert operation["summary"]
        assert operation["security"] == [{"bearer": []}, {"header": []}]
        assert {"401", "403", "422", "500"} <= set(operation["responses"]), (method, path)
        for status, answer in operation["responses"].items():
            if status >= "400":
                assert list(answer["content"]) == [problems.MEDIA_TYPE]
                assert all(str(e["value"]["status"]) == status for e in _examples(answer))


def _examples(answer: dict[str, Any]) -> list[dict[str, Any]]:
    return list(answer["content"][problems.MEDIA_TYPE]["examples"].values())


async def test_no_reference_in_it_leads_nowhere(empty_door: Any) -> None:
    document = await described(empty_door)
    known = set(document["components"]["schemas"])
    found = set(re.findall(r'"#/components/schemas/([^"]+)"', (await empty_door.client.get("/openapi.json")).text))
    assert found <= known
    assert "HTTPValidationError" not in known


@pytest.mark.parametrize("name", sorted(examples.SCREENINGS))
async def test_each_example_of_a_screening_works_when_sent(door: Any, name: str) -> None:
    value = examples.SCREENINGS[name]["value"]
    ScreeningRequest.model_validate(value)
    response = await door.screen(value)
    assert response.status_code == 200, response.text
    answer = Screening.model_validate_json(response.content).answer
    assert answer.outcome == ("clear" if name == "cyrillic" else "match")  # no list made by hand has Promsvyazbank
    assert answer.warnings == ()


@pytest.mark.parametrize("name", sorted(examples.KEYS))
async def test_each_example_of_a_key_works_when_sent(door: Any, name: str) -> None:
    response = await door.client.post("/v1/keys", json=examples.KEYS[name]["value"], headers=door.auth(Role.ADMIN))
    assert response.status_code == 201


async def test_the_examples_stand_in_the_description(empty_door: Any) -> None:
    paths = (await described(empty_door))["paths"]
    for path, shown in (("/v1/screenings", examples.SCREENINGS), ("/v1/keys", examples.KEYS)):
        content = paths[path]["post"]["requestBody"]["content"]["application/json"]
        assert content["examples"] == shown


async def test_the_page_shows_every_address_and_fetches_nothing_from_elsewhere(empty_door: Any) -> None:
    response = await empty_door.client.get("/docs")
    assert response.headers["content-type"].startswith("text/html")
    page = response.text
    for method, path in permissions.ALLOWED:
        assert f"{method} {path}" in page
    assert "بانک ملی ایران" in page
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page) == []
    assert "<script" not in page
    assert (await empty_door.client.get("/static/caspian.css")).status_code == 200
