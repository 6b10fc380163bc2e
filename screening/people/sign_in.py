"""Sign-in: a name with a password, or a key, for a session. What is refused tells nothing of whether the name exists.

Whatever is wrong (no such name, another password, held back, disabled, a temporary password too old), the answer and
the time it takes are the same; the audit entry says which it was, for those who may read the log.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col, select

from core.clock import iso, now
from core.database import Database
from core.errors import NotFound, Unauthenticated
from screening.access import Principal
from screening.audit.entry import Action, Actor, Draft
from screening.audit.log import append, queue_up
from screening.keys import SYSTEM, KeyRing
from screening.people import lockout
from screening.people.passwords import Passwords, check_password
from screening.people.people import (
    NewPerson,
    PersonChange,
    change_person,
    create_person,
    end_sessions,
    folded,
    principal_of,
)
from screening.people.provider import Identity
from screening.people.sessions import Sessions
from screening.records import ApiKey, Person

TEMPORARY_LIFE: Final = timedelta(days=7)
"""A temporary password that was not used in a week was not received, or lies about."""

SOMEBODY: Final = Actor("anonymous", "Not signed in", "none")
"""Who tried, as the log names them: nobody knows."""

ATTEMPT: Final = "sign-in"
"""The record of an attempt that names nobody known here."""

WRONG: Final = (
    "Name or password is not right; or too many attempts were wrong, and the next has to wait. "
    "Ask your administrator if it goes on."
)


class SignIn:
    """One per process."""

    def __init__(self, database: Database, keys: KeyRing, sessions: Sessions, passwords: Passwords) -> None:
        self._database = database
        self._keys = keys
        self._sessions = sessions
        self._passwords = passwords

    async def by_key(self, plain: str) -> tuple[str, Principal]:
        """Open a session with an API key; return the cookie's token and who signed in. Recorded either way.

        Raises Unauthenticated for a key that is unknown, expired or revoked.
        """
        try:
            principal = await self._keys.authenticate(plain)
        except Unauthenticated:
            await self._refuse(None, "key")
            raise
        async with self._database.write() as session:
            key = await session.get(ApiKey, principal.id.removeprefix("key:"))
            assert key is not None  # keys are revoked, never removed
            return await self._sessions.open(session, key, by="key")

    async def by_provider(self, identity: Identity) -> tuple[str, Principal]:
        """Open a session for whom the identity provider vouches for; create them at the first time, and follow what the
        provider says of their name and role. Recorded.

        Raises Unauthenticated for somebody who is disabled here, Conflict where the sign-in name is another person's.
        """
        async with self._database.write() as session:
            await queue_up(session)
            query = select(Person).where(col(Person.provider_subject) == identity.subject).with_for_update()
            person = (await session.execute(query)).scalar_one_or_none()
            if person is None:
                new = NewPerson(identity.sign_in_name, identity.name, identity.role)
                person = await create_person(session, new, by=SYSTEM, provider_subject=identity.subject)
            disabled = person.disabled_at is not None
            if not disabled:
                change = PersonChange(name=identity.name, role=identity.role)
                person = await change_person(session, person.id, change, by=SYSTEM)
                person.last_signed_in_at = iso(now())
                opened = await self._sessions.open(session, person, by="provider")
        if disabled:
            await self._refuse(person, "disabled")
            raise Unauthenticated(WRONG)
        self._sessions.forget(person.id)
        return opened

    async def refused_by_provider(self) -> None:
        """Record that the provider did not vouch for somebody who wanted to sign in."""
        await self._refuse(None, "provider")

    async def by_password(self, sign_in_name: str, password: str) -> tuple[str, Principal] | None:
        """Open a session with a password; None when it is right but temporary: `choose_password` is the way in then.

        Raises Unauthenticated otherwise. Recorded, unless it is None.
        """
        person = await self._verified(sign_in_name, password)
        if person.password_temporary:
            return None
        kept = person.password_hash
        renewed = await self._passwords.hashed(password) if kept and self._passwords.is_outdated(kept) else kept
        return await self._let_in(person, renewed)

    async def choose_password(self, sign_in_name: str, password: str, chosen: str) -> tuple[str, Principal]:
        """Replace a person's password, temporary or not, by one of their own choice, sign them out everywhere else, and
        open a session.

        Raises Unauthenticated as `by_password` does, InvalidInput for a choice that the rules refuse.
        """
        person = await self._verified(sign_in_name, password)
        check_password(chosen, (person.sign_in_name, person.name, password), field="chosen")
        return await self._let_in(person, await self._passwords.hashed(chosen), chosen=True)

    async def _verified(self, sign_in_name: str, password: str) -> Person:
        async with self._database.read() as session:
            query = select(Person).where(col(Person.sign_in_name) == folded(sign_in_name))
            person = (await session.execute(query)).scalar_one_or_none()
        fault = "unknown" if person is None else _fault(person)
        kept = person.password_hash if person is not None and fault is None else None
        agrees = await self._passwords.agree(password, kept)
        if person is None or fault is not None or not agrees:
            await self._refuse(person, fault or "password")
            raise Unauthenticated(WRONG)
        return person

    async def _let_in(
        self, person: Person, password_hash: str | None, *, chosen: bool = False
    ) -> tuple[str, Principal]:
        held = False
        async with self._database.write() as session:
            row = await _locked(session, person.id)
            held = _fault(row) is not None or row.password_hash != person.password_hash
            if not held:  # nobody was held back, disabled or given another password while the hash was computed
                row.failures, row.held_until, row.last_signed_in_at = 0, None, iso(now())
                row.password_hash = password_hash
                if chosen:
                    row.password_temporary, row.password_set_at = False, iso(now())
                    await end_sessions(session, row.id)
                opened = await self._sessions.open(session, row, by="password")
                if chosen:  # behind the session's rows: whoever holds the log's lock waits for no other
                    await append(session, [_changed(row)])
        if held:
            await self._refuse(person, "held")
            raise Unauthenticated(WRONG)
        self._sessions.forget(person.id)
        return opened

    async def _refuse(self, person: Person | None, fault: str) -> None:
        """Count the failure, and record it, in one transaction whoever it was."""
        async with self._database.write() as session:
            if person is not None and fault == "password":
                row = await _locked(session, person.id)
                row.failures += 1
                wait = lockout.delay(row.failures)
                row.held_until = lockout.FOREVER if wait is None else iso(now() + wait) if wait else None
            about = ATTEMPT if person is None else principal_of(person).id
            await append(session, [Draft(Action.SIGN_IN_REFUSED, SOMEBODY, about, details={"fault": fault})])


def _fault(person: Person) -> str | None:
    """Why a person may not sign in with a password now; None if they may."""
    if person.disabled_at is not None:
        return "disabled"
    if person.held_until is not None and person.held_until > iso(now()):
        return "held"
    if person.password_hash is None:
        return "no password"
    if person.password_temporary and person.password_set_at is not None:
        ends = datetime.fromisoformat(person.password_set_at) + TEMPORARY_LIFE
        return "temporary password too old" if ends <= now() else None
    return None


def _changed(person: Person) -> Draft:
    principal = principal_of(person)
    who = Actor(principal.id, principal.name, principal.role.value)
    return Draft(Action.PERSON_CHANGED, who, principal.id, details={"password": "chosen"})


async def _locked(session: AsyncSession, person_id: str) -> Person:
    """The person's row as it stands, held until the transaction ends. Raises NotFound."""
    await queue_up(session)
    row = await session.get(Person, person_id, with_for_update=True)
    if row is None:
        raise NotFound(f"there is no person {person_id}")
    return row
