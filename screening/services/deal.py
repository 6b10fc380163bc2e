"""Deal: read a deal, screen its parties, assess it, record it. An assessment that is returned is recorded."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from core.clock import now
from core.database import Database
from core.errors import InvalidInput, NotFound
from core.settings import Settings
from screening.access import Principal
from screening.answer import Receipt
from screening.answering import Answering, lists_used
from screening.audit.entry import Action, Draft, MatcherUsed
from screening.audit.log import actor, seal
from screening.cases.alarm import alarms_of_deal
from screening.coverage import Coverage
from screening.deal_screening import Basis, assess_parties, contacts_of, has_contacts, read_parties
from screening.deals.assess import Lists
from screening.deals.assessment import Assessment
from screening.deals.contacts import ContactIndex
from screening.deals.deal import Deal
from screening.deals.rules import RuleBook, Verdict, rule_book
from screening.identity import new_id
from screening.live_index import InForce, LiveIndex
from screening.matching.index import ListIndex
from screening.reading import Read
from screening.receipts import new_receipt, receipts_of
from screening.recorder import Recorder, find_earlier
from screening.records import table
from screening.services.screen import check_key, policy_of


class RecordedDeal(BaseModel):
    """A recorded deal: the receipt and the assessment."""

    model_config = ConfigDict(frozen=True)

    receipt: Receipt
    assessment: Assessment


class DealSummary(BaseModel):
    """One line of a caller's last deals: its receipt and its verdict."""

    model_config = ConfigDict(frozen=True)

    receipt: Receipt
    verdict: Verdict


class DealService:
    """Assesses deals on behalf of a principal. One per process; safe to call concurrently."""

    def __init__(self, database: Database, live: LiveIndex, recorder: Recorder, settings: Settings) -> None:
        self._database = database
        self._live = live
        self._recorder = recorder
        chosen = {"review_threshold", "match_threshold"} & settings.model_fields_set
        self._answering = Answering(policy_of(settings), "settings" if chosen else "defaults")
        try:
            self.rules: RuleBook = rule_book(settings.deal_rules)
        except ValueError as error:
            raise InvalidInput(f"CASPIAN_DEAL_RULES: {error}") from error
        self._contacts: tuple[str, ContactIndex] | None = None

    async def assess(
        self,
        deal: Deal,
        principal: Principal,
        *,
        request_id: str | None = None,
        idempotency_key: str | None = None,
    ) -> RecordedDeal:
        """Assess a deal, record it with its audit entry, and return it once that is committed.

        With an idempotency key that this principal has used for a deal before, the recorded one is returned. Raises
        InvalidInput naming the fields that cannot be read, Conflict when the key was used for another deal, and
        Unavailable when no list is loaded or nothing can be recorded.
        """
        check_key(idempotency_key)
        asked = deal.model_dump_json(exclude_defaults=True)
        draft = Draft(
            Action.DEAL_ASSESSED,
            actor(principal),
            new_id(),
            request_id=request_id,
            idempotency_key=idempotency_key,
            reference=deal.reference,
        )
        if idempotency_key is not None:
            async with self._database.read() as session:
                earlier = await find_earlier(session, draft, asked)
                if earlier is not None:
                    return await read_deal(session, earlier.record_id)
        assessment, read, index = await self._answer(deal, now().date())
        subjects = {path: one.subject for path, one in read.items()}
        alarms = alarms_of_deal(draft, subjects, assessment, index)
        recorded = await self._recorder.record(_with_assessment(draft, deal, asked, assessment), alarms)
        if recorded.again:
            async with self._database.read() as session:
                return await read_deal(session, recorded.record_id)
        return RecordedDeal(receipt=new_receipt(recorded, principal.name, deal.reference), assessment=assessment)

    async def evaluate(self, deal: Deal, on: date | None = None) -> Assessment:
        """Return the assessment without recording it; `on` is the day whose rules hold (default: today, in UTC).

        Raises InvalidInput and Unavailable as `assess` does.
        """
        return (await self._answer(deal, on or now().date()))[0]

    async def get(self, deal_id: str, principal: Principal, *, request_id: str | None = None) -> RecordedDeal:
        """Return a recorded deal, word for word, once it is recorded that it was read, and by whom.

        A trader reads its own deals only. Raises NotFound otherwise, and when its content was erased.
        """
        async with self._database.read() as session:
            deal = await read_deal(session, deal_id, only=principal.only)
        await self._recorder.record(Draft(Action.RECORD_READ, actor(principal), deal_id, request_id=request_id))
        return deal

    async def recent(
        self, principal: Principal, *, before: str | None = None, limit: int = 20
    ) -> tuple[DealSummary, ...]:
        """Return the principal's own last deals, newest first, from before the id `before`."""
        rows, entries = table("deal"), table("audit_entry")
        query = (
            select(*rows.c, entries.c.hash, entries.c.body)
            .join(entries, entries.c.sequence == rows.c.audit_sequence)
            .where(rows.c.actor_id == principal.id)
            .order_by(rows.c.id.desc())
            .limit(limit)
        )
        if before is not None:
            query = query.where(rows.c.id < before)
        async with self._database.read() as session:
            found = list(await session.execute(query))
            receipts = await receipts_of(session, found)
        return tuple(
            DealSummary(receipt=receipt, verdict=Verdict(row.outcome))
            for row, receipt in zip(found, receipts, strict=True)
        )

    async def _answer(self, deal: Deal, on: date) -> tuple[Assessment, Mapping[str, Read], ListIndex]:
        """The assessment, its parties as they were read, by path, and the index that they were matched in."""
        in_force = self._live.current()
        answered = await asyncio.to_thread(self._assess, deal, in_force, self._live.coverage(), on)
        return *answered, in_force.index

    def _assess(
        self, deal: Deal, in_force: InForce, coverage: Coverage, on: date
    ) -> tuple[Assessment, Mapping[str, Read]]:
        read = read_parties(deal)
        contacts = self._contacts_of(in_force) if has_contacts(deal) else None
        matcher = self._answering.matcher_used(in_force.index.hash)
        lists = Lists(coverage.covered, coverage.not_covered, coverage.missing, matcher)
        basis = Basis(in_force.index, self._answering.policy, lists, self.rules, on)
        return assess_parties(deal, read, basis, contacts), read

    def _contacts_of(self, in_force: InForce) -> ContactIndex:
        """The contacts of the lists in force: read once for each index, since all entities are looked at."""
        if self._contacts is None or self._contacts[0] != in_force.hash:
            self._contacts = (in_force.hash, contacts_of(in_force.index))
        return self._contacts[1]


def _with_assessment(draft: Draft, deal: Deal, asked: str, assessment: Assessment) -> Draft:
    found = {match.entity_id: match.score for party in assessment.parties for match in party.matches}
    near = {party.nearest.entity_id: party.nearest.score for party in assessment.parties if party.nearest}
    return replace(
        draft,
        outcome=assessment.verdict.value,
        lists=lists_used(assessment.covered),
        matcher=MatcherUsed(**assessment.matcher.model_dump()),
        results=tuple(sorted(found.items())),
        near_misses=tuple(sorted((key, score) for key, score in near.items() if key not in found)),
        missing=assessment.missing,
        warnings=assessment.warnings,
        details={
            "parties": len(assessment.parties),
            "rules_hash": assessment.rules.hash,
            "tables_hash": assessment.rules.tables,
            "rules": sorted({rule.id for reason in assessment.reasons for rule in reason.rules}),
        },
        payload=seal(deal.parties[0].name, asked, assessment.model_dump_json()),
    )


async def read_deal(session: AsyncSession, deal_id: str, *, only: str | None = None) -> RecordedDeal:
    """Return one deal as it was recorded. `only`: the actor whose it must be.

    Raises NotFound when there is none (of that actor), or when its content was erased.
    """
    rows, entries, payloads = table("deal"), table("audit_entry"), table("audit_payload")
    query = (
        select(*rows.c, entries.c.hash, entries.c.body, payloads.c.answered)
        .join(entries, entries.c.sequence == rows.c.audit_sequence)
        .outerjoin(payloads, payloads.c.sequence == rows.c.audit_sequence)
        .where(rows.c.id == deal_id)
    )
    row = (await session.execute(query)).one_or_none()
    if row is None or (only is not None and row.actor_id != only):
        raise NotFound(f"there is no deal {deal_id} that you may read")
    if row.answered is None:
        raise NotFound(f"the content of deal {deal_id} was erased; its audit entry {row.audit_sequence} stays")
    (receipt,) = await receipts_of(session, [row])
    return RecordedDeal(receipt=receipt, assessment=Assessment.model_validate_json(row.answered))
