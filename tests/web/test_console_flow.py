"""The whole way of one match in a real browser: screened, taken, refused to who asked, decided, approved, audited,
and open again when the list changes.
"""

import asyncio
import re
import sys
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from console_app import DAY, SOLEIMANI, Server, put_in_force
from console_chromium import NEEDS_CHROMIUM, chromium, open_page, profile_of
from playwright.async_api import Browser, Page, expect

from core.clock import now
from core.database import Database
from lists.entity import Name
from screening.access import Role

pytestmark = NEEDS_CHROMIUM

SUBJECT = "قاسم سلیمی"
OWN = "Gazprom Neft Iran"
"""Whom the officer screens: close to the listed GAZPROM NEFT."""


async def page_of(browser: Browser, server: Server, role: Role) -> Page:
    """A page of a fresh profile, signed in."""
    return await open_page(await profile_of(browser, server, role))


async def screen(page: Page, name: str) -> None:
    """Screen somebody by the form."""
    await page.goto("/")
    await page.get_by_label("Name", exact=True).fill(name)
    await page.get_by_role("button", name="Screen and record").click()
    await expect(page.get_by_role("status", name="Outcome")).to_contain_text("Review")


async def test_a_match_from_the_trader_to_the_auditor_and_back(server: Server, tmp_path: Path) -> None:
    async with chromium() as browser:
        trader = await page_of(browser, server, Role.TRADER)
        await screen(trader, SUBJECT)
        await expect(trader.get_by_text("it waits for an officer")).to_be_visible()
        await trader.get_by_role("link", name="Certificate").click()
        await expect(trader.get_by_role("heading", name="Screening certificate")).to_be_visible()

        officer = await page_of(browser, server, Role.OFFICER)
        await _is_refused_on_their_own(officer)
        await _decides(officer)

        approver = await page_of(browser, server, Role.APPROVER)
        await _approves(approver)

        await screen(trader, SUBJECT)
        await expect(trader.get_by_text("QASEM SOLEIMANI was cleared until")).to_be_visible()
        await expect(trader.get_by_text("Without what was cleared before, this is: clear.")).to_be_visible()

        auditor = await page_of(browser, server, Role.AUDITOR)
        await _exports_and_verifies(auditor, tmp_path)

        await _the_list_changes(server)
        await officer.goto("/cases")
        await expect(officer.get_by_role("link", name=SUBJECT)).to_be_visible()
        await officer.get_by_role("link", name=SUBJECT).click()
        await expect(officer.get_by_text("Opened again")).to_be_visible()
        await expect(officer.get_by_text(re.compile("Ended .*entity changed"))).to_be_visible()


async def _is_refused_on_their_own(page: Page) -> None:
    await screen(page, OWN)
    await page.get_by_role("link", name="The case").click()
    await expect(page.get_by_text("You asked for a record of this case")).to_be_visible()
    await expect(page.get_by_role("button", name="Record the decision")).to_have_count(0)
    await expect(page.get_by_role("button", name="Take this case")).to_have_count(0)


async def _decides(page: Page) -> None:
    """By keys alone, as far as there are keys."""
    await page.goto("/cases?list=un_sc")
    await page.keyboard.press("j")
    await expect(page.get_by_role("link", name=SUBJECT)).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Is this the listed person?")).to_be_visible()
    await page.keyboard.press("a")
    await expect(page.get_by_text("Took the case")).to_be_visible()
    await page.get_by_label("Attach a file").set_input_files(
        {"name": "passport-scan.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7 of a test"}
    )
    await page.get_by_label("What it says").fill("Birth date 14 Feb 1987, Rasht")
    await page.get_by_role("button", name="Attach", exact=True).click()
    await expect(page.get_by_role("link", name="passport-scan.pdf")).to_be_visible()
    await page.keyboard.press("2")
    await expect(page.get_by_role("radio", name="False positive")).to_be_checked()
    assert await page.locator("optgroup[data-decision=true_match]").is_disabled()
    await page.get_by_label("Reason").select_option("FP-02")
    await page.get_by_label("Note for the examiner").fill("Born 1987 in Rasht, the passport says.")
    until = (now() + timedelta(days=90)).date().isoformat()
    await page.get_by_label("Keep as a clearance until").fill(until)
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_text("Decided: false positive, FP-02")).to_be_visible()


async def _approves(page: Page) -> None:
    await page.goto("/dashboard")
    await page.get_by_role("link", name=SUBJECT).first.click()
    await expect(page.get_by_role("heading", name="Waiting for you")).to_be_visible()
    await page.get_by_role("button", name="Approve").click()
    await expect(page.get_by_role("heading", name="Decided: false positive")).to_be_visible()
    await page.goto("/clearances")
    await expect(page.get_by_role("link", name=SUBJECT)).to_be_visible()


async def _exports_and_verifies(page: Page, into: Path) -> None:
    await page.goto("/audit")
    async with page.expect_download() as export:
        await page.get_by_role("button", name="Export").click()
    file = into / "caspian-audit.jsonl"
    await (await export.value).save_as(file)
    assert await _verify(file) == 0
    lines = file.read_text().splitlines(keepends=True)
    file.write_text("".join(lines).replace("FP-02", "FP-03", 1))
    assert await _verify(file) != 0, "one letter was changed"


async def _verify(file: Path) -> int:
    command = (sys.executable, "-c", "from api.cli import main; main()", "audit", "verify", str(file))
    running = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    await running.communicate()
    assert running.returncode is not None
    return running.returncode


async def _the_list_changes(server: Server) -> None:
    """The publisher adds a name to the listed entity."""
    database = Database(server.settings.database)
    changed = replace(SOLEIMANI, names=(*SOLEIMANI.names, Name("Ghassem Soleymani")))
    await put_in_force(database, (changed,), DAY + timedelta(days=1))
    await database.dispose()
