"""Batches over HTTP: a table sent, its progress, results and proofs; and files that must not hurt."""

import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from made_lists import Door
from openpyxl import Workbook, load_workbook

from core.settings import Settings
from screening.access import Role
from screening.audit.merkle import proves_inclusion

TABLE = "name;country;note\nBank Melli Iran;IR;=1+1\nZhanna Trading;RU;b\n;;c\n"


@pytest.fixture
def settings(database_url: str, tmp_path: Path) -> Settings:
    """With a limit that a test can reach."""
    return Settings(database_url=database_url, data_dir=tmp_path, schedule=False, batch_max_bytes=16 * 1024**2)


async def send(door: Door, data: bytes | str, role: Role = Role.TRADER, **fields: str) -> tuple[int, dict[str, object]]:
    files = {"file": ("customers.csv", data, "text/csv")}
    answer = await door.client.post("/v1/batches", files=files, data=fields, headers=door.auth(role))
    return answer.status_code, answer.json()


async def run(door: Door, batch_id: str) -> None:
    await door.app.state.services.batches.run(batch_id)


async def test_a_table_is_screened_and_its_results_come_as_csv_and_json(door: Door) -> None:
    code, begun = await send(door, TABLE.encode("cp1251"))
    assert (code, begun["state"], begun["rows"]) == (202, "waiting", 3)
    path = f"/v1/batches/{begun['id']}"
    await run(door, str(begun["id"]))
    done = (await door.get(path, Role.TRADER)).json()
    assert (done["state"], done["rows_done"], done["unreadable"], done["counts"]["match"]) == ("done", 3, 1, 1)
    assert [one["id"] for one in (await door.get("/v1/batches", Role.TRADER)).json()["items"]] == [begun["id"]]
    answer = await door.get(f"{path}/results", Role.TRADER)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    match, _clear, unread = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert (match["note"], match["caspian_outcome"], match["caspian_entity_id"]) == ("'=1+1", "match", "eu:EU.27.28")
    assert "Row 4" in unread["caspian_reason"]
    lines = (await door.get(f"{path}/results", Role.TRADER, format="jsonl")).text.splitlines()
    assert [json.loads(line)["row"] for line in lines] == [2, 3, 4]
    sheet = (await door.get(f"{path}/results", Role.TRADER, format="xlsx")).content
    cells = [[cell.value for cell in row] for row in load_workbook(io.BytesIO(sheet)).worksheets[0].iter_rows()]
    assert [row[2] for row in cells] == ["note", "'=1+1", "b", "c"]
    proof = (await door.get(f"{path}/rows/2/proof", Role.TRADER)).json()
    steps = [bytes.fromhex(step) for step in proof["path"]]
    leaf = proof["leaf"].encode()
    assert proves_inclusion(leaf, proof["index"], proof["size"], steps, bytes.fromhex(proof["root"]))
    assert json.loads(leaf.split(b" ", 1)[1])["cells"] == ["Bank Melli Iran", "IR", "=1+1"]
    assert (await door.get(f"{path}/rows/99/proof", Role.TRADER)).status_code == 404


async def test_a_workbook_is_a_table_too(door: Door) -> None:
    book, data = Workbook(), io.BytesIO()
    for row in (("نام", "کشور"), ("Bank Melli Iran", "IR")):
        book.active.append(row)  # type: ignore[union-attr]  # a new workbook has a sheet
    book.save(data)
    code, begun = await send(door, data.getvalue())
    assert (code, begun["rows"], begun["mapping"]) == (202, 1, {"name": "نام", "countries": "کشور"})


async def test_another_trader_and_an_auditor_are_held_to_their_roles(door: Door) -> None:
    code, _ = await send(door, TABLE, Role.AUDITOR)
    assert code == 403
    _, begun = await send(door, TABLE, Role.OFFICER)
    for what in ("", "/results", "/rows/2/proof"):
        assert (await door.get(f"/v1/batches/{begun['id']}{what}", Role.TRADER)).status_code == 404


async def test_cancel_and_resume(door: Door) -> None:
    _, begun = await send(door, TABLE, map="name=note")
    steps = [("cancel", 200, "cancelled"), ("cancel", 409, None), ("resume", 200, "waiting"), ("resume", 409, None)]
    for step, code, state in steps:
        path = f"/v1/batches/{begun['id']}/{step}"
        answer = await door.client.post(path, headers=door.auth(Role.TRADER))
        assert (answer.status_code, answer.json().get("state")) == (code, state)


async def test_the_same_idempotency_key_gives_the_batch_that_was_begun(door: Door) -> None:
    async def sent(data: str, key: str, role: Role = Role.TRADER, **fields: str) -> tuple[int, str]:
        files = {"file": ("customers.csv", data, "text/csv")}
        headers = door.auth(role) | {"Idempotency-Key": key}
        answer = await door.client.post("/v1/batches", files=files, data=fields, headers=headers)
        told = answer.json()
        assert answer.headers.get("location") == (f"/v1/batches/{told['id']}" if answer.is_success else None)
        return answer.status_code, told["id"] if answer.is_success else told["type"]

    first = await sent(TABLE, "a-key")
    await run(door, first[1])
    assert first[0] == 202
    assert await sent(TABLE, "a-key") == first
    refused = (409, "/problems/conflict")
    assert await sent(TABLE + "Ivan;;\n", "a-key") == refused
    assert await sent(TABLE, "a-key", cases="false") == refused
    assert await sent(TABLE, "a-key", map="name=note") == refused
    others = [await sent(TABLE, "a-key", Role.OFFICER), await sent(TABLE, "another")]
    assert len({first, *others}) == 3
    assert len((await door.get("/v1/batches")).json()["items"]) == 3
    assert len((await door.get("/v1/audit", Role.AUDITOR, action="batch_begun")).json()["items"]) == 3
    assert (await sent(TABLE, "two words"))[0] == 422


@pytest.fixture
async def small_door(door: Door) -> AsyncIterator[Door]:
    """The app, which must still answer when the test is over."""
    yield door
    assert (await door.screen({"subject": {"name": "Bank Melli Iran"}})).json()["answer"]["outcome"] == "match"


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"")
        archive.writestr("xl/sharedStrings.xml", b"0" * 300_000_000)
    return data.getvalue()


BAD = [
    ("empty", b"", "empty"),
    ("blank", b" \n \n", "empty"),
    ("only a header", b"name,country\n", "no rows"),
    ("no column to search", b"colour,size\nred,2\n", "say which one does"),
    ("a thousand columns", b",".join(b"c%d" % at for at in range(1_000)) + b"\nx\n", "at most 500"),
    ("a zip bomb", bomb(), "unpacks to more"),
    ("an old Excel file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Excel"),
    ("a PDF", b"%PDF-1.7 ...", "PDF"),
    ("NUL bytes in the header", b"na\0me,country\nx,IR\n", "name columns"),
]


@pytest.mark.parametrize(("what", "data", "told"), BAD, ids=[what for what, *_ in BAD])
async def test_a_file_that_is_no_table_is_refused_with_the_reason(
    small_door: Door, what: str, data: bytes, told: str
) -> None:
    code, problem = await send(small_door, data)
    assert (code, problem["type"]) == (422, "/problems/invalid-input"), what
    assert told in str(problem["detail"])


ROWS = [
    ("a line of ten million characters", b"x" * 10_000_000, "field limit"),
    ("NUL bytes", b"Bank\0Melli", "NUL byte"),
    ("too many cells", b"a,b,c,d", "4 cells"),
]


@pytest.mark.parametrize(("what", "row", "told"), ROWS, ids=[what for what, *_ in ROWS])
async def test_a_row_that_cannot_be_read_does_not_stop_the_others(
    small_door: Door, what: str, row: bytes, told: str
) -> None:
    code, begun = await send(small_door, b"name,country\n" + row + b"\nBank Melli Iran,IR\n")
    assert code == 202, what
    await run(small_door, str(begun["id"]))
    lines = (await small_door.get(f"/v1/batches/{begun['id']}/results", format="jsonl")).text.splitlines()
    bad, good = map(json.loads, lines)
    assert (bad["row"], bad["outcome"]) == (2, "incomplete")
    assert told in bad["reason"]
    assert good["outcome"] == "match"


async def test_a_file_above_the_limit_is_refused_before_it_is_read(small_door: Door) -> None:
    headers = small_door.auth(Role.TRADER) | {"Content-Length": str(2 * 1024**3), "Content-Type": "multipart/form-data"}
    answer = await small_door.client.post("/v1/batches", content=b"", headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")


async def test_a_file_whose_length_nobody_told_is_refused_once_it_is_above_the_limit(small_door: Door) -> None:
    head = b'--B\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\nname\r\n'
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        yield head
        while sent < 100 * 1024**2:
            yield b"Ivan Petrov\n" * 80_000
            sent += 12 * 80_000

    headers = small_door.auth(Role.TRADER) | {"Content-Type": "multipart/form-data; boundary=B"}
    answer = await small_door.client.post("/v1/batches", content=endless(), headers=headers)
    assert (answer.status_code, answer.json()["type"]) == (413, "/problems/too-large")
    left = small_door.app.state.services.settings.data_dir / "uploads"
    assert not left.exists() or not list(left.iterdir())


async def test_a_form_that_cannot_be_read_names_its_fields(small_door: Door) -> None:
    code, problem = await send(small_door, TABLE, map="name", cases="perhaps", colour="red")
    assert code == 422
    errors = problem["errors"]
    assert isinstance(errors, list)
    assert {error["field"] for error in errors} == {"map", "cases", "colour"}
    answer = await small_door.client.post("/v1/batches", data={"map": "a=b"}, headers=small_door.auth(Role.TRADER))
    assert answer.status_code == 422
