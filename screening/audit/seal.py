"""Seal: what closes an extract of the log: a signed statement of which entries passed which filter. Pure.

A Merkle path shows that an entry is in the log; that no entry is left out, only whoever filtered can say. The seal says
it, under the key that signs checkpoints: filter, number of entries, and the Merkle root over them in their order.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from screening.audit.checkpoint import Checkpoint, is_signature
from screening.audit.entry import canonical

FORMAT: Final = "caspian-audit-extract-1"


@dataclass(frozen=True, slots=True)
class Seal:
    """`count` entries passed the filter, up to the checkpoint of `sequence`; `root` (hex) is over their leaves."""

    filter: Mapping[str, str]
    payloads: bool
    count: int
    root: str
    checkpoint: Checkpoint
    signature: str = ""

    @property
    def signed(self) -> bytes:
        """The canonical bytes under the signature."""
        return canonical(
            {
                "format": FORMAT,
                "filter": dict(self.filter),
                "payloads": self.payloads,
                "count": self.count,
                "root": self.root,
                "sequence": self.checkpoint.sequence,
                "hash": self.checkpoint.hash,
                "key": self.checkpoint.key,
            }
        )

    def is_signed_by(self, public_key: str) -> bool:
        """Tell whether it is from the holder of this key (hex)."""
        return is_signature(public_key, self.signature, self.signed)


def leaf(entry_hash: str, *, has_payload: bool) -> bytes:
    """Return what the seal's root is over, for one entry: its hash, and whether its payload went with it."""
    return bytes.fromhex(entry_hash) + (b"\x01" if has_payload else b"\x00")


def sign_seal(private: Ed25519PrivateKey, unsigned: Seal) -> Seal:
    """Return the seal with its signature."""
    return replace(unsigned, signature=private.sign(unsigned.signed).hex())


def closing(seal: Seal) -> dict[str, Any]:
    """Return what stands beside the checkpoint in an extract's last line; filter and payloads are in its first."""
    return {"count": seal.count, "root": seal.root, "signature": seal.signature}
