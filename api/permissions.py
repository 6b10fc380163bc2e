"""Permissions: which role may use which address, as one table for the API and one for the console's pages.

An address that neither table nor `PUBLIC` names cannot be served: `check_complete` stops the app from starting.
Reasons for the rows: traders, officers, approvers and administrators screen; an auditor reads and replays, and changes
nothing; the log is read by those who answer for it (auditor, officer) and by the administrator who runs it; keys and
people are the administrator's alone; cases are worked on by officers and approvers only (`screening.cases.rules` says
who decides what), and a trader learns from its own screenings where they stand; a refresh fetches from the publisher,
so it is for those who look after the lists.
"""

from collections.abc import Iterable, Mapping

from core.errors import NotAllowed
from screening.access import Role

EVERYONE = frozenset(Role)
SCREENERS = EVERYONE - {Role.AUDITOR}
KEEPERS = frozenset({Role.OFFICER, Role.ADMIN})
READERS_OF_THE_LOG = frozenset({Role.AUDITOR, Role.OFFICER, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})
WATCHERS = frozenset({Role.OFFICER, Role.APPROVER, Role.ADMIN})
"""Who sees what everybody screened: those who look after alarms and lists. An auditor reads the log instead."""

ERASERS = frozenset({Role.APPROVER, Role.ADMIN})
"""Who erases and lifts legal holds: those who answer for it. An officer may place a hold, since that loses nothing."""

CASE_WORKERS = frozenset({Role.OFFICER, Role.APPROVER})
APPROVERS = frozenset({Role.APPROVER})
CASE_READERS = CASE_WORKERS | {Role.AUDITOR}
"""Who sees cases: those who work on them, and the auditor. An administrator runs the system and decides nothing in it;
a trader sees the state of the cases that their own records opened, on those records."""

ALLOWED: Mapping[tuple[str, str], frozenset[Role]] = {
    ("POST", "/v1/screenings"): SCREENERS,
    ("GET", "/v1/screenings"): EVERYONE,
    ("GET", "/v1/screenings/{id}"): EVERYONE,
    ("POST", "/v1/screenings/{id}/replay"): EVERYONE,
    ("POST", "/v1/deals"): SCREENERS,
    ("GET", "/v1/deals/{id}"): EVERYONE,
    ("POST", "/v1/deals/{id}/replay"): EVERYONE,
    ("GET", "/v1/cases"): CASE_READERS,
    ("GET", "/v1/cases/statistics"): CASE_READERS | ADMIN,
    ("GET", "/v1/cases/reasons"): CASE_READERS,
    ("GET", "/v1/cases/{id}"): CASE_READERS,
    ("POST", "/v1/cases/{id}/assign"): CASE_WORKERS,
    ("POST", "/v1/cases/{id}/comments"): CASE_WORKERS,
    ("POST", "/v1/cases/{id}/evidence"): CASE_WORKERS,
    ("GET", "/v1/cases/{id}/evidence/{sha256}"): CASE_READERS,
    ("POST", "/v1/cases/{id}/decisions"): CASE_WORKERS,
    ("POST", "/v1/cases/{id}/approval"): APPROVERS,
    ("POST", "/v1/cases/{id}/reopen"): CASE_WORKERS,
    ("GET", "/v1/clearances"): CASE_READERS,
    ("POST", "/v1/clearances/{id}/end"): CASE_WORKERS,
    ("POST", "/v1/batches"): SCREENERS,
    ("POST", "/v1/batches/mappings"): SCREENERS,
    ("GET", "/v1/batches/mappings"): SCREENERS,
    ("DELETE", "/v1/batches/mappings/{id}"): SCREENERS,
    ("GET", "/v1/batches"): EVERYONE,
    ("GET", "/v1/batches/{id}"): EVERYONE,
    ("POST", "/v1/batches/{id}/cancel"): SCREENERS,
    ("POST", "/v1/batches/{id}/resume"): SCREENERS,
    ("GET", "/v1/batches/{id}/results"): EVERYONE,
    ("GET", "/v1/batches/{id}/rows/{number}/proof"): EVERYONE,
    ("GET", "/v1/rules"): EVERYONE,
    ("GET", "/v1/entities"): EVERYONE,
    ("GET", "/v1/entities/{id}"): EVERYONE,
    ("GET", "/v1/identifier-types"): EVERYONE,
    ("GET", "/v1/lists"): EVERYONE,
    ("GET", "/v1/lists/{key}"): EVERYONE,
    ("GET", "/v1/lists/{key}/changes"): EVERYONE,
    ("POST", "/v1/lists/{key}/refresh"): KEEPERS,
    ("GET", "/v1/audit"): READERS_OF_THE_LOG,
    ("GET", "/v1/audit/verify"): READERS_OF_THE_LOG,
    ("GET", "/v1/audit/export"): READERS_OF_THE_LOG,
    ("GET", "/v1/audit/{sequence}/proof"): READERS_OF_THE_LOG,
    ("POST", "/v1/erasures"): ERASERS,
    ("GET", "/v1/holds"): WATCHERS | {Role.AUDITOR},
    ("POST", "/v1/holds"): WATCHERS,
    ("POST", "/v1/holds/{id}/lift"): ERASERS,
    ("POST", "/v1/keys"): ADMIN,
    ("GET", "/v1/keys"): ADMIN,
    ("DELETE", "/v1/keys/{id}"): ADMIN,
    ("POST", "/v1/keys/{id}/rotate"): ADMIN,
    ("POST", "/v1/subjects"): SCREENERS,
    ("POST", "/v1/subjects/from-batch"): SCREENERS,
    ("GET", "/v1/subjects"): EVERYONE,
    ("GET", "/v1/subjects/{id}"): EVERYONE,
    ("DELETE", "/v1/subjects/{id}"): SCREENERS,
    ("GET", "/v1/rescreens"): EVERYONE,
    ("POST", "/v1/users"): ADMIN,
    ("GET", "/v1/users"): ADMIN,
    ("GET", "/v1/users/{id}"): ADMIN,
    ("PATCH", "/v1/users/{id}"): ADMIN,
    ("POST", "/v1/webhooks"): KEEPERS,
    ("GET", "/v1/webhooks"): KEEPERS,
    ("DELETE", "/v1/webhooks/{id}"): KEEPERS,
    ("GET", "/v1/webhooks/deliveries"): KEEPERS,
    ("POST", "/v1/webhooks/deliveries/{id}/replay"): KEEPERS,
}

PAGES: Mapping[tuple[str, str], frozenset[Role]] = {
    ("GET", "/"): EVERYONE,
    ("GET", "/keyboard"): EVERYONE,
    ("POST", "/screenings"): SCREENERS,
    ("GET", "/screenings"): EVERYONE,
    ("GET", "/screenings/{id}"): EVERYONE,
    ("GET", "/screenings/{id}/certificate"): EVERYONE,
    ("GET", "/deals"): EVERYONE,
    ("GET", "/deals/new"): SCREENERS,
    ("POST", "/deals/new"): SCREENERS,
    ("GET", "/deals/{id}"): EVERYONE,
    ("POST", "/deals/{id}/replay"): EVERYONE,
    ("GET", "/batches"): EVERYONE,
    ("POST", "/batches"): SCREENERS,
    ("POST", "/batches/start"): SCREENERS,
    ("POST", "/batches/columns"): SCREENERS,
    ("GET", "/batches/{id}"): EVERYONE,
    ("POST", "/batches/{id}/cancel"): SCREENERS,
    ("POST", "/batches/{id}/resume"): SCREENERS,
    ("GET", "/batches/{id}/results"): EVERYONE,
    ("GET", "/lists"): EVERYONE,
    ("GET", "/lists/{key}/changes"): EVERYONE,
    ("GET", "/cases"): CASE_READERS,
    ("POST", "/cases"): CASE_READERS,
    ("POST", "/cases/take"): CASE_WORKERS,
    ("GET", "/cases/{id}"): CASE_READERS,
    ("POST", "/cases/{id}/assign"): CASE_WORKERS,
    ("POST", "/cases/{id}/comments"): CASE_WORKERS,
    ("POST", "/cases/{id}/decisions"): CASE_WORKERS,
    ("POST", "/cases/{id}/approval"): CASE_WORKERS,
    ("POST", "/cases/{id}/reopen"): CASE_WORKERS,
    ("POST", "/cases/{id}/evidence"): CASE_WORKERS,
    ("GET", "/cases/{id}/evidence/{sha256}"): CASE_READERS,
    ("GET", "/clearances"): CASE_READERS,
    ("POST", "/clearances/{id}/end"): CASE_WORKERS,
    ("GET", "/people"): ADMIN,
    ("POST", "/people"): ADMIN,
    ("POST", "/people/{id}"): ADMIN,
    ("GET", "/keys"): ADMIN,
    ("POST", "/keys"): ADMIN,
    ("POST", "/keys/{id}/rotate"): ADMIN,
    ("POST", "/keys/{id}/revoke"): ADMIN,
    ("GET", "/dashboard"): WATCHERS,
    ("GET", "/audit"): READERS_OF_THE_LOG,
    ("POST", "/audit"): READERS_OF_THE_LOG,
    ("POST", "/audit/verify"): READERS_OF_THE_LOG,
    ("POST", "/audit/export"): READERS_OF_THE_LOG,
    ("POST", "/audit/{sequence}/proof"): READERS_OF_THE_LOG,
    ("POST", "/audit/{sequence}/replay"): READERS_OF_THE_LOG,
}
"""The console's pages and actions, for whoever is signed in. `api.web.session.ConsoleRoute` holds each to its row."""

PUBLIC: frozenset[tuple[str, str]] = frozenset(
    {
        ("GET", "/healthz"),
        ("GET", "/readyz"),
        ("GET", "/metrics"),
        ("GET", "/docs"),
        ("GET", "/openapi.json"),
        ("GET", "/problems/{slug}"),
        ("GET", "/sign-in"),
        ("POST", "/sign-in"),
        ("GET", "/sign-in/password"),
        ("POST", "/sign-in/password"),
        ("GET", "/sign-in/provider"),
        ("GET", "/sign-in/provider/back"),
        ("POST", "/sign-out"),
        ("POST", "/theme"),
    }
)
"""What answers without key or session: it names nobody, or is the way in and out."""


def check(role: Role, method: str, route: str) -> None:
    """Raise NotAllowed unless the tables let `role` use this method of this route template."""
    allowed = ALLOWED.get((method, route)) or PAGES.get((method, route), frozenset())
    if role not in allowed:
        may = ", ".join(sorted(allowed)) or "nobody"
        msg = f"The role {role.value!r} may not {method} {route}. It is for: {may}."
        raise NotAllowed(msg)


def check_complete(routes: Iterable[tuple[str, str]]) -> None:
    """Raise RuntimeError unless the tables name exactly these (method, route template) pairs."""
    differing = set(routes) ^ {*ALLOWED, *PAGES, *PUBLIC}
    if differing:
        msg = f"the tables of api.permissions and the routes differ in {sorted(differing)}"
        raise RuntimeError(msg)
