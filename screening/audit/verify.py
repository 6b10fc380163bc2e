"""Verify: whether a log is whole and unaltered, and if not, which entry is the first bad one. Pure.

It needs nothing but the entries in order: from the database, or from an export alone. Beside the chain itself it
compares everything that was derived from an entry (filter columns, the entities it names, the screening's row, the
step in a case's history) and the personal payload against its commitment.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from screening.audit.entry import GENESIS, Action, Payload, columns_of, hash_of, mentions_of, record_of
from screening.audit.step import step_of


class Fault(StrEnum):
    """What is wrong with the first bad entry."""

    ALTERED = "altered"  # its bytes do not give its hash
    MISSING = "missing"  # an entry between two others is gone
    REORDERED = "reordered"  # an entry stands where another belongs, or twice
    BROKEN = "broken"  # it does not continue the entry before it
    UNREADABLE = "unreadable"
    COLUMN = "column"  # a stored column does not say what the entry says
    RECORD = "record"  # the screening's row does not say what the entry says
    STEP = "step"  # the step in its case's history does not say what the entry says
    PAYLOAD = "payload"  # the payload is not the one committed to, or is gone without an erasure
    TRUNCATED = "truncated"  # entries are missing at the end, or were added behind it
    ORPHAN = "orphan"  # a row that belongs to no entry
    REBUILT = "rebuilt"  # a checkpoint kept elsewhere names another entry: the chain was built anew
    UNPROVED = "unproved"  # its Merkle path does not lead to the root of the checkpoint
    UNSIGNED = "unsigned"  # a checkpoint is not signed by the key it must be signed by


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: its sequence and hash. Kept elsewhere, it proves that nothing was cut off at the end."""

    sequence: int
    hash: str


START = Head(0, GENESIS)
"""Where a chain begins."""


@dataclass(frozen=True, slots=True)
class Stored:
    """One entry as it was found. What is None was not looked at (an export has no columns).

    `payload` None with `expects_payload` true means: looked for and not there. `rows_root` is the Merkle root of the
    rows kept for a batch's chunk, empty where they are gone.
    """

    sequence: int
    body: bytes
    hash: str
    columns: Mapping[str, Any] | None = None
    mentions: frozenset[tuple[str, str]] | None = None
    records: tuple[Mapping[str, Any], ...] | None = None
    steps: tuple[Mapping[str, Any], ...] | None = None
    payload: Payload | None = None
    expects_payload: bool = True
    rows_root: str | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """The first bad entry, what is wrong with it, and a sentence for the person who reads it."""

    sequence: int
    fault: Fault
    message: str

    @classmethod
    def at(cls, sequence: int, fault: Fault, text: str) -> "Problem":
        """Return what is wrong with this entry, its number in the sentence."""
        return cls(sequence, fault, f"entry {sequence}: {text}")


class Witness(Protocol):
    """What knows of the log from elsewhere (`screening.audit.anchors`)."""

    proved: int
    """Up to which entry what it knows and what was found agree."""

    def take(self, sequence: int, entry_hash: str) -> Problem | None:
        """Return what is wrong with the next entry, or None."""

    def finish(self, end: Head) -> Problem | None:
        """Return what is wrong with where the log ends, or None."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result: how many entries were checked, where the chain ends, payloads lawfully erased, and what is wrong.

    `proved` is the last entry that a checkpoint vouches for which the verifier has from elsewhere, or whose signature
    it could check with a key from elsewhere; 0: none does.
    """

    checked: int
    head: Head
    erased: int = 0
    problem: Problem | None = None
    proved: int = 0

    @property
    def whole(self) -> bool:
        """True when nothing is wrong."""
        return self.problem is None


@dataclass(slots=True)
class Verifier:
    """Takes entries one by one, so that a log of any length is verified in constant memory.

    `after` is the entry before the first (START for a whole log); `witness` knows of the log from elsewhere.
    """

    after: Head = START
    witness: Witness | None = None
    checked: int = 0
    erased: int = 0
    problem: Problem | None = None
    _gone: set[int] = field(default_factory=set)

    def take(self, stored: Stored) -> bool:
        """Check the next entry; return False, and from then on do nothing, once one is bad."""
        if self.problem is None:
            self.problem = self._first_problem(stored)
        if self.problem is None and self.witness is not None:
            self.problem = self.witness.take(stored.sequence, stored.hash)
        if self.problem is not None:
            return False
        self.after = Head(stored.sequence, stored.hash)
        self.checked += 1
        return True

    def finish(self, expected: Head | None = None) -> Verdict:
        """Return the verdict; `expected` is the head as it was noted elsewhere."""
        if self.problem is None and self._gone:
            self.problem = Problem.at(min(self._gone), Fault.PAYLOAD, "its payload is gone, and no entry records why")
        if self.problem is None and expected is not None and expected != self.after:
            self.problem = self._wrong_end(expected)
        if self.problem is None and self.witness is not None:
            self.problem = self.witness.finish(self.after)
        proved = 0 if self.witness is None else self.witness.proved
        return Verdict(self.checked, self.after, self.erased, self.problem, proved)

    def _wrong_end(self, expected: Head) -> Problem:
        if self.after.sequence < expected.sequence:
            text = f"the log ends at {self.after.sequence}, but {expected.sequence} entries were written"
            return Problem.at(self.after.sequence + 1, Fault.TRUNCATED, text)
        if self.after.sequence > expected.sequence:
            text = f"the log was at {expected.sequence}; what follows was not written by Caspian"
            return Problem.at(expected.sequence + 1, Fault.TRUNCATED, text)
        return Problem.at(expected.sequence, Fault.BROKEN, "the last entry is not the one that the head names")

    def _first_problem(self, stored: Stored) -> Problem | None:
        due = self.after.sequence + 1
        if stored.sequence > due:
            return Problem.at(due, Fault.MISSING, f"it is missing: {stored.sequence} follows {self.after.sequence}")
        if stored.sequence < due:
            return Problem.at(stored.sequence, Fault.REORDERED, f"it stands where {due} belongs")
        if hash_of(stored.body) != stored.hash:
            return Problem.at(due, Fault.ALTERED, "its content does not give its hash")
        try:
            content = json.loads(stored.body)
            return self._content_problem(stored, content)
        except (ValueError, KeyError, TypeError):
            return Problem.at(due, Fault.UNREADABLE, "it is not an audit entry")

    def _content_problem(self, stored: Stored, content: Mapping[str, Any]) -> Problem | None:
        sequence = stored.sequence
        if content["sequence"] != sequence:
            return Problem.at(sequence, Fault.REORDERED, f"entry {content['sequence']} stands in its place")
        if content["prev_hash"] != self.after.hash:
            return Problem.at(sequence, Fault.BROKEN, "it does not continue the entry before it")
        return (
            self._column_problem(stored, content)
            or self._payload_problem(stored, content)
            or self._rows_problem(stored, content)
        )

    def _column_problem(self, stored: Stored, content: Mapping[str, Any]) -> Problem | None:
        sequence = stored.sequence
        if stored.columns is not None:
            wrong = _differing(columns_of(content), stored.columns)
            if wrong:
                return Problem.at(sequence, Fault.COLUMN, f"the column {wrong} does not say what the entry says")
        if stored.mentions is not None and stored.mentions != mentions_of(content):
            return Problem.at(sequence, Fault.COLUMN, "the listed entities stored for it are not those it names")
        wrong_record = None if stored.records is None else _record_problem(sequence, record_of(content), stored.records)
        if wrong_record is None and stored.steps is not None:
            return _step_problem(sequence, step_of(content), stored.steps)
        return wrong_record

    def _payload_problem(self, stored: Stored, content: Mapping[str, Any]) -> Problem | None:
        if content["action"] == Action.PAYLOAD_ERASED and content["details"]["sequence"] in self._gone:
            self._gone.remove(content["details"]["sequence"])
            self.erased += 1
        if not stored.expects_payload:
            return None
        commitment = content["commitment"]
        if stored.payload is None:
            if commitment is not None:
                self._gone.add(stored.sequence)
            return None
        if stored.payload.commitment != commitment:
            return Problem.at(stored.sequence, Fault.PAYLOAD, "its payload is not the one it was written with")
        return None

    def _rows_problem(self, stored: Stored, content: Mapping[str, Any]) -> Problem | None:
        """What is wrong with the rows of a batch's chunk: its entry names the root that stands for them."""
        if stored.rows_root is None:
            return None
        if content["action"] != Action.BATCH_SCREENED:
            return Problem.at(stored.sequence, Fault.RECORD, "rows of a batch are stored for it, but it records none")
        if not stored.rows_root:
            self._gone.add(stored.sequence)
        elif stored.rows_root != content["details"]["root"]:
            return Problem.at(stored.sequence, Fault.PAYLOAD, "the rows of its chunk are not those it was written with")
        return None


def verify(entries: Iterable[Stored], *, head: Head | None = None, after: Head = START) -> Verdict:
    """Check entries in order and return the verdict, naming the first bad one.

    `head` is the end of the chain as noted elsewhere (a checkpoint); without it a cut at the end cannot be seen.
    `after` is the entry before the first, for a part of a log.
    """
    verifier = Verifier(after)
    for stored in entries:
        if not verifier.take(stored):
            break
    return verifier.finish(head)


def _record_problem(
    sequence: int, due: Mapping[str, Any] | None, records: tuple[Mapping[str, Any], ...]
) -> Problem | None:
    if due is None:
        return (
            Problem.at(sequence, Fault.RECORD, "a screening is stored for it, but it records none") if records else None
        )
    if len(records) != 1:
        return Problem.at(sequence, Fault.RECORD, f"{len(records)} screenings are stored for it instead of one")
    wrong = _differing(due, records[0])
    return Problem.at(sequence, Fault.RECORD, f"the screening's {wrong} is not what was recorded") if wrong else None


def _step_problem(sequence: int, due: Mapping[str, Any] | None, steps: tuple[Mapping[str, Any], ...]) -> Problem | None:
    if len(steps) != (0 if due is None else 1):
        how = "no step of a case belongs to it" if due is None else "its step is gone"
        return Problem.at(sequence, Fault.STEP, f"{len(steps)} steps are stored for it, but {how}")
    wrong = _differing(due, steps[0]) if due is not None else None
    return (
        Problem.at(sequence, Fault.STEP, f"the {wrong} of its case's step is not what was recorded") if wrong else None
    )


def _differing(due: Mapping[str, Any], stored: Mapping[str, Any]) -> str | None:
    return next((name for name, value in due.items() if stored.get(name) != value), None)
