"""Every error Caspian raises on purpose. An error's message says what happened, what holds meanwhile, what to do.

    CaspianError
    ├── InvalidInput        what was asked cannot be read; names the field
    ├── NotFound            no such record
    ├── NotAllowed          the role may not do this
    ├── Unauthenticated     no key, or one that is unknown, expired or revoked
    ├── Conflict            an idempotency key used again for something else; a state that forbids the step
    ├── TooLarge            above a size limit
    ├── Unavailable         lists, index or database are not ready
    ├── ListError           a list file is refused; the snapshot in force stays
    │   ├── ListFetchError      could not be fetched or opened
    │   ├── ListFormatError     not well-formed, not the format it claims, truncated
    │   ├── ListContentError    an element or value that no parser rule names
    │   └── ListExpectationError  counts out of range, or too large a drop
    └── AuditError          the log is not what it was

Errors know nothing of HTTP: `api.problems` maps each to a status and a problem type.
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that cannot be read: `field` is a dotted path (`subject.birth_date`), `message` says what to do."""

    field: str
    message: str


class CaspianError(Exception):
    """The root of all errors raised on purpose."""


class InvalidInput(CaspianError):  # noqa: N818 - the field's name for it, not a Python habit
    """What was asked cannot be read. `errors` names each field with what to do about it."""

    def __init__(self, message: str, errors: Sequence[FieldError] = ()) -> None:
        super().__init__(message)
        self.errors = tuple(errors)


class NotFound(CaspianError):  # noqa: N818
    """There is no such record."""


class NotAllowed(CaspianError):  # noqa: N818
    """The caller is known, but its role may not do this."""


class Unauthenticated(CaspianError):  # noqa: N818
    """No key was given, or one that is unknown, expired or revoked."""


class Conflict(CaspianError):  # noqa: N818
    """The request contradicts what is already recorded."""


class TooLarge(CaspianError):  # noqa: N818
    """The request is above a size limit."""


class Unavailable(CaspianError):  # noqa: N818
    """Lists, index or database are not ready to answer."""


class ListError(CaspianError):
    """A list file is refused. The snapshot in force stays in force."""


class ListFetchError(ListError):
    """The file could not be fetched or opened."""


class ListFormatError(ListError):
    """The file is not well-formed, not the format it claims to be, or cut short."""


class ListContentError(ListError):
    """The file holds an element or a value that no rule of its parser names."""


class ListExpectationError(ListError):
    """The file parses, but its counts are out of range or dropped too far."""


class AuditError(CaspianError):
    """The audit log is not what it was when it was written."""
