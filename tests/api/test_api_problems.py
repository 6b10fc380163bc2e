"""Every refusal has one shape: RFC 9457, a stable type, a request id, and nothing of the inside."""

import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import problems
from api.app import MOST_BYTES
from core import errors
from screening.access import Role

JSON = {"Content-Type": "application/json"}
NAMED = {"subject": {"name": "Ivan Petrov"}}


def shape(response: httpx.Response, slug: str) -> dict[str, Any]:
    """Assert that a response is this problem, whole; return it."""
    problem = response.json()
    kind = problems.BY_SLUG[slug]
    assert response.headers["content-type"] == "application/problem+json"
    assert (response.status_code, problem["status"]) == (kind.status, kind.status)
    assert (problem["type"], problem["title"]) == (f"/problems/{slug}", kind.title)
    assert problem["detail"]
    assert problem["instance"] == response.request.url.path
    assert problem["request_id"] == response.headers["x-request-id"]
    for wrong in problem.get("errors", ()):
        assert set(wrong) == {"in", "field", "message"}
        assert wrong["message"]
    return problem  # type: ignore[no-any-return]


def fields(problem: dict[str, Any]) -> set[tuple[str, str]]:
    return {(wrong["in"], wrong["field"]) for wrong in problem["errors"]}


async def test_each_field_that_cannot_be_read_is_named(door: Any) -> None:
    body = {
        "subject": {
            "name": "x" * 501,
            "nme": "misspelt",
            "kind": "boat",
            "built": "yesterday",
            "countries": ["R"],
            "identifiers": [{"type": "imo"}],
        },
        "urgent": True,
    }
    problem = shape(await door.screen(body), "invalid-input")
    assert fields(problem) == {
        ("body", "subject.name"),
        ("body", "subject.nme"),
        ("body", "subject.kind"),
        ("body", "subject.built"),
        ("body", "subject.countries.0"),
        ("body", "subject.identifiers.0.value"),
        ("body", "urgent"),
    }


async def test_what_the_service_cannot_read_is_named_the_same_way(door: Any) -> None:
    body = {"subject": {"name": "A", "birth_date": "soon", "identifiers": [{"type": "shoe size", "value": "42"}]}}
    problem = shape(await door.screen(body), "invalid-input")
    assert fields(problem) == {("body", "subject.birth_date"), ("body", "subject.identifiers.0.type")}


@pytest.mark.parametrize(
    ("body", "position"),
    [
        (b'{"subject": {"name": "a",}}', "line 1 column 26"),
        (b'{"subject":\n {"name" "a"}}', "line 2 column 10"),
        (b'{"subject": NaN}', "line 1 column 13"),
        (b'{"subject": {"name": "\\ud800"}}', "line 1 column"),
        (b'{"subject": {"name": "\xff"}}', "line 1 column"),
        (b"{" * 5_000, "line 1 column"),
    ],
)
async def test_json_that_is_none_is_refused_with_its_position(door: Any, body: bytes, position: str) -> None:
    response = await door.client.post("/v1/screenings", content=body, headers=door.auth(Role.TRADER) | JSON)
    assert position in shape(response, "malformed-json")["detail"]


@pytest.mark.parametrize("body", [b"[]", b'"Ivan"', b"null", b""])
async def test_json_that_is_no_object_is_refused(door: Any, body: bytes) -> None:
    response = await door.client.post("/v1/screenings", content=body, headers=door.auth(Role.TRADER) | JSON)
    assert fields(shape(response, "invalid-input")) == {("body", "")}


@pytest.mark.parametrize("declared", [{}, {"Content-Type": "text/plain"}, {"Content-Type": "application/jsonx"}])
async def test_a_body_that_does_not_say_it_is_json_is_refused(door: Any, declared: dict[str, str]) -> None:
    content = b'{"subject": {"name": "a"}}'
    response = await door.client.post("/v1/screenings", content=content, headers=door.auth(Role.TRADER) | declared)
    shape(response, "unsupported-media-type")


async def test_a_body_above_the_limit_is_refused_before_and_while_it_is_read(door: Any) -> None:
    async def dripping() -> AsyncIterator[bytes]:
        for _ in range(MOST_BYTES // 65_536 + 2):
            yield b" " * 65_536

    headers = door.auth(Role.TRADER) | JSON
    whole = await door.client.post("/v1/screenings", content=b" " * (MOST_BYTES + 1), headers=headers)
    shape(whole, "too-large")
    shape(await door.client.post("/v1/screenings", content=dripping(), headers=headers), "too-large")


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("/v1/lists?colour=red", {("query", "colour")}),
        ("/v1/audit?limit=0&actr=x", {("query", "actr")}),
        ("/v1/audit?limit=0", {("query", "limit")}),
        ("/v1/audit?limit=1&limit=2", {("query", "limit")}),
        ("/v1/audit?cursor=abc", {("query", "cursor")}),
        ("/v1/audit?since=2026-11-24", {("query", "since")}),
        ("/v1/audit?action=danced", {("query", "action")}),
        ("/v1/entities", {("query", "q")}),
    ],
)
async def test_unknown_repeated_and_unreadable_parameters_are_refused(
    door: Any, path: str, wrong: set[tuple[str, str]]
) -> None:
    response = await door.client.get(path, headers=door.auth(Role.ADMIN))
    assert fields(shape(response, "invalid-input")) == wrong


async def test_an_unknown_address_and_method_are_refused(door: Any) -> None:
    shape(await door.client.get("/v2/screenings"), "not-found")
    shape(await door.client.get("/v1/screenings/"), "not-found")
    refused = await door.client.put("/v1/screenings", json=NAMED)
    shape(refused, "method-not-allowed")
    assert "POST" in refused.headers["allow"] or "GET" in refused.headers["allow"]


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer ck_wrong"},
        {"Authorization": "Basic aXZhbjpwZXRyb3Y="},
        {"X-API-Key": "ck_wrong"},
        {"Authorization": "Bearer"},
    ],
)
async def test_without_a_valid_key_nothing_is_told(door: Any, headers: dict[str, str]) -> None:
    response = await door.client.get("/v1/lists", headers=headers)
    shape(response, "unauthenticated")
    assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_key_is_taken_from_either_header_and_never_from_the_address(door: Any) -> None:
    key = door.keys[Role.TRADER]
    assert (await door.client.get("/v1/lists", headers={"X-API-Key": key})).status_code == 200
    assert (await door.client.get("/v1/lists", headers={"Authorization": f"bearer {key}"})).status_code == 200
    two = {"X-API-Key": key, "Authorization": f"Bearer {door.keys[Role.ADMIN]}"}
    shape(await door.client.get("/v1/lists", headers=two), "unauthenticated")
    for name in ("key", "api_key", "token", "access_token"):
        assert (await door.client.get(f"/v1/lists?{name}={key}")).status_code in {401, 422}


async def test_what_nobody_foresaw_leaves_without_a_word_of_its_inside(
    door: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object, **__: object) -> None:
        raise RuntimeError("password=hunter2 Ivan Petrov")

    monkeypatch.setattr(type(door.app.state.services.screenings), "screen", broken)
    response = await door.screen(NAMED, X_Request_Id="trace-000017")
    problem = shape(response, "internal")
    assert problem["request_id"] == "trace-000017"
    assert not re.search("hunter2|Petrov|Traceback|RuntimeError", response.text)


async def test_each_error_of_the_house_has_its_problem(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    for error, slug in problems.BY_ERROR:

        async def refused(*_: object, error: type[Exception] = error, **__: object) -> None:
            raise error("said why")

        monkeypatch.setattr(type(door.app.state.services.screenings), "screen", refused)
        problem = shape(await door.screen(NAMED), slug)
        assert problem["detail"] == "said why"


def test_every_error_is_in_the_table() -> None:
    """A new error without a row would go out as `internal`."""

    def family(parent: type[Exception]) -> set[type[Exception]]:
        return {parent}.union(*(family(child) for child in parent.__subclasses__()))

    ours = {error for error in family(errors.CaspianError) if error.__module__ == "core.errors"}
    unnamed = {error for error in ours if problems.kind_of(error("")).slug == "internal"}
    assert unnamed == {errors.CaspianError}


async def test_the_type_leads_to_its_description(door: Any) -> None:
    for kind in problems.KINDS:
        assert (await door.client.get(kind.type)).json()["status"] == kind.status
    shape(await door.client.get("/problems/unheard-of"), "not-found")


def test_the_page_in_docs_has_each_problem_with_its_status() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| `(/problems/[a-z-]+)` \| (\d+) \|", page, re.MULTILINE)
    assert rows == [(kind.type, str(kind.status)) for kind in problems.KINDS]
