"""Pictures of every page for docs/console.md: `.venv/bin/python tests/web/screenshots.py [--lists DIR] [NAME …]`.

Starts the console on real lists (a directory with `previous`, `current` and `broken`, as `../shared/lists` has them)
with a month of example records, walks the tour, and writes each page light and dark, wide and narrow, as WebP.
"""

import argparse
import asyncio
import base64
import tempfile
from pathlib import Path

from console_app import Server, make_keys, serving
from console_chromium import chromium, open_page, profile_of
from console_month import OWNERS, live_a_month
from console_tour import TOUR, Stop, make_records
from playwright.async_api import Browser

from api.app import create_app
from core import logging, migrations
from core.database import Database
from core.settings import Settings
from screening.access import Role

ROOT = Path(__file__).resolve().parents[2]
INTO = ROOT / "docs" / "img" / "console"
PAGE = ROOT / "docs" / "console.md"
HEADING = "## Every page"
LISTS = ROOT.parent / "shared" / "lists"

WIDTHS = (1440, 360)
SCHEMES = ("light", "dark")
TALLEST = {1440: 2000, 360: 2800}
"""Where a long page is cut, in pixels: tables go on as they begin."""

QUALITY = 46


def files_of(stop: Stop) -> list[tuple[str, str]]:
    """The names of a page's pictures, each with what it shows: wide first, light first."""
    title = stop.name.replace("-", " ").capitalize()
    return [
        (f"{stop.name}-{width}-{scheme}.webp", f"{title}, {scheme}, {width} px")
        for width in WIDTHS
        for scheme in SCHEMES
    ]


def album() -> str:
    """The part of docs/console.md that shows every page: four pictures each."""
    lines = [HEADING, "", "Real lists, made-up people. Each picture leads to itself in full size.", ""]
    for stop in TOUR:
        lines += [f"### {stop.name.replace('-', ' ').capitalize()}", ""]
        for (name, shows), width in zip(files_of(stop), ("48%", "48%", "24%", "24%"), strict=True):
            path = f"img/console/{name}"
            lines.append(f'<a href="{path}"><img src="{path}" width="{width}" alt="{shows}"></a>')
        lines.append("")
    return "\n".join(lines)


def write_album() -> None:
    """Put the album at the end of docs/console.md."""
    text = PAGE.read_text(encoding="utf-8").partition(HEADING)[0]
    PAGE.write_text(text + album(), encoding="utf-8")


async def picture(browser: Browser, server: Server, stop: Stop, records: dict[str, str], into: Path) -> None:
    """Write one page's four pictures."""
    context = await profile_of(browser, server, stop.role)
    page = await open_page(context)
    devtools = await context.new_cdp_session(page)
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 900})
        for scheme in SCHEMES:
            await page.emulate_media(color_scheme=scheme)
            await page.goto(stop.address(records))
            height = await page.evaluate("document.documentElement.scrollHeight")
            clip = {"x": 0, "y": 0, "width": width, "height": min(height, TALLEST[width]), "scale": 1}
            asked = {"format": "webp", "quality": QUALITY, "clip": clip, "captureBeyondViewport": True}
            shot = await devtools.send("Page.captureScreenshot", asked)
            (into / f"{stop.name}-{width}-{scheme}.webp").write_bytes(base64.b64decode(shot["data"]))
    await context.close()


async def pictures(server: Server, stops: list[Stop], into: Path) -> None:
    """Make the example records and walk the tour."""
    records = await make_records(server)
    async with chromium() as browser:
        for stop in stops:
            await picture(browser, server, stop, records, into)
            print(stop.name, flush=True)


def main() -> None:
    """Read the arguments, fill a database, start the server, take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lists", type=Path, default=LISTS)
    parser.add_argument("--into", type=Path, default=INTO)
    parser.add_argument("--home", type=Path, help="a data directory to fill, or to use again if it is filled")
    parser.add_argument("names", nargs="*", help="pages of the tour; all by default")
    asked = parser.parse_args()
    stops = [stop for stop in TOUR if not asked.names or stop.name in asked.names]
    asked.into.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        home = asked.home or Path(temporary)
        settings = Settings(data_dir=home, schedule=False, log_level="CRITICAL")
        logging.configure("CRITICAL")
        keys = asyncio.run(_fill(settings, asked.lists))
        with serving(create_app(settings)) as address:
            asyncio.run(pictures(Server(address, keys, settings), stops, asked.into))
    if asked.into == INTO:
        write_album()


async def _fill(settings: Settings, lists: Path) -> dict[Role, str]:
    is_filled = (settings.data_dir / "caspian.sqlite").exists()
    await asyncio.to_thread(migrations.upgrade, settings.database)
    if not is_filled:
        await live_a_month(settings, lists)
    database = Database(settings.database)
    keys = await make_keys(database, OWNERS)
    await database.dispose()
    return keys


if __name__ == "__main__":
    main()
