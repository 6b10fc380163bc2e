"""Ids of our own records: ULIDs, which sort by the time they were made and need no central counter."""

import secrets
import time

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O or U, so that an id read over the telephone stays the same."""


def new_id() -> str:
    """Return a ULID: 48 bits of time in milliseconds and 80 random bits, as 26 letters and digits."""
    number = (time.time_ns() // 1_000_000) << 80 | secrets.randbits(80)
    return "".join(ALPHABET[(number >> shift) & 31] for shift in range(125, -1, -5))
