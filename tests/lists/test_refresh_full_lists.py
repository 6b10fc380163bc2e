"""The whole path on the publishers' real files: recognised, compared, and the broken ones refused."""

import pickle
from datetime import UTC, datetime
from pathlib import Path

import pytest

from core.database import Database
from core.settings import Settings, SourceSettings
from lists import editions, snapshots
from lists.diff import ChangeKind
from lists.importing import FileOutcome, import_directory
from lists.refresh import refresh
from lists.source import discover
from lists.status import ListState, statuses


def test_every_parser_can_be_asked_to_work_in_a_process_of_its_own() -> None:
    for source in discover().values():
        for form in source.formats:
            assert pickle.loads(pickle.dumps(form.parse)), form.name


@pytest.mark.full_lists
@pytest.mark.parametrize(
    ("directory", "known", "unknown"),
    [
        (
            "current",
            {
                "CONSOLIDATED.XML": "ofac_cons",
                "CONS_ENHANCED.XML": "ofac_cons",
                "SDN.XML": "ofac_sdn",
                "un_consolidated.xml": "un_sc",
                "xmlFullSanctionsList_1_1.xml": "eu_fsf",
            },
            {"us_csl_consolidated.csv.gz": False},
        ),
        ("csv", {"sdn.csv": "ofac_sdn"}, {"add.csv": True, "alt.csv": True, "sdn_comments.csv": True}),
        ("broken", {"eu_truncated_download.xml": "eu_fsf", "un_not_wellformed.xml": "un_sc"}, {}),
    ],
)
def test_files_are_told_by_content(
    shared_lists: Path, tmp_path: Path, directory: str, known: dict[str, str], unknown: dict[str, bool]
) -> None:
    paths = sorted((shared_lists / directory).iterdir())
    sources = [discover()[key] for key in ("ofac_sdn", "ofac_cons", "eu_fsf", "un_sc")]
    found, others = editions.collect(paths, sources, tmp_path, 100_000_000, datetime.now(UTC))
    assert {candidate.opened.name: candidate.source.key for candidate in found} == known
    assert {other.name: other.error is None for other in others} == unknown


@pytest.mark.full_lists
async def test_the_un_change_shows_irans_relisted_entries_and_broken_files_change_nothing(
    database: Database, shared_lists: Path
) -> None:
    sources = [discover()["un_sc"], discover()["eu_fsf"]]
    un = sources[:1]
    results = {r.file: r for r in await import_directory(database, shared_lists / "previous", un)}
    assert results["un_consolidated.xml"].outcome is FileOutcome.SUPERSEDED
    assert results["un_consolidated_2026-02-27.xml"].outcome is FileOutcome.ACTIVATED
    results = {r.file: r for r in await import_directory(database, shared_lists / "current", un)}
    assert results["un_consolidated.xml"].outcome is FileOutcome.ACTIVATED
    async with database.read() as session:
        held = await snapshots.in_force(session)
        assert held["un_sc"].entities == 1_011
        added = await snapshots.changes(session, "un_sc", change=ChangeKind.ADDED, limit=1_000)
    assert sum(change.entity.entity_id.startswith(("un:IRi.", "un:IRe.")) for change in added) == 121

    broken = await import_directory(database, shared_lists / "broken", sources)
    assert [r.outcome for r in broken] == [FileOutcome.REFUSED] * 2
    async with database.read() as session:
        assert await snapshots.in_force(session) == held
        un_status, eu_status = await statuses(session, sources, Settings(), datetime.now(UTC))
    assert (un_status.state, un_status.last_outcome) == (ListState.FRESH, "refused")
    assert "line 53" in un_status.last_reason
    assert (eu_status.state, eu_status.last_outcome) == (ListState.MISSING, "refused")


@pytest.mark.full_lists
async def test_a_real_list_is_refreshed_from_a_directory(database: Database, shared_lists: Path) -> None:
    source = discover()["ofac_cons"]
    settings = Settings(lists={"ofac_cons": SourceSettings(url=str(shared_lists / "current"))})
    result = await refresh(database, source, settings)
    assert result.ok
    assert result.snapshot is not None
    assert (result.snapshot.entities, result.snapshot.file_name) == (443, "CONSOLIDATED.XML")
    async with database.read() as session:
        assert await snapshots.verify(session, result.snapshot) == ()
