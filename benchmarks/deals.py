"""Deals: how long a deal of twelve parties with ownership trees takes, assessed and recorded, on the real lists.

The deals differ in every name, so that nothing is remembered from the one before; the bar is 40 ms at the median.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.engine import SEED, percentile
from benchmarks.lists import cases, full_index
from core import migrations
from core.clock import now
from core.database import Database
from screening.access import Principal, Role
from screening.answer import Matcher
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, seal
from screening.deal_screening import read_parties, screen_parties
from screening.deals.assess import Lists, assess
from screening.deals.deal import Deal, PartyRole
from screening.deals.rules import rule_book
from screening.identity import new_id
from screening.matching.policy import Policy
from screening.recorder import Recorder

DEALS = 100
PARTIES = 12


def made_deals(count: int = DEALS) -> list[Deal]:
    """Return deals of twelve parties, three of them with a tree of three owners, with names of the case files."""
    chance = random.Random(SEED)
    names = [case.name for case in (*cases("innocent"), *cases("crosslist"))]
    roles = [role for role in PartyRole if role is not PartyRole.BENEFICIAL_OWNER][:PARTIES]
    found = []
    for _ in range(count):
        parties = []
        for at, role in enumerate(roles):
            party: dict[str, object] = {"roles": [role.value], "name": chance.choice(names), "countries": ["IR"]}
            if at < 3:
                above = [{"name": chance.choice(names), "percent": 60}]
                party["owners"] = [
                    {"name": chance.choice(names), "percent": 30, "owners": above},
                    {"name": chance.choice(names), "percent": 25},
                ]
            parties.append(party)
        found.append(
            Deal.model_validate(
                {
                    "parties": parties,
                    "goods": [{"hs": "1001.99", "description": "Milling wheat", "origin": "RU"}],
                    "route": [{"kind": "load", "unlocode": "RUOYA"}, {"kind": "discharge", "unlocode": "IRBAZ"}],
                    "payment": {"currency": "EUR", "channel": "swift"},
                    "nexus": {"eu_establishment": True},
                }
            )
        )
    return found


async def _measure(directory: Path) -> tuple[list[float], list[float]]:
    index, book, policy = full_index(), rule_book(), Policy()
    matcher = Matcher(
        version="benchmark", config_hash="", review_threshold=700, match_threshold=900, thresholds_from="", index=""
    )
    lists = Lists((), (), (), matcher)
    address = f"sqlite:///{directory / 'deals.sqlite'}"
    await asyncio.to_thread(migrations.upgrade, address)
    database, who = Database(address), actor(Principal("benchmark", "benchmark", Role.TRADER))
    assessed, recorded = [], []
    async with Recorder(database) as recorder:
        for deal in made_deals():
            index.forget()
            began = time.perf_counter()
            screened = screen_parties(deal, read_parties(deal), index, policy, None)
            assessment = assess(deal, screened, book, lists, now().date())
            assessed.append(time.perf_counter() - began)
            payload = seal(deal.parties[0].name, deal.model_dump_json(), assessment.model_dump_json())
            draft = Draft(Action.DEAL_ASSESSED, who, new_id(), outcome=assessment.verdict.value, payload=payload)
            await recorder.record(draft)
            recorded.append(time.perf_counter() - began)
    await database.dispose()
    return assessed, recorded


def main(_arguments: Sequence[str] = ()) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as directory:
        assessed, recorded = asyncio.run(_measure(Path(directory)))
    for label, times in (("assessed", assessed), ("assessed and recorded", recorded)):
        print(f"{label}: p50 {percentile(times, 50):.1f} ms, p99 {percentile(times, 99):.1f} ms, {len(times)} deals")


if __name__ == "__main__":
    main()
