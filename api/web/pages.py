"""Pages: the templates, and the frame around every page: who reads, where, how fresh the lists are, which versions."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from api import permissions
from api.deps import Services, get_services
from api.web import session
from api.web.presenters import words
from api.web.presenters.coverage import Mark
from api.web.presenters.lists import freshness, is_sample
from api.web.text import CATALOGUE, _
from core.clock import now
from lists.status import ListStatus, statuses
from screening.access import Principal, Role
from screening.matching.policy import Policy
from screening.matching.version import VERSION as MATCHER_VERSION
from screening.matching.version import config_hash

HERE: Final = Path(__file__).parent
STATIC: Final = HERE / "static"

ROLES: Final = {
    Role.TRADER: _("Trader"),
    Role.OFFICER: _("Officer"),
    Role.APPROVER: _("Approver"),
    Role.AUDITOR: _("Auditor"),
    Role.ADMIN: _("Administrator"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One page in the navigation, and for whom. It names pages that exist, nothing else."""

    href: str
    word: str
    roles: frozenset[Role] = permissions.EVERYONE


NAVIGATION: Final = (
    Item("/dashboard", _("Dashboard"), permissions.WATCHERS),
    Item("/cases", _("Queue"), permissions.CASE_READERS),
    Item("/", _("Screen")),
    Item("/deals", _("Deals")),
    Item("/batches", _("Batches")),
    Item("/lists", _("Lists")),
    Item("/audit", _("Audit"), permissions.READERS_OF_THE_LOG),
    Item("/people", _("People"), permissions.ADMIN),
    Item("/keys", _("Keys"), permissions.ADMIN),
)

KEYS: Final = (
    (("/",), _("Start a screening")),
    (("g d",), _("Dashboard, for those who watch over alarms")),
    (("g q",), _("Queue, for those who see cases")),
    (("g s",), _("Screen")),
    (("g b",), _("Batches")),
    (("g l",), _("Lists")),
    (("g a",), _("Audit, for those who may read it")),
    (("j", "k"), _("Next, previous: row of the queue, or case")),
    (("x",), _("Choose the row")),
    (("a",), _("Take the case")),
    (("1", "2", "3"), _("True match, false positive, escalate: selects, does not send")),
    (("Ctrl Enter",), _("Send the form")),
    (("?",), _("These keys")),
    (("Esc",), _("Close")),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is signed in, as the header says it."""

    name: str
    role: str


@dataclass(frozen=True, slots=True)
class Foot:
    """Versions, at the foot of every page. `policy` is the hash of everything that decides, if it is known."""

    version: str
    matcher: str
    policy: str


@dataclass(frozen=True, slots=True)
class Page:
    """The frame of one page."""

    title: str
    theme: str
    current: str
    back: str
    person: Person | None
    freshness: Mark
    sample: bool
    foot: Foot
    nav: tuple[Item, ...] = ()
    keys: tuple[tuple[tuple[str, ...], str], ...] = KEYS


class Static(StaticFiles):
    """Static files. Each is asked for under the hash of its content, so browsers may keep it for good."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """Return the file, to be kept for a year if it was asked for by its hash."""
        response = await super().get_response(path, scope)
        if scope["query_string"]:
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response


async def list_statuses(services: Services) -> Sequence[ListStatus]:
    """Return how every list stands now."""
    async with services.database.read() as reading:
        return await statuses(reading, list(services.sources.values()), services.settings, now())


def frame(
    request: Request, title: str, stand: Sequence[ListStatus], *, reader: Principal | None = None, current: str = ""
) -> Page:
    """Return the frame of a page. `current` is the navigation's address for it."""
    return Page(
        title=title,
        theme=session.theme(request),
        current=current,
        back=request.url.path if request.method == "GET" else "/",
        person=None if reader is None else Person(reader.name, ROLES[reader.role]),
        freshness=freshness(stand),
        sample=is_sample(stand),
        foot=_foot(request),
        nav=() if reader is None else tuple(item for item in NAVIGATION if reader.role in item.roles),
    )


def render(template: str, page: Page, status: int = 200, **context: Any) -> HTMLResponse:
    """Return a page as HTML."""
    return HTMLResponse(environment().get_template(template).render(page=page, **context), status)


@cache
def environment() -> Environment:
    """The templates, escaping everything, with gettext for their words."""
    loader = FileSystemLoader(HERE / "templates")
    jinja = Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, extensions=["jinja2.ext.i18n"], trim_blocks=False
    )
    jinja.install_gettext_translations(CATALOGUE, newstyle=True)  # type: ignore[attr-defined]  # added by the extension
    jinja.globals["static"] = static_address
    jinja.filters["language"] = words.language
    jinja.filters["rtl"] = words.is_rtl
    return jinja


@cache
def static_address(name: str) -> str:
    """Return a static file's address with the hash of its content."""
    return f"/static/{name}?v={hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def _foot(request: Request) -> Foot:
    settings = get_services(request).settings
    policy = Policy(settings.review_threshold, settings.match_threshold, settings.near_misses)
    return Foot(version("caspian"), MATCHER_VERSION, _config_hash(policy))


@cache
def _config_hash(policy: Policy) -> str:
    return config_hash(policy)
