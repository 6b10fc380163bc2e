"""Batches in the console: a file sent, its columns chosen, its rows screened, its results shown and fetched."""

import csv
import io
import re
import time
from pathlib import Path

import httpx
import pytest
from console_app import Console, Server
from console_chromium import NEEDS_CHROMIUM, chromium, open_page, profile_of
from console_tour import run_batch
from playwright.async_api import expect

from api.web import stash
from api.web.presenters.batch import columns_of, places
from core.errors import InvalidInput, NotFound
from screening.access import Principal, Role
from screening.batch.workbook import Sheet

TABLE = "نام;Type;Remarks\nبانک ملی ایران;organization;=1+1\nZhanna Trading;organization;b\n;organization;c\n"
"""A row that matches, one that is clear, and one that names nobody."""


async def send(console: Console, data: bytes = TABLE.encode("utf-8"), name: str = "vendors.csv") -> httpx.Response:
    """Send a file as the form does."""
    return await console.client.post("/batches", files={"file": (name, data, "text/csv")})


def form_of(page: httpx.Response) -> dict[str, str]:
    """The form of the columns as the page shows it."""
    form = dict(re.findall(r'name="(token)" value="([^"]+)"', page.text))
    for at, choices in re.findall(r'<select name="column-(\d+)".*?>(.*?)</select>', page.text, re.DOTALL):
        chosen = re.findall(r'value="([^"]*)" selected', choices)
        form[f"column-{at}"] = chosen[0] if chosen else ""
    return form | {"cases": "true"}


async def test_a_file_goes_from_its_columns_to_its_results(console: Console) -> None:
    await console.sign_in()
    page = await send(console)
    assert page.status_code == 200, page.text
    assert "بانک ملی ایران · Zhanna Trading" in re.sub(r"<[^>]+>", "", page.text)
    form = form_of(page)
    assert (form["column-0"], form["column-1"], form["column-2"]) == ("name", "kind", "")
    begun = await console.client.post("/batches/start", data=form)
    assert begun.status_code == 303, begun.text
    address = begun.headers["location"]
    waiting = await console.client.get(address)
    assert 'hx-trigger="every 2s"' in waiting.text
    await console.app.state.services.batches.run(address.rpartition("/")[2])
    done = await console.client.get(address)
    assert "3 of 3 rows" in done.text
    assert "hx-trigger" not in done.text, "what has ended is not asked for again"
    shown = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", done.text))
    assert re.search(r"2 بانک ملی ایران Match", shown), shown
    assert "Rows that could not be read" in done.text
    assert "Row 4" in done.text
    result = await console.client.get(f"{address}/results")
    rows = list(csv.DictReader(io.StringIO(result.text.removeprefix("\ufeff"))))
    assert [row["caspian_outcome"] for row in rows] == ["match", "clear", "incomplete"]
    assert rows[0]["Remarks"] == "'=1+1"
    assert (await console.client.get(f"{address}/results?format=jsonl")).text.count("\n") == 3
    listed = await console.client.get("/batches")
    assert "vendors.csv" in listed.text
    gone = await console.client.post("/batches/start", data=form)
    assert gone.status_code == 404, "the file was taken in once"


async def test_a_workbook_goes_in_and_comes_out(console: Console) -> None:
    await console.sign_in()
    sheet, book = Sheet(), io.BytesIO()
    sheet.append([("name", "country"), ("Bank Melli Iran", "IR")])
    sheet.save(book)
    form = form_of(await send(console, book.getvalue(), "vendors.xlsx"))
    assert form["column-0"] == "name"
    begun = await console.client.post("/batches/start", data=form)
    await console.app.state.services.batches.run(begun.headers["location"].rpartition("/")[2])
    result = await console.client.get(f"{begun.headers['location']}/results?format=xlsx")
    assert result.content.startswith(b"PK")


async def test_columns_are_as_the_person_says(console: Console) -> None:
    await console.sign_in()
    form = form_of(await send(console))
    nothing = await console.client.post("/batches/start", data=form | {"column-0": ""})
    assert nothing.status_code == 422
    assert "nothing can be screened" in nothing.text
    twice = await console.client.post("/batches/start", data=form | {"column-2": "name"})
    assert "Columns 1 and 3 are both read as Name" in twice.text
    assert twice.text.count('value="name" selected') == 2, "what was chosen is kept"
    assert (await console.client.post("/batches/start", data=form)).status_code == 303


async def test_columns_are_saved_and_read_as_saved(console: Console) -> None:
    await console.sign_in()
    first = await send(console)
    assert "/batches/columns" not in first.text, "nothing is saved yet"
    chosen = form_of(first) | {"column-1": "", "column-2": "reference", "save_as": "1C <vendors>"}
    assert (await console.client.post("/batches/start", data=chosen)).status_code == 303
    page = await send(console)
    assert "1C &lt;vendors&gt;" in page.text
    ((mapping, _name),) = re.findall(r'<option value="([^"]+)">(1C[^<]+)</option>', page.text)
    read = await console.client.post("/batches/columns", data={"token": form_of(page)["token"], "mapping": mapping})
    form = form_of(read)
    assert (form["column-0"], form["column-1"], form["column-2"]) == ("name", "", "reference")
    assert (await console.client.post("/batches/start", data=form)).status_code == 303
    other = form_of(await send(console, b"Client,Country\nA,IR\n"))["token"]
    refused = await console.client.post("/batches/columns", data={"token": other, "mapping": mapping})
    assert (refused.status_code, "no column" in refused.text) == (422, True)
    gone = await console.client.post("/batches/columns", data={"token": "none", "mapping": mapping})
    assert gone.status_code == 404
    nameless = await console.client.post(
        "/batches/start", data=form_of(refused) | {"column-0": "name", "save_as": "x" * 101}
    )
    assert (nameless.status_code, "cannot be saved" in nameless.text) == (422, True)


@pytest.mark.parametrize(
    ("data", "status"), [(b"", 422), (b"PK\x03\x04 a workbook", 422), (b"\x00\x01\x02\x03" * 100, 422)]
)
async def test_what_is_no_table_is_refused_with_its_reason(console: Console, data: bytes, status: int) -> None:
    await console.sign_in()
    refused = await send(console, data)
    assert refused.status_code == status
    assert 'role="alert"' in refused.text
    nothing = await console.client.post("/batches", files={"file": ("", b"")})
    assert nothing.status_code == 422


async def test_a_batch_is_cancelled_and_goes_on(console: Console) -> None:
    await console.sign_in()
    begun = await console.client.post("/batches/start", data=form_of(await send(console)))
    address = begun.headers["location"]
    cancelled = await console.client.post(f"{address}/cancel", follow_redirects=True)
    assert "Cancelled" in cancelled.text
    assert (await console.client.post(f"{address}/cancel")).status_code == 409
    again = await console.client.post(f"{address}/resume", follow_redirects=True)
    assert 'hx-trigger="every 2s"' in again.text
    assert (await console.client.post(f"{address}/resume")).status_code == 409


async def test_a_trader_sees_their_own_and_an_auditor_sends_none(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    begun = await console.client.post("/batches/start", data=form_of(await send(console)))
    address = begun.headers["location"]
    await console.sign_in()
    assert (await console.client.get(address)).status_code == 404
    await console.sign_in(Role.AUDITOR)
    assert (await console.client.get(address)).status_code == 200
    assert 'type="file"' not in (await console.client.get("/batches")).text
    assert (await send(console)).status_code == 403


async def test_a_stashed_file_is_its_senders_and_is_dropped_after_an_hour(
    console: Console, monkeypatch: pytest.MonkeyPatch
) -> None:
    await console.sign_in()
    token = form_of(await send(console))["token"]
    settings = console.app.state.services.settings
    with pytest.raises(NotFound):
        await stash.fetch(token, Principal("key:ck_other", "Another", Role.TRADER), settings)
    monkeypatch.setattr(time, "time", lambda: 2 * stash.KEPT_SECONDS + 4e9)
    await send(console)
    folders = list((Path(settings.data_dir) / "stash").iterdir())
    assert len(folders) == 1, "the older one is gone"


def test_columns_are_guessed_from_their_headers() -> None:
    shown = columns_of(["Наименование", "ИНН", "x"], [])
    assert [column.chosen for column in shown] == ["name", "inn", ""]
    assert [column.chosen for column in columns_of(["x", "y"], [])] == ["", ""]
    with pytest.raises(InvalidInput, match="nothing that a column can be"):
        places({"column-0": "king"}, 1)


class TestInABrowser:
    pytestmark = NEEDS_CHROMIUM

    async def test_a_file_is_screened_while_one_watches(self, server: Server, tmp_path: Path) -> None:
        file = tmp_path / "vendors.csv"
        file.write_text("name,country\nBank Melli Iran,IR\n" + "".join(f"Harmless {n},RU\n" for n in range(1500)))
        async with chromium() as browser:
            page = await open_page(await profile_of(browser, server, Role.TRADER))
            await page.goto("/batches")
            await page.get_by_label("File", exact=True).set_input_files(file)
            await page.get_by_role("button", name="Send").click()
            await expect(page.get_by_label("Read name as")).to_have_value("name")
            await page.get_by_label("Read country as").select_option("countries")
            await page.get_by_role("button", name="Screen the file").click()
            await expect(page.get_by_role("progressbar", name="Rows screened")).to_be_visible()
            await run_batch(server, page.url.rpartition("/")[2])
            await expect(page.get_by_text("1,501 of 1,501 rows")).to_be_visible(timeout=60_000)
            await expect(page.get_by_role("heading", name="Rows that need a person")).to_be_visible(timeout=20_000)
            async with page.expect_download() as download:
                await page.get_by_role("link", name="Results", exact=True).click()
            rows = (await (await download.value).path()).read_text(encoding="utf-8-sig").splitlines()
            assert len(rows) == 1502
