"""Who sits at the browser: signing in and out, the cookie, and forms that other sites send."""

import pytest
from console_app import Console

from api.web import session
from screening.access import Role
from screening.audit import query
from screening.audit.query import AuditFilter
from screening.keys import SYSTEM
from screening.people.passwords import Passwords, temporary_password
from screening.people.people import NewPerson, PersonChange, change_person, create_person, find_person


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


async def make_person(console: Console) -> str:
    """An officer with a temporary password, which is returned."""
    password = temporary_password()
    hashed = await Passwords().hashed(password)
    async with console.database.write() as writing:
        new = NewPerson("olga", "Olga Petrova", Role.OFFICER)
        await create_person(writing, new, by=SYSTEM, password_hash=hashed)
    return password


async def test_a_person_chooses_a_password_and_signs_in_with_it(console: Console) -> None:
    password, own = await make_person(console), "violet anchovy parliament"
    first = await console.client.post("/sign-in", data={"name": "Olga", "password": password, "back": "/lists"})
    assert first.status_code == 200
    assert "temporary one" in first.text
    assert "set-cookie" not in first.headers
    form = {"name": "Olga", "password": password, "chosen": own, "again": own, "back": "/lists"}
    unlike = await console.client.post("/sign-in/password", data=form | {"again": "another"})
    assert (unlike.status_code, "not the same" in unlike.text) == (422, True)
    common = await console.client.post(
        "/sign-in/password", data=form | {"chosen": "password12345", "again": "password12345"}
    )
    assert common.status_code == 422
    wrong = await console.client.post("/sign-in/password", data=form | {"password": "no"})
    assert wrong.status_code == 401
    for page in (unlike, common, wrong):
        assert own not in page.text
        assert password not in page.text
    chosen = await console.client.post("/sign-in/password", data=form)
    assert (chosen.status_code, chosen.headers["location"]) == (303, "/lists")
    assert "Olga Petrova" in (await console.client.get("/lists")).text
    await console.client.post("/sign-out")
    again = await console.client.post("/sign-in", data={"name": "OLGA", "password": own})
    assert again.status_code == 303
    cookie = again.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie


@pytest.mark.parametrize("name", ["olga", "nobody"])
async def test_a_wrong_password_is_refused_and_tells_nothing(console: Console, name: str) -> None:
    await make_person(console)
    answer = await console.client.post("/sign-in", data={"name": name, "password": "wrong"})
    assert answer.status_code == 401
    assert answer.text.replace(name, "") == (await _refusal(console)).replace("olga", "")


async def _refusal(console: Console) -> str:
    return (await console.client.post("/sign-in", data={"name": "olga", "password": "wrong"})).text


async def test_behind_https_the_cookie_is_secure(console: Console) -> None:
    answer = await console.client.post(
        "https://caspian.test/sign-in",
        data={"key": console.keys[Role.TRADER]},
        headers={"Origin": "https://caspian.test"},
    )
    assert "secure" in answer.headers["set-cookie"].lower()


async def test_a_person_who_is_disabled_is_signed_out(console: Console) -> None:
    password, own = await make_person(console), "violet anchovy parliament"
    form = {"name": "olga", "password": password, "chosen": own, "again": own}
    await console.client.post("/sign-in/password", data=form)
    async with console.database.write() as writing:
        person = await find_person(writing, "olga")
        await change_person(writing, person.id, PersonChange(disabled=True), by=SYSTEM)
    assert (await console.client.get("/lists")).status_code == 303
    refused = await console.client.post("/sign-in", data={"name": "olga", "password": own})
    assert refused.status_code == 401
