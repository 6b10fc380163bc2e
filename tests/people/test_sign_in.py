"""Signing in: who gets in, who does not, what the attempt tells, and what the log says of it."""

import asyncio
from datetime import timedelta

import pytest
import time_machine
from people_made import ADMIN, CHEAP, OWN, TEMPORARY, House
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from screening.access import Role
from screening.audit.check import verify_database
from screening.keys import create_key, revoke_key, rotate_key
from screening.people import lockout
from screening.people.passwords import Passwords
from screening.people.people import NewPerson, create_person, find_person, list_people, read_person
from screening.people.sessions import Limits
from screening.people.sign_in import ATTEMPT, TEMPORARY_LIFE, SignIn


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


async def test_a_person_signs_in_as_themselves(house: House) -> None:
    person = await house.person()
    opened = await house.sign_in.by_password(" OLGA ", OWN)
    assert opened is not None
    token, principal = opened
    assert (principal.id, principal.name, principal.role) == (f"user:{person.id}", "Olga Petrova", Role.OFFICER)
    assert await house.sessions.signed_in(token) == principal
    assert [action for action, _ in await house.entries(principal.id)] == [
        "person_created",
        "signed_in",
        "person_changed",
        "signed_in",
    ]
    assert (await verify_database(house.database)).whole


async def test_neither_password_nor_token_is_in_the_database(house: House) -> None:
    person = await house.person()
    opened = await house.sign_in.by_password("olga", OWN)
    assert opened is not None
    async with house.database.read() as session:
        for table in ("person", "console_session", "audit_entry", "audit_payload"):
            for row in await session.execute(text(f"SELECT * FROM {table}")):
                for secret in (OWN, TEMPORARY, opened[0]):
                    assert not any(secret in str(value) for value in row)
    assert (await house.read(person)).password_hash


async def test_a_temporary_password_only_lets_choose_another(house: House) -> None:
    person = await house.person(own=False)
    assert await house.sign_in.by_password("olga", TEMPORARY) is None
    for bad in (TEMPORARY, "short", "olga petrova"):
        with pytest.raises(InvalidInput):
            await house.sign_in.choose_password("olga", TEMPORARY, bad)
    token, principal = await house.sign_in.choose_password("olga", TEMPORARY, OWN)
    assert principal.id == f"user:{person.id}"
    assert await house.sessions.signed_in(token) == principal
    with pytest.raises(Unauthenticated):
        await house.sign_in.by_password("olga", TEMPORARY)


async def test_a_temporary_password_lasts_a_week(house: House) -> None:
    await house.person(own=False)
    with time_machine.travel(now() + TEMPORARY_LIFE + timedelta(minutes=1), tick=True), pytest.raises(Unauthenticated):
        await house.sign_in.by_password("olga", TEMPORARY)


async def test_changing_the_password_signs_out_everywhere_else(house: House) -> None:
    await house.person()
    opened = await house.sign_in.by_password("olga", OWN)
    assert opened is not None
    await house.sessions.signed_in(opened[0])
    token, _ = await house.sign_in.choose_password("olga", OWN, "seven herons on a tarpaulin")
    with pytest.raises(Unauthenticated):
        await house.sessions.signed_in(opened[0])
    await house.sessions.signed_in(token)


async def test_what_is_refused_says_the_same_whoever_it_is(house: House) -> None:
    olga, disabled = await house.person(), await house.person("ivan")
    await house.change(disabled, disabled=True)
    await house.person("late", own=False)
    said = set()
    for name, password in (("olga", "wrong"), ("nobody", OWN), ("ivan", OWN), ("", ""), ("x" * 10_000, "y" * 10_000)):
        with pytest.raises(Unauthenticated) as refused:
            await house.sign_in.by_password(name, password)
        said.add(str(refused.value))
    assert len(said) == 1
    assert ("sign_in_refused", {"fault": "password"}) in await house.entries(f"user:{olga.id}")
    assert ("sign_in_refused", {"fault": "disabled"}) in await house.entries(f"user:{disabled.id}")
    assert await house.entries(ATTEMPT) == [("sign_in_refused", {"fault": "unknown"})] * 3


async def test_every_attempt_computes_one_hash(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not the clock but the work is counted: a name that does not exist costs what one that does costs."""
    await house.person()
    gone = await house.person("ivan")
    await house.change(gone, disabled=True)
    counted: list[str | None] = []
    agree = Passwords.agree

    async def counting(self: Passwords, password: str, kept: str | None) -> bool:
        counted.append(kept)
        return await agree(self, password, kept)

    monkeypatch.setattr(Passwords, "agree", counting)
    for name in ("olga", "nobody", "ivan"):
        with pytest.raises(Unauthenticated):
            await house.sign_in.by_password(name, "wrong")
    assert [kept is not None for kept in counted] == [True, False, False]


async def test_failures_hold_a_name_back_for_longer_and_longer(house: House) -> None:
    person = await house.person()

    async def fail() -> None:
        with pytest.raises(Unauthenticated):
            await house.sign_in.by_password("olga", "wrong")

    for _ in range(lockout.FREE):
        await fail()
    assert (await house.read(person)).failures == lockout.FREE
    with pytest.raises(Unauthenticated):
        await house.sign_in.by_password("olga", OWN)  # right, but too early
    assert (await house.read(person)).failures == lockout.FREE
    with time_machine.travel(now() + timedelta(seconds=31), tick=True):
        await fail()
        with pytest.raises(Unauthenticated):
            await house.sign_in.by_password("olga", OWN)
    with time_machine.travel(now() + timedelta(minutes=3), tick=True):
        assert await house.sign_in.by_password("olga", OWN) is not None
    after = await house.read(person)
    assert (after.failures, after.held_until) == (0, None)


async def test_an_administrator_unlocks(house: House) -> None:
    person = await house.person()
    async with house.database.write() as session:
        await session.execute(text(f"UPDATE person SET failures = {lockout.MOST - 1}"))
    with pytest.raises(Unauthenticated):
        await house.sign_in.by_password("olga", "wrong")
    with time_machine.travel(now() + timedelta(days=400), tick=True), pytest.raises(Unauthenticated):
        await house.sign_in.by_password("olga", OWN)
    await house.change(person, unlock=True)
    assert await house.sign_in.by_password("olga", OWN) is not None


async def test_a_hash_of_another_cost_is_renewed_at_sign_in(house: House) -> None:
    person = await house.person()
    dearer = Passwords()
    assert dearer.is_outdated((await house.read(person)).password_hash or "")
    assert await SignIn(house.database, house.keys, house.sessions, dearer).by_password("olga", OWN) is not None
    assert not dearer.is_outdated((await house.read(person)).password_hash or "")
    assert CHEAP.check_needs_rehash((await house.read(person)).password_hash or "")


@pytest.mark.parametrize("what", [{"disabled": True}, {"role": Role.AUDITOR}, {"password_hash": "$argon2id$new"}])
async def test_a_change_of_standing_ends_the_session(house: House, what: dict[str, object]) -> None:
    person = await house.person()
    opened = await house.sign_in.by_password("olga", OWN)
    assert opened is not None
    await house.sessions.signed_in(opened[0])
    elsewhere = House(house.database, cache_seconds=0.0)
    await elsewhere.sessions.signed_in(opened[0])
    await house.change(person, **what)
    house.sessions.forget(person.id)
    for sessions in (house.sessions, elsewhere.sessions):
        with pytest.raises(Unauthenticated):
            await sessions.signed_in(opened[0])


async def test_another_name_ends_no_session(house: House) -> None:
    person = await house.person()
    opened = await house.sign_in.by_password("olga", OWN)
    assert opened is not None
    await house.change(person, name="Olga Ivanova")
    house.sessions.forget(person.id)
    assert (await house.sessions.signed_in(opened[0])).name == "Olga Ivanova"


async def test_what_is_no_change_is_no_entry(house: House) -> None:
    person = await house.person()
    before = await house.entries(f"user:{person.id}")
    await house.change(person, name="Olga Petrova", role=Role.OFFICER, disabled=False, unlock=True)
    assert await house.entries(f"user:{person.id}") == before
    await house.change(person, role=Role.APPROVER)
    assert (await house.entries(f"user:{person.id}"))[-1] == (
        "person_changed",
        {"role": ["officer", "approver"]},
    )


async def test_nobody_changes_their_own_role_or_disables_themselves(house: House) -> None:
    person = await house.person(role=Role.ADMIN)
    opened = await house.sign_in.by_password("olga", OWN)
    assert opened is not None
    for what in ({"role": Role.TRADER}, {"disabled": True}):
        with pytest.raises(Conflict, match="own role"):
            await house.change(person, by=opened[1], **what)
    assert (await house.change(person, by=opened[1], name="O. Petrova")).name == "O. Petrova"


async def test_names_are_unique_however_they_are_written(house: House) -> None:
    await house.person("olga")
    for name in ("Olga", " OLGA ", "ｏｌｇａ"):
        with pytest.raises(Conflict, match="taken"):
            await house.person(name)
    for name in ("o", "two words", ".dot", "x" * 81, "a\u200bb", ""):
        with pytest.raises(InvalidInput):
            await house.person(name)
    for name in ("ольга", "رضا", "o.petrova@bank.example"):
        assert (await house.person(name, own=False)).sign_in_name == name


async def test_people_are_found_and_listed(house: House) -> None:
    made = [await house.person(name, own=False) for name in ("anna", "boris", "clara")]
    async with house.database.read() as session:
        assert [one.id for one in await list_people(session, limit=2)] == sorted(one.id for one in made)[:2]
        assert (await find_person(session, "BORIS")).id == made[1].id
        assert (await find_person(session, made[2].id)).sign_in_name == "clara"
        assert (await read_person(session, f"user:{made[0].id}")).sign_in_name == "anna"
        for missing in (find_person(session, "nobody"), read_person(session, "nobody")):
            with pytest.raises(NotFound):
                await missing


async def test_a_person_without_a_password_has_no_way_in_by_one(house: House) -> None:
    async with house.database.write() as session:
        person = await create_person(
            session, NewPerson("pavel", "Pavel", Role.TRADER), by=ADMIN, provider_subject="https://idp.example 17"
        )
    with pytest.raises(Unauthenticated):
        await house.sign_in.by_password("pavel", "")
    assert ("sign_in_refused", {"fault": "no password"}) in await house.entries(f"user:{person.id}")


async def test_a_session_ends_without_use_and_after_a_day(database: Database) -> None:
    house = House(database, Limits(idle=timedelta(hours=1), life=timedelta(hours=12)), cache_seconds=0.0)
    await house.person()
    opened = await house.sign_in.by_password("olga", OWN)
    assert opened is not None
    start = now()
    for minutes in range(50, 12 * 60, 50):
        with time_machine.travel(start + timedelta(minutes=minutes), tick=True):
            await house.sessions.signed_in(opened[0])
    with time_machine.travel(start + timedelta(hours=12, seconds=1), tick=True), pytest.raises(Unauthenticated):
        await house.sessions.signed_in(opened[0])
    again = await house.sign_in.by_password("olga", OWN)
    assert again is not None
    with time_machine.travel(now() + timedelta(minutes=61), tick=True), pytest.raises(Unauthenticated, match="ended"):
        await house.sessions.signed_in(again[0])


async def test_a_session_of_a_key_lives_with_it_and_ends_at_sign_out(house: House) -> None:
    async with house.database.write() as session:
        plain, row = await create_key(session, role=Role.TRADER, owner="Dina Karimova")
    token, principal = await house.sign_in.by_key(plain)
    assert principal.id == f"key:{row.id}"
    assert await house.sessions.signed_in(token) == principal
    await house.sessions.sign_out(token)
    await house.sessions.sign_out(token)
    with pytest.raises(Unauthenticated):
        await house.sessions.signed_in(token)
    token, _ = await house.sign_in.by_key(plain)
    async with house.database.write() as session:
        await revoke_key(session, row.id)
    house.keys.forget(row.id)
    with pytest.raises(Unauthenticated):
        await house.sessions.signed_in(token)
    with pytest.raises(Unauthenticated):
        await house.sign_in.by_key(plain)
    actions = [action for action, _ in await house.entries(row.id)]
    assert actions == ["key_created", "signed_in", "signed_out", "signed_in", "key_revoked"]
    assert await house.entries(ATTEMPT) == [("sign_in_refused", {"fault": "key"})]


async def test_a_session_of_an_expired_key_ends(house: House) -> None:
    async with house.database.write() as session:
        plain, _ = await create_key(session, role=Role.TRADER, owner="Dina", expires_at=now() + timedelta(minutes=30))
    token, _ = await house.sign_in.by_key(plain)
    await house.sessions.signed_in(token)
    with time_machine.travel(now() + timedelta(minutes=31), tick=True), pytest.raises(Unauthenticated, match="expired"):
        await house.sessions.signed_in(token)


async def test_many_who_sign_in_and_are_changed_at_once_wait_for_no_other(house: House) -> None:
    """All take the log's lock before any row: on PostgreSQL another order ends in a deadlock sooner or later."""
    people = [await house.person(name) for name in ("anna", "boris", "clara")]
    async with house.database.write() as session:
        plain, key = await create_key(session, role=Role.TRADER, owner="Dina")
        await session.execute(text("UPDATE console_session SET expires_at = '2020-01-01T00:00:00.000000Z'"))

    async def rotate() -> None:
        async with house.database.write() as session:
            await rotate_key(session, key.id)

    work = [
        *(house.sign_in.by_password(name, OWN) for name in ("anna", "boris", "clara") * 2),
        *(house.change(person, name=f"Name {turn}") for turn in range(2) for person in people),
        *(house.sign_in.by_key(plain) for _ in range(3)),
        *(rotate() for _ in range(2)),
    ]
    results = await asyncio.gather(*work, return_exceptions=True)
    assert [one for one in results if isinstance(one, BaseException)] == []
    assert (await verify_database(house.database)).whole
