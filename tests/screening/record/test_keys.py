"""Keys and console sessions: kept as hashes only, refused when expired or revoked, and on the record."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import NotFound, Unauthenticated
from screening.access import Role
from screening.audit.query import AuditFilter, page
from screening.keys import KeyRing, create_key, list_keys, revoke_key
from screening.records import ApiKey


async def make_key(database: Database, *, role: Role = Role.TRADER, days: int | None = None) -> tuple[str, ApiKey]:
    expires = None if days is None else now() + timedelta(days=days)
    async with database.write() as session:
        return await create_key(session, role=role, owner="Dina Karimova", expires_at=expires)


async def test_a_key_tells_who_holds_it(database: Database) -> None:
    plain, row = await make_key(database, role=Role.OFFICER)
    principal = await KeyRing(database).authenticate(plain)
    assert (principal.id, principal.name, principal.role) == (f"key:{row.id}", "Dina Karimova", Role.OFFICER)
    assert plain.startswith(f"{row.id}_")


async def test_the_secret_is_nowhere_in_the_database(database: Database) -> None:
    plain, _ = await make_key(database)
    secret = plain.split("_", 2)[2]
    async with database.read() as session:
        for table in ("api_key", "audit_entry"):
            for row in await session.execute(text(f"SELECT * FROM {table}")):
                assert not any(secret in str(value) for value in row)


@pytest.mark.parametrize("wrong", ["", "ck_", "ck_0000000000_x", "\udcff", "x" * 10_000])
async def test_an_unknown_key_is_refused(database: Database, wrong: str) -> None:
    await make_key(database)
    with pytest.raises(Unauthenticated, match="not known"):
        await KeyRing(database).authenticate(wrong)


async def test_a_changed_key_is_refused(database: Database) -> None:
    plain, _ = await make_key(database)
    with pytest.raises(Unauthenticated):
        await KeyRing(database).authenticate(plain[:-1] + ("A" if plain[-1] != "A" else "B"))


async def test_an_expired_key_is_refused_even_while_it_is_remembered(database: Database) -> None:
    plain, _ = await make_key(database, days=1)
    ring = KeyRing(database, cache_seconds=10_000_000)
    await ring.authenticate(plain)
    with time_machine.travel(now() + timedelta(days=2), tick=True), pytest.raises(Unauthenticated, match="expired"):
        await ring.authenticate(plain)


async def test_a_revoked_key_is_refused_here_at_once_and_elsewhere_soon(database: Database) -> None:
    plain, row = await make_key(database)
    here, elsewhere = KeyRing(database), KeyRing(database, cache_seconds=0.0)
    await here.authenticate(plain)
    await elsewhere.authenticate(plain)
    async with database.write() as session:
        assert (await revoke_key(session, row.id)).revoked_at is not None
    here.forget(row.id)
    for ring in (here, elsewhere):
        with pytest.raises(Unauthenticated, match="revoked"):
            await ring.authenticate(plain)


async def test_creating_and_revoking_are_on_the_record_once(database: Database) -> None:
    _, row = await make_key(database, role=Role.AUDITOR)
    for _ in range(2):
        async with database.write() as session:
            await revoke_key(session, row.id)
    async with database.read() as session:
        lines = await page(session, AuditFilter(record=row.id))
        assert [line.content["action"] for line in lines] == ["key_revoked", "key_created"]
        assert lines[1].content["details"]["role"] == "auditor"


async def test_revoking_what_is_not_there_is_said(database: Database) -> None:
    async def revoke() -> None:
        async with database.write() as session:
            await revoke_key(session, "ck_nothing")

    with pytest.raises(NotFound):
        await revoke()


async def test_keys_are_listed_in_pages(database: Database) -> None:
    made = sorted([(await make_key(database))[1].id for _ in range(3)])
    async with database.read() as session:
        assert [key.id for key in await list_keys(session, limit=2)] == made[:2]
        assert [key.id for key in await list_keys(session, after=made[1])] == made[2:]


async def test_use_is_noted_but_rarely(database: Database) -> None:
    plain, row = await make_key(database)
    ring = KeyRing(database, cache_seconds=0.0)

    async def last_used() -> str | None:
        async with database.read() as session:
            (key,) = await list_keys(session)
            return key.last_used_at

    assert await last_used() is None
    await ring.authenticate(plain)
    first = await last_used()
    assert first is not None
    await ring.authenticate(plain)
    assert await last_used() == first
    with time_machine.travel(now() + timedelta(hours=1), tick=True):
        await ring.authenticate(plain)
    assert (await last_used() or "") > first
    assert row.id


async def test_a_console_session_lives_with_its_key(database: Database) -> None:
    plain, row = await make_key(database)
    ring = KeyRing(database)
    token, principal = await ring.sign_in(plain)
    assert await ring.signed_in(token) == principal
    assert await KeyRing(database).signed_in(token) == principal
    async with database.write() as session:
        await revoke_key(session, row.id)
    ring.forget(row.id)
    for one in (ring, KeyRing(database)):
        with pytest.raises(Unauthenticated):
            await one.signed_in(token)


async def test_a_console_session_ends_after_a_working_day_and_at_sign_out(database: Database) -> None:
    plain, row = await make_key(database)
    ring = KeyRing(database)
    token, _ = await ring.sign_in(plain)
    with time_machine.travel(now() + timedelta(hours=13), tick=True), pytest.raises(Unauthenticated, match="ended"):
        await ring.signed_in(token)
    token, _ = await ring.sign_in(plain)
    await ring.sign_out(token)
    await ring.sign_out(token)
    with pytest.raises(Unauthenticated):
        await ring.signed_in(token)
    async with database.read() as session:
        actions = [line.content["action"] for line in await page(session, AuditFilter(record=row.id))]
    assert actions == ["signed_out", "signed_in", "signed_in", "key_created"]


async def test_signing_in_with_a_wrong_key_is_refused(database: Database) -> None:
    with pytest.raises(Unauthenticated):
        await KeyRing(database).sign_in("ck_wrong")
