"""Screen: read the request, match, answer, record. A screening that is returned is recorded.

The matcher and the writing of the answer run in worker processes, or in threads until those are there, so that the
event loop keeps serving.
"""

import asyncio
import os
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from core.clock import now
from core.database import Database
from core.errors import FieldError, InvalidInput
from core.settings import Settings
from screening.access import Principal
from screening.answer import Answer, Screening
from screening.answering import Answering, asked_as, with_answer
from screening.audit.entry import Action, Draft
from screening.audit.log import actor
from screening.cases.alarm import alarms_of
from screening.coverage import Coverage
from screening.identity import new_id
from screening.live_index import LiveIndex
from screening.match_workers import MatchWorkers
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.past_index import PastIndexes
from screening.reading import Read, read_request
from screening.receipts import new_receipt
from screening.recorded import Summary, read_screening, recent_screenings
from screening.recorder import Recorder, find_earlier
from screening.request import ScreeningRequest

MOST_KEY = 200
"""Characters of an idempotency key."""


class ScreeningService:
    """Screens on behalf of a principal. One per process; safe to call concurrently."""

    def __init__(self, database: Database, live: LiveIndex, recorder: Recorder, settings: Settings) -> None:
        self._database = database
        self._live = live
        self._recorder = recorder
        chosen = {"review_threshold", "match_threshold"} & settings.model_fields_set
        self._answering = Answering(policy_of(settings), "settings" if chosen else "defaults")
        self._threads = ThreadPoolExecutor(max_workers=os.cpu_count() or 2, thread_name_prefix="match")
        self._workers = MatchWorkers(self._answering, count=settings.match_workers)
        self._past = PastIndexes(database, live, settings)

    @property
    def past(self) -> PastIndexes:
        """The indexes over earlier snapshots that this service searches: one set of them per process."""
        return self._past

    @property
    def answering(self) -> Answering:
        """How this service answers: under the policy of today's settings."""
        return self._answering

    @property
    def config_hash(self) -> str:
        """The hash over thresholds, numbers and tables that every answer names."""
        return self._answering.config_hash

    async def close(self) -> None:
        """End workers and threads; what they are doing is finished."""
        await self._workers.close()
        await asyncio.to_thread(self._threads.shutdown)

    async def screen(
        self,
        request: ScreeningRequest,
        principal: Principal,
        *,
        request_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> Screening:
        """Screen one subject, record it with its audit entry, and return it once that is committed.

        With an idempotency key that this principal has used before, the recorded screening is returned. Raises
        InvalidInput naming the fields that cannot be read, Conflict when the key was used for another request, and
        Unavailable when no list is loaded or nothing can be recorded.
        """
        check_key(idempotency_key)
        read = read_request(request)
        draft = Draft(
            Action.SCREENED,
            actor(principal),
            new_id(),
            request_id=request_id,
            idempotency_key=idempotency_key,
            reference=request.reference,
        )
        if idempotency_key is not None:
            async with self._database.read() as session:
                earlier = await find_earlier(session, draft, asked_as(request))
                if earlier is not None:
                    return await read_screening(session, earlier.record_id)
        answer, answered, index = await self._answer(request, read)
        alarms = alarms_of(draft, read.subject, answer, index)
        recorded = await self._recorder.record(with_answer(draft, request, answer, answered), alarms)
        if recorded.again:
            async with self._database.read() as session:
                return await read_screening(session, recorded.record_id)
        return Screening.of(new_receipt(recorded, principal.name, request.reference), answer, answered)

    async def evaluate(self, request: ScreeningRequest) -> Answer:
        """Return the answer without recording it: for evaluation and previews, never for a decision.

        Raises InvalidInput and Unavailable as `screen` does.
        """
        return (await self._answer(request, read_request(request)))[0]

    async def get(self, screening_id: str, principal: Principal, *, request_id: str | None = None) -> Screening:
        """Return a recorded screening, word for word, once it is recorded that it was read, and by whom.

        A trader reads its own screenings only. Raises NotFound otherwise, and when its content was erased.
        """
        async with self._database.read() as session:
            screening = await read_screening(session, screening_id, only=principal.only)
        await self._recorder.record(Draft(Action.RECORD_READ, actor(principal), screening_id, request_id=request_id))
        return screening

    async def recent(self, principal: Principal, *, before: str | None = None, limit: int = 20) -> tuple[Summary, ...]:
        """Return the principal's own last screenings, newest first, from before the id `before`."""
        async with self._database.read() as session:
            return await recent_screenings(session, principal.id, before=before, limit=limit)

    async def _answer(self, request: ScreeningRequest, read: Read) -> tuple[Answer, str, ListIndex]:
        """The answer, its JSON and the index that gave it: by a worker process if one is ready, else by a thread."""
        if request.as_of is not None:
            index, coverage = await self._then(request.as_of)
        else:
            in_force, coverage = self._live.current(), self._live.coverage()
            given = await self._workers.answer(request, in_force, coverage)
            if given is not None:
                return *given, in_force.index
            index = in_force.index
        loop = asyncio.get_running_loop()
        here = await loop.run_in_executor(self._threads, self._answer_here, request, read, index, coverage)
        return *here, index

    async def _then(self, moment: datetime) -> tuple[ListIndex, Coverage]:
        """The index and the coverage of a past moment. Raises InvalidInput for one that is not past or has no list."""
        if moment > now():
            raise _bad_moment("is still to come; leave it out to screen against today's lists")
        snapshots, coverage = await self._live.then(moment)
        if not snapshots:
            raise _bad_moment("is before any list held here came into force; give a later moment")
        return await self._past.index(snapshots), coverage

    def _answer_here(
        self, request: ScreeningRequest, read: Read, index: ListIndex, coverage: Coverage
    ) -> tuple[Answer, str]:
        answer = self._answering.answer(request, read, index, coverage)
        return answer, answer.model_dump_json()


def _bad_moment(why: str) -> InvalidInput:
    return InvalidInput("the moment cannot be screened as of", [FieldError("as_of", why)])


def policy_of(settings: Settings) -> Policy:
    """Return the thresholds that the settings say."""
    return Policy(settings.review_threshold, settings.match_threshold, settings.near_misses)


def check_key(key: str | None) -> None:
    """Raise InvalidInput for an idempotency key that cannot be used."""
    if key is not None and not (key.isprintable() and 0 < len(key) <= MOST_KEY):
        error = FieldError("Idempotency-Key", f"give 1 to {MOST_KEY} printable characters")
        raise InvalidInput("the idempotency key cannot be used; nothing was screened", [error])
