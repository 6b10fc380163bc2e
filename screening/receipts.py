"""Receipts: what is told of a record beside its answer: when, by whom, in which audit entry, and its casework.

Which matches were cleared is read from the record's audit entry, as it was then; where its cases stand is told as of
now.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from screening.answer import CaseMark, ClearedMatch, Receipt
from screening.cases.reading import cases_of
from screening.cases.standing import AFTER, CLEARED
from screening.recorder import Recorded


def new_receipt(recorded: Recorded, actor: str, reference: str | None) -> Receipt:
    """Return the receipt of what was recorded just now, by the actor of this name."""
    marks: dict[str, CaseMark] = {}
    for one in recorded.opened:
        if one.case_id is not None and one.state is not None:
            marks.setdefault(one.case_id, CaseMark(id=one.case_id, state=one.state, path=one.path))
    cases = sorted(marks.values(), key=lambda mark: (mark.path, mark.id))
    record, entry = (recorded.record_id, recorded.recorded_at), (recorded.sequence, recorded.hash)
    return _receipt(record, (actor, reference), entry, cases, recorded.cleared)


async def receipts_of(session: AsyncSession, rows: Sequence[Any]) -> list[Receipt]:
    """Return the receipts of records: rows of `screening` or `deal` with the `hash` and `body` of their entries."""
    cases = await cases_of(session, [row.id for row in rows]) if rows else {}
    return [_of_row(row, cases.get(row.id, ())) for row in rows]


def _of_row(row: Any, cases: Sequence[Any]) -> Receipt:
    details = json.loads(row.body)["details"] if f'"{CLEARED}"' in row.body else {}
    marks = [CaseMark(id=case.id, state=case.state, result=case.result, path=case.path) for case in cases]
    who, entry = (row.actor_name, row.reference), (row.audit_sequence, row.hash)
    return _receipt((row.id, row.recorded_at), who, entry, marks, details)


def _receipt(
    record: tuple[str, str],
    who: tuple[str, str | None],
    entry: tuple[int, str],
    cases: Sequence[CaseMark],
    details: Mapping[str, Any],
) -> Receipt:
    return Receipt(
        id=record[0],
        recorded_at=datetime.fromisoformat(record[1]),
        actor=who[0],
        reference=who[1],
        audit_sequence=entry[0],
        audit_hash=entry[1],
        cases=tuple(cases),
        cleared=tuple(_cleared(told) for told in details.get(CLEARED, ())),
        outcome_after_clearances=details.get(AFTER),
    )


def _cleared(told: Sequence[Any]) -> ClearedMatch:
    entity_id, clearance_id, decided_in, until, path = told
    return ClearedMatch(
        entity_id=entity_id,
        clearance_id=clearance_id,
        decided_in=decided_in,
        until=datetime.fromisoformat(until),
        path=path,
    )
