"""Content: a parsed list as stored records, and the hashes that name an entity version and a snapshot. Pure.

Two files with the same entities and the same publication date are the same snapshot, in whatever order or format
noise they came; one changed letter of one entity makes another.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

from core.errors import ListContentError
from lists.entity import ListedEntity, to_json
from lists.source import ParsedList


class Record(NamedTuple):
    """One entity version, ready to be stored: its hash, what queries need, and the bytes that were hashed."""

    hash: str
    entity_id: str
    kind: str
    name: str
    names: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class PreparedList:
    """A parsed list as records: small enough to pass between processes, complete enough to be saved."""

    records: tuple[Record, ...]
    published_on: date | None
    format: str

    @property
    def name_count(self) -> int:
        """How many names the entities carry together."""
        return sum(record.names for record in self.records)


def record(entity: ListedEntity) -> Record:
    """Return the entity as a stored record."""
    payload = to_json(entity)
    return Record(entity_hash(payload), entity.id, entity.kind.value, entity.primary_name, len(entity.names), payload)


def prepare(parsed: ParsedList) -> PreparedList:
    """Return the parsed list as records. Raises ListContentError when two entries carry one id: a list that
    contradicts itself cannot be compared with the next edition.
    """
    records = tuple(record(entity) for entity in parsed.entities)
    twice = [entity_id for entity_id, n in Counter(r.entity_id for r in records).items() if n > 1]
    if twice:
        msg = f"{len(twice)} ids occur more than once in the file, the first is {twice[0]}"
        raise ListContentError(msg)
    return PreparedList(records, parsed.published_on, parsed.format)


def entity_hash(payload: bytes) -> str:
    """Return the SHA-256 that names an entity version, in lower-case hexadecimal."""
    return hashlib.sha256(payload).hexdigest()


def snapshot_id(source: str, published_on: date | None, hashes: Iterable[str], *, sample: bool = False) -> str:
    """Return the SHA-256 that names a snapshot: over its source, its publication date and its sorted entity hashes.

    The bundled sample is marked in the hash, so that it can never stand for a real edition of the same content.
    """
    digest = hashlib.sha256(f"caspian snapshot 1\n{source}\n{published_on or ''}\n".encode())
    if sample:
        digest.update(b"sample\n")
    for entity in sorted(hashes):
        digest.update(f"{entity}\n".encode())
    return digest.hexdigest()


@cache
def parser_version() -> str:
    """Return the version of the code and tables that read list files: Caspian's own, and a hash of this floor.

    A file is read again when it changes, so that a corrected parser reaches lists that their publishers left alone.
    """
    floor = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted([*floor.rglob("*.py"), *floor.rglob("*.csv")]):
        digest.update(path.relative_to(floor).as_posix().encode() + b"\0" + path.read_bytes())
    return f"{software_version()}+{digest.hexdigest()[:12]}"


def software_version() -> str:
    """Return the version of the installed Caspian, or "unknown" when it runs from bare source."""
    try:
        return version("caspian")
    except PackageNotFoundError:
        return "unknown"
