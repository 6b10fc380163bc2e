"""Subtrees: the log's Merkle tree without its leaves, so that a checkpoint and a proof cost what is new. Pure.

Of every 1,024 leaves only the root is held; a tree over those roots is the tree over all leaves, since RFC 9162
(section 2.1.1) splits at powers of two. What is held is only believed where it gives the root of a checkpoint that this
key has signed, and verifying a log never asks it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self

from screening.audit import checkpoint
from screening.audit.checkpoint import Checkpoint, content_of
from screening.audit.merkle import Levels, root_of_hashes

BLOCK: Final = 1_024
"""Leaves under one root: the most that a proof reads. A log of ten million entries then takes 0.6 MB as text."""


@dataclass(slots=True)
class Subtrees:
    """A tree that grows leaf by leaf: the roots of its full blocks, and the leaf hashes behind them."""

    blocks: list[bytes] = field(default_factory=list)
    rest: list[bytes] = field(default_factory=list)

    @property
    def size(self) -> int:
        """How many leaves it has."""
        return len(self.blocks) * BLOCK + len(self.rest)

    def add_hash(self, leaf: bytes) -> None:
        """Add the next leaf, hashed already."""
        self.rest.append(leaf)
        if len(self.rest) == BLOCK:
            self.blocks.append(root_of_hashes(self.rest))
            self.rest = []

    def root(self) -> bytes:
        """Return the tree head of what was added so far."""
        return root_of_hashes(self._top())

    def path(self, index: int, block: Sequence[bytes]) -> list[bytes]:
        """Return the hashes that lead from leaf `index` (from 0) to the root; `block` are the leaf hashes of its block,
        as far as there are any.

        Raises ValueError when they are not those that the tree was built from, IndexError for a leaf that there is not.
        """
        at, within = divmod(index, BLOCK)
        top = self._top()
        if not 0 <= at < len(top):
            raise IndexError(f"no leaf {index} among {self.size}")
        if root_of_hashes(block) != top[at]:
            raise ValueError("the leaves are not those that the tree was built from")
        return [*Levels(block).path(within), *Levels(top).path(at)]

    def content(self, signed: Checkpoint) -> dict[str, Any]:
        """Return the subtrees as they are written down, with the checkpoint that has their root."""
        return {
            "checkpoint": content_of(signed),
            "blocks": "".join(block.hex() for block in self.blocks),
            "rest": "".join(leaf.hex() for leaf in self.rest),
        }

    @classmethod
    def read(cls, content: Mapping[str, Any], public_key: str) -> tuple[Self, Checkpoint]:
        """Return what was written down and its checkpoint.

        Raises ValueError, KeyError or TypeError unless `public_key` (hex) has signed the root that it gives.
        """
        signed = checkpoint.read(content["checkpoint"])
        found = cls(_hashes(content["blocks"]), _hashes(content["rest"]))
        if not signed.is_signed_by(public_key) or found.size != signed.sequence or found.root().hex() != signed.root:
            raise ValueError("they are not the subtrees of a checkpoint of this key")
        return found, signed

    def _top(self) -> list[bytes]:
        return [*self.blocks, root_of_hashes(self.rest)] if self.rest else self.blocks


def _hashes(text: str) -> list[bytes]:
    raw = bytes.fromhex(text)
    return [raw[at : at + 32] for at in range(0, len(raw), 32)]
