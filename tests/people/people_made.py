"""What the tests of people share: cheap hashes, a person, and the ways in."""

from dataclasses import dataclass, field

from argon2 import PasswordHasher

from core.database import Database
from screening.access import Principal, Role
from screening.audit.query import AuditFilter, page
from screening.keys import KeyRing
from screening.people.passwords import Passwords
from screening.people.people import NewPerson, PersonChange, change_person, create_person
from screening.people.sessions import Limits, Sessions
from screening.people.sign_in import SignIn
from screening.records import Person

CHEAP = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
"""Its cost is what a test waits for, and nothing that a test is about."""

ADMIN = Principal("cli:root", "root", Role.ADMIN)
TEMPORARY = "temporary words of an administrator"
OWN = "violet anchovy parliament"


@dataclass
class House:
    """A database with what signs people in, as one process has it."""

    database: Database
    limits: Limits = field(default_factory=Limits)
    cache_seconds: float = 5.0

    def __post_init__(self) -> None:
        self.passwords = Passwords(CHEAP)
        self.keys = KeyRing(self.database)
        self.sessions = Sessions(self.database, self.limits, cache_seconds=self.cache_seconds)
        self.sign_in = SignIn(self.database, self.keys, self.sessions, self.passwords)

    async def person(self, name: str = "olga", role: Role = Role.OFFICER, *, own: bool = True) -> Person:
        """A person, with a password of their own unless it is to be the temporary one."""
        hashed = await self.passwords.hashed(TEMPORARY)
        async with self.database.write() as session:
            made = await create_person(session, NewPerson(name, "Olga Petrova", role), by=ADMIN, password_hash=hashed)
        if own:
            await self.sign_in.choose_password(name, TEMPORARY, OWN)
        return made

    async def change(self, person: Person, by: Principal = ADMIN, **what: object) -> Person:
        async with self.database.write() as session:
            return await change_person(session, person.id, PersonChange(**what), by=by)  # type: ignore[arg-type]

    async def read(self, person: Person) -> Person:
        async with self.database.read() as session:
            found = await session.get(Person, person.id)
            assert found is not None
            return found

    async def entries(self, record: str) -> list[tuple[str, dict[str, object]]]:
        """What the log says of a record, oldest first: action and details."""
        async with self.database.read() as session:
            lines = await page(session, AuditFilter(record=record))
        return [(line.content["action"], line.content["details"]) for line in reversed(lines)]
