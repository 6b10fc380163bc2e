"""Access: roles, and the principal on whose behalf something is done."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a key or a person may do. Whoever asked for a screening never clears its hit (FFIEC)."""

    TRADER = "trader"
    OFFICER = "officer"
    APPROVER = "approver"
    AUDITOR = "auditor"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Principal:
    """Who is asking. `id` is stable and is what the audit log keeps (`key:ck_3f9a…`, `cli:root`, `system`)."""

    id: str
    name: str
    role: Role

    @property
    def only(self) -> str | None:
        """Whose records it may see: a trader its own only, by this id; None is everybody's."""
        return self.id if self.role is Role.TRADER else None
