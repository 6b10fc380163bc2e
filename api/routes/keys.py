"""Keys: create, list, rotate and revoke API keys. A key itself is in one answer only, the one that makes it."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Body, Query, Response
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from api import examples
from api.auth import Authorised
from api.headers import IdempotencyKey
from api.schemas import Label, PageQuery
from api.strict import StrictRoute
from screening.access import Role
from screening.keys import MOST_OVERLAP, OVERLAP, create_key, list_keys, revoke_key, rotate_key


class KeyInput(BaseModel):
    """A key to be created."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    role: Role
    owner: Label = Field(description="The person or system that will use it; the log names it.")
    expires_at: AwareDatetime | None = Field(None, description="RFC 3339; never if left out.")


class KeyView(BaseModel):
    """A key without its secret. `id` is the part of it that is shown everywhere."""

    model_config = ConfigDict(frozen=True, from_attributes=True)

    id: str
    role: Role
    owner: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None
    rotated_at: datetime | None
    former_until: datetime | None = Field(description="Until when the secret before the last rotation is good.")


class NewKey(KeyView):
    """A key just created or rotated. `key` is shown this once and kept nowhere."""

    key: str


class KeyPage(BaseModel):
    """Keys, by their ids."""

    model_config = ConfigDict(frozen=True)

    items: list[KeyView]
    next: str | None = Field(None, description="Pass as `cursor` for the next page; null on the last one.")


class RotationInput(BaseModel):
    """How a key is rotated."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    overlap: timedelta = Field(
        OVERLAP,
        ge=timedelta(),
        le=MOST_OVERLAP,
        description="How long the secret until now stays good (seconds or ISO 8601): a day, or PT0S to end it at once.",
    )


router = APIRouter(route_class=StrictRoute, tags=["keys"])


@router.post("/v1/keys", status_code=201, summary="Create a key")
async def create(
    call: Authorised,
    body: Annotated[KeyInput, Body(openapi_examples=examples.KEYS)],
    response: Response,
    idempotency_key: IdempotencyKey = None,
) -> NewKey:
    """Create a key for a role. Its secret is in this answer and nowhere else: keep it now or revoke the key.

    Sent again under the same `Idempotency-Key` it is refused (409) with the id of the key that was made.
    """
    async with call.services.database.write() as session:
        plain, row = await create_key(
            session,
            role=body.role,
            owner=body.owner,
            expires_at=body.expires_at,
            by=call.principal,
            once=idempotency_key,
        )
    response.headers["Location"] = f"/v1/keys/{row.id}"
    return NewKey.model_validate({**row.model_dump(), "key": plain})


@router.get("/v1/keys", summary="List keys")
async def read(call: Authorised, query: Annotated[PageQuery, Query()]) -> KeyPage:
    """Every key that was ever created, without its secret."""
    async with call.services.database.read() as session:
        items = [KeyView.model_validate(row) for row in await list_keys(session, after=query.cursor, limit=query.limit)]
    return KeyPage(items=items, next=items[-1].id if len(items) == query.limit else None)


@router.delete("/v1/keys/{id}", summary="Revoke a key")
async def revoke(call: Authorised, id: str) -> KeyView:
    """Revoke a key and end its console sessions. Revoking it again changes nothing."""
    async with call.services.database.write() as session:
        row = await revoke_key(session, id, by=call.principal)
    call.services.keys.forget(id)
    call.services.sessions.forget(id)
    return KeyView.model_validate(row)


@router.post("/v1/keys/{id}/rotate", summary="Rotate a key")
async def rotate(
    call: Authorised, id: str, body: RotationInput | None = None, idempotency_key: IdempotencyKey = None
) -> NewKey:
    """Give a key a new secret. It stays the same key, with its id, role, owner and records; the secret until now is
    good for `overlap` more (`former_until`), and one before that ends now. The new one is in this answer only.

    Sent again under the same `Idempotency-Key` it is refused (409), so that a repeated request ends no secret early.
    """
    overlap = (body or RotationInput()).overlap
    async with call.services.database.write() as session:
        plain, row = await rotate_key(session, id, overlap=overlap, by=call.principal, once=idempotency_key)
    call.services.keys.forget(id)
    return NewKey.model_validate({**row.model_dump(), "key": plain})
