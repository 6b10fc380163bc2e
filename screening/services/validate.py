"""Validate: the matcher measured on the lists in force, and that it was measured recorded with the report's hashes."""

import asyncio
from collections.abc import Mapping
from typing import Any

from core.clock import now
from core.database import Database
from lists.content import software_version
from lists.diff import ChangeKind
from lists.entity import ListedEntity
from lists.snapshots import SnapshotInfo, activations, changes, entities
from screening.access import Principal
from screening.answering import Answering, lists_used
from screening.audit.entry import Action, Draft, MatcherUsed
from screening.audit.log import actor
from screening.identity import new_id
from screening.live_index import LiveIndex
from screening.recorder import Recorded, Recorder
from screening.validation.figures import Minimums, Share
from screening.validation.page import Tested
from screening.validation.validation import Plan, Tell, Validation, validate

PAGE = 1_000
"""Changes of a list read at a time."""


class ValidationService:
    """Validates on behalf of a principal. Made for one run; the index is the one that answers."""

    def __init__(self, database: Database, live: LiveIndex, recorder: Recorder, answering: Answering) -> None:
        self._database = database
        self._live = live
        self._recorder = recorder
        self._answering = answering

    async def validate(self, plan: Plan, principal: Principal, tell: Tell) -> tuple[Validation, Tested]:
        """Run what `plan` says on the lists in force; return the figures and what they were measured on.

        Takes a minute and one core. Raises Unavailable while no list is loaded.
        """
        started = now()
        in_force, coverage = self._live.current(), self._live.coverage()
        listed, added = await self._read(in_force.snapshots)
        run = (plan, self._answering.policy)
        validation = await asyncio.to_thread(validate, in_force.index, listed, added, run, tell)
        tested = Tested(
            at=started,
            by=principal.name,
            software=software_version(),
            seconds=(now() - started).total_seconds(),
            lists=coverage.covered,
            not_covered=coverage.not_covered,
            matcher=self._answering.matcher_used(in_force.index.hash),
        )
        return validation, tested

    async def record(
        self,
        measured: tuple[Validation, Tested],
        minimums: Minimums,
        files: Mapping[str, str],
        principal: Principal,
    ) -> Recorded:
        """Write the audit entry of a validation: what it was measured on, what it came to, and the SHA-256 of its
        `files`, by name. Raises what the recorder raises; then nothing is recorded.
        """
        validation, tested = measured
        draft = Draft(
            Action.VALIDATED,
            actor(principal),
            new_id(),
            lists=lists_used(tested.lists),
            matcher=MatcherUsed(**tested.matcher.model_dump()),
            details=_details(validation, minimums) | {"files": dict(files)},
        )
        return await self._recorder.record(draft)

    async def _read(self, snapshots: Mapping[str, SnapshotInfo]) -> tuple[list[ListedEntity], set[str]]:
        listed: list[ListedEntity] = []
        added: set[str] = set()
        async with self._database.read() as session:
            for key in sorted(snapshots):
                listed += [entity async for entity in entities(session, snapshots[key])]
                last = next((a for a in await activations(session, key) if a.added and a.previous_snapshot_id), None)
                after = None
                while last is not None:
                    found = await changes(session, key, change=ChangeKind.ADDED, after=after, limit=PAGE)
                    mine = [change for change in found if change.snapshot_id == last.snapshot_id]
                    added |= {change.entity.entity_id for change in mine}
                    if len(mine) < PAGE:
                        break
                    after = mine[-1].id
        return listed, added


def _details(validation: Validation, minimums: Minimums) -> dict[str, Any]:
    """What the audit entry says of a validation, shares in ten-thousandths: the log holds no fractions."""
    plan, made = validation.plan, validation.innocents
    return {
        "holds": not validation.faults(minimums),
        "minimums": {"recall": _whole(minimums.recall), "alarms": _whole(minimums.alarms)},
        "drawn": {"queries": plan.queries, "innocents": plan.innocents, "seed": plan.seed},
        "recall": _counted(validation.recall),
        "alarms": _counted(made.alarms) | {"coincidences": made.coincidences},
        "newly_listed": {
            "added": validation.added,
            "tried": validation.new_entities,
            "names_missed": len(validation.missed_new),
        },
    }


def _counted(share: Share) -> dict[str, int]:
    return {"part": share.part, "whole": share.whole, "ten_thousandths": _whole(share.value)}


def _whole(share: float) -> int:
    return round(share * 10_000)
