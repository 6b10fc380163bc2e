"""Keys: API keys and the console sessions made from them.

A key is 256 random bits, shown once and kept only as its SHA-256: with a secret of that strength a plain hash cannot
be guessed back, and a slow one would cost every request. Creation, revocation and sign-in are audit entries.
"""

import hashlib
import secrets
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.database import Database
from core.errors import Conflict, NotFound, Unauthenticated
from screening.access import Principal, Role
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append
from screening.records import ApiKey, ConsoleSession

PREFIX = "ck_"
CACHE_SECONDS = 5.0
"""How long a key that was good is taken as good without asking the database: a revocation made by another process
takes effect within this time, one made here at once."""

MOST_CACHED = 10_000
SESSION_LIFE = timedelta(hours=12)
"""A working day: then the browser asks for the key again."""

USED_EVERY = timedelta(minutes=5)
"""`last_used_at` is written at most this often per key, so that reading does not become writing."""

SYSTEM = Principal("system", "Caspian", Role.ADMIN)
"""Whoever acts when nobody asked: the schedule, the first start."""


@dataclass(frozen=True, slots=True)
class _Known:
    principal: Principal
    key_id: str
    until: float  # monotonic seconds
    expires_at: str | None


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
    plain = f"{key_id}_{secrets.token_urlsafe(32)}"
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
    row = await session.get(ApiKey, key_id)
    if row is None:
        raise NotFound(f"there is no key {key_id}")
    if row.revoked_at is None:
        row.revoked_at = iso(now())
        await session.execute(delete(ConsoleSession).where(col(ConsoleSession.key_id) == key_id))
        await append(session, [Draft(Action.KEY_REVOKED, actor(by), key_id)])
    return row


async def list_keys(session: AsyncSession, *, after: str | None = None, limit: int = 100) -> list[ApiKey]:
    """Return keys, without their secrets, in the order of their ids, from behind `after`."""
    query = select(ApiKey).order_by(col(ApiKey.id)).limit(limit)
    if after is not None:
        query = query.where(col(ApiKey.id) > after)
    return list((await session.execute(query)).scalars())


class KeyRing:
    """Tells who stands behind a key or a console session. One per process; what it found good it remembers briefly."""

    def __init__(self, database: Database, *, cache_seconds: float = CACHE_SECONDS) -> None:
        self._database = database
        self._cache_seconds = cache_seconds
        self._known: dict[str, _Known] = {}

    async def authenticate(self, plain: str) -> Principal:
        """Return who holds this key. Raises Unauthenticated for one that is unknown, expired or revoked."""
        hashed = _hash(plain)
        known = self._remembered(hashed)
        if known is None:
            known = await self._look_up_key(hashed)
            self._remember(hashed, known)
        return known.principal

    async def sign_in(self, plain: str) -> tuple[str, Principal]:
        """Open a console session with a key; return the cookie's token and who signed in. Recorded.

        Raises Unauthenticated as `authenticate` does.
        """
        known = await self._look_up_key(_hash(plain))
        token = secrets.token_urlsafe(32)
        moment = now()
        row = ConsoleSession(
            token_hash=_hash(token),
            key_id=known.key_id,
            created_at=iso(moment),
            expires_at=iso(moment + SESSION_LIFE),
        )
        async with self._database.write() as session:
            await session.execute(delete(ConsoleSession).where(col(ConsoleSession.expires_at) <= iso(moment)))
            session.add(row)
            await append(session, [Draft(Action.SIGNED_IN, actor(known.principal), known.key_id)])
        return token, known.principal

    async def signed_in(self, token: str) -> Principal:
        """Return who is signed in with this token. Raises Unauthenticated when the session or its key has ended."""
        hashed = _hash(token)
        known = self._remembered(hashed)
        if known is None:
            known = await self._look_up_session(hashed)
            self._remember(hashed, known)
        return known.principal

    async def sign_out(self, token: str) -> None:
        """End a console session; an unknown one is no error."""
        hashed = _hash(token)
        self._known.pop(hashed, None)
        async with self._database.write() as session:
            row = await session.get(ConsoleSession, hashed)
            if row is None:
                return
            key = await session.get(ApiKey, row.key_id)
            await session.delete(row)
            if key is not None:
                await append(session, [Draft(Action.SIGNED_OUT, actor(_principal(key)), key.id)])

    def forget(self, key_id: str) -> None:
        """Drop what is remembered of a key and its sessions: call it after revoking one."""
        self._known = {hashed: known for hashed, known in self._known.items() if known.key_id != key_id}

    def _remembered(self, hashed: str) -> _Known | None:
        known = self._known.get(hashed)
        if known is None or known.until < time.monotonic():
            return None
        return None if known.expires_at is not None and known.expires_at <= iso(now()) else known

    def _remember(self, hashed: str, known: _Known) -> None:
        if len(self._known) >= MOST_CACHED:
            self._known.clear()
        self._known[hashed] = known

    async def _look_up_key(self, hashed: str) -> _Known:
        async with self._database.read() as session:
            row = (await session.execute(select(ApiKey).where(col(ApiKey.secret_hash) == hashed))).scalar_one_or_none()
            known, last_used = self._good(row, None), None if row is None else row.last_used_at
        await self._note_use(known.key_id, last_used)
        return known

    async def _look_up_session(self, hashed: str) -> _Known:
        async with self._database.read() as session:
            found = await session.get(ConsoleSession, hashed)
            if found is None or found.expires_at <= iso(now()):
                raise Unauthenticated("the session has ended; sign in again with your key")
            return self._good(await session.get(ApiKey, found.key_id), found.expires_at)

    def _good(self, row: ApiKey | None, session_ends: str | None) -> _Known:
        if row is None:
            raise Unauthenticated("this key is not known; check that it was copied whole")
        if row.revoked_at is not None:
            raise Unauthenticated(f"the key {row.id} was revoked; ask your administrator for another")
        if row.expires_at is not None and row.expires_at <= iso(now()):
            raise Unauthenticated(f"the key {row.id} expired; ask your administrator for another")
        ends = [end for end in (row.expires_at, session_ends) if end is not None]
        return _Known(_principal(row), row.id, time.monotonic() + self._cache_seconds, min(ends, default=None))

    async def _note_use(self, key_id: str, last: str | None) -> None:
        moment = now()
        if last is not None and last > iso(moment - USED_EVERY):
            return
        async with self._database.write() as session:
            await session.execute(update(ApiKey).where(col(ApiKey.id) == key_id).values(last_used_at=iso(moment)))


def _principal(row: ApiKey) -> Principal:
    return Principal(f"key:{row.id}", row.owner, Role(row.role))


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
