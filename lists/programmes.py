"""Programmes: what a publisher's programme code stands for, and what a listing under it does.

A programme is not a measure: RUSSIA-EO14024 blocks on OFAC's SDN list and restricts debt, or closes correspondent
accounts, on its other lists. So the measure comes from the sanctions type where the file names one, else from the
list, and from the programme only where that leaves no choice. `data/programmes.csv` keeps, with source and certainty,
every programme, list and sanctions type seen in the OFAC, EU, UN and US CSL files up to August 2026.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources

from core.errors import ListContentError
from lists.entity import Measure, Programme

CONTAINER = "Consolidated List"
"""OFAC's name for all its non-SDN lists together: it says that an entry is not blocked by it, not what it does."""


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One row of the table. `measures` are in the order of their weight; `certainty` R read in an official text or
    list file, S secondary page, K background knowledge.
    """

    authority: str
    row: str
    code: str
    title: str
    legal_basis: str
    measures: tuple[Measure, ...]
    countries: str
    status: str
    meaning: str
    source: str
    certainty: str


def programme(authority: str, code: str, *, list_name: str = "", sanctions_type: str = "") -> Programme:
    """Return the programme `code` of `authority` (ofac, eu, un, us_csl) as it applies on a list.

    `list_name` and `sanctions_type` are OFAC's own words ("SDN List", "Executive Order 14024 Directive 2"). An EU
    entry without any programme has code "": its measure is UNKNOWN, which never reads as none.
    Raises ListContentError for a code, a list or a sanctions type that no row of the table names.
    """
    row = _find(authority, "programme", code)
    applied = _find(authority, "sanctions_type", sanctions_type) if sanctions_type else None
    on_list = _find(authority, "list", list_name) if list_name else None
    meaning = applied.meaning if applied else row.meaning
    return Programme(
        code=code,
        measure=_measure(row, applied, on_list),
        title=row.title,
        legal_basis=row.legal_basis,
        meaning=meaning,
        list_name=list_name,
    )


def of_list(authority: str, list_name: str) -> Programme:
    """Return what being on a list does where the file names no programme; the code is the list's name.

    Raises ListContentError for a list that no row of the table names.
    """
    row = _find(authority, "list", list_name)
    return Programme(list_name, row.measures[0], row.title, row.legal_basis, row.meaning, list_name)


@cache
def rows() -> tuple[ProgrammeRow, ...]:
    """All rows of the table, for documentation and for tests."""
    text = resources.files("lists.data").joinpath("programmes.csv").read_text(encoding="utf-8")
    return tuple(
        ProgrammeRow(measures=tuple(Measure(name) for name in record.pop("measures").split()), **record)
        for record in csv.DictReader(text.splitlines())
    )


def _measure(row: ProgrammeRow, applied: ProgrammeRow | None, on_list: ProgrammeRow | None) -> Measure:
    if applied:
        return applied.measures[0]
    if on_list is None:
        return row.measures[0]
    if on_list.code != CONTAINER:
        return on_list.measures[0]
    not_blocking = [measure for measure in row.measures if measure is not Measure.BLOCKING]
    return not_blocking[0] if not_blocking else Measure.UNKNOWN


def _find(authority: str, row: str, code: str) -> ProgrammeRow:
    try:
        return _index()[authority.lower(), row, code]
    except KeyError:
        what = row.replace("_", " ")
        raise ListContentError(f"{authority}: the {what} {code!r} is in no row of lists/data/programmes.csv") from None


@cache
def _index() -> dict[tuple[str, str, str], ProgrammeRow]:
    return {(row.authority, row.row, row.code): row for row in rows()}
