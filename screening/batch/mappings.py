"""Mappings: which columns say what, kept under a name by whoever sends files of the same kind again and again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

import screening.batch.tables  # noqa: F401 - its tables must be known before they are asked for
from core.clock import iso, now
from core.errors import Conflict, FieldError, InvalidInput, NotFound
from screening.access import Principal
from screening.audit.entry import Action, Draft, canonical
from screening.audit.log import actor, append, queue_up
from screening.batch.columns import HEADERS, SEARCHED
from screening.identity import new_id
from screening.records import table

MOST: Final = 100
"""Of one owner: they are shown as one choice."""

MOST_NAME: Final = 100
"""Characters of a name, which is one line of that choice."""

MOST_HEADER: Final = 500
"""Characters of a header; one that is longer is no header but a row."""


@dataclass(frozen=True, slots=True)
class SavedMapping:
    """A saved mapping. `columns`: field of a subject to the header of the column that says it."""

    id: str
    name: str
    columns: Mapping[str, str]
    created_at: str


async def save_mapping(session: AsyncSession, name: str, columns: Mapping[str, str], *, by: Principal) -> SavedMapping:
    """Save a mapping in the caller's transaction, in place of one that the principal saved under this name before.

    Raises InvalidInput for each fault in it, Conflict when the principal has `MOST` already.
    """
    name = " ".join(name.split())
    _check(name, columns)
    await queue_up(session)
    rows = table("batch_mapping")
    await session.execute(delete(rows).where(rows.c.actor_id == by.id, rows.c.name == name))
    held = select(func.count()).select_from(rows).where(rows.c.actor_id == by.id)
    if (await session.execute(held)).scalar_one() >= MOST:
        raise Conflict(f"you have saved {MOST} mappings already; remove one first")
    saved = SavedMapping(new_id(), name, dict(columns), iso(now()))
    text = canonical(saved.columns).decode()
    values = {"id": saved.id, "actor_id": by.id, "name": name, "columns": text, "created_at": saved.created_at}
    await session.execute(rows.insert().values(values))
    await append(session, [_draft(Action.MAPPING_SAVED, saved, by)])
    return saved


async def list_mappings(session: AsyncSession, *, of: Principal) -> list[SavedMapping]:
    """Return the mappings that the principal has saved, by their names."""
    rows = table("batch_mapping").c
    query = select(rows.id, rows.name, rows.columns, rows.created_at).where(rows.actor_id == of.id).order_by(rows.name)
    found = (await session.execute(query)).all()
    return [SavedMapping(row.id, row.name, json.loads(row.columns), row.created_at) for row in found]


async def read_mapping(session: AsyncSession, which: str, *, of: Principal) -> SavedMapping:
    """Return the principal's mapping of this id or name. Raises NotFound."""
    found = [one for one in await list_mappings(session, of=of) if which in (one.id, one.name)]
    if not found:
        raise NotFound(f"you have saved no mapping {which!r}")
    return found[0]


async def remove_mapping(session: AsyncSession, which: str, *, by: Principal) -> SavedMapping:
    """Remove the principal's mapping of this id or name in the caller's transaction and return it. Raises NotFound."""
    await queue_up(session)
    gone = await read_mapping(session, which, of=by)
    rows = table("batch_mapping")
    await session.execute(delete(rows).where(rows.c.id == gone.id))
    await append(session, [_draft(Action.MAPPING_REMOVED, gone, by)])
    return gone


def _draft(action: Action, saved: SavedMapping, by: Principal) -> Draft:
    details = {"name": saved.name, "mapping": canonical(saved.columns).decode()}
    return Draft(action, actor(by), saved.id, details=details)


def _check(name: str, columns: Mapping[str, str]) -> None:
    wrong = []
    if not 0 < len(name) <= MOST_NAME:
        wrong.append(FieldError("name", f"give 1 to {MOST_NAME} characters"))
    for field, header in columns.items():
        if field not in HEADERS:
            wrong.append(FieldError(f"columns.{field}", f"is no field of a subject; there are {', '.join(HEADERS)}"))
        elif not 0 < len(header) <= MOST_HEADER:
            wrong.append(FieldError(f"columns.{field}", f"give the header of a column, 1 to {MOST_HEADER} characters"))
    if not any(field in columns for field in SEARCHED):
        wrong.append(FieldError("columns", "no column holds names or numbers to search for; say which one does"))
    if wrong:
        raise InvalidInput("the mapping cannot be saved", wrong)
