"""Mappings over HTTP: saved under a name by whoever sends such tables, used by a batch, removed; each sees its own."""

from typing import Any

import pytest
from made_lists import Door

from screening.access import Role
from screening.batch import mappings

COLUMNS = {"name": "Клиент", "reference": "Remarks"}
TABLE = "Клиент;Country;Remarks\nBank Melli Iran;Atlantis;a\n"
"""Its country cannot be read, so that the row can only be screened where that column is left out."""


async def save(door: Door, name: str, columns: Any = COLUMNS, role: Role = Role.TRADER) -> Any:
    body = {"name": name, "columns": columns}
    return await door.client.post("/v1/batches/mappings", json=body, headers=door.auth(role))


async def held(door: Door, role: Role = Role.TRADER) -> dict[str, Any]:
    items = (await door.get("/v1/batches/mappings", role)).json()["items"]
    return {one["name"]: one["columns"] for one in items}


async def remove(door: Door, which: str, role: Role = Role.TRADER) -> int:
    gone = await door.client.delete(f"/v1/batches/mappings/{which}", headers=door.auth(role))
    return gone.status_code


async def send(door: Door, **fields: str) -> Any:
    files = {"file": ("in.csv", TABLE.encode(), "text/csv")}
    return await door.client.post("/v1/batches", files=files, data=fields, headers=door.auth(Role.TRADER))


async def test_a_saved_mapping_says_all_columns_of_a_table(door: Door) -> None:
    saved = await save(door, " 1C,  vendors ")
    assert (saved.status_code, saved.json()["name"], saved.json()["columns"]) == (201, "1C, vendors", COLUMNS)
    by_name = await send(door, mapping="1C, vendors")
    assert (by_name.status_code, by_name.json()["mapping"]) == (202, COLUMNS), "what it leaves out stays out"
    by_id = await send(door, mapping=saved.json()["id"], map="addresses=Country")
    assert by_id.json()["mapping"] == COLUMNS | {"addresses": "Country"}
    for name, status in (("another", 404), ("", 404)):
        assert (await send(door, mapping=name)).status_code == status
    await save(door, "wrong", {"name": "Vendor"})
    refused = await send(door, mapping="wrong")
    assert (refused.status_code, "no column 'Vendor'" in refused.json()["detail"]) == (422, True)


async def test_each_sees_its_own_and_every_change_is_an_entry(door: Door) -> None:
    await save(door, "b")
    await save(door, "a")
    again = {"name": "Vendor"}
    assert (await save(door, "b", again)).status_code == 201
    assert list((await held(door)).items()) == [("a", COLUMNS), ("b", again)]
    assert await held(door, Role.OFFICER) == {}
    assert await remove(door, "b", Role.OFFICER) == 404
    assert [await remove(door, "b"), await remove(door, "b")] == [200, 404]
    assert list(await held(door)) == ["a"]
    entries = [line["entry"] for line in (await door.get("/v1/audit", Role.AUDITOR)).json()["items"][:4]]
    assert [entry["action"] for entry in entries] == ["mapping_removed", *3 * ["mapping_saved"]]
    assert entries[0]["details"] == {"name": "b", "mapping": '{"name":"Vendor"}'}
    assert (await save(door, "c", role=Role.AUDITOR)).status_code == 403


@pytest.mark.parametrize(
    ("name", "columns", "field"),
    [
        (" ", COLUMNS, "name"),
        ("a", {"nome": "Client", "name": "B"}, "columns.nome"),
        ("a", {"name": ""}, "columns.name"),
        ("a", {"countries": "Country"}, "columns"),
    ],
)
async def test_what_is_no_mapping_is_refused(door: Door, name: str, columns: Any, field: str) -> None:
    answer = await save(door, name, columns)
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field)
    assert await held(door) == {}


async def test_there_are_only_so_many(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mappings, "MOST", 2)
    assert [(await save(door, name)).status_code for name in ("a", "b", "c", "b")] == [201, 201, 409, 201]
