"""The Chromium of this machine, and axe-core, for the console's browser tests and for its pictures."""

import gzip
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from console_app import Server
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright

from screening.access import Role

CHROMIUM = os.environ.get("CASPIAN_TEST_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    "--headless",
    "--no-sandbox",  # tests may run as root in a container
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
AXE = gzip.decompress((Path(__file__).parent / "vendor" / "axe.min.js.gz").read_bytes()).decode()
GRAVE = {"serious", "critical"}
REFUSED = re.compile("status of (403|404|409|422)")
"""Pages that say why nothing was done come with these."""

NEEDS_CHROMIUM = [pytest.mark.browser, pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium")]


@asynccontextmanager
async def chromium() -> AsyncIterator[Browser]:
    """A headless Chromium of this machine."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield opened
        await opened.close()


async def profile_of(browser: Browser, server: Server, role: Role | None, **options: Any) -> BrowserContext:
    """A fresh browser profile, signed in as a role, or as nobody."""
    context = await browser.new_context(base_url=server.address, **options)
    if role is not None:
        answer = await context.request.post(
            "/sign-in", form={"key": server.keys[role]}, headers={"Origin": server.address}, max_redirects=0
        )
        assert answer.status == 303, await answer.text()
    return context


async def open_page(context: BrowserContext) -> Page:
    """A page of this profile. What the browser complains of fails the test."""
    page = await context.new_page()
    page.on("console", _complain)
    page.on("pageerror", _fail)
    return page


async def too_wide(page: Page) -> int:
    """How many pixels the page is wider than its window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


async def grave_violations(page: Page) -> list[tuple[str, str, list[str]]]:
    """What axe-core finds serious or critical on this page: rule, explanation, the first letters of each element."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(AXE)
    found = await page.evaluate("axe.run({resultTypes: ['violations']})")
    return [
        (one["id"], one["help"], [node["html"][:160] for node in one["nodes"]])
        for one in found["violations"]
        if one["impact"] in GRAVE
    ]


def _complain(message: ConsoleMessage) -> None:
    """A refused inline style or script, a missing file: all are errors on the console. A refused page is not."""
    is_refused_page = REFUSED.search(message.text) and "/static/" not in message.location["url"]
    assert message.type != "error" or is_refused_page, f"{message.text} {message.location}"


def _fail(error: Any) -> None:
    raise AssertionError(str(error))
