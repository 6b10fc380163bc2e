"""People: who may sign in, in which role; created and changed by administrators, each change an audit entry.

Every function works in the caller's transaction (`Database.write()`). What writes takes the log's lock before any row,
as everybody does who changes people, sessions, keys or holds: so no two wait for one another. A person who is disabled,
gets another role or another password is signed out everywhere in the same transaction.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from core.clock import iso, now
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from screening.access import Principal, Role
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append, queue_up
from screening.identity import new_id
from screening.records import ConsoleSession, Person

SIGN_IN_NAME: Final = re.compile(r"[^\W_][\w.@+-]{1,79}")
"""Letters of any script, digits and what e-mail addresses have; no blanks, which nobody sees."""


@dataclass(frozen=True, slots=True)
class PersonChange:
    """What an administrator changes of a person; None leaves it. `password_hash` is that of a temporary password."""

    name: str | None = None
    role: Role | None = None
    disabled: bool | None = None
    unlock: bool = False
    password_hash: str | None = None


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person to be created: what they type, what they are called, what they may do."""

    sign_in_name: str
    name: str
    role: Role


def principal_of(person: Person) -> Principal:
    """Return a person as the log names them."""
    return Principal(f"user:{person.id}", person.name, Role(person.role))


def folded(sign_in_name: str) -> str:
    """Return a sign-in name as it is kept and looked for: however it was capitalised or composed, one and the same."""
    return unicodedata.normalize("NFKC", sign_in_name).casefold().strip()


async def create_person(
    session: AsyncSession,
    new: NewPerson,
    *,
    by: Principal,
    password_hash: str | None = None,
    provider_subject: str | None = None,
) -> Person:
    """Create a person and return them. `password_hash` is that of a temporary password; `provider_subject` is who they
    are at the identity provider instead.

    Raises InvalidInput for a sign-in name that cannot be used, Conflict for one that is taken.
    """
    await queue_up(session)
    wanted = folded(new.sign_in_name)
    if not SIGN_IN_NAME.fullmatch(wanted):
        message = "give 2 to 80 letters, digits, or . _ @ + -, beginning with a letter or a digit"
        raise InvalidInput("the sign-in name cannot be used", [FieldError("sign_in_name", message)])
    moment = iso(now())
    person = Person(
        id=new_id(),
        sign_in_name=wanted,
        name=new.name,
        role=new.role.value,
        password_hash=password_hash,
        password_temporary=password_hash is not None,
        password_set_at=moment if password_hash else None,
        provider_subject=provider_subject,
        created_at=moment,
    )
    session.add(person)
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict(f"the sign-in name {wanted} is taken; choose another") from error
    details = {"sign_in_name": wanted, "name": new.name, "role": new.role.value}
    await append(session, [Draft(Action.PERSON_CREATED, actor(by), principal_of(person).id, details=details)])
    return person


async def read_person(session: AsyncSession, person_id: str) -> Person:
    """Return one person. Raises NotFound."""
    person = await session.get(Person, person_id.removeprefix("user:"))
    if person is None:
        raise NotFound(f"there is no person {person_id}")
    return person


async def find_person(session: AsyncSession, who: str) -> Person:
    """Return the person with this sign-in name or id. Raises NotFound."""
    query = select(Person).where((col(Person.sign_in_name) == folded(who)) | (col(Person.id) == who))
    person = (await session.execute(query)).scalars().first()
    if person is None:
        raise NotFound(f"there is no person {who}")
    return person


async def list_people(session: AsyncSession, *, after: str | None = None, limit: int = 100) -> list[Person]:
    """Return people in the order of their ids (that is, of their creation), from behind `after`."""
    query = select(Person).order_by(col(Person.id)).limit(limit)
    if after is not None:
        query = query.where(col(Person.id) > after)
    return list((await session.execute(query)).scalars())


async def change_person(session: AsyncSession, person_id: str, change: PersonChange, *, by: Principal) -> Person:
    """Change a person and return them; what is as asked already is no change, and without one there is no entry.

    Raises NotFound, and Conflict when someone changes their own role or disables themselves: so an administrator always
    remains. Call `Sessions.forget` after the commit.
    """
    await queue_up(session)
    person = await read_person(session, person_id)
    changed = _apply(person, change)
    if by.id == principal_of(person).id and changed.keys() & {"role", "disabled"}:
        raise Conflict("nobody changes their own role or disables themselves; ask another administrator")
    if not changed:
        return person
    if changed.keys() & {"role", "disabled", "password"}:
        await end_sessions(session, person.id)
    await append(session, [Draft(Action.PERSON_CHANGED, actor(by), principal_of(person).id, details=changed)])
    return person


async def end_sessions(session: AsyncSession, person_id: str) -> None:
    """Sign a person out everywhere."""
    await session.execute(delete(ConsoleSession).where(col(ConsoleSession.person_id) == person_id))


def _apply(person: Person, change: PersonChange) -> dict[str, Any]:
    """Change the row; return what was changed, as the entry says it: before and after, and never a password."""
    changed: dict[str, Any] = {}
    if change.name is not None and change.name != person.name:
        changed["name"] = [person.name, change.name]
        person.name = change.name
    if change.role is not None and change.role.value != person.role:
        changed["role"] = [person.role, change.role.value]
        person.role = change.role.value
    if change.disabled is not None and change.disabled != (person.disabled_at is not None):
        changed["disabled"] = change.disabled
        person.disabled_at = iso(now()) if change.disabled else None
    if change.unlock and (person.failures or person.held_until):
        changed["unlocked"] = person.failures
        person.failures, person.held_until = 0, None
    if change.password_hash is not None:
        changed["password"] = "temporary"  # noqa: S105 - says which kind, holds none
        person.password_hash, person.password_temporary = change.password_hash, True
        person.password_set_at, person.failures, person.held_until = iso(now()), 0, None
    return changed
