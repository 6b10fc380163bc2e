"""Permissions: which role may use which address, as one table.

An address of the API that the table does not name cannot be served: `check_complete` stops the app from starting.
Reasons for the rows: traders, officers, approvers and administrators screen; an auditor reads and replays, and changes
nothing; the log is read by those who answer for it (auditor, officer) and by the administrator who runs it; keys are
the administrator's alone; a refresh fetches from the publisher, so it is for those who look after the lists.
"""

from collections.abc import Iterable, Mapping

from core.errors import NotAllowed
from screening.access import Role

EVERYONE = frozenset(Role)
SCREENERS = EVERYONE - {Role.AUDITOR}
KEEPERS = frozenset({Role.OFFICER, Role.ADMIN})
READERS_OF_THE_LOG = frozenset({Role.AUDITOR, Role.OFFICER, Role.ADMIN})
ADMIN = frozenset({Role.ADMIN})

ALLOWED: Mapping[tuple[str, str], frozenset[Role]] = {
    ("POST", "/v1/screenings"): SCREENERS,
    ("GET", "/v1/screenings"): EVERYONE,
    ("GET", "/v1/screenings/{id}"): EVERYONE,
    ("POST", "/v1/screenings/{id}/replay"): EVERYONE,
    ("POST", "/v1/deals"): SCREENERS,
    ("GET", "/v1/deals/{id}"): EVERYONE,
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
    ("POST", "/v1/keys"): ADMIN,
    ("GET", "/v1/keys"): ADMIN,
    ("DELETE", "/v1/keys/{id}"): ADMIN,
}


def check(role: Role, method: str, route: str) -> None:
    """Raise NotAllowed unless the table lets `role` use this method of this route template."""
    allowed = ALLOWED.get((method, route), frozenset())
    if role not in allowed:
        may = ", ".join(sorted(allowed)) or "nobody"
        msg = f"The role {role.value!r} may not {method} {route}. It is for: {may}."
        raise NotAllowed(msg)


def check_complete(routes: Iterable[tuple[str, str]]) -> None:
    """Raise RuntimeError unless the table names exactly these (method, route template) pairs."""
    missing = set(routes) ^ set(ALLOWED)
    if missing:
        msg = f"api.permissions.ALLOWED and the routes differ in {sorted(missing)}"
        raise RuntimeError(msg)
