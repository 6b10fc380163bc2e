"""Deal replay: run a recorded deal again on what its assessment used, and compare byte for byte.

The lists, thresholds, switches and day are those of the record. What has changed since is named and never hidden.
Every replay is an audit entry.
"""

import asyncio
from dataclasses import replace
from datetime import datetime

from pydantic import ValidationError

from core.database import Database
from core.errors import InvalidInput
from screening.access import Principal
from screening.answering import Answering
from screening.audit.entry import Action, Draft
from screening.audit.log import actor
from screening.deal_replaying import DealToday, compared_deals, recorded_lists, recorded_rules
from screening.deal_screening import Basis, assess_parties, contacts_of, has_contacts, read_parties
from screening.deals.assessment import Assessment
from screening.deals.deal import Deal
from screening.deals.rules import RuleBook, Verdict
from screening.held import Held, read_held
from screening.matching.index import ListIndex
from screening.recorder import Recorder
from screening.records import table
from screening.replaying import (
    Changed,
    Finding,
    changed_matcher,
    details_of,
    differing,
    nearest_policy,
    recorded_policy,
    today_of,
)
from screening.services.deal import DealService, read_deal
from screening.services.screen import ScreeningService


class DealReplay(Finding):
    """What the replay of a deal came to, and the audit entry that records it.

    `identical`: the same assessment byte for byte. `problems` says what of the record could not be found as it was,
    `changed` what of matcher, configuration and rules is another today, `differs` which fields of the assessment
    differ. `verdict` is None when the deal could not be run again; `today` is None unless it was asked for.
    """

    deal_id: str
    recorded_at: datetime
    identical: bool
    verdict_recorded: Verdict
    verdict: Verdict | None
    differs: tuple[str, ...]
    changed: tuple[Changed, ...]
    problems: tuple[str, ...]
    today: DealToday | None
    audit_sequence: int
    audit_hash: str


class DealReplayService:
    """Replays deals on behalf of a principal. One per process; safe to call concurrently."""

    def __init__(
        self, database: Database, recorder: Recorder, screenings: ScreeningService, deals: DealService
    ) -> None:
        self._database = database
        self._recorder = recorder
        self._screenings = screenings
        self._deals = deals

    async def knows(self, record_id: str) -> bool:
        """Say whether a deal was recorded under this id, whoever may read it."""
        rows = table("deal")
        async with self._database.read() as session:
            found = await session.execute(rows.select().with_only_columns(rows.c.id).where(rows.c.id == record_id))
            return found.first() is not None

    async def replay(
        self, deal_id: str, principal: Principal, *, today: bool = False, request_id: str | None = None
    ) -> DealReplay:
        """Run a recorded deal again, compare it with the record, and record that; `today` adds what the lists, the
        configuration and the rules of today say.

        A trader replays its own deals only. Raises NotFound otherwise and when its content was erased, and Unavailable
        when an index cannot be built, or `today` is asked for while no list is loaded.
        """
        async with self._database.read() as session:
            deal = await read_deal(session, deal_id, only=principal.only)
            held = await read_held(session, deal.receipt.audit_sequence, deal.assessment.covered)
        recorded, present, used = deal.assessment, self._screenings.answering, deal.assessment.matcher
        policy = recorded_policy(used, present.policy)
        book, switched = recorded_rules(recorded.rules, self._deals.rules)
        changed = (*changed_matcher(used, policy, present.policy, present.thresholds_from), *switched)
        answering = Answering(policy or nearest_policy(used, present.policy), used.thresholds_from)
        again, problems = await self._run_again(recorded, held, answering, book)
        differs = () if again is None else differing(held.answered, again.model_dump_json())
        identical = again is not None and not differs and not problems
        against = await self._today(recorded, held, changed) if today else None
        details = details_of(identical, differs, changed, problems)
        if against is not None:
            details["today"] = today_of(against.verdict_now, against.entities)
        draft = Draft(Action.REPLAYED, actor(principal), deal_id, request_id=request_id, details=details)
        verdict = None if again is None else again.verdict
        entry = await self._recorder.record(replace(draft, outcome=verdict and verdict.value))
        return DealReplay(
            deal_id=deal_id,
            recorded_at=deal.receipt.recorded_at,
            identical=identical,
            verdict_recorded=recorded.verdict,
            verdict=verdict,
            differs=differs,
            changed=changed,
            problems=problems,
            today=against,
            audit_sequence=entry.sequence,
            audit_hash=entry.hash,
        )

    async def _run_again(
        self, recorded: Assessment, held: Held, answering: Answering, book: RuleBook
    ) -> tuple[Assessment | None, tuple[str, ...]]:
        """The assessment, or None where the deal could not be run; and what is not as it was."""
        if not held.whole:
            return None, held.problems
        try:
            deal = Deal.model_validate_json(held.asked)
            read = read_parties(deal)
        except (ValidationError, InvalidInput) as error:
            return None, (*held.problems, f"what was asked cannot be read by this version: {error}")
        index = await self._screenings.past.index(held.snapshots)

        def run(index: ListIndex) -> Assessment:
            lists = replace(recorded_lists(recorded), matcher=answering.matcher_used(index.hash))
            basis = Basis(index, answering.policy, lists, book, recorded.assessed_on)
            return assess_parties(deal, read, basis, contacts_of(index) if has_contacts(deal) else None)

        return await asyncio.to_thread(run, index), held.problems

    async def _today(self, recorded: Assessment, held: Held, changed: tuple[Changed, ...]) -> DealToday:
        now = await self._deals.evaluate(Deal.model_validate_json(held.asked))
        return compared_deals(recorded, now, changed)
