"""A problem (RFC 9457) as a person reads it: what happened, what holds meanwhile, what to do; the code comes last."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from api.web.text import _, ngettext

HEADINGS: Final = {
    "unauthenticated": _("Sign in first"),
    "not-allowed": _("Not yours to do"),
    "not-found": _("There is nothing at this address"),
    "method-not-allowed": _("This address cannot be used that way"),
    "conflict": _("This was already sent, with other facts"),
    "too-large": _("That is too much at once"),
    "internal": _("Something went wrong on our side"),
    "unavailable": _("Caspian cannot answer now"),
}
"""What the page calls a problem, by the last part of its type; any other goes by the problem's own title."""

WAYS_ON: Final = {
    "unauthenticated": ("/sign-in", _("Sign in")),
    "not-found": ("/", _("Screen a counterparty")),
    "not-allowed": ("/", _("Back to the start")),
    "method-not-allowed": ("/", _("Back to the start")),
    "internal": ("/", _("Back to the start")),
}
"""Where to go from a problem, where going anywhere helps."""


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One fact that cannot be read. `anchor` is the id of its form field, empty if it has none on the page."""

    label: str
    message: str
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class ProblemView:
    """A problem, ready for its template."""

    title: str
    detail: str
    status: int
    type: str
    request_id: str
    errors: tuple[FieldProblem, ...] = ()
    action_href: str = ""
    action: str = ""


def problem_view(problem: Mapping[str, Any]) -> ProblemView:
    """Return any problem as its own page shows it."""
    slug = str(problem["type"]).rpartition("/")[2]
    href, action = WAYS_ON.get(slug, ("", ""))
    return ProblemView(
        title=HEADINGS.get(slug, str(problem["title"])),
        detail=str(problem["detail"]),
        status=int(problem["status"]),
        type=str(problem["type"]),
        request_id=str(problem.get("request_id", "")),
        errors=tuple(FieldProblem(e["field"] or _("Request"), e["message"]) for e in problem.get("errors", ())),
        action_href=href,
        action=action,
    )


def unreadable(problem: Mapping[str, Any], fields: Sequence[FieldProblem]) -> ProblemView:
    """Return the problem of a form whose fields cannot be read, each linked to its field."""
    number = max(len(fields), 1)
    return ProblemView(
        title=ngettext("%d fact cannot be read", "%d facts cannot be read", number) % number,
        detail=_("Nothing was screened or recorded.") if fields else str(problem["detail"]),
        status=int(problem["status"]),
        type=str(problem["type"]),
        request_id=str(problem.get("request_id", "")),
        errors=tuple(fields),
    )
