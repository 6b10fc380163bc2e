"""Batch: every row of a table screened and recorded as a screening of its own, in the order of the file.

A row's idempotency key is the batch's id and the row's number. So a batch that was killed and is run again screens only
what is not recorded yet, and no row is recorded twice.
"""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from itertools import islice

from core.errors import InvalidInput
from screening.access import Principal
from screening.answer import Screening
from screening.batch.columns import Columns
from screening.batch.reading import Row, Table
from screening.batch.scoring import told
from screening.services.screen import ScreeningService

TOGETHER = 256
"""Rows under way at once: enough to keep matching and the disk busy, few enough that memory stays flat."""


@dataclass(frozen=True, slots=True)
class RowResult:
    """One row with its recorded screening; or, where it could not be read, with the reason."""

    row: Row
    screening: Screening | None
    fault: str = ""


class BatchService:
    """Screens tables. One per process."""

    def __init__(self, screenings: ScreeningService) -> None:
        self._screenings = screenings

    async def run(
        self, table: Table, columns: Columns, batch_id: str, principal: Principal
    ) -> AsyncIterator[RowResult]:
        """Yield each row's result, in order, once it is recorded. A row that cannot be read does not stop the rest.

        Raises Unavailable when no list is loaded or nothing can be recorded, Conflict when `batch_id` was used for
        another table.
        """
        waiting = table.rows()
        while rows := list(islice(waiting, TOGETHER)):
            work = [self._row(row, columns, f"{batch_id}:{row.number}", principal) for row in rows]
            for result in await asyncio.gather(*work):
                yield result

    async def _row(self, row: Row, columns: Columns, key: str, principal: Principal) -> RowResult:
        try:
            request, _ = columns.request(row)
        except InvalidInput as error:
            return RowResult(row, None, told(error))
        return RowResult(row, await self._screenings.screen(request, principal, idempotency_key=key))
