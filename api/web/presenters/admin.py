"""People and keys as administrators see them."""

from dataclasses import dataclass
from datetime import datetime

from api.routes.keys import KeyView
from api.routes.users import UserView
from api.web.presenters import figures
from api.web.presenters.coverage import Mark
from api.web.text import _, ngettext
from screening.access import Principal


@dataclass(frozen=True, slots=True)
class Secret:
    """What is shown once: what it is, and the text itself."""

    what: str
    text: str


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One person. `acts` are the changes that make sense now; nobody changes themselves."""

    id: str
    name: str
    sign_in_name: str
    role: str
    state: Mark
    note: str
    last: str
    created: str
    acts: tuple[tuple[str, str], ...]
    is_you: bool


@dataclass(frozen=True, slots=True)
class KeyRow:
    """One key, without its secret."""

    id: str
    owner: str
    role: str
    state: Mark
    note: str
    last: str
    created: str
    good: bool


def person_row(one: UserView, now: datetime, reader: Principal) -> PersonRow:
    """Return one person as a row at `now`, for the administrator who looks."""
    held = one.held_until is not None and one.held_until > now
    disabled = one.disabled_at is not None
    acts = [("enable", _("Let in again"))] if disabled else [("reset", _("New password")), ("disable", _("Disable"))]
    if held:
        acts.insert(0, ("unlock", _("Unlock")))
    is_you = reader.id == f"user:{one.id}"
    return PersonRow(
        id=one.id,
        name=one.name,
        sign_in_name=one.sign_in_name,
        role=one.role.value,
        state=_person_state(one, held=held),
        note=ngettext("%d failed sign-in", "%d failed sign-ins", one.failures) % one.failures if one.failures else "",
        last=figures.short_moment(one.last_signed_in_at),
        created=figures.day(one.created_at.date()),
        acts=() if is_you else tuple(acts),
        is_you=is_you,
    )


def key_row(one: KeyView, now: datetime) -> KeyRow:
    """Return one key as a row at `now`."""
    expired = one.expires_at is not None and one.expires_at <= now
    note = "" if one.expires_at is None else _("until %s") % figures.day(one.expires_at.date())
    if one.former_until is not None and one.former_until > now:
        note = _("its former secret is good until %s") % figures.short_moment(one.former_until)
    return KeyRow(
        id=one.id,
        owner=one.owner,
        role=one.role.value,
        state=_key_state(one, expired=expired),
        note=note,
        last=figures.short_moment(one.last_used_at),
        created=figures.day(one.created_at.date()),
        good=one.revoked_at is None and not expired,
    )


def _person_state(one: UserView, *, held: bool) -> Mark:
    if one.disabled_at is not None:
        return Mark("incomplete", _("Disabled"))
    if held:
        return Mark("review", _("Held"))
    return Mark("review", _("Temporary password")) if one.password_temporary else Mark("clear", _("Good"))


def _key_state(one: KeyView, *, expired: bool) -> Mark:
    if one.revoked_at is not None:
        return Mark("incomplete", _("Revoked %s") % figures.day(one.revoked_at.date()))
    return Mark("incomplete", _("Expired")) if expired else Mark("clear", _("Good"))
