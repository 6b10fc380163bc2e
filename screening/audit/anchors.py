"""Anchors: checkpoints kept outside the log, held against the log while it is verified. Pure.

They find what the chain alone cannot show: entries cut off at the end, and a whole chain built anew.
"""

from collections.abc import Iterable

from screening.audit.checkpoint import Checkpoint
from screening.audit.merkle import Tree
from screening.audit.verify import START, Fault, Head, Problem


class Anchors:
    """Takes the entries that passed, one by one, and compares them with the checkpoints that name them.

    `public_key` (hex): whose signature each checkpoint must carry; None: the one that each names itself, which shows
    damage only. `after` is the entry before the first; behind another than START the Merkle roots cannot be computed
    and the entry hashes alone are compared.
    """

    def __init__(self, kept: Iterable[Checkpoint], *, public_key: str | None = None, after: Head = START) -> None:
        self._due: dict[int, list[Checkpoint]] = {}
        self._unsigned: Problem | None = None
        for one in kept:
            if not one.is_signed_by(public_key or one.public_key):
                text = f"the checkpoint of {one.time} is not signed by the key {public_key or one.public_key}"
                self._unsigned = self._unsigned or Problem.at(one.sequence, Fault.UNSIGNED, text)
            if one.sequence > after.sequence:
                self._due.setdefault(one.sequence, []).append(one)
        self._tree = Tree()
        self._whole = after == START
        self.proved = 0

    def take(self, sequence: int, entry_hash: str) -> Problem | None:
        """Return what is wrong with the next entry, or None."""
        if self._unsigned is not None:
            return self._unsigned
        if self._whole:
            self._tree.add(bytes.fromhex(entry_hash))
        for one in self._due.pop(sequence, ()):
            wrong = self.problem_with(one, entry_hash)
            if wrong is not None:
                return wrong
            self.proved = max(self.proved, sequence)
        return None

    def problem_with(self, one: Checkpoint, entry_hash: str) -> Problem | None:
        """Return what a checkpoint of the entry just taken holds against it, or None."""
        if one.hash != entry_hash:
            text = f"the checkpoint of {one.time} (key {one.key}) names another entry: the chain was built anew"
            return Problem.at(one.sequence, Fault.REBUILT, text)
        if self._whole and one.root != self._tree.root().hex():
            text = f"the checkpoint of {one.time} (key {one.key}) has another Merkle root"
            return Problem.at(one.sequence, Fault.REBUILT, text)
        return None

    def finish(self, end: Head) -> Problem | None:
        """Return what is missing behind the last entry, or None."""
        if self._unsigned is not None:
            return self._unsigned
        if not self._due:
            return None
        known = max(self._due)
        one = self._due[known][0]
        text = f"the log ends at {end.sequence}, but the checkpoint of {one.time} (key {one.key}) knows {known} entries"
        return Problem.at(end.sequence + 1, Fault.TRUNCATED, text)
