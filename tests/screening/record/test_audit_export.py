"""The log carried out of the database: an export verifies alone; an erased payload leaves the chain whole."""

import json

import pytest
from record_log import OLGA, fill

from core.database import Database
from core.errors import AuditError, NotFound
from screening.audit.check import verify_database
from screening.audit.export import export_lines, verify_export
from screening.audit.log import erase_payload, read_head
from screening.audit.verify import Fault, Head


async def test_an_erased_payload_leaves_the_chain_whole(database: Database) -> None:
    await fill(database, 5)
    async with database.write() as session:
        await erase_payload(session, 3, OLGA, "court order")
    verdict = await verify_database(database)
    assert verdict.whole, verdict.problem
    assert (verdict.checked, verdict.erased) == (6, 1)
    lines = [line async for line in export_lines(database)]
    assert verify_export(lines).erased == 1

    async def erase_again() -> None:
        async with database.write() as session:
            await erase_payload(session, 3, OLGA, "again")

    with pytest.raises(NotFound):
        await erase_again()
    assert (await verify_database(database)).checked == 6


async def test_an_export_verifies_alone(database: Database) -> None:
    await fill(database, 7)
    lines = [line async for line in export_lines(database)]
    verdict = verify_export(lines)
    assert verdict.whole, verdict.problem
    assert verdict.checked == 7
    async with database.read() as session:
        assert json.loads(lines[-1])["checkpoint"]["hash"] == (await read_head(session)).hash
    assert json.loads(lines[1])["payload"]["subject"] == "bank melli"


async def test_an_export_without_payloads_names_nobody_and_verifies(database: Database) -> None:
    await fill(database, 3)
    lines = [line async for line in export_lines(database, payloads=False)]
    assert not any("melli" in line.casefold() for line in lines)
    assert verify_export(lines).whole


async def test_a_part_of_the_log_is_exported_from_an_entry_on(database: Database) -> None:
    await fill(database, 6)
    lines = [line async for line in export_lines(database, after=4)]
    assert len(lines) == 4
    assert verify_export(lines).whole
    with pytest.raises(NotFound, match="no audit entry 77"):
        [line async for line in export_lines(database, after=77)]


async def test_an_export_laid_out_anew_still_verifies_and_an_altered_one_does_not(database: Database) -> None:
    await fill(database, 4)
    lines = [line async for line in export_lines(database)]
    anew = [json.dumps(json.loads(line), sort_keys=True, ensure_ascii=True) for line in lines]
    assert verify_export(anew).whole
    altered = [lines[0], lines[1], lines[2].replace('"outcome":"clear"', '"outcome":"match"'), *lines[3:]]
    verdict = verify_export(altered)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (2, Fault.ALTERED)
    removed = [*lines[:2], *lines[3:]]
    verdict = verify_export(removed)
    assert verdict.problem is not None
    assert (verdict.problem.sequence, verdict.problem.fault) == (2, Fault.MISSING)
    with pytest.raises(AuditError, match="cut short"):
        verify_export(lines[:-1])
    with pytest.raises(AuditError, match="not an audit export"):
        verify_export(['{"some":"json"}'])
    with pytest.raises(AuditError, match="not JSON"):
        verify_export([lines[0], "noise"])
    shorter = [*lines[:4], json.dumps({"checkpoint": {"sequence": 3, "hash": json.loads(lines[3])["hash"]}})]
    assert verify_export(shorter).whole
    expected = Head(4, json.loads(lines[4])["hash"])
    assert not verify_export(shorter, expected=expected).whole
