"""Subtrees: a checkpoint and a proof cost what is new, say the same as the whole tree, and believe nothing unsigned."""

import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import text
from tampering import tamper

from core.database import Database
from core.errors import AuditError
from core.settings import Settings
from screening.audit import notary as notaries
from screening.audit import subtrees
from screening.audit.check import verify_database
from screening.audit.checkpoint import Checkpoint, public_of, sign
from screening.audit.entry import Action, Actor, Draft
from screening.audit.kept import read_subtrees
from screening.audit.log import append
from screening.audit.merkle import leaf_hash, proves_inclusion, root
from screening.audit.notary import Notary, notary_of
from screening.audit.subtrees import Subtrees

SMALL = 4


@pytest.fixture(autouse=True)
def _small_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(subtrees, "BLOCK", SMALL)
    monkeypatch.setattr(notaries, "BLOCK", SMALL)


@pytest.fixture
def notary(tmp_path: Path) -> Notary:
    return notary_of(Settings(data_dir=tmp_path))


def grown(count: int) -> tuple[Subtrees, list[bytes]]:
    leaves = [f"leaf {number}".encode() for number in range(count)]
    tree = Subtrees()
    for leaf in leaves:
        tree.add_hash(leaf_hash(leaf))
    return tree, leaves


async def write(database: Database, count: int) -> None:
    async with database.write() as session:
        await append(session, [Draft(Action.EXPORTED, Actor("cli:x", "x", "admin"))] * count)


async def leaves_in(database: Database) -> list[bytes]:
    async with database.read() as session:
        hashes = await session.execute(text("SELECT hash FROM audit_entry ORDER BY sequence"))
        return [bytes.fromhex(one) for one in hashes.scalars()]


def test_root_and_every_path_are_those_of_the_whole_tree() -> None:
    for size in range(1, 37):
        tree, leaves = grown(size)
        head, hashes = root(leaves), [leaf_hash(leaf) for leaf in leaves]
        assert (tree.root(), tree.size) == (head, size)
        for index, leaf in enumerate(leaves):
            first = index // SMALL * SMALL
            path = tree.path(index, hashes[first : first + SMALL])
            assert proves_inclusion(leaf, index, size, path, head), (index, size)
    assert Subtrees().root() == root([])


def test_leaves_that_are_others_give_no_path() -> None:
    tree, leaves = grown(9)
    hashes = [leaf_hash(leaf) for leaf in leaves]
    with pytest.raises(ValueError, match="not those that the tree was built from"):
        tree.path(1, [*hashes[:3], leaf_hash(b"another")])
    with pytest.raises(IndexError):
        tree.path(12, hashes[:4])


def test_only_what_gives_a_root_that_the_key_signed_is_read() -> None:
    private = Ed25519PrivateKey.generate()
    tree, _ = grown(9)
    signed = sign(private, sequence=9, entry_hash="ab" * 32, root=tree.root(), time="2026-11-24T09:00:00.000000Z")
    content = json.loads(json.dumps(tree.content(signed)))
    assert Subtrees.read(content, public_of(private)) == (tree, signed)
    longer, _ = grown(10)
    other = sign(private, sequence=9, entry_hash="ab" * 32, root=longer.root(), time=signed.time)
    for wrong, key in (
        (content, public_of(Ed25519PrivateKey.generate())),
        ({**content, "rest": "00" * 32}, public_of(private)),
        ({**content, "blocks": content["blocks"][64:]}, public_of(private)),
        (tree.content(other), public_of(private)),
        (longer.content(signed), public_of(private)),
    ):
        with pytest.raises(ValueError, match="not the subtrees"):
            Subtrees.read(wrong, key)


async def attest(notary: Notary, database: Database) -> Checkpoint:
    signed = await notary.attest_news(database)
    assert signed is not None
    return signed


async def test_a_checkpoint_reads_what_is_new_and_says_what_the_whole_log_does(
    notary: Notary, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []
    plain = notaries._heads

    async def counted(session, last, *, after):  # type: ignore[no-untyped-def]
        async for head in plain(session, last, after=after):
            read.append(head.sequence)
            yield head

    monkeypatch.setattr(notaries, "_heads", counted)
    for count in (1, 3, 2, 9, 4):
        await write(database, count)
        read.clear()
        signed = await attest(notary, database)
        leaves = await leaves_in(database)
        assert read == list(range(signed.sequence - count + 1, signed.sequence + 1))
        assert (signed.sequence, signed.root) == (len(leaves), root(leaves).hex())
    assert (await verify_database(database, witness=notary.anchors())).proved == 19
    read.clear()
    for sequence in range(1, 20):
        proof = await notary.prove(database, sequence)
        path = [bytes.fromhex(step) for step in proof.path]
        assert proves_inclusion(leaves[sequence - 1], sequence - 1, 19, path, bytes.fromhex(proof.checkpoint.root))
    assert len(read) <= 19 * SMALL


@pytest.mark.parametrize("content", [None, "", "{}", "[]", '{"checkpoint":{},"blocks":"0","rest":""}'])
async def test_what_is_kept_may_be_lost_or_damaged(notary: Notary, database: Database, content: str | None) -> None:
    await write(database, 6)
    await attest(notary, database)
    (kept,) = (path for place in notary.places for path in place.glob("*.subtrees.json"))
    if content is None:
        kept.unlink()
    else:
        kept.write_text(content)
    assert read_subtrees(notary.public_key, notary.places) is None
    await write(database, 3)
    assert (await attest(notary, database)).root == root(await leaves_in(database)).hex()
    found = read_subtrees(notary.public_key, notary.places)
    assert found is not None
    assert found[0].size == 9


async def test_an_entry_changed_after_it_was_signed_stays_signed_as_it_was(notary: Notary, database: Database) -> None:
    await write(database, 9)
    before = await leaves_in(database)
    await attest(notary, database)
    await tamper(database, "UPDATE audit_entry SET hash = substr(hash, 3) || '00' WHERE sequence = 2")
    await write(database, 1)
    signed = await attest(notary, database)
    assert signed.root == root([*before, (await leaves_in(database))[-1]]).hex()
    with pytest.raises(AuditError, match="between 1 and 4"):
        await notary.prove(database, 3)
    assert (await notary.prove(database, 6)).checkpoint.root == signed.root
    assert not (await verify_database(database, witness=notary.anchors())).whole


async def test_another_chain_behind_the_same_length_is_not_signed(notary: Notary, database: Database) -> None:
    await write(database, 9)
    await attest(notary, database)
    await tamper(database, "UPDATE audit_entry SET hash = substr(hash, 3) || '00' WHERE sequence = 9")
    await write(database, 1)
    with pytest.raises(AuditError, match="entry 9 is not the one"):
        await notary.attest_news(database)
