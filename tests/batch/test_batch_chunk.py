"""Chunks: every row comes back as it was and can be proved; an altered, cut or damaged chunk is refused."""

import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from screening.audit.merkle import proves_inclusion
from screening.batch.chunk import Chunk, pack, prove, unpack

ROWS = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers(-999, 999), max_size=4))


@given(ROWS)
def test_every_row_comes_back_and_is_proved(rows: list[dict[str, str | int]]) -> None:
    chunk = pack(rows)
    assert unpack(chunk) == rows
    for index in range(len(rows)):
        proof = prove(chunk, index)
        assert proves_inclusion(proof.leaf, proof.index, proof.size, proof.path, bytes.fromhex(chunk.root))
        assert not proves_inclusion(proof.leaf + b" ", proof.index, proof.size, proof.path, bytes.fromhex(chunk.root))


def _with_text(chunk: Chunk, text: bytes) -> Chunk:
    return replace(chunk, packed=zlib.compress(text))


def test_what_is_not_under_the_root_is_refused() -> None:
    chunk = pack([{"row": 1, "outcome": "clear"}, {"row": 2, "outcome": "match"}])
    text = zlib.decompress(chunk.packed)
    altered = (
        _with_text(chunk, text.replace(b"match", b"clear")),
        _with_text(chunk, text.split(b"\n")[0]),
        _with_text(chunk, b"\n".join(reversed(text.split(b"\n")))),
        replace(chunk, packed=chunk.packed[:-3]),
        replace(chunk, size=3),
    )
    for wrong in altered:
        with pytest.raises(InvalidInput):
            unpack(wrong)


def test_a_float_and_a_row_that_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="float"):
        pack([{"score": 0.5}])
    with pytest.raises(IndexError):
        prove(pack([{"row": 1}]), 1)
