"""Casework over HTTP: the whole way from a screening to a clearance, files, statistics, and what is refused."""

from datetime import timedelta
from typing import Any

import httpx
from made_lists import Door

from core.clock import now
from screening.access import Role
from screening.matching.version import VERSION

BANK = {"subject": {"name": "بانک ملی ایران", "kind": "organization"}}


async def post(door: Door, path: str, body: dict[str, Any], role: Role = Role.OFFICER) -> httpx.Response:
    return await door.client.post(path, json=body, headers=door.auth(role))


async def a_case(door: Door, body: dict[str, Any] | None = None) -> str:
    screening = (await door.screen(body or BANK)).json()
    (case,) = screening["receipt"]["cases"]
    return str(case["id"])


async def test_from_a_screening_to_a_clearance(door: Door) -> None:
    first = (await door.screen(BANK)).json()
    (mark,) = first["receipt"]["cases"]
    assert mark["state"] == "open"
    path = f"/v1/cases/{mark['id']}"
    queue = (await door.get("/v1/cases", Role.OFFICER)).json()
    assert [(line["id"], line["subject"]) for line in queue["items"]] == [(mark["id"], "بانک ملی ایران")]
    assert (await post(door, f"{path}/assign", {"version": 1, "to": "me"})).json()["state"] == "assigned"
    until = (now() + timedelta(days=30)).date().isoformat()
    said = {
        "version": 2,
        "decision": "false_positive",
        "reason": "FP-07",
        "note": "Another bank.",
        "clear_until": until,
    }
    decided = (await post(door, f"{path}/decisions", said)).json()
    assert (decided["state"], decided["matches"][0]["decided"]["pending"]) == ("awaiting_approval", True)
    approved = await post(door, f"{path}/approval", {"version": 3, "approve": True}, Role.APPROVER)
    assert (approved.status_code, approved.json()["result"]) == (200, "false_positive")
    again = (await door.screen(BANK)).json()
    assert again["answer"] == first["answer"]
    assert (again["receipt"]["outcome_after_clearances"], again["receipt"]["cases"]) == ("clear", [])
    read = (await door.get(f"/v1/screenings/{first['receipt']['id']}", Role.TRADER)).json()
    assert [(one["state"], one["result"]) for one in read["receipt"]["cases"]] == [("closed", "false_positive")]
    clearances = (await door.get("/v1/clearances", Role.AUDITOR, in_force="true")).json()["items"]
    assert [one["entity_name"] for one in clearances] == ["Bank Melli Iran"]
    ended = await post(door, f"/v1/clearances/{clearances[0]['id']}/end", {"note": "A mistake."}, Role.APPROVER)
    assert ended.json()["ended_why"] == "ended"
    assert (await door.get(path, Role.AUDITOR)).json()["state"] == "open"
    assert (await door.get("/v1/audit/verify", Role.AUDITOR)).json()["whole"]


async def test_a_deal_opens_a_case_for_each_party_with_a_match(door: Door) -> None:
    parties = [
        {"roles": ["seller"], "name": "Bank Melli Iran", "kind": "organization"},
        {"roles": ["buyer"], "name": "Qasem Soleimani", "kind": "person"},
        {"roles": ["end_user"], "name": "Green Apple Foods GmbH"},
    ]
    answer = await post(door, "/v1/deals", {"parties": parties}, Role.TRADER)
    deal = answer.json()
    assert [case["path"] for case in deal["receipt"]["cases"]] == ["parties.0", "parties.1"]
    read = await door.get(f"/v1/deals/{deal['receipt']['id']}", Role.TRADER)
    assert read.json() == deal
    case = (await door.get(f"/v1/cases/{deal['receipt']['cases'][1]['id']}", Role.OFFICER)).json()
    assert [(link["kind"], link["path"]) for link in case["records"]] == [("deal", "parties.1")]


async def test_a_file_is_attached_and_read_back(door: Door) -> None:
    path = f"/v1/cases/{await a_case(door)}"
    files = {"file": ("пасспорт.pdf", b"%PDF-1.7 made", "application/pdf")}
    sent = await door.client.post(
        f"{path}/evidence", data={"version": "1", "note": "Passport"}, files=files, headers=door.auth(Role.OFFICER)
    )
    assert sent.status_code == 200, sent.text
    (file,) = sent.json()["evidence"]
    read = await door.get(f"{path}/evidence/{file['sha256']}", Role.AUDITOR)
    assert read.content == b"%PDF-1.7 made"
    assert read.headers["content-type"] == "application/octet-stream"
    assert "attachment" in read.headers["content-disposition"]
    large = {"file": ("a.bin", b"x" * (12 * 1024**2), "application/octet-stream")}
    refused = await door.client.post(
        f"{path}/evidence", data={"version": "2"}, files=large, headers=door.auth(Role.OFFICER)
    )
    assert (refused.status_code, refused.json()["type"]) == (413, "/problems/too-large")
    odd = await door.client.post(
        f"{path}/evidence", data={"version": "2", "kind": "x"}, files=files, headers=door.auth(Role.OFFICER)
    )
    assert (odd.status_code, odd.json()["errors"][0]["field"]) == (422, "kind")
    as_json = await post(door, f"{path}/evidence", {"version": 2})
    assert as_json.status_code == 415
    long = {"file": ("n" * 201, b"x", "text/plain")}
    named = await door.client.post(
        f"{path}/evidence", data={"version": "2"}, files=long, headers=door.auth(Role.OFFICER)
    )
    assert named.status_code == 422


async def test_a_stale_or_forbidden_step_is_a_problem(door: Door) -> None:
    path = f"/v1/cases/{await a_case(door)}"
    await post(door, f"{path}/comments", {"version": 1, "note": "Seen."})
    said = {"version": 1, "decision": "true_match", "reason": "TM-02"}
    stale = await post(door, f"{path}/decisions", said)
    assert (stale.status_code, stale.json()["type"]) == (409, "/problems/conflict")
    wrong = await post(door, f"{path}/decisions", {**said, "version": 2, "reason": "FP-01"})
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "reason")
    unknown = await post(door, f"{path}/decisions", {**said, "version": 2, "reson": "TM-02"})
    assert unknown.status_code == 422
    early = await post(door, f"{path}/decisions", {**said, "version": 2}, Role.APPROVER)
    assert (early.status_code, early.json()["type"]) == (403, "/problems/not-allowed")
    assert (await door.get("/v1/cases/01NOTHING", Role.OFFICER)).status_code == 404


async def test_an_officer_never_decides_their_own_request(door: Door) -> None:
    screening = (await door.screen(BANK, Role.OFFICER)).json()
    path = f"/v1/cases/{screening['receipt']['cases'][0]['id']}"
    for step, body in (("assign", {"to": "me"}), ("decisions", {"decision": "true_match", "reason": "TM-02"})):
        refused = await post(door, f"{path}/{step}", {"version": 1, **body})
        assert refused.status_code == 403
        assert "You asked" in refused.json()["detail"]


async def test_the_queue_is_filtered(door: Door) -> None:
    bank = await a_case(door)
    person = await a_case(door, {"subject": {"name": "Qasem Soleimani", "kind": "person"}})

    async def found(**query: object) -> set[str]:
        items = (await door.get("/v1/cases", Role.OFFICER, **query)).json()["items"]
        return {line["id"] for line in items}

    assert await found() == {bank, person}
    assert await found(list="eu_fsf") == {bank}
    assert await found(entity="ofac:11116") == {person}
    assert await found(subject="ملی") == {bank}
    assert await found(subject="SOLEIMANI") == {person}
    assert await found(assignee="me") == set()
    assert await found(assignee="nobody", overdue="true") == set()
    assert await found(state="closed") == set()
    assert await found(yours="false", priority="high") == {bank, person}
    page = (await door.get("/v1/cases", Role.OFFICER, limit=1)).json()
    rest = (await door.get("/v1/cases", Role.OFFICER, limit=1, cursor=page["next"])).json()
    assert {page["items"][0]["id"], rest["items"][0]["id"]} == {bank, person}
    assert (await door.get("/v1/cases", Role.OFFICER, cursor="1~x")).status_code == 422


async def test_casework_in_figures(door: Door) -> None:
    await a_case(door)
    await door.screen({"subject": {"name": "Green Apple Foods GmbH"}})
    figures = (await door.get("/v1/cases/statistics", Role.ADMIN, days=2)).json()
    assert [(line["state"], line["cases"]) for line in figures["backlog"]] == [("open", 1)]
    (matcher,) = figures["by_matcher"]
    assert (figures["screenings"], matcher["screenings"], matcher["alarms"]) == (2, 2, 1)
    assert matcher["matcher"] == VERSION
    assert figures["by_list"] == [{"list": "eu_fsf", "alarms": 1}]
    codes = (await door.get("/v1/cases/reasons", Role.AUDITOR)).json()["items"]
    assert {"FP-02", "TM-01", "ES-01"} < {one["code"] for one in codes}


async def test_an_erased_case_names_nobody_and_its_files_are_gone(door: Door) -> None:
    case_id = await a_case(door)
    path = f"/v1/cases/{case_id}"
    files = {"file": ("passport of Ivan.pdf", b"%PDF-1.7 made", "application/pdf")}
    data = {"version": "1", "note": "Ivan's passport"}
    sent = await door.client.post(f"{path}/evidence", data=data, files=files, headers=door.auth(Role.OFFICER))
    (file,) = sent.json()["evidence"]
    wanted = {"record": case_id, "reason": "demanded", "order": "Court 12/2026"}
    assert (await post(door, "/v1/erasures", wanted, Role.APPROVER)).status_code == 200
    read = await door.get(path, Role.OFFICER)
    assert (read.json()["subject"], read.json()["evidence"][0]["name"]) == (None, "")
    assert "Ivan" not in read.text
    assert (await door.get(f"{path}/evidence/{file['sha256']}", Role.OFFICER)).status_code == 404
    assert (await door.get("/v1/audit/verify", Role.AUDITOR)).json()["whole"]
