"""Each role is refused what the table does not give it, and nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest

from api import permissions
from api.app import api_routes
from screening.access import Role

CASES = sorted(permissions.ALLOWED)


@pytest.mark.parametrize("role", list(Role))
async def test_a_role_is_refused_exactly_what_is_not_its_own(empty_door: Any, role: Role) -> None:
    """Without lists and with made-up ids the allowed answer is some refusal, but never "not allowed"."""
    for method, route in CASES:
        path = route.replace("{id}", "none").replace("{key}", "none")
        response = await empty_door.client.request(method, path, headers=empty_door.auth(role))
        refused = response.status_code == 403
        assert refused == (role not in permissions.ALLOWED[(method, route)]), (role, method, route, response.text)
        if refused:
            assert response.json()["type"] == "/problems/not-allowed"


async def test_nothing_under_v1_answers_without_a_key(empty_door: Any) -> None:
    for method, route in CASES:
        assert (await empty_door.client.request(method, route)).status_code == 401, (method, route)


async def test_the_table_and_the_routes_are_the_same(empty_door: Any) -> None:
    assert sorted(api_routes(empty_door.app)) == CASES


def test_a_route_that_is_not_in_the_table_stops_the_app() -> None:
    with pytest.raises(RuntimeError, match="/v1/secrets"):
        permissions.check_complete([*CASES, ("GET", "/v1/secrets")])


def test_the_page_in_docs_has_the_table() -> None:
    page = (Path(__file__).parents[2] / "docs" / "api.md").read_text()
    rows = re.findall(r"^\| `([A-Z]+) (/v1/[^`]+)` \| (.+) \|$", page, re.MULTILINE)
    told = {(method, path): tuple(cell == "yes" for cell in cells.split(" | ")) for method, path, cells in rows}
    order = (Role.TRADER, Role.OFFICER, Role.APPROVER, Role.AUDITOR, Role.ADMIN)
    assert told == {case: tuple(role in roles for role in order) for case, roles in permissions.ALLOWED.items()}
