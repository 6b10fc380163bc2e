"""Who sits at the browser: signing in and out, the cookie, and forms that other sites send."""

import pytest
from console_app import Console

from api.web import session
from screening.access import Role
from screening.audit import query
from screening.audit.query import AuditFilter


async def actions(console: Console) -> list[str]:
    """What the audit log says was done, oldest first."""
    async with console.database.read() as reading:
        lines = await query.page(reading, AuditFilter(), limit=100)
    return [str(line.content["action"]) for line in reversed(lines)]


async def test_whoever_is_not_signed_in_is_sent_to_sign_in(console: Console) -> None:
    for path in ("/", "/lists", "/screenings", "/keyboard", "/lists/ofac_sdn/changes"):
        answer = await console.client.get(path)
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")
    answer = await console.client.get("/lists")
    assert answer.headers["location"] == "/sign-in?back=/lists"


async def test_sign_in_says_how_fresh_the_lists_are(console: Console) -> None:
    answer = await console.client.get("/sign-in")
    assert answer.status_code == 200
    assert "4 of 4 fresh" in answer.text
    assert "Newest list" in answer.text
    assert "23 Nov 2026" in answer.text


async def test_sign_in_sets_a_cookie_no_script_can_read(console: Console) -> None:
    answer = await console.client.post("/sign-in", data={"key": f" {console.keys[Role.TRADER]} ", "back": "/lists"})
    assert answer.status_code == 303
    assert answer.headers["location"] == "/lists"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert console.keys[Role.TRADER].lower() not in cookie
    assert (await console.client.get("/lists")).status_code == 200
    assert "signed_in" in await actions(console)


async def test_wrong_key_is_refused_and_not_echoed(console: Console) -> None:
    answer = await console.client.post("/sign-in", data={"key": "ck_wrong_key"})
    assert answer.status_code == 401
    assert "This key is not known" in answer.text
    assert "ck_wrong_key" not in answer.text
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "back", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:x", "/a\nb"]
)
async def test_sign_in_never_leads_to_another_site(console: Console, back: str) -> None:
    answer = await console.client.post("/sign-in", data={"key": console.keys[Role.TRADER], "back": back})
    assert answer.headers["location"] == "/"


async def test_sign_out_ends_the_session(console: Console) -> None:
    await console.sign_in()
    kept = console.client.cookies[session.COOKIE]
    answer = await console.client.post("/sign-out")
    assert answer.headers["location"] == "/sign-in"
    console.client.cookies.set(session.COOKIE, kept, domain="caspian.test")
    assert (await console.client.get("/")).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": ""},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
    ],
)
async def test_a_form_of_another_site_is_refused(console: Console, headers: dict[str, str]) -> None:
    await console.sign_in()
    for path in ("/screenings", "/sign-out", "/theme", "/sign-in"):
        answer = await console.client.post(path, data={"name": "X"}, headers=headers)
        assert answer.status_code == 403, path
    assert "screened" not in await actions(console)
