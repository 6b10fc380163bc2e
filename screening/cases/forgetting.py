"""Forgetting: takes off cases what names somebody, when a lawful erasure reaches them (`screening.audit.erasure`)."""

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlmodel import col

from screening.cases.tables import CaseEvidence, ReviewCase


async def forget(session: AsyncSession, case_ids: Collection[str]) -> tuple[str, ...]:
    """Take the subject and the words about attached files off these cases, in the caller's transaction.

    Returns the files that only these cases have: `EvidenceStore.remove` them once the transaction is committed.
    """
    cases, files = col(ReviewCase.id), col(CaseEvidence.case_id)
    await session.execute(update(ReviewCase).where(cases.in_(case_ids)).values(subject=None, about=None, folded=None))
    await session.execute(update(CaseEvidence).where(files.in_(case_ids)).values(name="", says=""))
    digest = col(CaseEvidence.sha256)
    elsewhere = select(digest).where(files.not_in(case_ids))
    own = select(digest).where(files.in_(case_ids), digest.not_in(elsewhere)).distinct()
    return tuple(await session.scalars(own))
