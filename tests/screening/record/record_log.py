"""What the tests of the audit log share: two people, a draft, and a log with screenings in it."""

import asyncio

from core.database import Database
from screening.access import Principal, Role
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, seal
from screening.recorder import Recorder

DINA = Principal("key:ck_dina", "Dina Karimova", Role.TRADER)
OLGA = Principal("key:ck_olga", "Olga", Role.OFFICER)


def make_draft(number: int, *, by: Principal = DINA, outcome: str = "clear", subject: str = "Bank Melli") -> Draft:
    return Draft(
        Action.SCREENED,
        actor(by),
        f"S{number:04}",
        outcome=outcome,
        results=(("ofac:36", 980),) if outcome == "match" else (),
        near_misses=(("eu:EU.1.2", 600), ("ofac:36", 590)) if outcome == "clear" else (),
        payload=seal(subject, f'{{"subject":{{"name":"{subject}"}}}}', '{"outcome":"clear"}'),
    )


async def fill(database: Database, count: int) -> None:
    """Screenings with their rows, as the recorder writes them."""
    async with Recorder(database) as recorder:
        await asyncio.gather(*(recorder.record(make_draft(number)) for number in range(1, count + 1)))
