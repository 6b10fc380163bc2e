"""The lists as pages show them: one freshness mark for the header, the table of lists, what was refused and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from api.web.presenters import figures
from api.web.presenters.coverage import GapRow, Mark, list_about, list_name, state_mark
from api.web.text import _, ngettext
from lists.status import UNUSED, ListStatus
from screening.answer import Gap

SOON: Final = timedelta(hours=12)
"""A fresh list that will be stale within this time says so, so that somebody can act in working hours."""

RESULTS: Final = {
    "activated": _("new edition in force"),
    "unchanged": _("unchanged"),
    "refused": _("file refused"),
    "failed": _("could not be fetched"),
}
"""How a check ended, in words."""


@dataclass(frozen=True, slots=True)
class ListRow:
    """One row of the table of lists."""

    key: str
    name: str
    about: str
    href: str
    published: str
    fetched: str
    entries: str
    names: str
    file_sha256: str
    hash: str
    checked: str
    result: str
    next_check: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Refusal:
    """A last check that did not succeed: what happened, why, what holds meanwhile."""

    title: str
    reason: str
    holds: str


@dataclass(frozen=True, slots=True)
class ListsPage:
    """The page of lists in force."""

    lede: str
    rows: tuple[ListRow, ...]
    refusals: tuple[Refusal, ...]
    gaps: tuple[GapRow, ...]


@dataclass(frozen=True, slots=True)
class Gate:
    """What the sign-in page says of the lists: are they fresh, which is the newest, whose are they."""

    mark: Mark
    newest: str
    against: str


def freshness(statuses: Sequence[ListStatus]) -> Mark:
    """Return the header's mark: `4 lists fresh`, or the worst that is true of them."""
    enabled = [status for status in statuses if status.state not in UNUSED]
    held = [status for status in enabled if status.snapshot is not None]
    if not held:
        return Mark("incomplete", _("No list in force"))
    if is_sample(statuses):
        return Mark("incomplete", _("Sample lists"))
    bad = [status for status in enabled if status.state != "fresh"]
    if bad:
        word = _("missing") if any(status.state == "missing" for status in bad) else _("stale")
        text = _("%(bad)d of %(all)d lists %(word)s")
        return Mark("incomplete", text % {"bad": len(bad), "all": len(enabled), "word": word})
    return Mark("clear", ngettext("%d list fresh", "%d lists fresh", len(enabled)) % len(enabled))


def is_sample(statuses: Sequence[ListStatus]) -> bool:
    """Whether any snapshot in force is the sample that comes with Caspian."""
    return any(status.snapshot is not None and status.snapshot.sample for status in statuses)


def gate(statuses: Sequence[ListStatus]) -> Gate:
    """Return what the sign-in page says of the lists."""
    enabled = [status for status in statuses if status.state not in UNUSED]
    fresh = sum(status.state == "fresh" for status in enabled)
    text = _("%(fresh)d of %(all)d fresh") % {"fresh": fresh, "all": len(enabled)}
    whole = enabled and fresh == len(enabled) and not is_sample(statuses)
    dated = [(s.snapshot.published_on, s) for s in enabled if s.snapshot and s.snapshot.published_on]
    newest = max(dated, key=lambda pair: pair[0], default=None)
    publishers = dict.fromkeys(status.key.partition("_")[0].upper() for status in enabled)
    return Gate(
        Mark("clear" if whole else "incomplete", _("sample data") if is_sample(statuses) else text),
        "" if newest is None else _newest(newest[1], newest[0]),
        _("Screens against %s lists") % ", ".join(publishers),
    )


def lists_page(statuses: Sequence[ListStatus], gaps: Sequence[Gap], now: datetime) -> ListsPage:
    """Return the page of lists in force at `now`."""
    return ListsPage(
        lede=lede(statuses),
        rows=tuple(row(status, now) for status in statuses),
        refusals=tuple(_refusal(status) for status in statuses if status.last_outcome in {"refused", "failed"}),
        gaps=tuple(GapRow(gap.title, gap.reason, gap.blocks_clear) for gap in gaps),
    )


def lede(statuses: Sequence[ListStatus]) -> str:
    """Return the page's first sentence: how many lists, how fresh, and whether a file was refused."""
    enabled = [status for status in statuses if status.state not in UNUSED]
    number = len(enabled)
    many = (ngettext("%s list", "%s lists", number) % figures.in_words(number)).capitalize()
    fresh = sum(status.state == "fresh" for status in enabled)
    first = (
        _("%s, all fresh.") % many
        if fresh == number
        else _("%(many)s, %(fresh)s of them fresh.")
        % {
            "many": many,
            "fresh": figures.in_words(fresh) if fresh else _("none"),
        }
    )
    refused = sum(status.last_outcome == "refused" for status in enabled)
    if refused == 0:
        return first
    second = ngettext(
        "One file was refused; the one before it stays in force.",
        "%d files were refused; those before them stay in force.",
        refused,
    )
    return f"{first} {second % refused if '%d' in second else second}"


def row(status: ListStatus, now: datetime) -> ListRow:
    """Return one list as a row of the table."""
    snapshot = status.snapshot
    return ListRow(
        key=status.key,
        name=list_name(status.key, status.title),
        about=list_about(status.key, status.title, status.publisher),
        href=f"/lists/{status.key}/changes" if snapshot else "",
        published=_("none held") if snapshot is None else _published(snapshot.published_on),
        fetched="–" if snapshot is None else figures.short_moment(snapshot.fetched_at),
        entries="–" if snapshot is None else figures.count(snapshot.entities),
        names="–" if snapshot is None else figures.count(snapshot.names),
        file_sha256="" if snapshot is None else snapshot.file_sha256,
        hash="–" if snapshot is None else figures.short_hash(snapshot.file_sha256, 16),
        checked=figures.short_moment(status.last_checked_at),
        result=RESULTS.get(str(status.last_outcome or ""), ""),
        next_check=_next(status, now),
        mark=_mark(status, now),
    )


def _mark(status: ListStatus, now: datetime) -> Mark:
    """The state's mark; a list that turns stale soon, or is stale for long, says so."""
    snapshot = status.snapshot
    if snapshot is None or snapshot.sample or status.last_success_at is None:
        return state_mark(status.state, sample=snapshot is not None and snapshot.sample)
    left = status.last_success_at + status.max_age - now
    if status.state == "stale":
        return Mark("incomplete", _("Stale, %s") % figures.duration(-left))
    if status.state == "fresh" and left < min(SOON, status.max_age / 4):
        return Mark("review", _("Stale in %s") % figures.duration(left))
    return state_mark(status.state, sample=False)


def _next(status: ListStatus, now: datetime) -> str:
    if status.next_check_at is None:
        return _("not planned")
    return _("due") if status.next_check_at <= now else figures.short_moment(status.next_check_at)


def _published(value: date | None) -> str:
    return _("not dated") if value is None else value.isoformat()


def _newest(status: ListStatus, published_on: date) -> str:
    return f"{list_name(status.key, status.title)}, {figures.day(published_on)}"


def _refusal(status: ListStatus) -> Refusal:
    name = list_name(status.key, status.title)
    at = figures.short_moment(status.last_checked_at)
    title = (
        _("%(name)s: the file of %(at)s was refused")
        if status.last_outcome == "refused"
        else _("%(name)s: nothing came at %(at)s")
    )
    snapshot = status.snapshot
    if snapshot is None:
        holds = _("No edition of this list is in force.")
    elif snapshot.sample:
        holds = _("The bundled sample stays in force.")
    else:
        holds = _("The edition of %s stays in force.") % figures.day(snapshot.published_on)
    if status.next_check_at is not None:
        holds += " " + _("The next try is at %s.") % figures.short_moment(status.next_check_at)
    return Refusal(title % {"name": name, "at": at}, status.last_reason or "", holds)
