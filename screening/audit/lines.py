"""Lines: an exported log read back, line by line. It needs nothing but the text."""

import json
from collections.abc import Mapping
from typing import Any

from core.errors import AuditError
from screening.audit.checkpoint import Checkpoint, read
from screening.audit.entry import Payload, canonical, hash_of
from screening.audit.verify import Head, Stored

ENTRY = '"entry":'
_PAYLOAD = ',"payload":{'


def parse(line: str) -> dict[str, Any]:
    """Return a line's object. Raises AuditError when it holds none."""
    try:
        content = json.loads(line)
    except ValueError as error:
        raise AuditError(f"a line of the export is not JSON: {line[:80]!r}") from error
    if not isinstance(content, dict):
        raise AuditError(f"a line of the export is not an object: {line[:80]!r}")
    return content


def stored_in(line: str, content: Mapping[str, Any], *, payloads: bool) -> Stored:
    """Return the entry of a line (`content`: the line as parsed). Raises AuditError when there is none in it."""
    try:
        payload = content.get("payload")
        return Stored(
            content["entry"]["sequence"],
            _body(line, content["entry"], content["hash"]),
            content["hash"],
            payload=None if payload is None else Payload(**payload),
            expects_payload=payloads,
        )
    except (KeyError, TypeError) as error:
        raise AuditError(f"a line of the export is not an audit entry: {line[:80]!r}") from error


def checkpoint_in(content: Mapping[str, Any]) -> Checkpoint | Head:
    """Return the checkpoint that closes an export; only a head where it is not signed. Raises AuditError if neither."""
    try:
        return read(content) if "signature" in content else head_in(content)
    except (ValueError, KeyError, TypeError) as error:
        raise AuditError(f"the checkpoint line of the export cannot be read: {error}") from error


def head_in(content: Mapping[str, Any]) -> Head:
    """Return a head. Raises KeyError, TypeError or ValueError when it is none."""
    return Head(int(content["sequence"]), str(content["hash"]))


def written(content: Mapping[str, Any]) -> str:
    """Return an object as a line, with its end."""
    return json.dumps(content, separators=(",", ":")) + "\n"


def entry_line(row: Any, *, payloads: bool, path: list[str] | None = None) -> str:
    """Return an entry as a line: its hash, its Merkle path if it has one, its canonical JSON, its payload."""
    parts = [f'{{"hash":{json.dumps(row.hash)}']
    if path is not None:
        parts.append(f'"path":{json.dumps(path)}')
    parts.append(f"{ENTRY}{row.body}")
    if payloads and row.salt is not None:
        payload = {name: getattr(row, name) for name in Payload.__slots__}
        parts.append(f'"payload":{json.dumps(payload, ensure_ascii=False)}')
    return ",".join(parts) + "}\n"


def _body(line: str, entry: Mapping[str, Any], claimed: str) -> bytes:
    """The entry's bytes as exported; where a tool has laid the line out anew, its canonical form."""
    start = line.find(ENTRY) + len(ENTRY)
    end = line.rfind(_PAYLOAD)  # inside a string the quotes would be escaped
    body = line[start : end if end > start else line.rfind("}")].encode()
    if hash_of(body) == claimed:
        return body
    try:
        return canonical(entry)
    except ValueError:
        return b""  # a float: no entry of ours, so its hash cannot agree
