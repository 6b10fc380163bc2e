"""US Consolidated Screening List: the export-control lists of BIS (Entity, Denied Persons, Unverified, Military End
User) and of the State Department (nonproliferation sanctions, debarred parties), in the one CSV that has them all.

OFAC's parties are in the file too; they are left out here, since OFAC's own files are fuller and newer. The file says
of none of the others whether it is a person or a firm, so that is told by the words of the name.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

from core.errors import ListContentError, ListFormatError
from lists.countries import codes, country
from lists.dates import exact_day
from lists.entity import Address, Kind, ListedEntity, Name, NameType, Programme
from lists.joining import unique
from lists.names import script_of
from lists.programmes import of_list, programme
from lists.source import Expect, Format, ParsedList, Source

AUTHORITY = "us_csl"

CODES: Mapping[str, str] = {
    "Entity List (EL) - Bureau of Industry and Security": "EL",
    "Denied Persons List (DPL) - Bureau of Industry and Security": "DPL",
    "Unverified List (UVL) - Bureau of Industry and Security": "UVL",
    "Military End User (MEU) List - Bureau of Industry and Security": "MEU",
    "Nonproliferation Sanctions (ISN) - State Department": "ISN",
    "ITAR Debarred (DTC) - State Department": "DTC",
}
"""The file's name for each list that is read here, to the short one that it also has."""

OFACS_OWN = " - Treasury Department"
"""What the file's names for OFAC's lists end with."""

FIRMS_ONLY = frozenset({"MEU", "UVL"})
"""Lists of end users and consignees: organisations, by 15 CFR 744.15 and 744.21."""

COLUMNS = (
    *("_id", "source", "entity_number", "type", "programs", "name", "title", "addresses", "federal_register_notice"),
    *("start_date", "end_date", "standard_order", "license_requirement", "license_policy", "call_sign", "vessel_type"),
    *("gross_tonnage", "gross_registered_tonnage", "vessel_flag", "vessel_owner", "remarks", "source_list_url"),
    *("alt_names", "citizenships", "dates_of_birth", "nationalities", "places_of_birth", "source_information_url"),
    "ids",
)
ONLY_OFACS = (
    *("entity_number", "type", "title", "call_sign", "vessel_type", "gross_tonnage", "gross_registered_tonnage"),
    *("vessel_flag", "vessel_owner", "citizenships", "dates_of_birth", "nationalities", "places_of_birth", "ids"),
)
"""Columns that only OFAC's rows fill: text in one of another row would be lost here, so it raises."""

FACTS = (
    ("federal_register_notice", "Federal Register notice"),
    ("license_requirement", "licence requirement"),
    ("license_policy", "licence policy"),
    ("standard_order", "standard order"),
    ("end_date", "ends on"),
)

_WORDS = (
    r"ab academy agency airlines? airways ao as associat\w+ aviation bank branch bureau bv cent(?:er|re) co "
    r"college commission company complex components? comput\w+ concern consult\w* corp(?:oration)? department "
    r"design electr\w+ energy engineering enterprises? equipment est(?:ablishment)? exchange export\w* factory "
    r"faculty federation firm forces? forwarding foundation fz[ceo] fz-?llc gmbh government group holdings? "
    r"hospital import\w* inc(?:orporated)? industr\w+ institut\w+ international jsc laborator\w+ limited ll[cp] "
    r"logistics ltd machine\w* marine ministry nv oao office oil ojsc okb ooo organi[sz]ation oy pao pharma\w* "
    r"pjsc plant plc products? pt[ey] republic research s\.?a\.?r?\.?l? sdn semiconductors? services? shipping "
    r"shipyard shop solutions spares? srl state stores? suppl\w+ systems? tech technolog\w+ telecom\w* "
    r"trad(?:e|ing) travel universit\w+ works zao zavod "
)
OF_FIRMS = re.compile(rf"\b(?:{'|'.join(_WORDS.split())})\b|[\d?“”\x22]|^\w+$", re.IGNORECASE)
"""What a person's name does not have: these words, a figure, a quotation mark; and it has more than one word."""

_WHOSE = re.compile(r"(?:Affiliated Entity:|Subordinate Institutions?\s*[-–:])\s*(.+)$")
_SUCCESSORS = re.compile(r",?\s+and any successor, sub-?unit, or subsidiary thereof\s*$", re.IGNORECASE)
_SHORT_YEAR = re.compile(r"^00(?=(\d\d)-)")
"""A year of two figures that the file spells with four: 0097 is 1997, 0017 is 2017."""
_QUOTES = str.maketrans({"\x91": "‘", "\x92": "’", "\x93": "“", "\x94": "”", "\x96": "–"})
"""Windows-1252 punctuation that some rows carry as control characters."""

Row = Mapping[str, str]


def recognises(head: bytes, _path: Path) -> bool:
    """True for a file that begins with the screening list's own column names."""
    first = head.removeprefix(b"\xef\xbb\xbf").split(b"\n", 1)[0].decode("utf-8", "replace").strip()
    return set(first.split(",")) >= {"_id", "source", "standard_order", "license_requirement", "alt_names"}


def parse(path: Path) -> ParsedList:
    """Read the file, which carries no date. Raises ListFormatError or ListContentError; the message names the row."""
    found: dict[str, ListedEntity] = {}
    for row in _rows(path):
        if row["source"].endswith(OFACS_OWN):
            continue
        entity = _entity(row)
        if entity.id in found:
            raise ListContentError(f"{entity.id} is in the file twice")
        found[entity.id] = entity
    return ParsedList(tuple(found.values()), None, FORMAT.name)


def _rows(path: Path) -> Iterator[Row]:
    text = path.read_text(encoding="utf-8-sig")
    reader = csv.reader(io.StringIO(text, newline=""))
    columns = next(reader, [])
    if set(columns) != set(COLUMNS):
        strange = ", ".join(sorted(set(columns) ^ set(COLUMNS)))
        raise ListFormatError(f"{path.name} has not the columns that are known; the difference is {strange}")
    for cells in reader:
        if len(cells) != len(columns):
            raise ListFormatError(f"{path.name}, line {reader.line_num}: {len(cells)} cells instead of {len(columns)}")
        yield {column: " ".join(cell.translate(_QUOTES).split()) for column, cell in zip(columns, cells, strict=True)}
    if not text.endswith("\n"):
        raise ListFormatError(f"{path.name} does not end with a whole line: cut short?")


def _entity(row: Row) -> ListedEntity:
    where = f"us:{row['_id']}"
    code = CODES.get(row["source"])
    if code is None:
        raise ListContentError(f"{where}: the list {row['source']!r} is not known")
    if not row["_id"] or not row["name"]:
        raise ListContentError(f"{where}: a row of the list {code} has no id or no name")
    filled = [column for column in ONLY_OFACS if row[column]]
    if filled:
        raise ListContentError(f"{where}: a row of the list {code} fills {', '.join(filled)}, which no rule reads")
    name = _SUCCESSORS.sub("", row["name"])
    listed_on = exact_day(_SHORT_YEAR.sub(lambda found: "20" if found[1] < "50" else "19", row["start_date"]))
    facts = [(label, row[column]) for column, label in FACTS if row[column]]
    if name != row["name"]:
        facts.append(("also listed", "any successor, sub-unit or subsidiary"))
    return ListedEntity(
        id=where,
        source=SOURCE.key,
        kind=_kind(code, name),
        names=_names(name, row["alt_names"]),
        addresses=tuple(_address(text) for text in _parts(row["addresses"])),
        programmes=tuple(_programmes(row, code, listed_on)),
        facts=tuple(facts),
        listed_on=listed_on,
        remarks=row["remarks"],
        url=row["source_list_url"],
    )


def _kind(code: str, name: str) -> Kind:
    return Kind.ORGANIZATION if code in FIRMS_ONLY or OF_FIRMS.search(name) else Kind.PERSON


def _names(main: str, others: str) -> tuple[Name, ...]:
    whose = _WHOSE.search(main)
    aliases = ([whose[1]] if whose else []) + list(_parts(others))
    names = [Name(main, NameType.PRIMARY, script=script_of(main))]
    names += [Name(value, script=script_of(value)) for value in unique(aliases) if value != main]
    return tuple(names)


def _parts(text: str) -> Iterator[str]:
    """The texts of a column that holds several, the last of which may begin with "and"."""
    for part in text.split(";"):
        value = part.strip().removeprefix("and ").strip().rstrip(",")
        if value:
            yield value


def _address(text: str) -> Address:
    last = text.rpartition(",")[2].strip()
    code = last if last in codes() else country(last)
    return Address(text=text, country=code)


def _programmes(row: Row, code: str, listed_on: date | None) -> Iterator[Programme]:
    if not row["programs"]:
        yield replace(of_list(AUTHORITY, row["source"]), code=code, listed_on=listed_on)
    for name in _parts(row["programs"]):
        yield replace(programme(AUTHORITY, name, list_name=row["source"]), listed_on=listed_on)


FORMAT = Format("US Consolidated Screening List CSV", recognises, parse)
SOURCE = Source(
    key="us_csl",
    authority="us",
    title="US export control lists (BIS Entity, Denied Persons, Unverified, Military End User; State ISN, DTC)",
    publisher="US Department of Commerce, International Trade Administration",
    url="https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.csv",
    formats=(FORMAT,),
    expect=Expect(fewest=2_500, most=12_000),  # 3,625 beside OFAC's in May 2022
    every=timedelta(hours=12),
    max_age=timedelta(hours=72),
    page="https://www.trade.gov/consolidated-screening-list",
    licence="US federal government work, public domain",
    covers=("US export controls: 15 CFR 744, 764; 22 CFR 127.7; nonproliferation sanctions",),
    optional=True,
)
