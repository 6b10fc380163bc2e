"""Each role is refused what the tables do not give it, and nothing else: every route of the app, API and console."""

import re
from pathlib import Path
from typing import Any

import pytest

from api import permissions
from api.app import served
from api.web.session import COOKIE
from screening.access import Role

API = sorted(permissions.ALLOWED)
PAGES = sorted(permissions.PAGES)
ORIGIN = {"Origin": "http://test", "Accept": "text/html"}


def made_up(route: str) -> str:
    """An address of this route whose every part names nothing; a number where a number belongs."""
    return re.sub(r"\{(\w+)\}", lambda part: "1" if part[1] in {"sequence", "n", "number"} else "none", route)


async def sign_in(door: Any, role: Role) -> None:
    door.client.cookies.clear()
    answer = await door.client.post("/sign-in", data={"key": door.keys[role]}, headers=ORIGIN)
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_is_refused_exactly_what_is_not_its_own(empty_door: Any, role: Role) -> None:
    """Without lists and with made-up ids the allowed answer is some refusal, but never "not allowed"."""
    for method, route in API:
        response = await empty_door.client.request(method, made_up(route), headers=empty_door.auth(role))
        refused = response.status_code == 403
        assert refused == (role not in permissions.ALLOWED[(method, route)]), (role, method, route, response.text)
        if refused:
            assert response.json()["type"] == "/problems/not-allowed"


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_is_refused_exactly_the_pages_that_are_not_its_own(empty_door: Any, role: Role) -> None:
    await sign_in(empty_door, role)
    for method, route in PAGES:
        data = {"of": "nobody"} if method == "POST" else None
        response = await empty_door.client.request(method, made_up(route), headers=ORIGIN, data=data)
        refused = response.status_code == 403
        assert refused == (role not in permissions.PAGES[(method, route)]), (role, method, route, response.text)
        assert response.headers.get("location") != "/sign-in"


async def test_nothing_under_v1_answers_without_a_key(empty_door: Any) -> None:
    for method, route in API:
        assert (await empty_door.client.request(method, made_up(route))).status_code == 401, (method, route)


async def test_no_session_of_the_console_opens_the_api(empty_door: Any) -> None:
    await sign_in(empty_door, Role.ADMIN)
    assert empty_door.client.cookies[COOKIE]
    for method, route in API:
        response = await empty_door.client.request(method, made_up(route), headers=ORIGIN)
        assert response.status_code == 401, (method, route)


async def test_no_page_is_shown_without_a_session(empty_door: Any) -> None:
    for method, route in PAGES:
        response = await empty_door.client.request(method, made_up(route), headers=ORIGIN)
        assert response.status_code == 303, (method, route)
        assert response.headers["location"].startswith("/sign-in"), (method, route)


@pytest.mark.parametrize(("method", "route"), sorted(permissions.PUBLIC))
async def test_what_is_public_asks_for_nobody(empty_door: Any, method: str, route: str) -> None:
    response = await empty_door.client.request(method, made_up(route), headers=ORIGIN)
    assert response.status_code not in {401, 403} or route.startswith("/sign-in"), response.text


async def test_the_tables_and_the_routes_are_the_same(empty_door: Any) -> None:
    assert sorted(served(empty_door.app)) == sorted([*API, *PAGES, *permissions.PUBLIC])
    assert not permissions.PUBLIC & {*API, *PAGES}


@pytest.mark.parametrize("route", ["/v1/secrets", "/secrets"])
def test_a_route_that_is_in_no_table_stops_the_app(route: str) -> None:
    with pytest.raises(RuntimeError, match=route):
        permissions.check_complete([*API, *PAGES, *permissions.PUBLIC, ("GET", route)])


def test_the_page_in_docs_has_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| `([A-Z]+) (/v1/[^`]+)` \| (.+) \|$", page, re.MULTILINE)
    told = {(method, path): tuple(cell == "yes" for cell in cells.split(" | ")) for method, path, cells in rows}
    order = (Role.TRADER, Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.ADMIN)
    assert told == {case: tuple(role in roles for role in order) for case, roles in permissions.ALLOWED.items()}
