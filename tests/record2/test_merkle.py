"""Merkle trees against RFC 9162: known roots, a definition written out, every proof of every small tree."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from screening.audit.merkle import inclusion_proof, leaf_hash, proves_inclusion, root

# The leaves and roots that certificate transparency's reference implementations are tested with.
LEAVES = [
    bytes.fromhex(text)
    for text in (
        "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
    )
]  # fmt: skip
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def defined(leaves: list[bytes]) -> bytes:
    """The recursive definition of section 2.1.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\x00" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\x01" + defined(leaves[:split]) + defined(leaves[split:])).digest()


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_the_reference(size: int) -> None:
    assert root(LEAVES[:size]).hex() == ROOTS[size]


@given(st.lists(st.binary(max_size=4), max_size=70))
def test_root_is_the_definition(leaves: list[bytes]) -> None:
    assert root(leaves) == defined(leaves)


def test_every_leaf_is_proved_and_no_other() -> None:
    for size in range(1, 40):
        leaves = [f"leaf {number}".encode() for number in range(size)]
        hashes, head = [leaf_hash(leaf) for leaf in leaves], root(leaves)
        for index, leaf in enumerate(leaves):
            path = inclusion_proof(hashes, index)
            assert proves_inclusion(leaf, index, size, path, head)
            assert not proves_inclusion(b"another", index, size, path, head)
            assert not proves_inclusion(leaf, index, size, [*path, head], head)
            assert not proves_inclusion(leaf, (index + 1) % size, size, path, head) or size == 1
            assert not path or not proves_inclusion(leaf, index, size, path[:-1], head)


def test_a_leaf_outside_the_tree_has_no_proof() -> None:
    with pytest.raises(IndexError):
        inclusion_proof([leaf_hash(b"")], 1)
    assert not proves_inclusion(b"", 1, 1, [], root([b""]))
