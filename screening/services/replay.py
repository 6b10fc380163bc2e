"""Replay: run a recorded screening again on the snapshots and the configuration it used, and compare byte for byte.

What has changed since (matcher version, numbers and tables, thresholds) is named and never hidden: an answer of another
matcher is not the recorded one, even where both say the same of everybody. Every replay is an audit entry.
"""

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime

from pydantic import ValidationError

from core.database import Database
from core.errors import InvalidInput
from screening.access import Principal
from screening.answer import Answer
from screening.answering import Answering
from screening.audit.entry import Action, Draft
from screening.audit.log import actor
from screening.held import Held, read_held
from screening.matching.result import Outcome
from screening.reading import read_request
from screening.recorded import read_screening
from screening.recorder import Recorder
from screening.replaying import (
    Changed,
    Finding,
    Today,
    changed_matcher,
    compared,
    details_of,
    differing,
    nearest_policy,
    recorded_coverage,
    recorded_policy,
    today_of,
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
        async with self._database.read() as session:
            screening = await read_screening(session, screening_id, only=principal.only)
            held = await read_held(session, screening.receipt.audit_sequence, screening.answer.covered)
        present, used = self._screenings.answering, screening.answer.matcher
        policy = recorded_policy(used, present.policy)
        changed = changed_matcher(used, policy, present.policy, present.thresholds_from)
        answering = Answering(policy or nearest_policy(used, present.policy), used.thresholds_from)
        rerun = await self._run_again(screening.answer, held, answering)
        against = compared(screening.answer, await self._today(held), changed) if today else None
        outcome = None if rerun.answer is None else rerun.answer.outcome
        draft = Draft(Action.REPLAYED, actor(principal), screening_id, request_id=request_id)
        identical = rerun.answer is not None and not rerun.differs and not rerun.problems
        details = details_of(identical, rerun.differs, changed, rerun.problems)
        if against is not None:
            details["today"] = today_of(against.outcome_now, against.entities)
        recorded = await self._recorder.record(replace(draft, outcome=outcome and outcome.value, details=details))
        return Replay(
            screening_id=screening_id,
            recorded_at=screening.receipt.recorded_at,
            identical=identical,
            outcome_recorded=screening.answer.outcome,
            outcome=outcome,
            differs=rerun.differs,
            changed=changed,
            problems=rerun.problems,
            today=against,
            audit_sequence=recorded.sequence,
            audit_hash=recorded.hash,
        )

    async def _run_again(self, recorded: Answer, held: Held, answering: Answering) -> _Rerun:
        if not held.whole:
            return _Rerun(None, (), held.problems)
        try:
            request = ScreeningRequest.model_validate_json(held.asked)
            read = read_request(request)
        except (ValidationError, InvalidInput) as error:
            return _Rerun(None, (), (*held.problems, f"what was asked cannot be read by this version: {error}"))
        index = await self._screenings.past.index(held.snapshots)
        coverage = recorded_coverage(recorded)
        answer = await asyncio.to_thread(answering.answer, request, read, index, coverage)
        answered = answer.model_dump_json()
        differs = differing(held.answered, answered)
        return _Rerun(answer, differs, held.problems)

    async def _today(self, held: Held) -> Answer:
        request = ScreeningRequest.model_validate_json(held.asked)
        return await self._screenings.evaluate(request.model_copy(update={"as_of": None}))
