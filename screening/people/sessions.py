"""Sessions: who is signed in at which browser, by a cookie that is kept only as its hash.

A session ends at sign-out, a while after the last use, a working day after sign-in, and at once when its key is revoked
or its person is disabled, gets another role or another password.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.database import Database
from core.errors import Unauthenticated
from core.settings import Settings
from screening.access import Principal
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, queue_up
from screening.keys import principal_of_key, usable
from screening.people.people import principal_of
from screening.people.remembered import SECONDS, Remembered
from screening.records import ApiKey, ConsoleSession, Person

NOTED_EVERY: Final = timedelta(minutes=1)
"""`seen_at` is written at most this often per session, so that reading does not become writing."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a session lasts: without use, and at most (NIST SP 800-63B, section 4.2.3: an hour and a day)."""

    idle: timedelta = timedelta(hours=1)
    life: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class _SignedIn:
    principal: Principal
    owner: str  # the key's or the person's id


class Sessions:
    """One per process."""

    def __init__(self, database: Database, limits: Limits | None = None, *, cache_seconds: float = SECONDS) -> None:
        self._database = database
        self.limits = limits or Limits()
        self._known = Remembered[_SignedIn](cache_seconds)

    async def open(self, session: AsyncSession, owner: ApiKey | Person, *, by: str) -> tuple[str, Principal]:
        """Open a session in the caller's transaction; return the cookie's token and who signed in. Recorded.

        `by` is how they showed who they are: key, password or provider.
        """
        await queue_up(session)
        token, moment = secrets.token_urlsafe(32), now()
        is_key = isinstance(owner, ApiKey)
        await session.execute(delete(ConsoleSession).where(col(ConsoleSession.expires_at) <= iso(moment)))
        session.add(
            ConsoleSession(
                token_hash=_hash(token),
                key_id=owner.id if is_key else None,
                person_id=None if is_key else owner.id,
                created_at=iso(moment),
                seen_at=iso(moment),
                expires_at=iso(moment + self.limits.life),
            )
        )
        principal = _principal(owner)
        await append(session, [Draft(Action.SIGNED_IN, actor(principal), _record(owner), details={"by": by})])
        return token, principal

    async def signed_in(self, token: str) -> Principal:
        """Return who is signed in with this token. Raises Unauthenticated when the session or its owner ended."""
        hashed = _hash(token)
        known = self._known.get(hashed)
        if known is None:
            known, ends_at = await self._look_up(hashed)
            self._known.keep(hashed, known, ends_at)
        return known.principal

    async def sign_out(self, token: str) -> None:
        """End a session; an unknown one is no error."""
        hashed = _hash(token)
        async with self._database.write() as session:
            await queue_up(session)
            row = await session.get(ConsoleSession, hashed)
            if row is None:
                return
            owner = await _owner(session, row)
            await session.delete(row)
            if owner is not None:
                await append(session, [Draft(Action.SIGNED_OUT, actor(_principal(owner)), _record(owner))])
        self.forget(row.key_id or row.person_id or "")

    def forget(self, owner: str) -> None:
        """Drop what is remembered of a key's or a person's sessions: call it after changing either."""
        self._known.drop(lambda known: known.owner == owner)

    async def _look_up(self, hashed: str) -> tuple[_SignedIn, str]:
        moment = now()
        async with self._database.read() as session:
            row = await session.get(ConsoleSession, hashed)
            if row is None or min(row.expires_at, self._idle_end(row)) <= iso(moment):
                raise Unauthenticated("the session has ended; sign in again")
            owner = await _owner(session, row)
        _check(owner)
        assert owner is not None
        if row.seen_at <= iso(moment - NOTED_EVERY):
            await self._note(hashed, moment)
        ends = [row.expires_at, *([owner.expires_at] if isinstance(owner, ApiKey) and owner.expires_at else [])]
        return _SignedIn(_principal(owner), owner.id), min(ends)

    def _idle_end(self, row: ConsoleSession) -> str:
        return iso(datetime.fromisoformat(row.seen_at) + self.limits.idle)

    async def _note(self, hashed: str, moment: datetime) -> None:
        seen = update(ConsoleSession).where(col(ConsoleSession.token_hash) == hashed).values(seen_at=iso(moment))
        async with self._database.write() as session:
            await session.execute(seen)


def limits_of(settings: Settings) -> Limits:
    """Return how long sessions last by these settings."""
    return Limits(timedelta(minutes=settings.session_idle_minutes), timedelta(hours=settings.session_hours))


async def _owner(session: AsyncSession, row: ConsoleSession) -> ApiKey | Person | None:
    if row.key_id is not None:
        return await session.get(ApiKey, row.key_id)
    return await session.get(Person, row.person_id)


def _check(owner: ApiKey | Person | None) -> None:
    """Raise Unauthenticated unless the key or the person may still sign in."""
    if isinstance(owner, Person):
        if owner.disabled_at is not None:
            raise Unauthenticated("this person may not sign in any more; ask your administrator")
    else:
        usable(owner)


def _principal(owner: ApiKey | Person) -> Principal:
    return principal_of(owner) if isinstance(owner, Person) else principal_of_key(owner)


def _record(owner: ApiKey | Person) -> str:
    return owner.id if isinstance(owner, ApiKey) else principal_of(owner).id


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
