"""Chunk: the result rows of one piece of a batch as they are kept: one compressed text under one Merkle root. Pure.

A leaf of the tree is a row's canonical JSON (RFC 8785), so that whoever holds a row, the chunk's root and a proof of
about ten hashes can check the row without the rest of the file.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.errors import InvalidInput
from screening.audit.entry import canonical
from screening.audit.merkle import inclusion_proof, leaf_hash, root

ROWS = 1_000
"""Rows in a chunk: one transaction and one audit entry for each keeps both small (STYLE.md, on DBOS: about 1,000)."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """Result rows sealed: `packed` holds their canonical JSON, a line each, compressed; `root` stands for all (hex)."""

    packed: bytes
    root: str
    size: int


@dataclass(frozen=True, slots=True)
class RowProof:
    """That `leaf` (a row's canonical JSON) is number `index` of the `size` rows under a chunk's root."""

    leaf: bytes
    index: int
    size: int
    path: tuple[bytes, ...]


def pack(rows: Sequence[Mapping[str, Any]]) -> Chunk:
    """Return result rows sealed, in their order. Raises ValueError for a float in one (`canonical`)."""
    leaves = [canonical(row) for row in rows]
    return Chunk(zlib.compress(b"\n".join(leaves)), root(leaves).hex(), len(leaves))


def unpack(chunk: Chunk) -> list[dict[str, Any]]:
    """Return the rows of a chunk. Raises InvalidInput when they are not those that its root stands for."""
    return [json.loads(leaf) for leaf in _leaves(chunk)]


def prove(chunk: Chunk, index: int) -> RowProof:
    """Return the proof of row `index` (from 0). Raises IndexError for no such row, InvalidInput as `unpack` does."""
    leaves = _leaves(chunk)
    path = inclusion_proof([leaf_hash(leaf) for leaf in leaves], index)
    return RowProof(leaves[index], index, len(leaves), tuple(path))


def _leaves(chunk: Chunk) -> list[bytes]:
    try:
        text = zlib.decompress(chunk.packed)
    except zlib.error as error:
        msg = "the rows of this chunk cannot be unpacked: they are damaged"
        raise InvalidInput(msg) from error
    leaves = text.split(b"\n") if text else []  # canonical JSON writes a line break inside a text as \n
    if len(leaves) != chunk.size or root(leaves).hex() != chunk.root:
        msg = "the rows of this chunk are not those that its Merkle root stands for"
        raise InvalidInput(msg)
    return leaves
