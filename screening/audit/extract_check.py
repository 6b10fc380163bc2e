"""Extract check: whether an extract of the log is whole and unaltered, from its lines alone."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from core.errors import AuditError
from screening.audit.checkpoint import Checkpoint
from screening.audit.entry import hash_of
from screening.audit.lines import checkpoint_in, parse, stored_in
from screening.audit.merkle import Tree, proves_inclusion
from screening.audit.seal import Seal, leaf
from screening.audit.verify import Fault, Head, Problem, Stored, Verdict


@dataclass(slots=True)
class _Reading:
    """The entries of an extract as they come; what needs the checkpoint, in the last line, is looked at behind them."""

    payloads: bool
    tree: Tree = field(default_factory=Tree)
    taken: list[tuple[Stored, list[bytes]]] = field(default_factory=list)
    erased: int = 0

    def take(self, stored: Stored, content: Mapping[str, Any]) -> Problem | None:
        """Return what is wrong with an entry by itself, or None."""
        last = self.taken[-1][0].sequence if self.taken else 0
        if stored.sequence <= last:
            return Problem.at(stored.sequence, Fault.REORDERED, f"it stands behind entry {last}")
        if hash_of(stored.body) != stored.hash:
            return Problem.at(stored.sequence, Fault.ALTERED, "its content does not give its hash")
        commitment = content["entry"].get("commitment")
        if stored.payload is not None and stored.payload.commitment != commitment:
            return Problem.at(stored.sequence, Fault.PAYLOAD, "its payload is not the one it was written with")
        self.erased += self.payloads and stored.payload is None and commitment is not None
        self.tree.add(leaf(stored.hash, has_payload=stored.payload is not None))
        self.taken.append((_light(stored), _path(content)))
        return None

    def unproved(self, checkpoint: Checkpoint) -> Problem | None:
        """Return the first entry whose path does not lead to the checkpoint's root, or None."""
        root = bytes.fromhex(checkpoint.root)
        for stored, path in self.taken:
            digest = bytes.fromhex(stored.hash)
            if not proves_inclusion(digest, stored.sequence - 1, checkpoint.sequence, path, root):
                return Problem.at(stored.sequence, Fault.UNPROVED, "its path does not lead to the checkpoint's root")
        return None


def verify_extract(
    opening: Mapping[str, Any], lines: Iterator[str], *, public_key: str | None, kept: Iterable[Checkpoint]
) -> Verdict:
    """Verify an extract behind its first line, `opening`.

    Checkpoint and seal must be signed by `public_key`; without one, by the key that the checkpoint itself names, which
    shows damage only. A checkpoint `kept` elsewhere of the same entry must be the same. Raises AuditError when a line
    is no audit entry, or the last line is missing (it was cut short).
    """
    reading = _Reading(bool(opening.get("payloads")))
    for line in lines:
        content = parse(line)
        if "checkpoint" in content:
            verdict = _close(reading, opening, content, public_key, tuple(kept))
            return verdict if next(lines, None) is None else _behind(verdict)
        stored = stored_in(line, content, payloads=reading.payloads)
        problem = reading.take(stored, content)
        if problem is not None:
            return Verdict(len(reading.taken), Head(stored.sequence, stored.hash), reading.erased, problem)
    raise AuditError("the extract is cut short: it has no checkpoint line")


def _close(
    reading: _Reading,
    opening: Mapping[str, Any],
    content: Mapping[str, Any],
    public_key: str | None,
    kept: tuple[Checkpoint, ...],
) -> Verdict:
    checkpoint = checkpoint_in(content["checkpoint"])
    head = Head(checkpoint.sequence, checkpoint.hash)
    if isinstance(checkpoint, Head):
        problem: Problem | None = Problem.at(head.sequence, Fault.UNSIGNED, "the checkpoint line is not signed")
        return Verdict(len(reading.taken), head, reading.erased, problem)
    key = public_key or checkpoint.public_key
    seal = _seal(opening, content, checkpoint)
    same = [one for one in kept if one.sequence == checkpoint.sequence and one.is_signed_by(key)]
    problem = (
        _unsigned(checkpoint, seal, key)
        or _rebuilt(checkpoint, same)
        or reading.unproved(checkpoint)
        or _incomplete(reading, seal)
    )
    proved = checkpoint.sequence if problem is None and (public_key is not None or same) else 0
    return Verdict(len(reading.taken), head, reading.erased, problem, proved)


def _seal(opening: Mapping[str, Any], content: Mapping[str, Any], checkpoint: Checkpoint) -> Seal:
    try:
        last = content["seal"]
        count, root, signature = int(last["count"]), str(last["root"]), str(last["signature"])
        asked = {str(name): str(value) for name, value in opening["filter"].items()}
        return Seal(asked, bool(opening["payloads"]), count, root, checkpoint, signature)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AuditError("the extract has no seal that can be read in its last line") from error


def _unsigned(checkpoint: Checkpoint, seal: Seal, key: str) -> Problem | None:
    if not checkpoint.is_signed_by(key):
        return Problem.at(checkpoint.sequence, Fault.UNSIGNED, f"the checkpoint line is not signed by the key {key}")
    if not seal.is_signed_by(key):
        text = f"the seal is not signed by the key {key}: filter or number of entries are not those of the export"
        return Problem.at(checkpoint.sequence, Fault.UNSIGNED, text)
    return None


def _rebuilt(checkpoint: Checkpoint, same: list[Checkpoint]) -> Problem | None:
    for one in same:
        if (one.hash, one.root) != (checkpoint.hash, checkpoint.root):
            text = f"the checkpoint of {one.time} names another log: the chain was built anew"
            return Problem.at(checkpoint.sequence, Fault.REBUILT, text)
    return None


def _incomplete(reading: _Reading, seal: Seal) -> Problem | None:
    last = reading.taken[-1][0].sequence if reading.taken else 0
    if len(reading.taken) != seal.count:
        text = f"the seal says that {seal.count} entries passed the filter, but {len(reading.taken)} are here"
        return Problem.at(last, Fault.MISSING, text)
    if reading.tree.root().hex() != seal.root:
        return Problem.at(last, Fault.MISSING, "the entries, or which of them have a payload, are not those sealed")
    return None


def _behind(verdict: Verdict) -> Verdict:
    problem = Problem.at(verdict.head.sequence, Fault.TRUNCATED, "lines stand behind the checkpoint line")
    return Verdict(verdict.checked, verdict.head, verdict.erased, verdict.problem or problem)


def _light(stored: Stored) -> Stored:
    """The entry without its content, so that an extract of any length is held as hashes only."""
    return Stored(stored.sequence, b"", stored.hash)


def _path(content: Mapping[str, Any]) -> list[bytes]:
    try:
        return [bytes.fromhex(step) for step in content["path"]]
    except (KeyError, TypeError, ValueError):
        return []  # leads nowhere, so the entry is unproved
