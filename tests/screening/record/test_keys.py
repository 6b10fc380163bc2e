"""Keys: kept as hashes only, refused when expired, revoked or rotated away, and on the record."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import text

from core.clock import now
from core.database import Database
from core.errors import Conflict, InvalidInput, NotFound, Unauthenticated
from screening.access import Role
from screening.audit.query import AuditFilter, page
from screening.keys import KeyRing, create_key, list_keys, revoke_key, rotate_key
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


async def test_a_rotated_key_stays_the_same_key_and_its_former_secret_ends(database: Database) -> None:
    former, row = await make_key(database, role=Role.OFFICER)
    ring = KeyRing(database)
    before = await ring.authenticate(former)
    async with database.write() as session:
        plain, _ = await rotate_key(session, row.id, overlap=timedelta(hours=2))
    ring.forget(row.id)
    assert plain != former
    assert await ring.authenticate(plain) == await ring.authenticate(former) == before
    with time_machine.travel(now() + timedelta(hours=3), tick=True):
        assert await ring.authenticate(plain) == before
        with pytest.raises(Unauthenticated, match="rotated"):
            await ring.authenticate(former)


async def test_rotating_twice_ends_the_oldest_secret_and_no_overlap_ends_the_last_at_once(database: Database) -> None:
    first, row = await make_key(database)
    async with database.write() as session:
        second, _ = await rotate_key(session, row.id)
    async with database.write() as session:
        third, _ = await rotate_key(session, row.id, overlap=timedelta())
    ring = KeyRing(database)
    assert (await ring.authenticate(third)).id == f"key:{row.id}"
    for former in (first, second):
        with pytest.raises(Unauthenticated):
            await ring.authenticate(former)
    async with database.read() as session:
        actions = [line.content["action"] for line in await page(session, AuditFilter(record=row.id))]
    assert actions == ["key_rotated", "key_rotated", "key_created"]


async def test_a_repeated_rotation_a_dead_key_and_too_long_an_overlap_are_refused(database: Database) -> None:
    async def rotate(key_id: str, *, overlap: timedelta = timedelta(days=1), once: str | None = None) -> str:
        async with database.write() as session:
            return (await rotate_key(session, key_id, overlap=overlap, once=once))[0]

    plain, row = await make_key(database)
    renewed = await rotate(row.id, once="only once")
    with pytest.raises(Conflict, match="shown then"):
        await rotate(row.id, once="only once")
    assert await KeyRing(database).authenticate(renewed) == await KeyRing(database).authenticate(plain)
    with pytest.raises(InvalidInput):
        await rotate(row.id, overlap=timedelta(days=31))
    with pytest.raises(NotFound):
        await rotate("ck_nothing")
    async with database.write() as session:
        await revoke_key(session, row.id)
    with pytest.raises(Conflict, match="revoked"):
        await rotate(row.id)
