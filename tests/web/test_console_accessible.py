"""Every page of the console by axe-core, light and dark, narrow and wide: nothing serious, and nothing sticks out."""

import asyncio
from pathlib import Path

import pytest
from console_app import Server
from console_chromium import NEEDS_CHROMIUM, chromium, grave_violations, open_page, profile_of, too_wide
from console_tour import TOUR, make_records
from fastapi.routing import iter_route_contexts

from api.app import create_app
from api.web.session import ConsoleRoute
from core.settings import Settings
from screening.access import Role

NEVER_A_PAGE = {
    "/cases/{id}/evidence/{sha256}",
    "/batches/{id}/results",
    "/sign-in/provider",
    "/sign-in/provider/back",
}
"""Addresses of the console that answer with a file, or send the browser to an identity provider and on."""


@pytest.fixture(scope="module")
def records(server: Server) -> dict[str, str]:
    """The example records on the server, by name."""
    return asyncio.run(make_records(server))


@pytest.mark.parametrize("role", [None, *Role])
class TestEveryPage:
    pytestmark = NEEDS_CHROMIUM

    async def test_has_no_grave_violation_and_fits(
        self, role: Role | None, server: Server, records: dict[str, str]
    ) -> None:
        found: list[object] = []
        async with chromium() as browser:
            page = await open_page(await profile_of(browser, server, role, bypass_csp=True))
            for stop in [stop for stop in TOUR if stop.role is role]:
                await page.goto(stop.address(records))
                for width in (1040, 1440, 360):  # the narrowest with the whole navigation, and the two of the pictures
                    await page.set_viewport_size({"width": width, "height": 900})
                    found += [(stop.name, width, "is too wide by", wide) for wide in [await too_wide(page)] if wide > 0]
                    for scheme in () if width == 1040 else ("light", "dark"):
                        await page.emulate_media(color_scheme=scheme)
                        found += [(stop.name, width, scheme, *one) for one in await grave_violations(page)]
        assert not found


def test_the_tour_misses_no_page(tmp_path: Path) -> None:
    app = create_app(Settings(data_dir=tmp_path, schedule=False))
    pages = {
        str(route.path)
        for route in iter_route_contexts(app.routes)
        if isinstance(route.route, ConsoleRoute) and "GET" in (route.methods or ())
    }
    assert "/dashboard" in pages
    assert pages - NEVER_A_PAGE == {stop.route for stop in TOUR}
