"""Recorder: writes screenings and audit entries, many waiting callers in one transaction.

A commit waits for the disk; what arrives meanwhile is written together by the next one. Every caller returns only
after the commit that holds its own rows and its own audit entry, so an answer that goes out is a recorded one.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from sqlalchemy import select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.errors import Conflict, Unavailable
from screening.audit.entry import RECORDS, Action, Draft, Entry, record_of
from screening.audit.log import append
from screening.cases.alarm import Alarm
from screening.cases.case import CasePolicy
from screening.cases.opening import Opened, plan
from screening.cases.standing import Standing, clearance_details, look_up
from screening.cases.steps import drafts_of
from screening.records import table

MOST_TOGETHER = 64
"""Recordings in one transaction: enough that the disk is not what limits, few enough that nobody waits long."""


Key = tuple[str, str, str]
"""Action, actor and idempotency key: what is recorded once under it is not recorded again."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written: the record's id and its audit entry. `again`: it had been recorded before, under this key.

    `opened` says what became of its alarms, `cleared` what its entry says of clearances.
    """

    record_id: str
    recorded_at: str
    sequence: int
    hash: str
    again: bool = False
    opened: tuple[Opened, ...] = ()
    cleared: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class _Waiting:
    draft: Draft
    alarms: tuple[Alarm, ...]
    done: "asyncio.Future[Recorded]"


class Recorder:
    """One per process. `start` and `stop` it with the process; or use it as an async context manager.

    `policy` says by when the cases that alarms open must be decided.
    """

    def __init__(self, database: Database, policy: CasePolicy | None = None) -> None:
        self._database = database
        self._policy = policy or CasePolicy()
        self._waiting: list[_Waiting] = []
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def __aenter__(self) -> "Recorder":
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()

    async def start(self) -> None:
        """Begin to write."""
        if self._task is None:
            self._task = asyncio.create_task(self._run(), name="recorder")

    async def stop(self) -> None:
        """Write what is waiting, then end."""
        task, self._task = self._task, None
        if task is not None:
            self._wake.set()
            await task

    async def record(self, draft: Draft, alarms: Sequence[Alarm] = ()) -> Recorded:
        """Write one audit entry, for a screening with its row and payload; return once it is committed.

        Its alarms open cases or join open ones in the same transaction; the entry names the clearances that cover them.
        A screening whose idempotency key its actor has used before is not written again: the earlier one is returned
        (`again`), or Conflict raised when that one asked something else. Raises what the database raises, and
        Unavailable when the recorder is not running.
        """
        if self._task is None or self._task.done():
            raise Unavailable("nothing can be recorded now, so nothing is answered; try again in a moment")
        waiting = _Waiting(draft, tuple(alarms), asyncio.get_running_loop().create_future())
        self._waiting.append(waiting)
        self._wake.set()
        return await waiting.done

    async def _run(self) -> None:
        while self._task is not None or self._waiting:
            if not self._waiting:
                self._wake.clear()
                await self._wake.wait()
                continue
            together, self._waiting = self._waiting[:MOST_TOGETHER], self._waiting[MOST_TOGETHER:]
            await self._write(together)

    async def _write(self, together: Sequence[_Waiting]) -> None:
        try:
            written = await self._write_together(together)
        except Exception as error:  # noqa: BLE001 - whatever it is belongs to the callers, not to this loop
            await self._failed(together, error)
            return
        for waiting, result in zip(together, written, strict=True):
            _tell(waiting, result)

    async def _failed(self, together: Sequence[_Waiting], error: Exception) -> None:
        """One bad recording must not fail its neighbours: written one by one, only the bad one gets its error."""
        if len(together) == 1 and not isinstance(error, IntegrityError):
            _tell(together[0], error)
            return
        for waiting in together:
            try:
                (result,) = await self._write_together([waiting])
            except Exception as own:  # noqa: BLE001 - as above
                _tell(waiting, own)
            else:
                _tell(waiting, result)

    async def _write_together(self, together: Sequence[_Waiting]) -> list[Recorded | Conflict]:
        drafts = [waiting.draft for waiting in together]
        async with self._database.write() as session:
            earlier = await find_repeated(session, drafts)
            fresh = list(_without_repeats(together, earlier))
            written = dict(zip((id(one.draft) for one in fresh), await self._write_fresh(session, fresh), strict=True))
        for waiting in fresh:
            if (key := _key(waiting.draft)) is not None:
                earlier[key] = Earlier(written[id(waiting.draft)], _asked(waiting.draft))
        return [
            written.get(id(draft)) or repeated(earlier[_key(draft) or ("", "", "")], _asked(draft)) for draft in drafts
        ]

    async def _write_fresh(self, session: AsyncSession, fresh: Sequence[_Waiting]) -> list[Recorded]:
        alarms = [alarm for waiting in fresh for alarm in waiting.alarms]
        standing = await look_up(session, alarms) if alarms else None
        cleared = [_cleared(waiting, standing) for waiting in fresh]
        drafts = [
            replace(waiting.draft, details={**waiting.draft.details, **told}) if told else waiting.draft
            for waiting, told in zip(fresh, cleared, strict=True)
        ]
        cases = await plan(session, alarms, self._policy, standing) if alarms else None
        opening = [] if cases is None else drafts_of(cases.steps)
        entries = await append(session, [*drafts, *opening])  # together: the chain is taken up once
        for action, name in RECORDS.items():
            rows = [_row(entry) for entry in entries if entry.content["action"] == action]
            if rows:
                await (await session.connection()).execute(table(name).insert(), rows)
        if cases is not None:
            await cases.write(session, entries[len(drafts) :])
        opened = iter(() if cases is None else cases.opened)
        return [
            replace(_recorded(waiting.draft, entry), opened=tuple(islice(opened, len(waiting.alarms))), cleared=told)
            for waiting, entry, told in zip(fresh, entries[: len(drafts)], cleared, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Earlier:
    """A screening recorded before under the same idempotency key; `asked` None when its payload was erased."""

    recorded: Recorded
    asked: str | None


async def find_repeated(session: AsyncSession, drafts: Sequence[Draft]) -> dict[Key, Earlier]:
    """Return what is recorded already under the drafts' keys: action, actor and idempotency key."""
    found: dict[Key, Earlier] = {}
    for action, name in RECORDS.items():
        keys = [key[1:] for key in map(_key, drafts) if key is not None and key[0] == action]
        if not keys:
            continue
        rows, entries, payloads = table(name), table("audit_entry"), table("audit_payload")
        query = (
            select(rows, entries.c.hash, payloads.c.asked)
            .join(entries, entries.c.sequence == rows.c.audit_sequence)
            .outerjoin(payloads, payloads.c.sequence == rows.c.audit_sequence)
            .where(tuple_(rows.c.actor_id, rows.c.idempotency_key).in_(keys))
        )
        for row in await session.execute(query):
            recorded = Recorded(row.id, row.recorded_at, row.audit_sequence, row.hash, again=True)
            found[action, row.actor_id, row.idempotency_key] = Earlier(recorded, row.asked)
    return found


async def find_earlier(session: AsyncSession, draft: Draft, asked: str) -> Recorded | None:
    """Return the screening recorded before under the draft's idempotency key, so that nothing is computed twice.

    Raises Conflict when that one asked something else than `asked`.
    """
    for earlier in (await find_repeated(session, [draft])).values():
        result = repeated(earlier, asked)
        if isinstance(result, Conflict):
            raise result
        return result
    return None


def repeated(earlier: Earlier, asked: str) -> Recorded | Conflict:
    """Return the earlier recording if it asked the same, else the Conflict to raise."""
    if earlier.asked == asked:
        return replace(earlier.recorded, again=True)
    return Conflict(
        f"the idempotency key was used before, by screening {earlier.recorded.record_id}, for another request; "
        "nothing was recorded now; use a new key for a new request"
    )


def _without_repeats(together: Sequence[_Waiting], earlier: Mapping[Key, Earlier]) -> Iterator[_Waiting]:
    seen = set(earlier)
    for waiting in together:
        key = _key(waiting.draft)
        if key is None or key not in seen:
            yield waiting
        if key is not None:
            seen.add(key)


def _cleared(waiting: _Waiting, standing: Standing | None) -> dict[str, Any]:
    """What a record's entry says of clearances. A deal's verdict rests on more than its matches."""
    if standing is None or not waiting.alarms:
        return {}
    sifted = [standing.sift(alarm) for alarm in waiting.alarms]
    after = sifted[0].outcome if waiting.draft.action is Action.SCREENED else None
    return clearance_details([one for apart in sifted for one in apart.cleared], after)


def _tell(waiting: _Waiting, result: Recorded | Exception) -> None:
    if waiting.done.done():  # its caller was cancelled; what is written stays written
        return
    if isinstance(result, Exception):
        waiting.done.set_exception(result)
    else:
        waiting.done.set_result(result)


def _key(draft: Draft) -> Key | None:
    if draft.idempotency_key is None or draft.action not in RECORDS:
        return None
    return draft.action.value, draft.actor.id, draft.idempotency_key


def _asked(draft: Draft) -> str:
    return "" if draft.payload is None else draft.payload.asked


def _recorded(draft: Draft, entry: Entry) -> Recorded:
    return Recorded(draft.record_id, entry.occurred_at, entry.sequence, entry.hash)


def _row(entry: Entry) -> dict[str, Any]:
    return {**(record_of(entry.content) or {}), "audit_sequence": entry.sequence}
