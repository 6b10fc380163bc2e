"""Extract: the entries of the log that pass a filter, as JSON Lines that anyone can verify offline.

Each entry carries its Merkle path to the root of the signed checkpoint in the last line, so that it is shown to be in
the log without the others; the seal beside the checkpoint shows that none is left out (`screening.audit.seal`).
"""

from collections.abc import AsyncIterator

from core.database import Database
from screening.audit.checkpoint import content_of
from screening.audit.lines import entry_line, written
from screening.audit.log import read_head
from screening.audit.merkle import Levels, Tree
from screening.audit.notary import Notary
from screening.audit.query import AuditFilter, asked, passing
from screening.audit.seal import FORMAT, Seal, closing, leaf, sign_seal
from screening.audit.verify import START


async def extract_lines(
    database: Database, notary: Notary, wanted: AuditFilter, *, payloads: bool = True
) -> AsyncIterator[str]:
    """Yield the entries that pass the filter, as lines with their ends, up to the head at the moment of asking.

    `payloads` False leaves out whom and what they were about. Raises as `Notary.attest`, before the first line.
    """
    earlier = await notary.earlier()
    async with database.read() as session:
        head = await read_head(session)
        if head == START:
            return
        signed = await notary.attest(session, head, earlier)
        levels = Levels(await notary.leaves(session, head))
        tree, count = Tree(), 0
        yield written({"format": FORMAT, "filter": asked(wanted), "payloads": payloads})
        async for row in passing(session, wanted, up_to=head.sequence):
            path = [step.hex() for step in levels.path(row.sequence - 1)]
            yield entry_line(row, payloads=payloads, path=path)
            tree.add(leaf(row.hash, has_payload=payloads and row.salt is not None))
            count += 1
        seal = sign_seal(notary.private, Seal(asked(wanted), payloads, count, tree.root().hex(), signed))
        yield written({"checkpoint": content_of(signed), "seal": closing(seal)})
