"""Casework in the console: the queue, one case fact by fact, the steps, who may take them, clearances."""

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest
from console_app import MELLI, SOLEIMANI, Console, put_in_force
from console_tour import DEAL

from core.clock import now
from screening.access import Role

NAME = "قاسم سلیمی"
"""Close to the listed SOLEIMANI: review."""


async def open_case(console: Console, role: Role = Role.OFFICER, **form: str) -> httpx.Response:
    """A trader screens somebody; the role opens the case that this made."""
    await console.sign_in()
    await console.screen(**({"name": NAME, "kind": "person"} | form))
    await console.sign_in(role)
    queue = await console.client.get("/cases")
    address = re.findall(r'href="(/cases/[0-9A-Z]{26})"', queue.text)
    assert address, queue.text
    return await console.client.get(address[0])


async def act(console: Console, page: httpx.Response, step: str, **form: str) -> httpx.Response:
    """Take a step in the case of a page as its form does."""
    version = re.findall(r'name="version" value="(\d+)"', page.text)[0]
    return await console.client.post(f"{page.url.path}/{step}", data={"version": version} | form, follow_redirects=True)


async def decide(console: Console, page: httpx.Response, **form: str) -> httpx.Response:
    """Propose a false positive for the match that the page shows."""
    match = re.findall(r'name="match" value="([^"]+)"', page.text)[0]
    sent = {"match": match, "decision": "false_positive", "reason": "FP-02", "note": "Born 1987, the passport says."}
    return await act(console, page, "decisions", **(sent | form))


async def test_queue_shows_who_waits_how_urgent_and_how_long(console: Console) -> None:
    await console.sign_in()
    await console.screen(name="Bank Melli Iran", kind="organization", country="Iran")
    await console.screen(name=NAME, kind="person")
    await console.sign_in(Role.OFFICER)
    html = (await console.client.get("/cases")).text
    assert "2 cases, none past its target. The most urgent first." in html
    assert html.index("Bank Melli Iran") < html.index(NAME), "high priority comes first"
    assert re.search(r"3 h 59 m left|4 h 0 m left", html)
    assert re.search(r"OFAC SDN 25578|EU\.13719\.21", html)
    only = (await console.client.get("/cases?priority=normal&list=un_sc&assignee=nobody&state=open")).text
    assert NAME in only
    assert ">Bank Melli Iran<" not in only
    assert "Nothing waits here" in (await console.client.get("/cases?due=past")).text
    assert (await console.client.get("/cases?state=sleeping")).status_code == 422


async def test_a_search_for_a_name_leaves_no_address(console: Console) -> None:
    await console.sign_in()
    await console.screen(name="Bank Melli Iran", kind="organization")
    await console.screen(name=NAME, kind="person")
    await console.sign_in(Role.OFFICER)
    found = await console.client.post("/cases", data={"subject": "melli"})
    assert found.status_code == 200
    assert "Bank Melli Iran" in found.text
    assert NAME not in found.text
    moved = await console.client.post("/cases", data={"subject": "", "priority": "high"})
    assert moved.headers["location"] == "/cases?priority=high"


async def test_a_case_compares_fact_by_fact(console: Console) -> None:
    page = await open_case(console, birth="1957")
    html = page.text
    assert "Is this the listed person?" in html
    assert "QASEM SOLEIMANI" in html
    assert re.search(r'<th scope="row">Birth date</th>', html)
    assert "11 Mar 1957" in html or "1957-03-11" in html
    assert "Agrees +" in html
    assert 'class="w same">' in html
    assert "Dina the trader, who asked, can neither decide nor approve." in html
    assert "FP-02" in html
    assert 'dir="rtl"' in html


async def test_four_eyes_from_the_decision_to_the_clearance(console: Console) -> None:
    page = await open_case(console)
    page = await act(console, page, "assign", to="me")
    assert "Took the case" in page.text
    until = (now() + timedelta(days=90)).date().isoformat()
    page = await decide(console, page, clear_until=until)
    assert page.status_code == 200, page.text
    assert "Second person" in page.text
    assert "Born 1987, the passport says." in page.text
    refused = await act(console, page, "approval", approve="yes")
    assert refused.status_code == 403
    assert "Nothing was recorded" in refused.text
    await console.sign_in(Role.APPROVER)
    page = await console.client.get(page.url.path)
    assert "Waiting for you" in page.text
    empty = await act(console, page, "approval", approve="no")
    assert empty.status_code == 422, "who sends a decision back says why"
    done = await act(console, page, "approval", approve="yes")
    assert "Decided: false positive" in done.text
    assert "Approved" in done.text
    clearances = await console.client.get("/clearances")
    assert NAME in clearances.text
    assert "Dina the officer" in clearances.text
    row = re.findall(r'action="(/clearances/[0-9A-Z]+/end)"', clearances.text)[0]
    assert (await console.client.post(row, data={"note": ""})).status_code == 422
    ended = await console.client.post(row, data={"note": "Given in error."}, follow_redirects=True)
    assert "Ended" in ended.text
    assert NAME in (await console.client.get("/cases")).text, "the case is open again"


async def test_who_asked_neither_takes_nor_decides(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    await console.screen(name=NAME, kind="person")
    queue = await console.client.get("/cases")
    assert "you asked for it: another decides" in queue.text
    page = await console.client.get(re.findall(r'href="(/cases/[0-9A-Z]{26})"', queue.text)[0])
    assert "Take this case" not in page.text
    assert "You asked for a record of this case" in page.text
    refused = await act(console, page, "assign", to="me")
    assert refused.status_code == 403


async def test_a_refused_decision_keeps_what_was_written(console: Console) -> None:
    page = await open_case(console)
    refused = await decide(console, page, reason="TM-01")
    assert refused.status_code == 422
    assert "Born 1987, the passport says." in refused.text
    assert 'href="#reason"' in refused.text
    late = (now() + timedelta(days=5000)).date().isoformat()
    assert (await decide(console, page, clear_until=late)).status_code == 422
    assert (await decide(console, page, clear_until="soon")).status_code == 422
    await act(console, page, "comments", note="Passport asked for.")
    stale = await decide(console, page)
    assert stale.status_code == 409
    assert "Passport asked for." in stale.text


async def test_evidence_is_kept_by_its_hash_and_given_back(console: Console) -> None:
    page = await open_case(console)
    version = re.findall(r'name="version" value="(\d+)"', page.text)[0]
    told = {"version": version, "note": "Birth date 14 Feb 1987"}
    kept = await console.client.post(
        f"{page.url.path}/evidence",
        data=told,
        files={"file": ("گذرنامه.pdf", b"%PDF made by hand", "application/pdf")},
        follow_redirects=True,
    )
    assert "Birth date 14 Feb 1987" in kept.text
    assert "گذرنامه.pdf" in kept.text
    address = re.findall(r'href="(/cases/[^"]+/evidence/[0-9a-f]{64})"', kept.text)[0]
    file = await console.client.get(address)
    assert file.content == b"%PDF made by hand"
    assert file.headers["content-disposition"].startswith("attachment;")
    assert file.headers["x-content-type-options"] == "nosniff"
    nothing = await console.client.post(f"{page.url.path}/evidence", data=told, files={"file": ("", b"")})
    assert nothing.status_code == 422
    await console.sign_in(Role.AUDITOR)
    assert (await console.client.get(address)).status_code == 200
    await console.sign_in()
    assert (await console.client.get(address)).status_code == 403


async def test_a_file_above_the_limit_is_refused(console: Console) -> None:
    page = await open_case(console)
    version = re.findall(r'name="version" value="(\d+)"', page.text)[0]
    large = {"file": ("scan.pdf", b"0" * (12 * 1024**2), "application/pdf")}
    refused = await console.client.post(f"{page.url.path}/evidence", data={"version": version}, files=large)
    assert refused.status_code == 413
    fitting = {"file": ("scan.pdf", b"0" * (2 * 1024**2), "application/pdf")}
    kept = await console.client.post(f"{page.url.path}/evidence", data={"version": version}, files=fitting)
    assert kept.status_code == 303, "the cap of other requests does not hold here"


async def test_a_match_is_chosen_and_all_are_decided_at_once(console: Console) -> None:
    page = await open_case(console, name="Bank Melli Iran", kind="organization")
    assert "Matches of this case" in page.text
    other = await console.client.get(f"{page.url.path}?match={MELLI.id}")
    assert f'name="match" value="{MELLI.id}"' in other.text
    assert "Is this the listed organisation?" in other.text
    done = await decide(console, page, decision="true_match", reason="TM-01", scope="all")
    assert "Decided: true match" in done.text
    again = await act(console, done, "reopen", note="The register was misread.")
    assert "Opened again" in again.text
    assert "The register was misread." in again.text


async def test_cases_are_taken_from_the_queue(console: Console) -> None:
    page = await open_case(console)
    version = re.findall(r'name="version" value="(\d+)"', page.text)[0]
    case_id = page.url.path.rpartition("/")[2]
    taken = await console.client.post("/cases/take", data={"case": f"{case_id}:{version}"}, follow_redirects=True)
    assert str(taken.url).endswith("/cases?assignee=me")
    assert NAME in taken.text
    again = await console.client.post("/cases/take", data={"case": [f"{case_id}:{version}", "nonsense"]})
    assert again.status_code == 409
    assert "This was not a case of the queue." in again.text


async def test_a_change_of_the_list_is_told_on_the_case(console: Console) -> None:
    page = await open_case(console)
    await put_in_force(console.database, (replace(SOLEIMANI, id="un:IRi.040"),))
    gone = await console.client.get(page.url.path)
    assert "No list in force has this entity any more." in gone.text


async def test_an_auditor_reads_and_changes_nothing(console: Console) -> None:
    page = await open_case(console, Role.AUDITOR)
    assert page.status_code == 200
    assert "Take this case" not in page.text
    assert "Record the decision" not in page.text
    refused = await console.client.post(f"{page.url.path}/comments", data={"version": "1", "note": "x"})
    assert refused.status_code == 403


@pytest.mark.parametrize("role", [Role.TRADER, Role.ADMIN])
async def test_others_see_no_cases(console: Console, role: Role) -> None:
    await console.sign_in(role)
    assert (await console.client.get("/cases")).status_code == 403
    assert 'href="/cases"' not in (await console.client.get("/")).text


async def test_a_deal_that_rules_alone_stop_is_worked_on_as_a_case(console: Console) -> None:
    await console.sign_in()
    unlisted = {"p_name": ["ООО «Волга-Агромаш»", "Gandom Bakery", "VOLGA SPIRIT", "Gandom Bakery"]}
    sent = {**DEAL, **unlisted, "p_number": ["", "", "9074729", ""], "p_owners": [""] * 4, "nexus": ["us_person"]}
    deal = await console.client.post("/deals/new", data={**sent, "once": "abcdefgh12345678"}, follow_redirects=True)
    assert "Do not sign or pay." in deal.text
    assert "The deal itself · A case is open: it waits for an officer." in deal.text
    assert "You are <b>US person</b>" in deal.text.replace("</span>", "")
    await console.sign_in(Role.OFFICER)
    queue = (await console.client.get("/cases")).text
    assert "Deal AST-2026-118" in queue
    assert re.search(r"Rule US-[PS]-\d+", queue)
    (address,) = set(re.findall(r'href="(/cases/[0-9A-Z]{26})"', queue))
    page = await console.client.get(address)
    assert "Does this rule apply to the deal?" in page.text
    assert "No list in force has this entity any more." not in page.text
    assert 'name="clear_until"' not in page.text
    assert "FP-21" in page.text
    assert "FP-02" not in page.text
    refused = await decide(console, page)
    assert refused.status_code == 422
    waiting = await decide(console, page, reason="FP-21", note="OFAC licence IR-2026-1", scope="all")
    await console.sign_in(Role.APPROVER)
    closed = await act(console, await console.client.get(waiting.url.path), "approval", approve="yes")
    assert "Decided: false positive" in closed.text
    await console.sign_in()
    told = (await console.client.get(str(deal.url.path))).text
    assert "The deal itself · Decided: what spoke against the deal does not apply, or is licensed." in told
