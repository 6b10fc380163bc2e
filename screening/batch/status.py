"""Status: how far a batch is, as every door shows it."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from screening.matching.result import Outcome


class State(StrEnum):
    """Where a batch stands. Cancelled and failed ones may be resumed: what is recorded stays."""

    READING = "reading"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    FAILED = "failed"


OPEN = (State.WAITING, State.RUNNING)
"""States in which chunks are screened."""


class BatchStatus(BaseModel):
    """One batch. `counts` are the rows recorded so far by outcome; `unreadable` of them, all incomplete, were no
    subjects; `fault` says why it failed.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    state: State
    file_name: str
    file_sha256: str
    columns: tuple[str, ...] = Field(description="The file's own columns, in their order.")
    mapping: Mapping[str, str] = Field(description="Field of a subject to the column that says it.")
    lists: Mapping[str, str] = Field(description="Source key to the snapshot that every row is screened against.")
    rows: int
    rows_done: int
    chunks: int
    chunks_done: int
    counts: Mapping[Outcome, int]
    unreadable: int
    opens_cases: bool
    asked_by: str
    created_at: datetime
    ended_at: datetime | None = None
    fault: str = ""
