"""Inputs: what a person says in each step of a case, checked field by field.

Every step names the version of the case that was seen: a step on another version is refused, so nobody decides on what
has changed meanwhile, and a step sent twice is taken once.
"""

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from screening.cases.alarm import INVISIBLE
from screening.cases.case import Decision

MOST_NOTE = 4_000


def _readable(text: str) -> str:
    """Return a text as it is kept. Raises ValueError for control characters other than line breaks and tabs."""
    if any(not letter.isprintable() and letter not in f"\n\t{INVISIBLE}" for letter in text):
        msg = "write it without control characters"
        raise ValueError(msg)
    return text


Note = Annotated[str, StringConstraints(strip_whitespace=True, max_length=MOST_NOTE)]
Said = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_NOTE)]


class _Step(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = Field(ge=1, description="The case's version as it was seen.")

    @field_validator("note", check_fields=False)
    @classmethod
    def _note_is_readable(cls, note: str) -> str:
        return _readable(note)


class AssignInput(_Step):
    """Who is to have the case: yourself (`me`), nobody (null), or somebody else by id (`key:ck_3f9a2b1c04`)."""

    to: Annotated[str, StringConstraints(min_length=2, max_length=120)] | None = Field(
        description="`me`, a person's or key's id, or null to release it."
    )


class CommentInput(_Step):
    """A comment."""

    note: Said


class DecisionInput(_Step):
    """What is decided, of which matches (all that are open, if none are named), for which reason.

    `clear_until` with a false positive asks for a clearance: later alarms of this subject with this version of the
    listed entity are cleared until the end of that day.
    """

    decision: Decision
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20)]
    note: Note = ""
    entities: tuple[Annotated[str, StringConstraints(max_length=200)], ...] | None = Field(
        None, min_length=1, max_length=200, description="Ids of listed entities; null for all that are open."
    )
    clear_until: date | None = None


class ApprovalInput(_Step):
    """A second person's word: approve what is pending, or return it; a return says why."""

    approve: bool
    note: Note = ""


class ReopenInput(_Step):
    """Why a closed case is opened again."""

    note: Said


class EndInput(BaseModel):
    """Why a clearance is ended before its time."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: Said

    _readable = field_validator("note")(_readable)


class EvidenceInput(_Step):
    """A file that is attached: its name, and what it shows."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
    media_type: Annotated[str, StringConstraints(max_length=100)] = "application/octet-stream"
    note: Note = Field("", description="What the file shows.")

    _name_is_readable = field_validator("name")(_readable)
