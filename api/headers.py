"""Headers that handlers read: the caller's idempotency key."""

from typing import Annotated

from fastapi import Header

IdempotencyKey = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The caller's own key for this request (a UUID, say). Sent again with the same body within the "
        "record's lifetime, it gives the recorded answer again instead of recording a second one.",
    ),
]
"""Visible ASCII only: what a header can carry unharmed through every proxy; 200 is what the record keeps."""
