"""The console in a real browser: with script and without, wide and at 360 px, light and dark, checked by axe-core.

Skipped where no Chromium is found (`CASPIAN_TEST_CHROMIUM` names one).
"""

import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from console_app import Server
from console_chromium import NEEDS_CHROMIUM, chromium, grave_violations, open_page, too_wide
from playwright.async_api import Browser, Page, expect

from screening.access import Role

pytestmark = NEEDS_CHROMIUM


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A headless Chromium of this machine."""
    async with chromium() as opened:
        yield opened


async def signed_in(browser: Browser, server: Server, role: Role = Role.TRADER, **options: Any) -> Page:
    """A page of a fresh browser profile, signed in through the form. What the browser complains of fails the test."""
    page = await open_page(await browser.new_context(base_url=server.address, **options))
    await page.goto("/")
    await page.get_by_text("Sign in with an API key").click()
    await page.get_by_label("API key").fill(server.keys[role])
    await page.get_by_role("button", name="Sign in with the key").click()
    await expect(page.get_by_role("heading", name="Screen a counterparty")).to_be_visible()
    return page


async def screen(page: Page, name: str, **fields: str) -> None:
    """Fill the form and send it."""
    await page.get_by_label("Name", exact=True).fill(name)
    for label, value in fields.items():
        await page.get_by_label(label).first.fill(value)
    await page.get_by_role("button", name="Screen and record").click()


async def test_a_trader_screens_a_bank_and_reads_the_answer(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await screen(page, "بانک ملی ایران")
    outcome = page.get_by_role("status", name="Outcome")
    await expect(outcome).to_contain_text("Match")
    await expect(outcome).to_contain_text("Do not sign or pay.")
    await expect(outcome).to_be_focused()
    await expect(page).to_have_url(re.compile(r"/screenings/[0-9A-Z]{26}$"))
    await expect(page).to_have_title("Match: بانک ملی ایران · Caspian")
    await expect(page.locator(".say-name[dir=rtl]").first).to_contain_text("بانک")
    await expect(page.get_by_role("heading", name="What the listing means")).to_be_visible()
    await expect(page.get_by_role("button", name="Print")).to_be_visible()
    await page.reload()
    await expect(outcome).to_contain_text("Match")
    await page.go_back()
    await expect(page.get_by_role("heading", name="Screen a counterparty")).to_be_visible()
    await expect(page.locator("table.rows")).to_contain_text("بانک ملی ایران")


async def test_the_whole_way_without_script(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server, java_script_enabled=False)
    await page.get_by_role("button", name="+ another identifier").click()
    await expect(page.get_by_label("Identifier value 2")).to_be_visible()
    await page.locator("#id-type-1").select_option("imo")
    await page.locator("#id-value-1").fill("IMO 9481910")
    await page.get_by_role("radio", name="Vessel").check()
    await page.get_by_role("button", name="Screen and record").click()
    await expect(page.get_by_role("status", name="Outcome")).to_contain_text("Match")
    await expect(page.get_by_role("heading", name=re.compile("Best match: PORT OLYA-3"))).to_be_visible()
    await page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Lists").click()
    await expect(page.get_by_role("heading", name="Lists in force")).to_be_visible()
    await page.get_by_role("link", name="OFAC SDN").click()
    await expect(page.get_by_role("heading", name="What changed in OFAC SDN")).to_be_visible()
    await page.locator("details.menu summary").click()
    await page.get_by_role("radio", name="Dark").check()
    await page.get_by_role("button", name="Keep this appearance").click()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    await page.locator("details.menu summary").click()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_label("Password")).to_be_visible()


async def test_unreadable_facts_are_linked_to_their_fields(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await screen(page, "Ivan Petrov", **{"Birth date": "31.02.1987"})
    alert = page.get_by_role("alert").filter(has_text="1 fact cannot be read")
    await expect(alert).to_be_focused()
    await alert.get_by_role("link", name="Birth date").click()
    await expect(page.locator("#birth")).to_have_attribute("aria-invalid", "true")
    await expect(page.locator("#name")).to_have_value("Ivan Petrov")
    await page.get_by_label("Birth date").fill("1987")
    await page.get_by_role("button", name="Screen and record").click()
    await expect(page.get_by_role("status", name="Outcome")).to_be_visible()


async def test_keys(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_visible()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
    await page.keyboard.press("/")
    await expect(page.locator("#name")).to_be_focused()
    await page.keyboard.type("Bank Melli?/gl")
    await expect(page.locator("#name")).to_have_value("Bank Melli?/gl")
    await page.locator("#name").fill("Bank Melli Iran")
    await page.keyboard.press("Control+Enter")
    await expect(page.get_by_role("status", name="Outcome")).to_contain_text("Match")
    await expect(page.get_by_role("status", name="Outcome")).to_be_focused()  # the answer takes the keys, not the field
    await page.keyboard.press("g")
    await page.keyboard.press("l")
    await expect(page.get_by_role("heading", name="Lists in force")).to_be_visible()
    await page.keyboard.press("g")
    await page.keyboard.press("s")
    await expect(page.get_by_role("heading", name="Screen a counterparty")).to_be_visible()


async def test_another_identifier_keeps_what_was_typed(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await page.locator("#name").fill("PORT OLYA")
    await page.locator("#id-value-0").fill("123")
    await page.get_by_role("button", name="+ another identifier").click()
    await expect(page.locator("#id-value-1")).to_be_focused()
    await expect(page.locator("#id-value-0")).to_have_value("123")
    await expect(page.locator("#name")).to_have_value("PORT OLYA")


async def test_theme_is_kept_at_once(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await page.locator("details.menu summary").click()
    async with page.expect_response("**/theme"):
        await page.get_by_role("radio", name="Dark").check()
    await page.reload()
    await expect(page.locator("html")).to_have_attribute("data-theme", "dark")


async def test_refused_forms_are_accessible(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server, bypass_csp=True)
    await page.goto("/deals/new")
    await page.get_by_role("button", name="Assess and record").last.click()
    await expect(page.get_by_role("alert").filter(has_text="cannot be read")).to_be_visible()
    assert await grave_violations(page) == []
    await page.goto("/")
    await screen(page, "")
    await expect(page.get_by_role("alert").filter(has_text="cannot be read")).to_be_visible()
    assert await grave_violations(page) == []
    assert await too_wide(page) <= 0


async def test_a_deal_is_assessed_by_its_form(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await page.goto("/deals/new")
    await page.get_by_role("button", name="+ Vessel", exact=True).click()
    await page.locator("#parties-0").fill("Pars Darya")
    await page.locator("summary", has_text="Owners").first.click()
    await page.locator("#owners-0").fill("Bank Melli Iran; 30 %; Iran\nSahel Holding; 35; Iran")
    await page.locator("#parties-3").fill("PORT OLYA-4")
    await page.locator("#number-3").fill("9481910")
    await page.locator("#goods-0").fill("8542.31")
    await page.locator("#route-0").fill("Astrakhan")
    await page.locator("#route-1").fill("IRBAZ")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("status", name="Outcome")).to_contain_text("Stop")
    await expect(page.get_by_role("img", name="Ownership of Pars Darya")).to_be_visible()


async def test_printed_answer_leaves_the_form_out(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await screen(page, "Bank Melli Iran")
    await expect(page.get_by_role("status", name="Outcome")).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.get_by_role("button", name="Screen and record")).to_be_hidden()
    await expect(page.get_by_role("status", name="Outcome")).to_be_visible()
    await expect(page.get_by_text("What was not searched")).to_be_visible()


async def test_certificate_prints_on_one_page(browser: Browser, server: Server) -> None:
    page = await signed_in(browser, server)
    await screen(page, "PORT ASTRA-9", **{"Country": "Russia"})
    await page.get_by_role("link", name="Certificate").click()
    await expect(page.get_by_role("heading", name="Screening certificate")).to_be_visible()
    paper = await page.pdf(format="A4", margin=dict.fromkeys(("top", "right", "bottom", "left"), "16mm"))
    assert len(re.findall(rb"/Type\s*/Page\b", paper)) == 1


async def test_an_auditor_searches_a_name_and_verifies_without_script(browser: Browser, server: Server) -> None:
    trader = await signed_in(browser, server)
    await screen(trader, "بانک ملی ایران")
    await expect(trader.get_by_role("status", name="Outcome")).to_be_visible()
    page = await signed_in(browser, server, Role.AUDITOR, java_script_enabled=False)
    await page.get_by_role("navigation", name="Main", exact=True).get_by_role("link", name="Audit").click()
    await page.get_by_label("Subject").fill("ملی")
    await page.get_by_label("Action").select_option("screened")
    await page.get_by_role("button", name="Filter").click()
    assert page.url.endswith("/audit"), "no address ever holds a name"
    await page.get_by_role("button", name=re.compile(r"^Entry \d+$")).first.click()
    await expect(page.get_by_role("complementary", name="One entry")).to_contain_text("ofac:25578")
    await page.get_by_role("button", name="Verify now").click()
    await expect(page.get_by_role("status")).to_contain_text("Whole")
    async with page.expect_download() as export:
        await page.get_by_role("button", name="Export").click()
    assert (await export.value).suggested_filename == "caspian-audit.jsonl"
