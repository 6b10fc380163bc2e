"""Held: what a record rests on as the database has it now, for replays: its content and the snapshots it names."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from lists.snapshots import SnapshotInfo, snapshot
from screening.answer import CoveredList
from screening.audit.entry import Payload
from screening.records import table
from screening.replaying import wrong_snapshots


@dataclass(frozen=True, slots=True)
class Held:
    """A record's content, word for word. `snapshots` are those of its lists that are held, by source key; `whole` says
    whether that is all of them; `problems`, in words, what is not as the record and its audit entry say.
    """

    asked: str
    answered: str
    snapshots: dict[str, SnapshotInfo]
    whole: bool
    problems: tuple[str, ...]


async def read_held(session: AsyncSession, sequence: int, covered: Sequence[CoveredList]) -> Held:
    """Return what is held of the record whose audit entry is `sequence` and which names these lists.

    Its content must not have been erased.
    """
    entries, payloads = table("audit_entry"), table("audit_payload")
    query = (
        select(payloads, entries.c.commitment)
        .join(entries, entries.c.sequence == payloads.c.sequence)
        .where(payloads.c.sequence == sequence)
    )
    row = (await session.execute(query)).one()
    found = {used.snapshot_id: await snapshot(session, used.snapshot_id) for used in covered}
    bound = Payload(row.salt, row.subject, row.asked, row.answered).commitment == row.commitment
    faults = () if bound else ("what was asked or answered is not what its audit entry binds; verify the log",)
    snapshots = {info.source: info for info in found.values() if info is not None}
    return Held(
        asked=row.asked,
        answered=row.answered,
        snapshots=snapshots,
        whole=len(snapshots) == len(covered),
        problems=(*faults, *wrong_snapshots(covered, found)),
    )
