"""The audit log as pages show it: rows, one entry in full, the verdict on the chain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from api.schemas import AuditLineView, LogVerdict
from api.web.presenters import figures
from api.web.presenters.coverage import Mark
from api.web.presenters.screening import OUTCOMES
from api.web.presenters.steps import STEPS
from api.web.text import _, ngettext
from screening.audit.entry import Action
from screening.matching.result import Outcome

ACTIONS: Final[Mapping[str, str]] = {
    **STEPS,
    Action.SCREENED: _("Screened"),
    Action.DEAL_ASSESSED: _("Assessed a deal"),
    Action.LIST_IMPORTED: _("Put a list in force"),
    Action.LIST_REFUSED: _("Refused a list"),
    Action.KEY_CREATED: _("Created a key"),
    Action.KEY_REVOKED: _("Revoked a key"),
    Action.KEY_ROTATED: _("Rotated a key"),
    Action.PERSON_CREATED: _("Added a person"),
    Action.PERSON_CHANGED: _("Changed a person"),
    Action.SIGNED_IN: _("Signed in"),
    Action.SIGN_IN_REFUSED: _("Sign-in refused"),
    Action.SIGNED_OUT: _("Signed out"),
    Action.RECORD_READ: _("Read"),
    Action.REPLAYED: _("Replayed"),
    Action.VALIDATED: _("Validated the matcher"),
    Action.EXPORTED: _("Exported"),
    Action.CONFIGURATION_CHANGED: _("Changed the configuration"),
    Action.PAYLOAD_ERASED: _("Erased personal data"),
    Action.HOLD_PLACED: _("Placed a legal hold"),
    Action.HOLD_LIFTED: _("Lifted a legal hold"),
    Action.WEBHOOK_CREATED: _("Created a webhook"),
    Action.WEBHOOK_REMOVED: _("Removed a webhook"),
    Action.MAPPING_SAVED: _("Saved a mapping of columns"),
    Action.MAPPING_REMOVED: _("Removed a mapping of columns"),
}
"""What was done, in words. An action without a row goes by its own name."""

SHOWN_AT: Final[Mapping[str, str]] = {
    Action.SCREENED: "/screenings",
    Action.DEAL_ASSESSED: "/deals",
    **dict.fromkeys(STEPS, "/cases"),
}
"""Where the record of an entry is shown."""

PLAIN: Final = (
    ("record_id", _("Record")),
    ("reference", _("Reference")),
    ("request_id", _("Request")),
    ("considered", _("Considered")),
)
"""Facts of an entry shown as they are, where it has them."""


STOP: Final = "stop"
"""The one verdict of a deal that no screening has."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of an entry in full. `hash` facts are set in small type."""

    label: str
    text: str
    hash: bool = False


@dataclass(frozen=True, slots=True)
class LineView:
    """One entry as a row."""

    sequence: int
    number: str
    when: str
    when_iso: str
    who: str
    role: str
    action: str
    about: str
    outcome: Mark | None
    hash: str
    short_hash: str


@dataclass(frozen=True, slots=True)
class EntryView:
    """One entry in full: its row, its facts, and where the record it is about is shown."""

    line: LineView
    facts: tuple[Fact, ...]
    href: str


@dataclass(frozen=True, slots=True)
class VerdictView:
    """What a verification found: whole, or the first bad entry."""

    whole: bool
    mark: Mark
    text: str
    end: str


def action_word(action: str) -> str:
    """Return what was done in words; an action this page does not know by its own name."""
    return ACTIONS.get(action, action.replace("_", " ").capitalize())


def outcome_mark(outcome: str | None) -> Mark | None:
    """Return the mark of a screening's outcome or a deal's verdict; none for what has neither."""
    if outcome == STOP:
        return Mark(STOP, _("Stop"))
    known = next((kind for kind in Outcome if kind == outcome), None)
    return None if known is None else Mark(known.value, OUTCOMES[known])


def line_view(line: AuditLineView) -> LineView:
    """Return one entry as a row."""
    entry, at = line.entry, datetime.fromisoformat(line.entry["occurred_at"])
    return LineView(
        sequence=line.sequence,
        number=figures.count(line.sequence),
        when=figures.moment(at),
        when_iso=at.isoformat(),
        who=entry["actor"]["name"],
        role=entry["actor"]["role"],
        action=action_word(entry["action"]),
        about=line.subject or entry["reference"] or entry["record_id"],
        outcome=outcome_mark(entry["outcome"]),
        hash=line.hash,
        short_hash=f"{line.hash[:4]}…{line.hash[-4:]}",
    )


def entry_view(line: AuditLineView) -> EntryView:
    """Return one entry in full."""
    entry = line.entry
    facts = [Fact(label, str(entry[name])) for name, label in PLAIN if entry.get(name)]
    facts += _results(_("Matches"), entry["results"]) + _results(_("Near-misses"), entry["near_misses"])
    facts += [Fact(used["key"], used["file_sha256"], hash=True) for used in entry["lists"]]
    facts += _matcher(entry["matcher"])
    facts += [Fact(name.replace("_", " ").capitalize(), str(value)) for name, value in entry["details"].items()]
    facts.append(Fact(_("Personal data"), _personal(line)))
    facts.append(Fact(_("Entry before"), entry["prev_hash"], hash=True))
    facts.append(Fact(_("This entry"), line.hash, hash=True))
    shown_at = SHOWN_AT.get(entry["action"], "")
    href = f"{shown_at}/{entry['record_id']}" if shown_at else ""
    return EntryView(line_view(line), tuple(facts), href)


def verdict_view(verdict: LogVerdict, at: datetime, seconds: float) -> VerdictView:
    """Return what a verification found, when, and how long it took."""
    if verdict.problem is not None:
        kept = _("%s entries before it are whole.") % figures.count(verdict.checked)
        return VerdictView(False, Mark("match", _("Not whole")), f"{verdict.problem.message}.", kept)
    text = ngettext("%s entry verified", "%s entries verified", verdict.checked) % figures.count(verdict.checked)
    end = _("ends at %(sequence)s, hash %(hash)s") % {
        "sequence": figures.count(verdict.head.sequence),
        "hash": verdict.head.hash,
    }
    took = _("%(at)s, in %(seconds)s s") % {"at": figures.moment(at), "seconds": f"{seconds:.1f}"}
    return VerdictView(True, Mark("clear", _("Whole")), f"{text} {took}", end)


def _results(label: str, pairs: Sequence[Sequence[Any]]) -> list[Fact]:
    text = ", ".join(f"{entity_id} ({figures.score(score)})" for entity_id, score in pairs)
    return [Fact(label, text)] if text else []


def _matcher(used: Mapping[str, Any] | None) -> list[Fact]:
    if used is None:
        return []
    thresholds = (figures.score(used["review_threshold"]), figures.score(used["match_threshold"]))
    return [
        Fact(_("Matcher"), str(used["version"])),
        Fact(_("Policy"), _("Review from %s, match from %s") % thresholds),
        Fact(_("Policy hash"), str(used["config_hash"]), hash=True),
    ]


def _personal(line: AuditLineView) -> str:
    if line.entry["commitment"] is None:
        return _("none in this entry")
    if line.subject is None:
        return _("erased; the salted hash in the entry stays")
    return _("beside the chain, sealed by a salted hash")
