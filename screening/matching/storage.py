"""One file of named arrays, memory-mapped: written once, aside, then renamed into place; never changed afterwards.

Layout: eight bytes of magic, the length of the header, the header as JSON, then each array at a multiple of 64 bytes.
"""

import json
import os
import secrets
import struct
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
_MAGIC = b"CASPIDX2"
_ALIGN = 64
_FIRST_BITS = 18
"""Leading bits of a key that say where to look for it: of two million keys some eight begin alike."""


def save(path: Path, arrays: Mapping[str, Array], meta: Mapping[str, Any]) -> None:
    """Write arrays and metadata to `path`, so that a reader sees the old file or the whole new one."""
    places: dict[str, tuple[str, list[int], int]] = {}
    offset = 0
    for name, array in arrays.items():
        places[name] = (array.dtype.str, list(array.shape), offset)
        offset += -(-array.nbytes // _ALIGN) * _ALIGN
    header = json.dumps({"meta": dict(meta), "arrays": places}, sort_keys=True, ensure_ascii=False).encode()
    start = _start(len(header))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    with aside.open("wb") as file:
        file.write(_MAGIC + struct.pack("<Q", len(header)) + header)
        for name, array in arrays.items():
            file.seek(start + places[name][2])
            file.write(np.ascontiguousarray(array).tobytes())
        file.truncate(start + offset)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


def load(path: Path) -> tuple[dict[str, Array], dict[str, Any]]:
    """Map the file at `path`. Raises ValueError if it is no such file or was cut short, OSError if it is not there."""
    with path.open("rb") as file:
        prefix = file.read(16)
        if len(prefix) < 16 or prefix[:8] != _MAGIC:
            msg = f"{path} is no index file of this version: build it again"
            raise ValueError(msg)
        size = struct.unpack("<Q", prefix[8:])[0]
        text = file.read(size)
    if len(text) != size:
        msg = f"{path} was cut short: build it again"
        raise ValueError(msg)
    header = json.loads(text)
    start = _start(size)
    whole = np.memmap(path, dtype=np.uint8, mode="r")
    arrays: dict[str, Array] = {}
    for name, (dtype, shape, offset) in header["arrays"].items():
        count = int(np.prod(shape)) * np.dtype(dtype).itemsize
        piece = whole[start + offset : start + offset + count]
        if piece.size != count:
            msg = f"{path} was cut short: build it again"
            raise ValueError(msg)
        arrays[name] = np.asarray(piece).view(dtype).reshape(shape)
    return arrays, header["meta"]


def _start(header: int) -> int:
    return -(-(16 + header) // _ALIGN) * _ALIGN


def pack(texts: list[bytes]) -> tuple[Array, Array]:
    """Return texts run together and where each begins (one more entry than texts)."""
    offsets = np.zeros(len(texts) + 1, dtype=np.int64)
    np.cumsum([len(t) for t in texts], out=offsets[1:])
    return np.frombuffer(b"".join(texts), dtype=np.uint8), offsets


def group(keys: npt.NDArray[np.int64], size: int) -> tuple[Array, Array]:
    """Return (offsets, order): the positions of each key 0 … size-1, grouped, in their old order."""
    order = np.argsort(keys, kind="stable").astype(np.int32)
    offsets = np.zeros(size + 1, dtype=np.int32)
    np.cumsum(np.bincount(keys, minlength=size), out=offsets[1:])
    return offsets, order


class KeyTable:
    """Numbers by 32-bit keys in rising order, read without numpy: a query asks for a few keys of millions at a time."""

    def __init__(self, keys: Array, numbers: Array) -> None:
        """Take the keys, sorted, and the number that stands beside each."""
        firsts = np.arange(1 << _FIRST_BITS, dtype=np.uint32) << (32 - _FIRST_BITS)
        self._starts = np.append(np.searchsorted(keys, firsts), keys.size).astype(np.int32).data
        self._keys = keys.data
        self._numbers = numbers.data

    def under(self, wanted: Iterable[int]) -> list[int]:
        """Return the numbers beside any of these keys, in rising order."""
        keys, starts = self._keys, self._starts
        found: set[int] = set()
        for key in wanted:
            first = key >> (32 - _FIRST_BITS)
            end = starts[first + 1]
            low = bisect_left(keys, key, starts[first], end)
            if low < end and keys[low] == key:
                found.update(self._numbers[low : bisect_right(keys, key, low, end)])
        return sorted(found)
