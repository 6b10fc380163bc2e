"""Log: appends entries to the chain inside the caller's transaction. The only writer of the audit tables.

Writers never fork the chain: on SQLite a write transaction is IMMEDIATE, so there is one at a time; on PostgreSQL an
advisory lock, held to the end of the transaction, makes them queue. The head is read only under that lock.
"""

import secrets
from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import iso, now
from core.errors import NotFound
from screening.access import Principal
from screening.audit.entry import Action, Actor, Draft, Entry, Payload, chain, columns_of, mentions_of
from screening.audit.verify import START, Head
from screening.records import table

CHAIN_LOCK = 0x0CA5_71A4
"""Number of the PostgreSQL advisory lock that makes appending processes queue; any fixed number would do."""

HEAD_ROW = 1

MOST_SUBJECT = 600
"""Characters of a subject's folded name that are searchable: a name has at most 500 and folding may lengthen it."""


def actor(principal: Principal) -> Actor:
    """Return the principal as an entry names it."""
    return Actor(principal.id, principal.name, principal.role.value)


def seal(subject: str, asked: str, answered: str) -> Payload:
    """Return the personal part of an entry with a fresh salt (128 bits: the commitment tells nothing of a name)."""
    return Payload(secrets.token_hex(16), fold(subject), asked, answered)


def fold(name: str) -> str:
    """Return a subject's name as the log searches it: folded case, single blanks, nothing unprintable."""
    printable = "".join(letter if letter.isprintable() else " " for letter in name)
    return " ".join(printable.casefold().split())[:MOST_SUBJECT]


async def append(session: AsyncSession, drafts: Sequence[Draft]) -> list[Entry]:
    """Chain `drafts` in order behind the last entry, in the caller's transaction; return them as chained.

    The session must come from `Database.write()`. Raises what the database raises; then nothing is appended.
    """
    if not drafts:
        return []
    await queue_up(session)
    head = start = await read_head(session)
    moment = iso(now())  # read under the lock, so that one machine's entries are in the order of their times
    entries: list[Entry] = []
    for draft in drafts:
        entry = chain(draft, sequence=head.sequence + 1, occurred_at=moment, prev_hash=head.hash)
        head = Head(entry.sequence, entry.hash)
        entries.append(entry)
    await _insert(session, drafts, entries)
    await _move_head(session, start, head)
    return entries


async def queue_up(session: AsyncSession) -> None:
    """Wait until no other transaction appends; from then on none does until this one ends. `append` does so by itself:
    call it where something must be looked up first that another appending transaction may change.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": CHAIN_LOCK})


async def read_head(session: AsyncSession) -> Head:
    """Return where the chain ends; START for an empty log."""
    heads = table("audit_head").c
    row = (await session.execute(select(heads.sequence, heads.hash))).one_or_none()
    return START if row is None else Head(row[0], row[1])


async def erase_payload(
    session: AsyncSession, sequence: int, principal: Principal, reason: str, *, order: str | None = None
) -> Entry:
    """Erase the personal part of one entry for good, and record that, by whom and why; the chain stays verifiable. That
    of a batch's chunk is its rows, all of them.

    Whether it may be erased is decided in `screening.audit.erasure`; `order` is the order that demands it, if one does.
    The database itself refuses the deletion without the entry. Raises NotFound when the entry has no payload.
    """
    details = {"sequence": sequence, "reason": reason} | ({"order": order} if order else {})
    draft = Draft(Action.PAYLOAD_ERASED, actor(principal), str(sequence), details=details)
    (entry,) = await append(session, [draft])
    erased = 0
    for part in (table("audit_payload"), table("batch_rows")):
        found = await session.execute(delete(part).where(part.c.sequence == sequence).returning(part.c.sequence))
        erased += len(found.all())
    if not erased:
        raise NotFound(f"audit entry {sequence} has no payload")
    return entry


async def _move_head(session: AsyncSession, start: Head, head: Head) -> None:
    heads = table("audit_head")
    values = {"sequence": head.sequence, "hash": head.hash}
    if start == START:
        await session.execute(heads.insert().values(id=HEAD_ROW, **values))
    else:
        await session.execute(heads.update().where(heads.c.id == HEAD_ROW).values(values))


async def _insert(session: AsyncSession, drafts: Sequence[Draft], entries: Sequence[Entry]) -> None:
    rows: dict[str, list[dict[str, Any]]] = {"audit_entry": [], "audit_payload": [], "audit_mention": []}
    for draft, entry in zip(drafts, entries, strict=True):
        sequence = entry.sequence
        rows["audit_entry"].append(
            {"sequence": sequence, "body": entry.body, "hash": entry.hash} | columns_of(entry.content)
        )
        if draft.payload is not None:
            rows["audit_payload"].append(
                {name: getattr(draft.payload, name) for name in Payload.__slots__} | {"sequence": sequence}
            )
        rows["audit_mention"].extend(
            {"entity_id": entity_id, "sequence": sequence, "mention": mention}
            for entity_id, mention in sorted(mentions_of(entry.content))
        )
    connection = await session.connection()
    for name, values in rows.items():
        if values:
            await connection.execute(table(name).insert(), values)
