"""Erasure and legal holds over HTTP: by whom, what is refused, and what a reader finds afterwards."""

from typing import Any

from screening.access import Role


async def test_a_screening_is_held_released_and_erased(door: Any) -> None:
    screened = await door.screen({"subject": {"name": "Ivan Petrov"}})
    record = screened.json()["receipt"]["id"]
    post, approver = door.client.post, door.auth(Role.APPROVER)
    hold = await post("/v1/holds", json={"record": record, "reason": "dispute 7"}, headers=door.auth(Role.OFFICER))
    assert hold.status_code == 201, hold.text
    wanted = {"record": record, "reason": "demanded", "order": "Court 12/2026"}
    refused = await post("/v1/erasures", json=wanted, headers=approver)
    assert refused.status_code == 409
    assert "legal hold" in refused.json()["detail"]
    lifted = await post(f"/v1/holds/{hold.json()['id']}/lift", json={"reason": "settled"}, headers=approver)
    assert lifted.json()["lifted_at"]
    early = await post("/v1/erasures", json={"record": record, "reason": "tidying up"}, headers=approver)
    assert early.status_code == 409
    done = await post("/v1/erasures", json=wanted, headers=approver)
    assert done.status_code == 200, done.text
    assert len(done.json()["entries"]) == 1
    assert (await door.get(f"/v1/screenings/{record}", Role.ADMIN)).status_code == 404
    listed = await door.client.get("/v1/holds", headers=door.auth(Role.AUDITOR))
    assert [one["target"] for one in listed.json()["items"]] == [record]
    assert (await door.get("/v1/audit/verify", Role.AUDITOR)).json()["whole"] is True


async def test_what_is_meant_must_be_clear(door: Any) -> None:
    for body in ({"reason": "x"}, {"record": "S", "subject": "Ivan", "reason": "x"}, {"subject": "Ivan"}):
        answer = await door.client.post("/v1/erasures", json=body, headers=door.auth(Role.APPROVER))
        assert answer.status_code == 422, answer.text
