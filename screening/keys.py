"""Keys: API keys, each bound to a role and an owner.

A key is 256 random bits, shown once and kept only as its SHA-256: with a secret of that strength a plain hash cannot
be guessed back, and a slow one would cost every request. Creation, rotation and revocation are audit entries.
"""

import hashlib
import json
import secrets
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.database import Database
from core.errors import Conflict, FieldError, InvalidInput, NotFound, Unauthenticated
from screening.access import Principal, Role
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, queue_up
from screening.people.remembered import SECONDS, Remembered
from screening.records import ApiKey, ConsoleSession, table

PREFIX = "ck_"
USED_EVERY = timedelta(minutes=5)
"""`last_used_at` is written at most this often per key, so that reading does not become writing."""

OVERLAP = timedelta(days=1)
"""How long the secret before a rotation stays good, unless something else is asked for: a working day everywhere."""

MOST_OVERLAP = timedelta(days=30)

SYSTEM = Principal("system", "Caspian", Role.ADMIN)
"""Whoever acts when nobody asked: the schedule, the first start."""


async def create_key(
    session: AsyncSession,
    *,
    role: Role,
    owner: str,
    expires_at: datetime | None = None,
    by: Principal = SYSTEM,
    once: str | None = None,
) -> tuple[str, ApiKey]:
    """Create a key in the caller's transaction; return the key itself, which is never shown again, and its row.

    `once` is an idempotency key: used again by the same principal it raises Conflict, naming the key it made. (The
    secret cannot be given a second time: only its hash is kept.)
    """
    key_id = PREFIX + (secrets.token_hex(5) if once is None else _hash(f"{by.id}\n{once}")[:10])
    plain = _plain(key_id)
    row = ApiKey(
        id=key_id,
        secret_hash=_hash(plain),
        role=role.value,
        owner=owner,
        created_at=iso(now()),
        expires_at=None if expires_at is None else iso(expires_at),
    )
    session.add(row)
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict(
            f"the key {key_id} was made under this idempotency key and its secret shown then, once; "
            "if it was lost, revoke that key and create another under a new idempotency key"
        ) from error
    details = {"role": role.value, "owner": owner, "expires_at": row.expires_at}
    await append(session, [Draft(Action.KEY_CREATED, actor(by), key_id, idempotency_key=once, details=details)])
    return plain, row


async def revoke_key(session: AsyncSession, key_id: str, *, by: Principal = SYSTEM) -> ApiKey:
    """Revoke a key, and with it its console sessions, in the caller's transaction. Revoking twice changes nothing.

    Raises NotFound for an unknown id. Call `KeyRing.forget` after the commit.
    """
    await queue_up(session)
    row = await session.get(ApiKey, key_id)
    if row is None:
        raise NotFound(f"there is no key {key_id}")
    if row.revoked_at is None:
        row.revoked_at = iso(now())
        await session.execute(delete(ConsoleSession).where(col(ConsoleSession.key_id) == key_id))
        await append(session, [Draft(Action.KEY_REVOKED, actor(by), key_id)])
    return row


async def rotate_key(
    session: AsyncSession,
    key_id: str,
    *,
    overlap: timedelta = OVERLAP,
    by: Principal = SYSTEM,
    once: str | None = None,
) -> tuple[str, ApiKey]:
    """Give a key a new secret in the caller's transaction; return the key as it is from now on, and its row.

    It stays the same key: same id, role, owner and records. The secret before is good for `overlap` more, so that
    systems change over one by one; a still older one ends now. `once` is an idempotency key: used again it raises
    Conflict, and nothing changes. Raises NotFound for an unknown id, Conflict for a key that was revoked or has
    expired, InvalidInput for an overlap above `MOST_OVERLAP`. Call `KeyRing.forget` after the commit.
    """
    if not timedelta() <= overlap <= MOST_OVERLAP:
        error = FieldError("overlap", f"give between nothing and {MOST_OVERLAP.days} days")
        raise InvalidInput("the key cannot be rotated with this overlap; nothing was changed", [error])
    await queue_up(session)
    row = await session.get(ApiKey, key_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no key {key_id}")
    try:
        usable(row)
    except Unauthenticated as error:
        raise Conflict(f"the key {key_id} was revoked or has expired and is not rotated; create another") from error
    if once is not None and await _was_rotated(session, key_id, by, once):
        raise Conflict(
            f"the key {key_id} was rotated under this idempotency key and its secret shown then, once; "
            "if it was lost, rotate again under a new idempotency key"
        )
    plain = _plain(key_id)
    row.former_hash, row.former_until = row.secret_hash, iso(now() + overlap)
    row.secret_hash, row.rotated_at = _hash(plain), iso(now())
    details = {"former_until": row.former_until}
    await append(session, [Draft(Action.KEY_ROTATED, actor(by), key_id, idempotency_key=once, details=details)])
    return plain, row


async def list_keys(session: AsyncSession, *, after: str | None = None, limit: int = 100) -> list[ApiKey]:
    """Return keys, without their secrets, in the order of their ids, from behind `after`."""
    query = select(ApiKey).order_by(col(ApiKey.id)).limit(limit)
    if after is not None:
        query = query.where(col(ApiKey.id) > after)
    return list((await session.execute(query)).scalars())


async def _was_rotated(session: AsyncSession, key_id: str, by: Principal, once: str) -> bool:
    entries = table("audit_entry").c
    query = select(entries.body).where(
        entries.record_id == key_id, entries.action == Action.KEY_ROTATED.value, entries.actor_id == by.id
    )
    return any(json.loads(body)["idempotency_key"] == once for body in (await session.execute(query)).scalars())


class KeyRing:
    """Tells who stands behind a key. One per process; what it found good it remembers briefly."""

    def __init__(self, database: Database, *, cache_seconds: float = SECONDS) -> None:
        self._database = database
        self._known = Remembered[Principal](cache_seconds)

    async def authenticate(self, plain: str) -> Principal:
        """Return who holds this key. Raises Unauthenticated for one that is unknown, expired or revoked."""
        hashed = _hash(plain)
        known = self._known.get(hashed)
        if known is None:
            known, ends_at = await self._look_up(hashed)
            self._known.keep(hashed, known, ends_at)
        return known

    def forget(self, key_id: str) -> None:
        """Drop what is remembered of a key: call it after revoking or rotating one."""
        self._known.drop(lambda known: known.id == f"key:{key_id}")

    async def _look_up(self, hashed: str) -> tuple[Principal, str | None]:
        async with self._database.read() as session:
            query = select(ApiKey).where((col(ApiKey.secret_hash) == hashed) | (col(ApiKey.former_hash) == hashed))
            row = (await session.execute(query)).scalar_one_or_none()
        row = usable(row)
        ends = row.expires_at
        if row.former_hash == hashed and row.former_until is not None:
            if row.former_until <= iso(now()):
                raise Unauthenticated(f"the key {row.id} was rotated; use its new secret")
            ends = min(row.former_until, ends or row.former_until)
        await self._note_use(row.id, row.last_used_at)
        return principal_of_key(row), ends

    async def _note_use(self, key_id: str, last: str | None) -> None:
        moment = now()
        if last is not None and last > iso(moment - USED_EVERY):
            return
        async with self._database.write() as session:
            await session.execute(update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used_at=iso(moment)))


def usable(row: ApiKey | None) -> ApiKey:
    """Return a key that may be used. Raises Unauthenticated for one that is unknown, expired or revoked."""
    if row is None:
        raise Unauthenticated("this key is not known; check that it was copied whole")
    if row.revoked_at is not None:
        raise Unauthenticated(f"the key {row.id} was revoked; ask your administrator for another")
    if row.expires_at is not None and row.expires_at <= iso(now()):
        raise Unauthenticated(f"the key {row.id} expired; ask your administrator for another")
    return row


def principal_of_key(row: ApiKey) -> Principal:
    """Return the holder of a key as the log names them."""
    return Principal(f"key:{row.id}", row.owner, Role(row.role))


def _plain(key_id: str) -> str:
    return f"{key_id}_{secrets.token_urlsafe(32)}"


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
