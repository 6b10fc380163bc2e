"""What was searched and what was not: rows of the coverage panel, and the marks a list's state is shown with."""

from dataclasses import dataclass
from typing import Final

from api.web.presenters import figures
from api.web.presenters.found import LIST_TAGS
from api.web.text import _, ngettext
from screening.answer import CoveredList, Gap

STATES: Final = {
    "fresh": ("clear", _("Fresh")),
    "stale": ("incomplete", _("Stale")),
    "missing": ("incomplete", _("Missing")),
    "not_loaded": ("incomplete", _("Not loaded")),
    "disabled": ("incomplete", _("Switched off")),
}
"""State of a list → the mark it is shown with and its word. An unknown state is shown by its own name, as open."""


SHORT_NAMES: Final = {**LIST_TAGS, "eu_fsf": "EU", "un_sc": "UN", "us_csl": _("US export control")}
"""Lists that people know by a short name."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A status: its kind gives shape and colour, its word says it."""

    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class CoveredRow:
    """One list that was searched."""

    key: str
    name: str
    about: str
    published: str
    entries: str
    file_sha256: str
    hash: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class GapRow:
    """One thing known that was not searched, and why."""

    title: str
    reason: str
    blocks_clear: bool


@dataclass(frozen=True, slots=True)
class Coverage:
    """The coverage panel: its one-line summary, what was searched, what was not."""

    summary: str
    lists: tuple[CoveredRow, ...]
    gaps: tuple[GapRow, ...]


def coverage(covered: tuple[CoveredList, ...], gaps: tuple[Gap, ...]) -> Coverage:
    """Return the coverage panel of one answer."""
    return Coverage(
        summary(covered),
        tuple(_row(item) for item in covered),
        tuple(GapRow(gap.title, gap.reason, gap.blocks_clear) for gap in gaps),
    )


def summary(covered: tuple[CoveredList, ...]) -> str:
    """Return "4 lists, all fresh", "4 lists, 1 of them stale", or that the lists are the bundled sample."""
    number = len(covered)
    if number == 0:
        return _("no list was in force")
    lists = ngettext("%d list", "%d lists", number) % number
    if any(item.sample for item in covered):
        return _("%s, sample data") % lists
    stale = sum(item.state != "fresh" for item in covered)
    return (
        _("%(lists)s, %(stale)d of them stale") % {"lists": lists, "stale": stale}
        if stale
        else _("%s, all fresh") % lists
    )


def state_mark(state: str, *, sample: bool) -> Mark:
    """Return the mark for a list's state. The bundled sample never reads as fresh."""
    if sample:
        return Mark("incomplete", _("Sample"))
    kind, word = STATES.get(state, ("incomplete", state))
    return Mark(kind, word)


def list_name(key: str, title: str) -> str:
    """Return the short name of a list, or its title where it has none."""
    return SHORT_NAMES.get(key, title)


def list_about(key: str, title: str, publisher: str) -> str:
    """Return the line under a list's name: what its name leaves out."""
    return title if key in SHORT_NAMES else publisher


def _row(item: CoveredList) -> CoveredRow:
    return CoveredRow(
        key=item.key,
        name=list_name(item.key, item.title),
        about=list_about(item.key, item.title, item.publisher),
        published=_("not dated") if item.published_on is None else item.published_on.isoformat(),
        entries=figures.count(item.entities),
        file_sha256=item.file_sha256,
        hash=figures.short_hash(item.file_sha256),
        mark=state_mark(item.state, sample=item.sample),
    )
