"""Chunks: every row comes back as it was and can be proved; an altered, cut or damaged chunk is refused."""

import zlib
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import InvalidInput
from screening.audit.merkle import proves_inclusion
from screening.batch.chunk import Chunk, pack, pack_input, prove, root_of, unpack, unpack_input
from screening.batch.reading import Row

SALT = "5a" * 16
ROWS = st.lists(st.dictionaries(st.text(max_size=5), st.text(max_size=9) | st.integers(-999, 999), max_size=4))


@given(ROWS)
def test_every_row_comes_back_and_is_proved(rows: list[dict[str, str | int]]) -> None:
    chunk = pack(rows, SALT)
    assert unpack(chunk) == rows
    assert root_of(chunk.packed, SALT) == chunk.root
    for index in range(len(rows)):
        proof = prove(chunk, index)
        assert proves_inclusion(proof.leaf, proof.index, proof.size, proof.path, bytes.fromhex(chunk.root))
        assert not proves_inclusion(proof.leaf + b" ", proof.index, proof.size, proof.path, bytes.fromhex(chunk.root))


def _with_text(chunk: Chunk, text: bytes) -> Chunk:
    return replace(chunk, packed=zlib.compress(text))


def test_what_is_not_under_the_root_is_refused() -> None:
    chunk = pack([{"row": 1, "outcome": "clear"}, {"row": 2, "outcome": "match"}], SALT)
    text = zlib.decompress(chunk.packed)
    altered = (
        _with_text(chunk, text.replace(b"match", b"clear")),
        _with_text(chunk, text.split(b"\n")[0]),
        _with_text(chunk, b"\n".join(reversed(text.split(b"\n")))),
        replace(chunk, packed=chunk.packed[:-3]),
        replace(chunk, salt="0" * 32),
    )
    for wrong in altered:
        with pytest.raises(InvalidInput):
            unpack(wrong)


def test_a_float_and_a_row_that_is_not_there_are_refused() -> None:
    with pytest.raises(ValueError, match="float"):
        pack([{"score": 0.5}], SALT)
    with pytest.raises(IndexError):
        prove(pack([{"row": 1}], SALT), 1)


def test_a_row_that_is_shown_tells_nothing_of_the_others() -> None:
    same = [{"row": 1, "cells": ["Ivan Petrov"]}] * 2
    chunk = pack(same, SALT)
    first, second = prove(chunk, 0), prove(chunk, 1)
    assert first.leaf != second.leaf, "each row has a salt of its own"
    assert first.leaf.split(b" ", 1)[1] == second.leaf.split(b" ", 1)[1]
    assert pack(same, "1f" * 16).root != chunk.root


CELLS = st.lists(st.text(st.characters(exclude_categories=("Cs",))), max_size=3).map(tuple)


@given(st.lists(st.builds(Row, st.integers(2, 10**7), CELLS, st.sampled_from(("", "it holds a NUL byte"))), min_size=1))
def test_rows_that_wait_come_back_as_they_were(rows: list[Row]) -> None:
    assert unpack_input(pack_input(rows)) == rows
