"""Passwords: which ones are taken, and how they are kept: as Argon2id hashes (RFC 9106), made beside the event loop.

The rules are those of NIST SP 800-63B, section 5.1.1: length counts, no particular mix of characters is asked for,
nothing expires by the calendar, and what is common or made of the person's own name is refused.
"""

import asyncio
import secrets
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from zxcvbn import zxcvbn

from core.errors import FieldError, InvalidInput

LEAST: Final = 12
MOST: Final = 256
"""Characters. The standard asks that at least 64 be taken; above this a hash is a way to keep the server busy."""

LOOKED_AT: Final = 72
"""Characters that the estimate reads: it takes longer by the square of them."""

STRONG: Final = 4
"""Score of zxcvbn (Wheeler, USENIX Security 2016) from which a password is taken: at least 10^10 guesses by somebody
who knows common passwords, dictionaries, keyboard walks, dates and the person's own name."""

ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
"""Letters and digits that are not taken for one another when a temporary password is read out."""

GROUPS: Final = 4
"""Groups of five of them: 99 bits."""

AT_ONCE: Final = 2
"""Hashes computed together: each takes 64 MiB, so that a flood of sign-ins waits instead of filling the memory."""


def check_password(password: str, own_words: tuple[str, ...], *, field: str = "password") -> None:
    """Raise InvalidInput unless a person may choose this password. `own_words`: the person's names, by which nobody
    would have to guess long.
    """
    normal = normalised(password)
    if not LEAST <= len(normal) <= MOST:
        raise _refused(field, f"give {LEAST} to {MOST} characters; a few unrelated words do well")
    known = [part for word in own_words for part in (word, *word.replace(".", " ").replace("@", " ").split())]
    estimate = zxcvbn(normal[:LOOKED_AT], user_inputs=[*known, "caspian"])
    if estimate["score"] < STRONG:
        why = estimate["feedback"]["warning"] or "It is too easy to guess."
        raise _refused(field, f"{why} Give another; a few unrelated words do well")


def temporary_password() -> str:
    """Return a password to hand to a person, who chooses another with it."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(5)) for _ in range(GROUPS))


def normalised(password: str) -> str:
    """Return the password as it is hashed: in Unicode's form NFKC, so that two keyboards write the same one."""
    return unicodedata.normalize("NFKC", password)


class Passwords:
    """Computes and compares hashes. One per process; `hasher` has the cost, by default that of RFC 9106's second choice
    (64 MiB, three passes).
    """

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._few = asyncio.Semaphore(AT_ONCE)
        self._nobody = ""

    async def hashed(self, password: str) -> str:
        """Return the hash to keep."""
        async with self._few:
            return await asyncio.to_thread(self._hasher.hash, normalised(password))

    async def agree(self, password: str, kept: str | None) -> bool:
        """Tell whether the password is the one that was hashed. Without a hash it takes as long to say no, so that
        nobody learns by the clock which names exist.
        """
        async with self._few:
            same = await asyncio.to_thread(self._same, normalised(password[: MOST * 4]), kept)
        return same and kept is not None

    def is_outdated(self, kept: str) -> bool:
        """Tell whether the hash was made at another cost than today's."""
        return self._hasher.check_needs_rehash(kept)

    def _same(self, password: str, kept: str | None) -> bool:
        self._nobody = self._nobody or self._hasher.hash(secrets.token_hex(16))
        try:
            return self._hasher.verify(kept or self._nobody, password)
        except (VerificationError, InvalidHashError):
            return False


def _refused(field: str, message: str) -> InvalidInput:
    return InvalidInput("The password cannot be taken; nothing was changed.", [FieldError(field, message)])
