"""Checkpoints: what only they find, in exports and in databases; the key; the places; the proof of one entry."""

import json
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from record_log import OLGA, fill
from sqlalchemy import text

from core.database import Database
from core.errors import AuditError, NotFound, Unavailable
from core.settings import Settings
from screening.audit import checkpoint
from screening.audit.check import verify_database
from screening.audit.checkpoint import Checkpoint, content_of, public_of, sign
from screening.audit.entry import Action, Draft, chain, hash_of
from screening.audit.export import export_lines, verify_export
from screening.audit.kept import keep, newest, read_file, read_places
from screening.audit.log import actor, append
from screening.audit.merkle import proves_inclusion, root
from screening.audit.notary import KEY_FILE, Notary, notary_of
from screening.audit.signing_key import signing_key
from screening.audit.verify import GENESIS, Fault, Verdict

COUNT = 9


@pytest.fixture
def notary(tmp_path: Path) -> Notary:
    return notary_of(Settings(data_dir=tmp_path / "data", checkpoints_dir=tmp_path / "elsewhere"))


async def exported(database: Database, notary: Notary, *, after: int = 0) -> list[str]:
    return [line async for line in export_lines(database, notary=notary, after=after)]


def found(verdict: Verdict) -> tuple[int, Fault]:
    assert verdict.problem is not None
    assert str(verdict.problem.sequence) in verdict.problem.message
    return verdict.problem.sequence, verdict.problem.fault


def signed_line(one: Checkpoint) -> str:
    return json.dumps({"checkpoint": content_of(one)})


def forged(count: int) -> list[tuple[str, str]]:
    """A chain of one's own, as (hash, body): whole in itself."""
    made, before = [], GENESIS
    for number in range(1, count + 1):
        draft = Draft(Action.SIGNED_IN, actor(OLGA), f"forged {number}")
        entry = chain(draft, sequence=number, occurred_at="2026-11-24T09:00:00.000000Z", prev_hash=before)
        made.append((entry.hash, entry.body))
        before = entry.hash
    return made


def forged_export(count: int, private: Ed25519PrivateKey) -> list[str]:
    made = forged(count)
    leaves = [bytes.fromhex(digest) for digest, _ in made]
    end = sign(private, sequence=count, entry_hash=made[-1][0], root=root(leaves), time="2026-11-24T09:00:00.000000Z")
    opening = '{"format":"caspian-audit-1","after":{"sequence":0,"hash":"' + GENESIS + '"},"payloads":true}'
    return [opening, *(f'{{"hash":"{digest}","entry":{body}}}' for digest, body in made), signed_line(end)]


async def test_a_whole_export_is_proved_by_the_key_and_by_a_kept_checkpoint(database: Database, notary: Notary) -> None:
    await fill(database, COUNT)
    early = await notary.attest_news(database)
    assert early is not None
    async with database.write() as session:
        await append(session, [Draft(Action.SIGNED_IN, actor(OLGA))] * 2)
    lines = await exported(database, notary)
    assert json.loads(lines[-1])["checkpoint"]["public_key"] == notary.public_key
    assert verify_export(lines).whole
    assert verify_export(lines).proved == 0  # a key inside the export proves nothing on its own
    assert verify_export(lines, public_key=notary.public_key).proved == COUNT + 2
    assert verify_export(lines, kept=[early]).proved == COUNT
    part = verify_export(await exported(database, notary, after=4), public_key=notary.public_key, kept=[early])
    assert (part.whole, part.checked, part.proved) == (True, COUNT - 2, COUNT + 2)
    assert [one.sequence for one in read_places(notary.places)] == [COUNT, COUNT + 2, COUNT + 2]


ALTERATIONS: dict[str, tuple[Callable[[list[str]], list[str]], tuple[int, Fault]]] = {
    "flipped": (lambda e: [*e[:3], e[3].replace('"clear"', '"cleas"', 1), *e[4:]], (3, Fault.ALTERED)),
    "deleted": (lambda e: [*e[:3], *e[4:]], (3, Fault.MISSING)),
    "inserted": (lambda e: [*e[:4], e[3], *e[4:]], (3, Fault.REORDERED)),
    "swapped": (lambda e: [*e[:3], e[4], e[3], *e[5:]], (3, Fault.MISSING)),
    "truncated before the checkpoint": (lambda e: [*e[:-2], e[-1]], (COUNT, Fault.TRUNCATED)),
    "truncated with an unsigned end": (
        lambda e: [*e[:-2], json.dumps({"checkpoint": {"sequence": 8, "hash": json.loads(e[8])["hash"]}})],
        (8, Fault.UNSIGNED),
    ),
    "rebuilt with another key": (
        lambda e: forged_export(COUNT, Ed25519PrivateKey.generate()),
        (COUNT, Fault.UNSIGNED),
    ),
    "rebuilt, the old checkpoint kept": (
        lambda e: [*forged_export(COUNT, Ed25519PrivateKey.generate())[:-1], e[-1]],
        (COUNT, Fault.BROKEN),
    ),
}


@pytest.mark.parametrize("name", ALTERATIONS)
async def test_an_altered_export_is_found_with_the_key(database: Database, notary: Notary, name: str) -> None:
    await fill(database, COUNT)
    lines = await exported(database, notary)
    alter, expected = ALTERATIONS[name]
    assert found(verify_export(alter(lines), public_key=notary.public_key)) == expected


async def test_every_flipped_byte_of_an_export_is_found(database: Database, notary: Notary) -> None:
    await fill(database, 2)
    lines = await exported(database, notary)
    for number, line in enumerate(lines[1:], 1):
        for at in range(0, len(line) - 1, 7):
            changed = line[:at] + chr(ord(line[at]) ^ 1) + line[at + 1 :]
            try:
                verdict = verify_export([*lines[:number], changed, *lines[number + 1 :]], public_key=notary.public_key)
            except AuditError:
                continue
            assert not verdict.whole, (number, at, changed[max(0, at - 30) : at + 30])


async def test_a_kept_checkpoint_finds_truncation_and_rebuilding_without_any_key(
    database: Database, notary: Notary
) -> None:
    await fill(database, COUNT)
    lines = await exported(database, notary)
    kept = read_places(notary.places)
    own = Ed25519PrivateKey.generate()
    assert verify_export(forged_export(COUNT, own)).whole  # it cannot be seen from the export alone
    assert found(verify_export(forged_export(COUNT, own), kept=kept)) == (COUNT, Fault.REBUILT)
    assert found(verify_export(forged_export(COUNT + 3, own), kept=kept)) == (COUNT, Fault.REBUILT)
    assert found(verify_export(forged_export(4, own), kept=kept)) == (5, Fault.TRUNCATED)
    cut = [*lines[:-2], json.dumps({"checkpoint": {"sequence": 8, "hash": json.loads(lines[8])["hash"]}})]
    assert verify_export(cut).whole
    assert found(verify_export(cut, kept=kept)) == (9, Fault.TRUNCATED)


async def test_another_root_and_a_signature_that_is_none_are_found(database: Database, notary: Notary) -> None:
    await fill(database, COUNT)
    lines = await exported(database, notary)
    (kept,) = set(read_places(notary.places))
    wrong_root = sign(
        notary.private, sequence=COUNT, entry_hash=kept.hash, root=bytes(32), time="2026-11-24T09:00:00.000000Z"
    )
    assert found(verify_export(lines, kept=[wrong_root])) == (COUNT, Fault.REBUILT)
    assert found(verify_export([*lines[:-1], signed_line(wrong_root)])) == (COUNT, Fault.REBUILT)
    moved = replace(kept, time="2020-01-01T00:00:00.000000Z")
    assert found(verify_export(lines, kept=[moved])) == (COUNT, Fault.UNSIGNED)
    assert found(verify_export([*lines[:-1], signed_line(moved)])) == (COUNT, Fault.UNSIGNED)
    other = public_of(Ed25519PrivateKey.generate())
    assert found(verify_export(lines, kept=[kept], public_key=other)) == (COUNT, Fault.UNSIGNED)


async def unguarded(database: Database, *statements: str) -> None:
    """Run statements as someone who controls the database: without its triggers."""
    async with database.write() as session:
        if database.is_sqlite:
            names = (await session.execute(text("SELECT name FROM sqlite_master WHERE type = 'trigger'"))).scalars()
            for name in list(names):
                await session.execute(text(f"DROP TRIGGER {name}"))
        else:
            await session.execute(text("SET session_replication_role = replica"))
        for statement in statements:
            await session.execute(text(statement))
        if not database.is_sqlite:
            await session.execute(text("SET session_replication_role = origin"))


CUT = (
    *(f"DELETE FROM {name} WHERE sequence > 6" for name in ("audit_payload", "audit_mention", "audit_entry")),
    "DELETE FROM screening WHERE audit_sequence > 6",
    "UPDATE audit_head SET sequence = 6, hash = (SELECT hash FROM audit_entry WHERE sequence = 6)",
)
EMPTIED = tuple(
    f"DELETE FROM {name}" for name in ("audit_payload", "audit_mention", "screening", "audit_entry", "audit_head")
)


async def test_a_database_cut_at_its_end_is_found_and_not_signed(database: Database, notary: Notary) -> None:
    await fill(database, COUNT)
    assert await notary.attest_news(database) is not None
    assert (await verify_database(database, witness=notary.anchors())).proved == COUNT
    await unguarded(database, *CUT)
    assert (await verify_database(database)).whole  # the database alone cannot know
    assert found(await verify_database(database, witness=notary.anchors())) == (7, Fault.TRUNCATED)
    with pytest.raises(AuditError, match="a checkpoint knows 9"):
        await notary.attest_news(database)
    with pytest.raises(AuditError, match="a checkpoint knows 9"):
        await exported(database, notary)


async def test_a_database_built_anew_is_found_and_not_signed(database: Database, notary: Notary) -> None:
    await fill(database, COUNT)
    assert await notary.attest_news(database) is not None
    await unguarded(database, *EMPTIED)
    async with database.write() as session:
        await append(session, [Draft(Action.SIGNED_IN, actor(OLGA), str(number)) for number in range(COUNT + 2)])
    assert (await verify_database(database)).whole
    assert found(await verify_database(database, witness=notary.anchors())) == (COUNT, Fault.REBUILT)
    with pytest.raises(AuditError, match="entry 9 is not the one"):
        await notary.attest_news(database)
    await unguarded(database, *EMPTIED)
    assert found(await verify_database(database, witness=notary.anchors())) == (1, Fault.TRUNCATED)
    with pytest.raises(AuditError, match="a checkpoint knows 9"):
        await notary.attest_news(database)


async def test_a_gap_is_not_signed(database: Database, notary: Notary) -> None:
    await fill(database, 5)
    await unguarded(database, "DELETE FROM audit_entry WHERE sequence = 3")
    with pytest.raises(AuditError, match="entry 3 is missing"):
        await notary.attest_news(database)
    assert read_places(notary.places) == []


async def test_nothing_is_signed_while_nothing_happens(database: Database, notary: Notary) -> None:
    assert await notary.attest_news(database) is None
    await fill(database, 1)
    assert await notary.attest_news(database) is not None
    assert await notary.attest_news(database) is None
    assert [len(list(place.glob("*.jsonl"))) for place in notary.places] == [1, 1]
    assert [one.sequence for one in newest(notary.places)] == [1, 1]


@pytest.mark.parametrize("sequence", range(1, 8))
async def test_one_entry_is_proved_alone(database: Database, notary: Notary, sequence: int) -> None:
    await fill(database, 7)
    proof = await notary.prove(database, sequence)
    assert hash_of(proof.body.encode()) == proof.hash
    assert proof.checkpoint.is_signed_by(notary.public_key)
    path, head = [bytes.fromhex(step) for step in proof.path], bytes.fromhex(proof.checkpoint.root)
    assert proves_inclusion(bytes.fromhex(proof.hash), sequence - 1, 7, path, head)
    assert not proves_inclusion(bytes(32), sequence - 1, 7, path, head)
    with pytest.raises(NotFound, match="no audit entry 8"):
        await notary.prove(database, 8)


def test_the_key_is_made_once_and_its_owners_alone(tmp_path: Path) -> None:
    path = tmp_path / "deep" / KEY_FILE
    first = public_of(signing_key(path))
    assert public_of(signing_key(path)) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [KEY_FILE]
    path.chmod(0o644)
    with pytest.raises(Unavailable, match="chmod 600"):
        signing_key(path)
    path.chmod(0o600)
    path.write_text("no key")
    with pytest.raises(Unavailable, match="is not a signing key"):
        signing_key(path)


def test_a_place_that_refuses_and_a_file_that_was_altered_are_named(tmp_path: Path) -> None:
    one = sign(Ed25519PrivateKey.generate(), sequence=1, entry_hash="ab" * 32, root=bytes(32), time="now")
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, no directory")
    with pytest.raises(Unavailable, match="blocked"):
        keep(one, [blocked])
    keep(one, [tmp_path])
    file = tmp_path / f"{one.key}.jsonl"
    assert read_file(file) == [one]
    assert one.is_signed_by(one.public_key)
    for wrong in ("noise", "[]", '{"sequence": 1}', json.dumps(content_of(one) | {"key": "0" * 16})):
        file.write_text(wrong + "\n")
        with pytest.raises(AuditError, match="is not a signed checkpoint"):
            read_file(file)
        with pytest.raises(AuditError, match="the last line"):
            newest([tmp_path])


@pytest.mark.parametrize(
    "change", [{"sequence": 2}, {"hash": "cd" * 32}, {"root": "11" * 32}, {"time": "later"}, {"signature": "00"}]
)
def test_the_signature_covers_every_field(change: dict[str, str | int]) -> None:
    one = sign(Ed25519PrivateKey.generate(), sequence=1, entry_hash="ab" * 32, root=bytes(32), time="now")
    altered = checkpoint.read(content_of(one) | change)
    assert one.is_signed_by(one.public_key)
    assert not altered.is_signed_by(one.public_key)
