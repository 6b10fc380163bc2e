"""Review: a person works on cases. Every step is one transaction: the case, its history and the audit entry.

Each step takes the case's version that was seen, and returns the case as it then is. Raises NotFound for no such case,
Conflict for another version or a state that forbids the step, NotAllowed for whoever may not take it, InvalidInput for
what cannot be recorded.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from core.database import Database
from core.errors import Conflict, FieldError, InvalidInput, NotAllowed, NotFound
from core.settings import Settings
from screening.access import Principal
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, seal
from screening.cases import clearances, deciding, evidence, lapsing, work
from screening.cases.case import CasePolicy, Ending, Priority
from screening.cases.evidence import EvidenceStore
from screening.cases.holders import find_holder
from screening.cases.inputs import (
    ApprovalInput,
    AssignInput,
    CommentInput,
    DecisionInput,
    EndInput,
    EvidenceInput,
    ReopenInput,
)
from screening.cases.queue import CaseFilter, queue
from screening.cases.reading import read_case, read_clearance, read_clearances
from screening.cases.reasons import reasons
from screening.cases.rules import WORKERS
from screening.cases.shown import evidence as evidence_view
from screening.cases.statistics import Statistics, statistics
from screening.cases.tables import CaseEvidence, ClearanceRow
from screening.cases.views import CasePage, CaseView, ClearancePage, ClearanceView, EvidenceView, Reasons, ReasonView
from screening.cases.work import Work, open_work
from screening.recorder import Recorder

QUEUE = "cases"
CLEARANCES = "clearances"
"""The records that reading the queue, or the clearances, is recorded about."""


def case_policy(settings: Settings) -> CasePolicy:
    """Return what the settings say of cases."""
    hours = {
        Priority.HIGH: settings.case_hours_high,
        Priority.NORMAL: settings.case_hours_normal,
        Priority.LOW: settings.case_hours_low,
    }
    return CasePolicy(
        hours=hours,
        all_false_positives=settings.four_eyes_false_positives == "all",
        true_matches=settings.four_eyes_true_matches,
        clearance_days=settings.clearance_days,
    )


def evidence_store(settings: Settings) -> EvidenceStore:
    """Return where the files attached to cases lie."""
    return EvidenceStore(settings.data_dir / "evidence", settings.evidence_max_bytes)


class ReviewService:
    """Casework on behalf of a principal. One per process; safe to call concurrently."""

    def __init__(self, database: Database, recorder: Recorder, settings: Settings) -> None:
        self._database = database
        self._recorder = recorder
        self.policy = case_policy(settings)
        self.store = evidence_store(settings)

    async def queue(
        self,
        who: Principal,
        wanted: CaseFilter | None = None,
        *,
        after: str | None = None,
        limit: int = 50,
        request_id: str | None = None,
    ) -> CasePage:
        """Return a page of cases, once it is recorded that it was read, by whom and by which filters: the most urgent
        first; of closed ones, the last closed first.
        """
        wanted = wanted or CaseFilter()
        async with self._database.read() as session:
            found = await queue(session, who, wanted, after=after, limit=limit)
        told = {name: str(value) for name, value in wanted.asked().items() if name != "subject"}
        payload = None if wanted.subject is None else seal(wanted.subject, "", "")
        draft = Draft(Action.RECORD_READ, actor(who), QUEUE, request_id=request_id, details=told, payload=payload)
        await self._recorder.record(draft)
        return found

    async def get(self, case_id: str, who: Principal, *, request_id: str | None = None) -> CaseView:
        """Return a whole case, once it is recorded that it was read, and by whom."""
        async with self._database.read() as session:
            case = await read_case(session, case_id, who)
        await self._recorder.record(Draft(Action.RECORD_READ, actor(who), case_id, request_id=request_id))
        return case

    async def assign(
        self, case_id: str, said: AssignInput, who: Principal, *, request_id: str | None = None
    ) -> CaseView:
        """Take the case, release it, or give it to somebody."""
        async with self._step(case_id, said.version) as opened:
            to = who if said.to == work.ME else await self._person(opened, said.to)
            await work.assign(opened, who, to, request_id)
        return await self._after(case_id, who)

    async def comment(
        self, case_id: str, said: CommentInput, who: Principal, *, request_id: str | None = None
    ) -> CaseView:
        """Add a comment."""
        async with self._step(case_id, said.version) as opened:
            await work.comment(opened, who, said.note, request_id)
        return await self._after(case_id, who)

    async def decide(
        self, case_id: str, said: DecisionInput, who: Principal, *, request_id: str | None = None
    ) -> CaseView:
        """Decide matches: those named, or all that are open."""
        async with self._step(case_id, said.version) as opened:
            await deciding.decide(opened, who, said, self.policy, request_id)
        return await self._after(case_id, who)

    async def approve(
        self, case_id: str, said: ApprovalInput, who: Principal, *, request_id: str | None = None
    ) -> CaseView:
        """Approve or return what waits for a second person."""
        async with self._step(case_id, said.version) as opened:
            await deciding.approve(opened, who, said, request_id)
        return await self._after(case_id, who)

    async def reopen(
        self, case_id: str, said: ReopenInput, who: Principal, *, request_id: str | None = None
    ) -> CaseView:
        """Open a closed case again; its clearances end."""
        async with self._step(case_id, said.version) as opened:
            await clearances.reopen(opened, who, said.note, self.policy, request_id)
        return await self._after(case_id, who)

    async def attach(
        self, case_id: str, said: EvidenceInput, data: bytes, who: Principal, *, request_id: str | None = None
    ) -> CaseView:
        """Attach a file. Raises also TooLarge, and Conflict when the case has the same file already."""
        _check_works(who)
        async with self._database.read() as session:
            await read_case(session, case_id, who)
        digest = await asyncio.to_thread(self.store.keep, data)
        async with self._step(case_id, said.version) as opened:
            await evidence.attach(opened, who, said, (digest, len(data)), request_id)
        return await self._after(case_id, who)

    async def evidence(
        self, case_id: str, digest: str, who: Principal, *, request_id: str | None = None
    ) -> tuple[EvidenceView, bytes]:
        """Return an attached file and its bytes, whose hash is checked, once it is recorded that it was read.

        Raises AuditError when the bytes are no longer those that were attached.
        """
        async with self._database.read() as session:
            row = await session.get(CaseEvidence, (case_id, digest))
        if row is None:
            raise NotFound(f"case {case_id} has no such file")
        data = await asyncio.to_thread(self.store.read, digest)
        details = {"sha256": digest}
        await self._recorder.record(
            Draft(Action.RECORD_READ, actor(who), case_id, request_id=request_id, details=details)
        )
        return evidence_view(row), data

    async def clearances(
        self,
        who: Principal,
        *,
        in_force: bool | None = None,
        after: str | None = None,
        limit: int = 50,
        request_id: str | None = None,
    ) -> ClearancePage:
        """Return clearances, newest first, once it is recorded that they were read, and by whom."""
        async with self._database.read() as session:
            found = await read_clearances(session, in_force=in_force, after=after, limit=limit)
        await self._recorder.record(Draft(Action.RECORD_READ, actor(who), CLEARANCES, request_id=request_id))
        return found

    async def end_clearance(
        self, clearance_id: str, said: EndInput, who: Principal, *, request_id: str | None = None
    ) -> ClearanceView:
        """End a clearance before its time; its case is opened again. Raises Conflict when it has ended already."""
        _check_works(who)
        async with self._database.write() as session:
            row = await session.get(ClearanceRow, clearance_id)
            if row is None:
                raise NotFound(f"there is no clearance {clearance_id}")
            await open_work(session, row.case_id, None)  # nobody else ends it meanwhile
            await session.refresh(row)
            if row.ended_at is not None:
                raise Conflict(f"the clearance ended on {row.ended_at[:10]} already ({row.ended_why})")
            how = clearances.End(Ending.ENDED, actor(who), said.note, request_id)
            await clearances.end(session, [row], how, self.policy)
        async with self._database.read() as session:
            return await read_clearance(session, clearance_id)

    async def statistics(self, days: int = 30) -> Statistics:
        """Return casework in figures; what is counted over time, for the last `days` days with today."""
        async with self._database.read() as session:
            return await statistics(session, days)

    async def lapse_expired(self) -> int:
        """End the clearances whose date has passed; return how many."""
        return await lapsing.lapse_expired(self._database, self.policy)

    @staticmethod
    def reasons() -> Reasons:
        """Return all reason codes."""
        return Reasons(items=tuple(ReasonView.model_validate(one) for one in reasons().values()))

    @asynccontextmanager
    async def _step(self, case_id: str, version: int) -> AsyncIterator[Work]:
        async with self._database.write() as session:
            yield await open_work(session, case_id, version)

    async def _after(self, case_id: str, who: Principal) -> CaseView:
        async with self._database.read() as session:
            return await read_case(session, case_id, who)

    async def _person(self, opened: Work, person_id: str | None) -> Principal | None:
        if person_id is None:
            return None
        found = await find_holder(opened.session, person_id)
        if found is None:
            raise InvalidInput(
                "nobody was given the case", [FieldError("to", "give `me`, a valid key's or person's id")]
            )
        return found


def _check_works(who: Principal) -> None:
    if who.role not in WORKERS:
        raise NotAllowed(f"The role {who.role.value!r} does not work on cases. It is for: approver, officer.")
