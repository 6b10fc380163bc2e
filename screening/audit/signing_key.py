"""Signing key: the Ed25519 key that checkpoints are signed with, a file beside the database and never in it.

It is made at first use, readable by its owner alone. Whoever can read it can sign: keep the public half (`caspian
audit key`) and copies of the checkpoints where the server's administrator cannot write.
"""

import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from core.errors import Unavailable

OWNER_ONLY = 0o600


def signing_key(path: Path) -> Ed25519PrivateKey:
    """Return the key of this file (PEM, PKCS #8), made now if there is none.

    Of several processes that make it at once all get the one that came first. Raises Unavailable when the file
    cannot be read or written, is no such key, or may be read by others.
    """
    try:
        if not path.exists():
            _make(path)
        if os.name == "posix" and path.stat().st_mode & 0o077:
            raise Unavailable(f"the signing key {path} may be read by others; allow its owner alone: chmod 600 {path}")
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except OSError as error:
        raise Unavailable(f"the signing key {path} cannot be read or made: {error.strerror}") from error
    except ValueError as error:
        raise Unavailable(f"{path} is not a signing key; restore it from a copy, or remove it for a new key") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable(f"{path} is not an Ed25519 key")
    return key


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    content = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    part = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(part, path)  # never replaces: the first one made is the key
    finally:
        part.unlink(missing_ok=True)
