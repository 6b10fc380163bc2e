"""Pages over HTTP, as a browser without script sees them: sign-in, screening, lists, problems, theme."""

import re
from datetime import date
from html import unescape

import pytest
from console_app import DAY, LISTED, MELLI, Console, put_in_force

from lists.entity import ListedEntity, Name, NameType
from screening.access import Role
from screening.audit import query
from screening.audit.query import AuditFilter

ID = re.compile(r"/screenings/([0-9A-Z]{26})$")


def title(html: str) -> str:
    """The page's title."""
    found = re.search(r"<title>(.*?)</title>", html, re.DOTALL)
    assert found
    return unescape(found[1])


async def actions(console: Console) -> list[str]:
    """What the audit log says was done, oldest first."""
    async with console.database.read() as reading:
        lines = await query.page(reading, AuditFilter(), limit=100)
    return [str(line.content["action"]) for line in reversed(lines)]


async def test_match_page_says_who_why_and_against_what(console: Console) -> None:
    await console.sign_in()
    answer = await console.screen(name="بانک ملی ایران", kind="organization", reference="AST-2026-118")
    assert answer.status_code == 200
    assert ID.search(str(answer.url.path))
    html = answer.text
    assert title(html) == "Match: بانک ملی ایران · Caspian"
    assert "<b>Do not sign or pay.</b>" in html
    assert "BANK MELLI IRAN" in html
    assert 'lang="fa" dir="rtl"' in html
    assert re.search(r'<span class="w same">بانک<sup>1</sup></span>', html)
    assert "Iranian bank, property blocked." in html
    assert "What was not searched" in html
    assert "AST-2026-118" in html
    assert "ab" * 32 in html, "the whole file hash stands in the title of the short one"


async def test_names_never_stand_in_an_address(console: Console) -> None:
    await console.sign_in()
    answer = await console.screen(name="Bank Melli", others="Melli Bank")
    for step in (*answer.history, answer):
        assert "elli" not in str(step.url)
    assert "elli" not in "".join(re.findall(r'(?:href|action|src)="([^"]*)"', answer.text))


async def test_screening_is_recorded_before_it_is_shown(console: Console) -> None:
    await console.sign_in()
    await console.screen(name="Nobody of this name at all")
    assert (await actions(console))[-2:] == ["screened", "record_read"]


async def test_same_form_sent_twice_is_one_screening(console: Console) -> None:
    await console.sign_in()
    sent = {"name": "Bank Melli", "once": "abcdefgh12345678"}
    first, again = await console.screen(**sent), await console.screen(**sent)
    assert first.url == again.url
    other = await console.screen(**{**sent, "name": "Bank Melat"})
    assert other.status_code == 200
    assert other.url != first.url
    assert (await actions(console)).count("screened") == 2


async def test_htmx_gets_the_same_page_and_moves_the_address_itself(console: Console) -> None:
    await console.sign_in()
    answer = await console.client.post("/screenings", data={"name": "Bank Melli"}, headers={"HX-Request": "true"})
    assert answer.status_code == 200
    assert ID.search(answer.headers["hx-push-url"])
    assert 'id="main"' in answer.text
    done = await actions(console)
    assert "screened" in done
    assert "record_read" not in done, "shown once, so not read once more"


async def test_htmx_without_session_moves_to_sign_in(console: Console) -> None:
    answer = await console.client.post("/screenings", data={"name": "X"}, headers={"HX-Request": "true"})
    assert answer.headers["hx-redirect"] == "/sign-in"
    assert answer.status_code == 401


async def test_unreadable_facts_stand_beside_their_fields(console: Console) -> None:
    await console.sign_in()
    answer = await console.client.post(
        "/screenings",
        data={"name": "محسن حجتی‌پور", "birth": "31.02.1987", "country": "Atlantis", "others": "M. Hojati"},
    )
    assert answer.status_code == 422
    html = answer.text
    assert "2 facts cannot be read" in html
    assert "Nothing was screened or recorded." in html
    assert '<a href="#birth">Birth date</a>' in html
    assert '<a href="#country">Country</a>' in html
    assert 'aria-describedby="birth-e"' in html
    assert 'value="محسن حجتی‌پور"' in html, "nothing typed is lost"
    assert "M. Hojati" in html
    assert "/problems/invalid-input" in html
    assert "screened" not in await actions(console)


async def test_an_empty_form_is_refused(console: Console) -> None:
    await console.sign_in()
    answer = await console.client.post("/screenings", data={"name": ""})
    assert answer.status_code == 422
    assert "Give a name or an identifier" in answer.text


async def test_another_identifier_without_script(console: Console) -> None:
    await console.sign_in()
    sent = {"name": "PORT OLYA", "id_type": ["imo"], "id_value": ["9481910"], "add": "identifier"}
    answer = await console.client.post("/screenings", data=sent)
    assert answer.status_code == 200
    assert 'id="id-value-1"' in answer.text
    assert 'value="9481910"' in answer.text
    assert 'value="PORT OLYA"' in answer.text
    assert "screened" not in await actions(console)


async def test_vessel_by_its_number_alone(console: Console) -> None:
    await console.sign_in()
    answer = await console.screen(name="", kind="vessel", id_type="imo", id_value="9481910")
    assert title(answer.text) == "Match: IMO 9481910 · Caspian"
    assert "PORT OLYA-3" in answer.text
    assert "A shared number decides by itself: IMO." in answer.text


async def test_vessel_without_its_number_is_incomplete(console: Console) -> None:
    await console.sign_in()
    answer = await console.screen(name="Zhivopisnaya Reka", kind="vessel")
    assert title(answer.text).startswith("Incomplete:")
    assert "<b>This is not a clear.</b>" in answer.text
    assert "The ship’s IMO number." in answer.text


async def test_start_page_lists_my_last_screenings_only(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    await console.screen(name="Officer's own subject")
    await console.sign_in()
    await console.screen(name="ООО «Каспийская зерновая компания»", kind="organization", reference="AST-9")
    html = (await console.client.get("/")).text
    assert "ООО «Каспийская зерновая компания»" in html
    assert "AST-9" in html
    assert "Officer" not in html
    every = (await console.client.get("/screenings")).text
    assert "ООО «Каспийская зерновая компания»" in every


async def test_my_screenings_go_on_over_pages(console: Console, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.web.views.PER_PAGE", 2)
    await console.sign_in()
    for number in range(3):
        await console.screen(name=f"Subject number {number}")
    first = (await console.client.get("/screenings")).text
    assert "Subject number 2" in first
    assert "Subject number 0" not in first
    link = re.search(r'href="(/screenings\?cursor=[0-9A-Z]+)"', first)
    assert link
    second = (await console.client.get(link[1])).text
    assert "Subject number 0" in second
    assert "cursor=" not in second


async def test_auditors_read_but_do_not_screen(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    done = await console.screen(name="Bank Melli")
    await console.sign_in(Role.AUDITOR)
    start = await console.client.get("/")
    assert 'action="/screenings"' not in start.text
    assert "they do not screen" in start.text
    refused = await console.client.post("/screenings", data={"name": "X"})
    assert refused.status_code == 403
    assert (await console.client.get(done.url.path)).status_code == 200


async def test_a_trader_does_not_read_the_screening_of_another(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    done = await console.screen(name="Bank Melli")
    await console.sign_in()
    answer = await console.client.get(done.url.path)
    assert answer.status_code == 404
    assert "Bank Melli" not in answer.text


async def test_lists_page(console: Console) -> None:
    await console.sign_in()
    html = (await console.client.get("/lists")).text
    assert "Lists in force" in html
    assert "OFAC SDN" in html
    assert "2026-11-23" in html
    assert "new edition in force" in html
    assert 'href="/lists/un_sc/changes"' in html
    assert "Government of Iran" in html
    assert "4 lists fresh" in html
    assert "Sample data" not in html


async def test_changes_page_shows_added_changed_and_removed(console: Console) -> None:
    new = ListedEntity(id="ofac:1", source="ofac_sdn", kind=MELLI.kind, names=(Name("CASPIAN FZE", NameType.PRIMARY),))
    changed = ListedEntity(**{**_fields(MELLI), "names": (*MELLI.names, Name("BMI"))})
    await put_in_force(console.database, (new, changed), date(2026, 11, 24))
    await console.sign_in()
    html = (await console.client.get("/lists/ofac_sdn/changes")).text
    assert "CASPIAN FZE" in html
    assert "<ins>BMI" in html
    assert "<del" in html
    assert "PORT OLYA-3" in html
    only = (await console.client.get("/lists/ofac_sdn/changes?change=added")).text
    assert "CASPIAN FZE" in only
    assert "PORT OLYA-3" not in only


def _fields(entity: ListedEntity) -> dict[str, object]:
    return {name: getattr(entity, name) for name in ListedEntity.__dataclass_fields__}


async def test_changes_of_a_first_edition_and_of_an_unknown_list(console: Console) -> None:
    await console.sign_in()
    html = (await console.client.get("/lists/un_sc/changes?change=removed")).text
    assert "Clear the filter" in html
    assert (await console.client.get("/lists/no_such/changes")).status_code == 404


async def test_unknown_address_is_a_page_for_browsers(console: Console) -> None:
    answer = await console.client.get("/no-such-page")
    assert answer.status_code == 404
    assert answer.headers["content-type"].startswith("text/html")
    assert "There is nothing at this address" in answer.text
    data = await console.client.get("/no-such-page", headers={"Accept": "application/json"})
    assert data.headers["content-type"] == "application/problem+json"


async def test_wrong_query_is_a_page_for_browsers(console: Console) -> None:
    await console.sign_in()
    answer = await console.client.get("/lists/un_sc/changes?change=sideways")
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("text/html")


async def test_theme_is_kept_and_forgotten(console: Console) -> None:
    await console.sign_in()
    answer = await console.client.post("/theme", data={"theme": "dark", "back": "/lists"})
    assert answer.headers["location"] == "/lists"
    assert '<html lang="en" dir="ltr" data-theme="dark">' in (await console.client.get("/")).text
    await console.client.post("/theme", data={"theme": "auto"})
    assert '<html lang="en" dir="ltr">' in (await console.client.get("/")).text


async def test_static_files_are_kept_by_browsers_and_pages_are_not(console: Console) -> None:
    page = await console.client.get("/sign-in")
    assert page.headers["cache-control"] == "no-store"
    for address in re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text):
        file = await console.client.get(address)
        assert file.status_code == 200, address
        assert "immutable" in file.headers["cache-control"]


@pytest.mark.parametrize("in_force", [()])
class TestWithoutLists:
    """Before the first import."""

    async def test_start_page_says_what_to_do(self, console: Console) -> None:
        await console.sign_in()
        html = (await console.client.get("/")).text
        assert "No list is in force yet" in html
        assert "caspian lists import" in html
        assert "No list in force" in html

    async def test_nothing_is_answered_and_nothing_lost(self, console: Console) -> None:
        await console.sign_in()
        answer = await console.client.post("/screenings", data={"name": "Bank Melli"})
        assert answer.status_code == 503
        assert 'value="Bank Melli"' in answer.text
        assert "Clear</p>" not in answer.text

    async def test_lists_page_and_sign_in_stand(self, console: Console) -> None:
        assert "0 of 4 fresh" in (await console.client.get("/sign-in")).text
        await console.sign_in()
        assert "Missing" in (await console.client.get("/lists")).text


@pytest.mark.parametrize("in_force", [()])
async def test_sample_is_said_on_every_page_and_nothing_is_clear(console: Console) -> None:
    await put_in_force(console.database, LISTED, DAY, sample=True)
    await console.sign_in()
    await _until_loaded(console)
    answer = await console.screen(name="Caspian Dried Fruit Trading LLC", kind="organization")
    assert title(answer.text).startswith("Incomplete:")
    for path in ("/", "/lists", "/screenings", "/keyboard", "/lists/un_sc/changes", "/sign-in", answer.url.path):
        html = (await console.client.get(path)).text
        assert "<b>Sample data.</b>" in html, path
    assert "Sample lists" in (await console.client.get("/")).text


async def _until_loaded(console: Console) -> None:
    """Follow the new lists now instead of waiting for the poll."""
    app = console.client._transport.app  # type: ignore[attr-defined]
    await app.state.services.live.reload()
