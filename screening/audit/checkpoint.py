"""Checkpoint: a signed statement of where the log stood. Pure.

It names the last entry, the Merkle root over all entry hashes (RFC 9162, so that one entry can be proved without the
others), the time and the key, as canonical JSON (RFC 8785), signed with Ed25519 (RFC 8032). Who holds only the
database can write another chain, but cannot sign it.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from screening.audit.entry import canonical

FORMAT: Final = "caspian-checkpoint-1"
"""Stands in the signed bytes, so that the signature is good for nothing else."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The log had `sequence` entries at `time`; the last one's hash was `hash`, the Merkle root over all `root`.

    `public_key` and `signature` are hex. The public key in it shows that it was not damaged, not who signed it.
    """

    sequence: int
    hash: str
    root: str
    time: str
    public_key: str
    signature: str = ""

    @property
    def key(self) -> str:
        """The id of the key that signed it."""
        return key_id(self.public_key)

    @property
    def signed(self) -> bytes:
        """The canonical bytes under the signature."""
        return canonical(
            {
                "format": FORMAT,
                "sequence": self.sequence,
                "hash": self.hash,
                "root": self.root,
                "time": self.time,
                "key": self.key,
            }
        )

    def is_signed_by(self, public_key: str) -> bool:
        """Tell whether it is from the holder of this key (hex)."""
        return public_key.lower() == self.public_key and is_signature(public_key, self.signature, self.signed)


def is_signature(public_key: str, signature: str, signed: bytes) -> bool:
    """Tell whether `signature` (hex) over these bytes is of this key (hex)."""
    try:
        key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))
        key.verify(bytes.fromhex(signature), signed)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public_key: str) -> str:
    """Return the short name of a public key: the first 16 hex digits of its SHA-256. Raises ValueError if not hex."""
    return hashlib.sha256(bytes.fromhex(public_key)).hexdigest()[:16]


def public_of(private: Ed25519PrivateKey) -> str:
    """Return the public half of a key, in hex (64 digits)."""
    return private.public_key().public_bytes_raw().hex()


def sign(private: Ed25519PrivateKey, *, sequence: int, entry_hash: str, root: bytes, time: str) -> Checkpoint:
    """Return a signed checkpoint of a log; `time` is RFC 3339 in UTC."""
    unsigned = Checkpoint(sequence, entry_hash, root.hex(), time, public_of(private))
    signature = private.sign(unsigned.signed).hex()
    return Checkpoint(sequence, entry_hash, root.hex(), time, unsigned.public_key, signature)


def content_of(checkpoint: Checkpoint) -> dict[str, Any]:
    """Return a checkpoint as it is written down."""
    return {
        "sequence": checkpoint.sequence,
        "hash": checkpoint.hash,
        "root": checkpoint.root,
        "time": checkpoint.time,
        "key": checkpoint.key,
        "public_key": checkpoint.public_key,
        "signature": checkpoint.signature,
    }


def read(content: Mapping[str, Any]) -> Checkpoint:
    """Return a checkpoint that was written down. Raises ValueError when it is none.

    The signature is not looked at: ask `is_signed_by`.
    """
    names = ("hash", "root", "time", "public_key", "signature")
    sequence = content.get("sequence")
    if type(sequence) is not int or any(not isinstance(content.get(name), str) for name in names):
        raise ValueError("it is not a signed checkpoint")
    found = Checkpoint(sequence, *(content[name] for name in names))
    if found.key != content.get("key"):
        raise ValueError("its key id is not that of its public key")
    return found
