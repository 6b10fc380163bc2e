"""Users and key rotation over HTTP: made by administrators, with secrets in one answer only."""

from typing import Any

import pytest

from screening.access import Role

OWN = "violet anchovy parliament"


async def create(door: Any, **what: str) -> dict[str, Any]:
    body = {"sign_in_name": "olga", "name": "Olga Petrova", "role": "officer"} | what
    answer = await door.client.post("/v1/users", json=body, headers=door.auth(Role.ADMIN))
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    assert answer.headers["location"] == f"/v1/users/{made['id']}"
    return made


async def test_a_person_is_created_read_and_listed(empty_door: Any) -> None:
    made = await create(empty_door)
    password = made.pop("temporary_password")
    assert len(password) > 20
    assert made["password_temporary"] is True
    admin = empty_door.auth(Role.ADMIN)
    read = await empty_door.client.get(f"/v1/users/{made['id']}", headers=admin)
    assert read.json() == made
    listed = await empty_door.client.get("/v1/users?limit=1", headers=admin)
    assert listed.json() == {"items": [made], "next": made["id"]}
    rest = await empty_door.client.get("/v1/users", params={"cursor": made["id"]}, headers=admin)
    assert rest.json() == {"items": [], "next": None}
    assert "hash" not in read.text
    assert password not in listed.text


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"sign_in_name": "two words", "name": "X", "role": "officer"}, 422),
        ({"sign_in_name": "olga", "name": "X", "role": "owner"}, 422),
        ({"sign_in_name": "olga", "name": "X", "role": "officer", "password": "mine"}, 422),
        ({"sign_in_name": "TAKEN", "name": "X", "role": "officer"}, 409),
    ],
)
async def test_a_person_that_cannot_be_is_refused(empty_door: Any, body: dict[str, str], status: int) -> None:
    await create(empty_door, sign_in_name="taken")
    answer = await empty_door.client.post("/v1/users", json=body, headers=empty_door.auth(Role.ADMIN))
    assert answer.status_code == status, answer.text


async def test_a_person_is_changed_and_signed_out(empty_door: Any) -> None:
    made, client, admin = await create(empty_door), empty_door.client, empty_door.auth(Role.ADMIN)
    service, sessions = empty_door.app.state.services.sign_in, empty_door.app.state.services.sessions
    token, _ = await service.choose_password("olga", made["temporary_password"], OWN)
    changed = await client.patch(f"/v1/users/{made['id']}", json={"role": "approver"}, headers=admin)
    assert (changed.json()["role"], changed.json()["temporary_password"]) == ("approver", None)
    with pytest.raises(Exception, match="ended"):
        await sessions.signed_in(token)
    reset = await client.patch(f"/v1/users/{made['id']}", json={"reset_password": True}, headers=admin)
    assert await service.by_password("olga", reset.json()["temporary_password"]) is None
    off = await client.patch(f"/v1/users/{made['id']}", json={"disabled": True}, headers=admin)
    assert off.json()["disabled_at"]
    assert (await client.patch("/v1/users/nobody", json={"unlock": True}, headers=admin)).status_code == 404


async def test_a_key_is_rotated_and_both_secrets_work_meanwhile(empty_door: Any) -> None:
    client, admin = empty_door.client, empty_door.auth(Role.ADMIN)
    former = empty_door.keys[Role.TRADER]
    key_id = former.rpartition("_")[0] if former.count("_") == 2 else "_".join(former.split("_")[:2])
    answer = await client.post(f"/v1/keys/{key_id}/rotate", json={"overlap": "PT1H"}, headers=admin)
    assert answer.status_code == 200, answer.text
    plain = answer.json()["key"]
    assert answer.json()["former_until"] > answer.json()["rotated_at"]
    for key in (former, plain):
        read = await client.get("/v1/screenings", headers={"Authorization": f"Bearer {key}"})
        assert read.status_code == 200
    ended = await client.post(f"/v1/keys/{key_id}/rotate", json={"overlap": "PT0S"}, headers=admin)
    assert ended.status_code == 200
    for key in (former, plain):
        assert (await client.get("/v1/screenings", headers={"X-API-Key": key})).status_code == 401
    long = await client.post(f"/v1/keys/{key_id}/rotate", json={"overlap": "P31D"}, headers=admin)
    assert long.status_code == 422


async def test_a_repeated_rotation_is_refused(empty_door: Any) -> None:
    client, admin = empty_door.client, empty_door.auth(Role.ADMIN) | {"Idempotency-Key": "once"}
    key_id = "_".join(empty_door.keys[Role.TRADER].split("_")[:2])
    assert (await client.post(f"/v1/keys/{key_id}/rotate", headers=admin)).status_code == 200
    again = await client.post(f"/v1/keys/{key_id}/rotate", headers=admin)
    assert again.status_code == 409
    assert again.json()["type"] == "/problems/conflict"
