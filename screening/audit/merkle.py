"""Merkle trees as RFC 9162 (Certificate Transparency 2.0) defines them: root, inclusion proof, check. Pure.

One root stands for a list of any length: who keeps the root can be shown later that one leaf was in the list, by a
proof of about log2(n) hashes and without seeing the others. A leaf is bytes; a hash is 32 bytes of SHA-256.
"""

import hashlib
from collections.abc import Iterable, Sequence

_LEAF = b"\x00"  # RFC 9162 section 2.1.1: leaves and nodes are hashed apart, so that neither passes for the other
_NODE = b"\x01"


def leaf_hash(leaf: bytes) -> bytes:
    """Return the hash of one leaf (RFC 9162, section 2.1.1)."""
    return hashlib.sha256(_LEAF + leaf).digest()


def root(leaves: Iterable[bytes]) -> bytes:
    """Return the tree head of the leaves in their order; of no leaf, the hash of nothing (section 2.1.1).

    Takes the leaves one by one and keeps one hash per level (section 2.1.2), so that a log of any length fits.
    """
    return root_of_hashes(map(leaf_hash, leaves))


def root_of_hashes(hashes: Iterable[bytes]) -> bytes:
    """Return the tree head over leaves that are hashed already."""
    tree = Tree()
    for node in hashes:
        tree.add_hash(node)
    return tree.root()


class Tree:
    """A tree that grows leaf by leaf and has a root at every moment. It keeps one hash per level."""

    def __init__(self) -> None:
        self._stack: list[bytes] = []
        self._size = 0

    def add(self, leaf: bytes) -> None:
        """Add the next leaf."""
        self.add_hash(leaf_hash(leaf))

    def add_hash(self, node: bytes) -> None:
        """Add the next leaf, hashed already."""
        self._stack.append(node)
        merges = self._size
        while merges & 1:  # as many as the index ends in one bits: each completes a subtree
            _merge(self._stack)
            merges >>= 1
        self._size += 1

    def root(self) -> bytes:
        """Return the tree head of what was added so far."""
        if not self._stack:
            return hashlib.sha256(b"").digest()
        rest = list(self._stack)
        while len(rest) > 1:
            _merge(rest)
        return rest[0]


class Levels:
    """A tree that is finished, with all its nodes, for the proofs of many leaves. Takes leaf hashes."""

    def __init__(self, hashes: Sequence[bytes]) -> None:
        self._levels = [list(hashes)]
        while len(self._levels[-1]) > 1:
            level = self._levels[-1]
            pairs = [_node(level[at], level[at + 1]) for at in range(0, len(level) - 1, 2)]
            self._levels.append(pairs + level[2 * len(pairs) :])  # the last of an odd level rises as it is

    def path(self, index: int) -> list[bytes]:
        """Return the hashes that lead from leaf `index` (from 0) to the root (section 2.1.3.1).

        Raises IndexError when there is no such leaf.
        """
        if not 0 <= index < len(self._levels[0]):
            raise IndexError(f"no leaf {index} among {len(self._levels[0])}")
        path: list[bytes] = []
        position = index
        for level in self._levels[:-1]:
            sibling = position ^ 1
            if sibling < len(level):  # the last node of an odd level has none
                path.append(level[sibling])
            position //= 2
        return path


def inclusion_proof(hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the hashes that lead from leaf `index` (from 0) of these leaf hashes to their root.

    Raises IndexError when there is no such leaf.
    """
    return Levels(hashes).path(index)


def proves_inclusion(leaf: bytes, index: int, size: int, path: Sequence[bytes], expected: bytes) -> bool:
    """Tell whether the proof shows `leaf` at `index` of the `size` leaves under the root `expected`.

    The algorithm of RFC 9162, section 2.1.3.2.
    """
    if not 0 <= index < size:
        return False
    first, last, reached = index, size - 1, leaf_hash(leaf)
    for step in path:
        if last == 0:
            return False
        if first & 1 or first == last:
            reached = _node(step, reached)
            while not first & 1 and first:
                first, last = first >> 1, last >> 1
        else:
            reached = _node(reached, step)
        first, last = first >> 1, last >> 1
    return last == 0 and reached == expected


def _merge(stack: list[bytes]) -> None:
    right = stack.pop()
    stack.append(_node(stack.pop(), right))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()
