"""Chunk: the rows of one piece of a batch as they are kept: one compressed text under one Merkle root. Pure.

A leaf of the tree is a salt, a blank and a row's canonical JSON (RFC 8785). Whoever holds a leaf, the chunk's root and
a proof of about ten hashes can check the row without the rest of the file, and learns nothing of the others: salted,
their hashes cannot be guessed from names. A row's salt follows from its chunk's, which is kept beside the rows.
"""

import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import rfc8785

from core.errors import InvalidInput
from screening.audit.merkle import inclusion_proof, leaf_hash, root
from screening.batch.reading import Row

ROWS = 1_000
"""Rows in a chunk: one transaction and one audit entry for each keeps both small (STYLE.md, on DBOS: about 1,000)."""

LEVEL = 6
"""Of compression: a thousand rows become about 60 kB in 10 ms; a higher level saves 2 % and doubles the time."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Result rows sealed: `packed` holds their canonical JSON, a line each, compressed; `root` stands for all (hex)."""

    packed: bytes
    salt: str
    root: str


@dataclass(frozen=True, slots=True)
class RowProof:
    """That `leaf` (a row's salt and canonical JSON) is number `index` of the `size` rows under a chunk's root."""

    leaf: bytes
    index: int
    size: int
    path: tuple[bytes, ...]


def pack(rows: Sequence[Mapping[str, Any]], salt: str) -> Chunk:
    """Return result rows sealed, in their order. They hold strings, integers and lists of them.

    Raises ValueError for a number that is no integer (`rfc8785` would write a float as other systems may not).
    """
    for row in rows:
        if any(isinstance(value, float) for value in row.values()):
            raise ValueError("a result row holds integers and strings only, and here is a float")
    lines = [rfc8785.dumps(dict(row)) for row in rows]
    return Chunk(zlib.compress(b"\n".join(lines), LEVEL), salt, root(_leaves(lines, salt)).hex())


def root_of(packed: bytes, salt: str) -> str:
    """Return the root that stands for packed rows, in hex. Raises InvalidInput when they cannot be unpacked."""
    return root(_leaves(_lines(packed), salt)).hex()


def unpack(chunk: Chunk) -> list[dict[str, Any]]:
    """Return the rows of a chunk. Raises InvalidInput when they are not those that its root stands for."""
    return [json.loads(line) for line in _checked(chunk)]


def prove(chunk: Chunk, index: int) -> RowProof:
    """Return the proof of row `index` (from 0). Raises IndexError for no such row, InvalidInput as `unpack` does."""
    leaves = list(_leaves(_checked(chunk), chunk.salt))
    path = inclusion_proof([leaf_hash(leaf) for leaf in leaves], index)
    return RowProof(leaves[index], index, len(leaves), tuple(path))


def pack_input(rows: Sequence[Row]) -> bytes:
    """Return rows that wait to be screened, a JSON line each, compressed."""
    lines = (json.dumps([row.number, row.cells, row.fault], ensure_ascii=False) for row in rows)
    return zlib.compress("\n".join(lines).encode(), 1)


def unpack_input(packed: bytes) -> list[Row]:
    """Return the rows of `pack_input`."""
    lines = zlib.decompress(packed).decode().split("\n")
    return [Row(number, tuple(cells), fault) for number, cells, fault in map(json.loads, lines)]


def _checked(chunk: Chunk) -> list[bytes]:
    lines = _lines(chunk.packed)
    if root(_leaves(lines, chunk.salt)).hex() != chunk.root:
        raise InvalidInput("the rows of this chunk are not those that its Merkle root stands for")
    return lines


def _lines(packed: bytes) -> list[bytes]:
    try:
        text = zlib.decompress(packed)
    except zlib.error as error:
        raise InvalidInput("the rows of this chunk cannot be unpacked: they are damaged") from error
    return text.split(b"\n") if text else []  # canonical JSON writes a line break inside a text as \n


def _leaves(lines: Sequence[bytes], salt: str) -> Iterator[bytes]:
    """Each row's own salt (128 bits), a blank, its canonical JSON."""
    for number, line in enumerate(lines):
        yield hashlib.sha256(f"{salt}:{number}".encode()).hexdigest()[:32].encode() + b" " + line
