"""What changed in a list: entities added, changed and removed, each changed field with what went and what came."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.web.presenters import figures, words
from api.web.presenters.coverage import list_name
from api.web.presenters.found import references
from api.web.text import _, ngettext
from lists.diff import ChangeKind, FieldChange
from lists.snapshots import Activation, Change, SnapshotInfo

SIGNS: Final = {
    ChangeKind.ADDED: ("add", "+", _("Added")),
    ChangeKind.CHANGED: ("mod", "~", _("Changed")),
    ChangeKind.REMOVED: ("del", "−", _("Removed")),
}
FIELD_LABELS: Final = {
    "names": _("Names"),
    "birth_dates": _("Birth dates"),
    "birth_places": _("Birth places"),
    "death_dates": _("Death dates"),
    "nationalities": _("Nationalities"),
    "genders": _("Genders"),
    "titles": _("Titles"),
    "identifiers": _("Identifiers"),
    "addresses": _("Addresses"),
    "contacts": _("Contacts"),
    "programmes": _("Programmes"),
    "secondary_sanctions": _("Secondary sanctions"),
    "vessel": _("Vessel"),
    "relationships": _("Relationships"),
    "facts": _("Other facts"),
    "listed_on": _("Listed on"),
    "changed_on": _("Changed on"),
    "remarks": _("Remarks"),
    "url": _("Link"),
    "kind": _("Kind"),
}
TELLING: Final = ("value", "code", "text", "other_name", "other_id")
"""The member of a nested value that tells a reader most, in this order."""

LONGEST: Final = 200
"""Letters of one value shown; remarks of some lists run to pages."""

CONTEXT: Final = 40
"""Letters shown before the place where two long texts part."""


@dataclass(frozen=True, slots=True)
class FieldView:
    """One changed field: values that went, values that came."""

    label: str
    removed: tuple[str, ...]
    added: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, ready for its template."""

    look: str
    sign: str
    word: str
    name: str
    lang: str
    rtl: bool
    reference: str
    day: str
    fields: tuple[FieldView, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The changes of one kind on this page."""

    word: str
    entries: tuple[ChangeView, ...]


@dataclass(frozen=True, slots=True)
class Filter:
    """A link that shows one kind of change, or all."""

    word: str
    href: str
    current: bool


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The page of changes of one list."""

    name: str
    href: str
    lede: str
    filters: tuple[Filter, ...]
    filtered: bool
    groups: tuple[Group, ...]
    next_href: str
    empty_title: str
    empty_text: str
    facts: tuple[tuple[str, str, bool], ...]


def changes_page(
    source: tuple[str, str],
    changes: Sequence[Change],
    *,
    chosen: ChangeKind | None,
    more: bool,
    force: tuple[SnapshotInfo | None, Activation | None],
) -> ChangesPage:
    """Return the page for a list (its key and title), one page of its changes, and what is in force since when."""
    key, title = source
    name, href = list_name(key, title), f"/lists/{key}/changes"
    snapshot, activation = force
    views = [(change.entity.change, _change(change)) for change in changes]
    groups = [Group(SIGNS[kind][2], tuple(view for of, view in views if of is kind)) for kind in SIGNS]
    query = f"change={chosen.value}&" if chosen else ""
    return ChangesPage(
        name=name,
        href=href,
        lede=_lede(snapshot, activation),
        filters=_filters(href, chosen),
        filtered=chosen is not None,
        groups=tuple(group for group in groups if group.entries),
        next_href=f"{href}?{query}after={changes[-1].id}" if more and changes else "",
        empty_title=_("No change recorded"),
        empty_text=_("Changes are kept from the second edition of a list on."),
        facts=_facts(snapshot),
    )


def field_view(change: FieldChange) -> FieldView:
    """Return a changed field as what went and what came; what stayed is not repeated."""
    label = FIELD_LABELS.get(change.field, change.field.replace("_", " ").capitalize())
    if isinstance(change.before, str) and isinstance(change.after, str):
        went, came = _where_they_part(change.before, change.after)
        return FieldView(label, (went,), (came,))
    before, after = _values(change.before), _values(change.after)
    return FieldView(
        label,
        tuple(dict.fromkeys(_text(value) for value in before if value not in after)),
        tuple(dict.fromkeys(_text(value) for value in after if value not in before)),
    )


def _change(change: Change) -> ChangeView:
    entity = change.entity
    look, sign, word = SIGNS[entity.change]
    return ChangeView(
        look=look,
        sign=sign,
        word=word,
        name=entity.name,
        lang=words.language(entity.name),
        rtl=words.is_rtl(entity.name),
        reference=references(entity.entity_id, (change.source,))[0],
        day=figures.day(change.activated_at.date()),
        fields=tuple(field_view(field) for field in entity.fields),
    )


def _lede(snapshot: SnapshotInfo | None, activation: Activation | None) -> str:
    if snapshot is None or activation is None:
        return _("No edition of this list is in force.")
    now = ngettext("%s entry now.", "%s entries now.", snapshot.entities) % figures.count(snapshot.entities)
    if activation.previous_snapshot_id is None:
        return _("The first edition is in force since %s.") % figures.moment(activation.activated_at) + f" {now}"
    text = _("The edition in force since %(at)s added %(added)s, changed %(changed)s and removed %(removed)s.")
    return f"{text} {now}" % {
        "at": figures.moment(activation.activated_at),
        "added": figures.count(activation.added),
        "changed": figures.count(activation.changed),
        "removed": figures.count(activation.removed),
    }


def _filters(href: str, chosen: ChangeKind | None) -> tuple[Filter, ...]:
    kinds = [Filter(word, f"{href}?change={kind.value}", kind is chosen) for kind, (_l, _s, word) in SIGNS.items()]
    return (Filter(_("All"), href, chosen is None), *kinds)


def _facts(snapshot: SnapshotInfo | None) -> tuple[tuple[str, str, bool], ...]:
    if snapshot is None:
        return ((_("Edition"), _("none"), False),)
    return (
        (_("Published"), figures.day(snapshot.published_on), False),
        (_("Fetched"), figures.moment(snapshot.fetched_at), False),
        (_("In force since"), figures.moment(snapshot.activated_at), False),
        (_("Format"), snapshot.format, False),
        (_("File hash"), snapshot.file_sha256, True),
        (_("Content hash"), snapshot.id, True),
    )


def _values(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _text(value: Any) -> str:
    """One value in words: the member that tells most, with a name's or a programme's own qualification behind it."""
    if isinstance(value, Mapping):
        told = [str(value[name]) for name in TELLING if value.get(name)]
        text = told[0] if told else ", ".join(str(member) for member in value.values() if member)
        more = [str(value[name]) for name in ("type", "quality", "country") if value.get(name)]
        text += f" ({', '.join(more)})" if told and more else ""
    elif isinstance(value, list):
        text = ": ".join(_text(member) for member in value)
    else:
        text = str(value)
    return _short(text)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}…"


def _where_they_part(before: str, after: str) -> tuple[str, str]:
    """Two long texts from a little before the place where they begin to differ: what they share tells nothing."""
    parted = (at for at, (mine, theirs) in enumerate(zip(before, after, strict=False)) if mine != theirs)
    same = next(parted, min(len(before), len(after)))
    if len(before) <= LONGEST and len(after) <= LONGEST:
        return before, after
    start = max(0, before.rfind(" ", 0, max(0, same - CONTEXT)) + 1)
    lead = "… " if start else ""
    return lead + _short(before[start:]), lead + _short(after[start:])
