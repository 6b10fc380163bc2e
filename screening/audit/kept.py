"""Kept: checkpoints on disk, one JSON line each, in a file per key. They lie outside the database on purpose.

Beside them, in the first place only, lie the subtrees of the newest: a memory that may be lost or thrown away.
"""

import json
import os
import secrets
from collections.abc import Iterable, Sequence
from pathlib import Path

from core.errors import AuditError, Unavailable
from screening.audit import checkpoint
from screening.audit.checkpoint import Checkpoint, key_id
from screening.audit.subtrees import Subtrees

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


def keep_subtrees(one: Subtrees, signed: Checkpoint, places: Sequence[Path]) -> None:
    """Keep the subtrees of a checkpoint, in place of earlier ones. Raises Unavailable naming the place that refuses."""
    path = _subtrees_of(signed.key, places)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    try:
        aside.write_text(json.dumps(one.content(signed), separators=(",", ":")))
        aside.replace(path)
    except OSError as error:
        raise Unavailable(f"the log's subtrees cannot be written to {path}: {error.strerror}") from error


def read_subtrees(public_key: str, places: Sequence[Path]) -> tuple[Subtrees, Checkpoint] | None:
    """Return the subtrees kept for this key and their checkpoint; None where there are none that it has signed."""
    try:
        content = json.loads(_subtrees_of(key_id(public_key), places).read_text())
        return Subtrees.read(content, public_key)
    except (OSError, ValueError, KeyError, TypeError):
        return None


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


def _subtrees_of(key: str, places: Sequence[Path]) -> Path:
    return places[0] / f"{key}.subtrees.json"


def _files(places: Iterable[Path]) -> list[Path]:
    return [file for place in places if place.is_dir() for file in sorted(place.glob("*.jsonl"))]
