"""Replay: run a recorded screening again on the snapshots and the configuration it used, and compare byte for byte.

What has changed since (matcher version, numbers and tables, thresholds) is named and never hidden: an answer of another
matcher is not the recorded one, even where both say the same of everybody. Every replay is an audit entry.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from pydantic import ValidationError
from pydantic_core import from_json
from sqlalchemy import Row, select
from sqlalchemy.ext.asyncio import AsyncSession

from core.database import Database
from core.errors import InvalidInput
from lists.snapshots import SnapshotInfo, snapshot
from screening.access import Principal, Role
from screening.answer import Answer
from screening.answering import Answering
from screening.audit.entry import Action, Draft, Payload
from screening.audit.log import actor
from screening.matching.policy import Policy
from screening.matching.result import Outcome
from screening.reading import read_request
from screening.recorded import read_screening
from screening.recorder import Recorder
from screening.records import table
from screening.replaying import (
    Changed,
    Finding,
    Today,
    changed_matcher,
    compared,
    differing,
    recorded_coverage,
    recorded_policy,
    wrong_snapshots,
)
from screening.request import ScreeningRequest
from screening.services.screen import ScreeningService


class Replay(Finding):
    """What a replay came to, and the audit entry that records it.

    `identical`: the same answer byte for byte. `problems` says what of the record could not be found as it was,
    `changed` what of matcher and configuration is another today, `differs` which fields of the answer differ.
    `outcome` is None when the screening could not be run again; `today` is None unless it was asked for.
    """

    screening_id: str
    recorded_at: datetime
    identical: bool
    outcome_recorded: Outcome
    outcome: Outcome | None
    differs: tuple[str, ...]
    changed: tuple[Changed, ...]
    problems: tuple[str, ...]
    today: Today | None
    audit_sequence: int
    audit_hash: str


@dataclass(frozen=True, slots=True)
class _Record:
    """A recorded screening as it stands in the database. `faults`: what of it is not as its audit entry binds it."""

    answer: Answer
    answered: str
    asked: str
    recorded_at: datetime
    snapshots: dict[str, SnapshotInfo | None]
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Rerun:
    """How one screening ran again; without an answer where it could not."""

    answer: Answer | None
    differs: tuple[str, ...]
    problems: tuple[str, ...]


class ReplayService:
    """Replays screenings on behalf of a principal. One per process; safe to call concurrently."""

    def __init__(self, database: Database, recorder: Recorder, screenings: ScreeningService) -> None:
        self._database = database
        self._recorder = recorder
        self._screenings = screenings

    async def replay(
        self, screening_id: str, principal: Principal, *, today: bool = False, request_id: str | None = None
    ) -> Replay:
        """Run a recorded screening again, compare it with the record, and record that; `today` adds what the lists and
        the configuration of today say.

        A trader replays its own screenings only. Raises NotFound otherwise and when its content was erased, and
        Unavailable when an index cannot be built, or `today` is asked for while no list is loaded.
        """
        only = principal.id if principal.role is Role.TRADER else None
        async with self._database.read() as session:
            record = await _read(session, screening_id, only)
        present = self._screenings.answering
        policy = recorded_policy(record.answer, present.policy)
        changed = changed_matcher(record.answer, policy, present.policy, present.thresholds_from)
        rerun = await self._run_again(
            record, Answering(policy or self._nearest(record.answer), record.answer.matcher.thresholds_from)
        )
        against = compared(record.answer, await self._today(record), changed) if today else None
        outcome = None if rerun.answer is None else rerun.answer.outcome
        draft = Draft(Action.REPLAYED, actor(principal), screening_id, request_id=request_id)
        details = _details(rerun, changed, against)
        recorded = await self._recorder.record(replace(draft, outcome=outcome and outcome.value, details=details))
        return Replay(
            screening_id=screening_id,
            recorded_at=record.recorded_at,
            identical=details["identical"],
            outcome_recorded=record.answer.outcome,
            outcome=outcome,
            differs=rerun.differs,
            changed=changed,
            problems=rerun.problems,
            today=against,
            audit_sequence=recorded.sequence,
            audit_hash=recorded.hash,
        )

    async def _run_again(self, record: _Record, answering: Answering) -> _Rerun:
        problems = (*record.faults, *wrong_snapshots(record.answer, record.snapshots))
        held = {info.source: info for info in record.snapshots.values() if info is not None}
        if len(held) < len(record.answer.covered):
            return _Rerun(None, (), problems)
        try:
            request = ScreeningRequest.model_validate_json(record.asked)
            read = read_request(request)
        except (ValidationError, InvalidInput) as error:
            return _Rerun(None, (), (*problems, f"what was asked cannot be read by this version: {error}"))
        index = await self._screenings.past.index(held)
        coverage = recorded_coverage(record.answer)
        answer = await asyncio.to_thread(answering.answer, request, read, index, coverage)
        answered = answer.model_dump_json()
        differs = differing(record.answered, answered, from_json(record.answered), from_json(answered))
        return _Rerun(answer, differs, problems)

    async def _today(self, record: _Record) -> Answer:
        request = ScreeningRequest.model_validate_json(record.asked)
        return await self._screenings.evaluate(request.model_copy(update={"as_of": None}))

    def _nearest(self, answer: Answer) -> Policy:
        """The recorded thresholds under today's number of near-misses: for a configuration that is not found again."""
        used, present = answer.matcher, self._screenings.answering.policy
        return replace(present, review_threshold=used.review_threshold, match_threshold=used.match_threshold)


async def _read(session: AsyncSession, screening_id: str, only: str | None) -> _Record:
    screening = await read_screening(session, screening_id, only=only)
    entries, payloads = table("audit_entry"), table("audit_payload")
    query = (
        select(payloads, entries.c.commitment)
        .join(entries, entries.c.sequence == payloads.c.sequence)
        .where(payloads.c.sequence == screening.receipt.audit_sequence)
    )
    row = (await session.execute(query)).one()
    used = [searched.snapshot_id for searched in screening.answer.covered]
    return _Record(
        answer=screening.answer,
        answered=row.answered,
        asked=row.asked,
        recorded_at=screening.receipt.recorded_at,
        snapshots={snapshot_id: await snapshot(session, snapshot_id) for snapshot_id in used},
        faults=_faults(row),
    )


def _faults(row: Row[Any]) -> tuple[str, ...]:
    if Payload(row.salt, row.subject, row.asked, row.answered).commitment == row.commitment:
        return ()
    return ("what was asked or answered is not what its audit entry binds; verify the log",)


def _details(rerun: _Rerun, changed: tuple[Changed, ...], today: Today | None) -> dict[str, Any]:
    """What the audit entry says of a replay. Identical is only what ran whole, on what the record names."""
    details: dict[str, Any] = {
        "identical": rerun.answer is not None and not rerun.differs and not rerun.problems,
        "differs": list(rerun.differs),
        "changed": [f"{one.what}: {one.recorded} -> {one.now}" for one in changed],
        "problems": list(rerun.problems),
    }
    if today is not None:
        details["today"] = {
            "outcome": today.outcome_now.value,
            "entities": [f"{one.change} {one.entity_id}" for one in today.entities],
        }
    return details
