"""Notary: reads where the log stands, signs that, and keeps it outside the database."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso, now
from core.database import Database
from core.errors import AuditError, NotFound
from core.settings import Settings
from screening.audit.anchors import Anchors
from screening.audit.checkpoint import Checkpoint, public_of, sign
from screening.audit.kept import keep, keep_subtrees, newest, read_places, read_subtrees
from screening.audit.log import read_head
from screening.audit.merkle import leaf_hash
from screening.audit.signing_key import signing_key
from screening.audit.subtrees import BLOCK, Subtrees
from screening.audit.verify import START, Head
from screening.records import table

KEY_FILE = "checkpoint-key.pem"
BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Proof:
    """That one entry is in the log: its canonical JSON and hash, and the Merkle path (hex) to a signed root."""

    sequence: int
    body: str
    hash: str
    path: tuple[str, ...]
    checkpoint: Checkpoint


@dataclass(frozen=True, slots=True)
class Notary:
    """The key, and the directories its checkpoints are kept in."""

    private: Ed25519PrivateKey
    places: tuple[Path, ...]

    @property
    def public_key(self) -> str:
        """The public half, in hex."""
        return public_of(self.private)

    async def earlier(self) -> dict[int, Checkpoint]:
        """Return the newest checkpoint of every file by its sequence: a log that was cut or built anew breaks it.

        Read this before the log: another process may sign a later state meanwhile.
        """
        return {one.sequence: one for one in await asyncio.to_thread(newest, self.places)}

    async def attest(self, session: AsyncSession, head: Head, earlier: Mapping[int, Checkpoint]) -> Checkpoint:
        """Sign and keep the log as it stood at `head`. Entries that this key has signed before are not read again:
        the new root holds them as they were then.

        Raises AuditError, and signs nothing, when entries are missing or the log is not the one of the checkpoints
        kept `earlier`; Unavailable when a place cannot be written to.
        """
        return (await self._attest(session, head, earlier))[0]

    async def _attest(
        self, session: AsyncSession, head: Head, earlier: Mapping[int, Checkpoint]
    ) -> tuple[Checkpoint, Subtrees]:
        tree, signed = await self._begun(head)
        before = {one.sequence: one for one in earlier.values() if one.sequence <= tree.size}
        if signed is not None:
            before[signed.sequence] = signed
        await _check_named(session, before)
        last = Head(tree.size, signed.hash) if signed is not None else START
        async for reached in _heads(session, head.sequence, after=tree.size):
            tree.add_hash(leaf_hash(bytes.fromhex(reached.hash)))
            last = reached
            if (known := earlier.get(reached.sequence)) is not None:
                _check(known, reached.hash)
        if last != head:
            raise AuditError(f"the last audit entry, {last.sequence}, is not the one that the head names")
        if head.sequence < max(earlier, default=0):
            raise AuditError(f"the log ends at {head.sequence}, but a checkpoint knows {max(earlier)} entries")
        new = sign(self.private, sequence=head.sequence, entry_hash=head.hash, root=tree.root(), time=iso(now()))
        await asyncio.to_thread(keep, new, self.places)
        await asyncio.to_thread(keep_subtrees, tree, new, self.places)
        return new, tree

    async def _begun(self, head: Head) -> tuple[Subtrees, Checkpoint | None]:
        """The tree as it was last signed, to go on from; an empty one where it is not kept, or is of a longer log."""
        kept = await asyncio.to_thread(read_subtrees, self.public_key, self.places)
        return kept if kept is not None and kept[1].sequence <= head.sequence else (Subtrees(), None)

    async def attest_news(self, database: Database) -> Checkpoint | None:
        """Sign and keep the log as it stands now; None when nothing was written since the last checkpoint."""
        earlier = await self.earlier()
        async with database.read() as session:
            head = await read_head(session)
            known = earlier.get(head.sequence)
            if (known is not None and known.hash == head.hash) or (head == START and not earlier):
                return None
            return await self.attest(session, head, earlier)

    async def prove(self, database: Database, sequence: int) -> Proof:
        """Return the proof that entry `sequence` is in the log as it stands now. Raises NotFound, or as `attest`."""
        entries, earlier = table("audit_entry").c, await self.earlier()
        async with database.read() as session:
            query = select(entries.body, entries.hash).where(entries.sequence == sequence)
            row = (await session.execute(query)).one_or_none()
            if row is None:
                raise NotFound(f"there is no audit entry {sequence}")
            head = await read_head(session)
            signed, tree = await self._attest(session, head, earlier)
            first = (sequence - 1) // BLOCK * BLOCK
            block = await _leaves(session, after=first, last=min(first + BLOCK, head.sequence))
        try:
            path = await asyncio.to_thread(tree.path, sequence - 1, block)
        except ValueError as error:
            damaged = f"an entry between {first + 1} and {first + len(block)} is not the one that was signed before"
            raise AuditError(f"{damaged}; run `caspian audit verify`") from error
        return Proof(sequence, row.body, row.hash, tuple(step.hex() for step in path), signed)

    async def leaves(self, session: AsyncSession, head: Head) -> list[bytes]:
        """Return the leaf hashes of the log up to `head`, for proofs. Raises AuditError at a gap."""
        return await _leaves(session, after=0, last=head.sequence)

    def anchors(self) -> Anchors:
        """Return the checkpoints kept here, for the verifier. Raises AuditError when one of the files was altered."""
        return Anchors(read_places(self.places))


def notary_of(settings: Settings) -> Notary:
    """Return the notary of these settings; the key is made at first use. Raises Unavailable as `signing_key`."""
    return Notary(signing_key(settings.data_dir / KEY_FILE), places_of(settings))


def places_of(settings: Settings) -> tuple[Path, ...]:
    """Return the directories that checkpoints are kept in."""
    own = settings.data_dir / "checkpoints"
    return (own,) if settings.checkpoints_dir is None else (own, settings.checkpoints_dir)


async def _check_named(session: AsyncSession, named: Mapping[int, Checkpoint]) -> None:
    """Raise AuditError unless every entry that these checkpoints name is there, and is the one they name."""
    entries = table("audit_entry").c
    found = await session.execute(select(entries.sequence, entries.hash).where(entries.sequence.in_(list(named))))
    hashes = {row.sequence: row.hash for row in found}
    for sequence, known in sorted(named.items()):
        _check(known, hashes.get(sequence, ""))


def _check(known: Checkpoint, entry_hash: str) -> None:
    if known.hash != entry_hash:
        raise AuditError(f"entry {known.sequence} is not the one that the checkpoint of {known.time} names")


async def _leaves(session: AsyncSession, *, after: int, last: int) -> list[bytes]:
    """The leaf hashes of the entries behind `after`, up to `last`. Raises AuditError at a gap."""
    return [leaf_hash(bytes.fromhex(one.hash)) async for one in _heads(session, last, after=after)]


async def _heads(session: AsyncSession, last: int, *, after: int) -> AsyncIterator[Head]:
    """The sequence and hash of every entry behind `after`, in order, up to `last`. Raises AuditError at a gap."""
    entries = table("audit_entry").c
    position = after
    while position < last:
        query = select(entries.sequence, entries.hash).where(entries.sequence > position, entries.sequence <= last)
        rows = (await session.execute(query.order_by(entries.sequence).limit(BATCH))).all()
        for row in rows:
            position += 1
            if row.sequence != position or len(row.hash) != 64:
                raise AuditError(f"entry {position} is missing or damaged; run `caspian audit verify`")
            yield Head(row.sequence, row.hash)
        if not rows:
            raise AuditError(f"entry {position + 1} is missing; run `caspian audit verify`")
