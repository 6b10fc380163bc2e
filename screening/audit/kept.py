"""Kept: checkpoints on disk, one JSON line each, in a file per key. They lie outside the database on purpose."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from core.errors import AuditError, Unavailable
from screening.audit import checkpoint
from screening.audit.checkpoint import Checkpoint

TAIL = 4_096
"""Bytes that surely hold the last line of a file: a checkpoint takes about 450."""


def keep(one: Checkpoint, places: Iterable[Path]) -> None:
    """Append a checkpoint to its key's file in every place. Raises Unavailable naming the place that refuses it."""
    line = json.dumps(checkpoint.content_of(one), separators=(",", ":")).encode() + b"\n"
    for place in places:
        try:
            place.mkdir(parents=True, exist_ok=True)
            with (place / f"{one.key}.jsonl").open("ab") as file:
                file.write(line)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise Unavailable(f"a checkpoint cannot be written to {place}: {error.strerror}") from error


def read_places(places: Iterable[Path]) -> list[Checkpoint]:
    """Return every checkpoint kept in these directories, whichever key signed it, each once, in their order."""
    found = {one for file in _files(places) for one in read_file(file)}
    return sorted(found, key=lambda one: (one.sequence, one.time))


def newest(places: Iterable[Path]) -> list[Checkpoint]:
    """Return the last checkpoint of every file, without reading the rest. Raises AuditError as `read_file`."""
    found = []
    for path in _files(places):
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            lines = file.read().decode(errors="replace").rstrip("\n").splitlines()
        if lines:
            found.append(_read(lines[-1], f"the last line of {path}"))
    return found


def read_file(path: Path) -> list[Checkpoint]:
    """Return the checkpoints of one file: kept ones, one of its lines, or the last line of an export.

    Raises AuditError when a line is none: that file was damaged or altered.
    """
    with path.open(encoding="utf-8", errors="replace") as lines:
        return [_read(line, f"line {number} of {path}") for number, line in enumerate(lines, 1) if line.strip()]


def _read(line: str, where: str) -> Checkpoint:
    try:
        content = json.loads(line)
        return checkpoint.read(content.get("checkpoint", content))
    except (ValueError, AttributeError) as error:
        raise AuditError(f"{where} is not a signed checkpoint: {error}") from error


def _files(places: Iterable[Path]) -> list[Path]:
    return [file for place in places if place.is_dir() for file in sorted(place.glob("*.jsonl"))]
