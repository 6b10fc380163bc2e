"""Hand-made lists for the tests of the record: three lists of a few entities, brought into force as editions."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from core.clock import now
from core.database import Database
from core.settings import Settings
from lists.entity import (
    Identifier,
    Kind,
    ListedEntity,
    Measure,
    Name,
    NameType,
    PartialDate,
    Programme,
    Quality,
    VesselFacts,
)
from lists.files import FetchedFile
from lists.saving import save
from lists.source import Expect, ParsedList, Source

BLOCKED = Programme("SDGT", Measure.BLOCKING, "Terrorism", "Executive Order 13224", "Property blocked.")
DAY = date(2026, 11, 23)


def make_source(key: str, authority: str) -> Source:
    return Source(key, authority, f"List {key}", "A publisher", "https://example.org/list", (), Expect(1, 1_000))


SOURCES: Mapping[str, Source] = {
    "us_list": make_source("us_list", "ofac"),
    "eu_list": make_source("eu_list", "eu"),
}

SOLEIMANI = ListedEntity(
    id="ofac:36",
    source="us_list",
    kind=Kind.PERSON,
    names=(
        Name("Qasem SOLEIMANI", NameType.PRIMARY, script="Latn"),
        Name("Ghasem Soleymani", script="Latn"),
        Name("Haji", quality=Quality.WEAK, script="Latn"),
    ),
    birth_dates=(PartialDate(date(1957, 3, 11), date(1957, 3, 11)),),
    nationalities=("IR",),
    programmes=(BLOCKED,),
    secondary_sanctions=("Subject to Secondary Sanctions",),
    listed_on=date(2011, 5, 18),
    url="https://example.org/36",
)
OLYA = ListedEntity(
    id="ofac:50585",
    source="us_list",
    kind=Kind.VESSEL,
    names=(Name("PORT OLYA-3", NameType.PRIMARY, script="Latn"),),
    identifiers=(Identifier("imo", "9481910", text="IMO 9481910", strong=True),),
    programmes=(BLOCKED,),
    vessel=VesselFacts(flag="RU"),
)
NIOC = ListedEntity(
    id="eu:EU.1.1",
    source="eu_list",
    kind=Kind.ORGANIZATION,
    names=(Name("National Iranian Oil Company", NameType.PRIMARY, script="Latn"),),
)


async def put_in_force(
    database: Database, key: str, entities: Sequence[ListedEntity], *, at: datetime | None = None, sample: bool = False
) -> None:
    """Bring one edition of a list into force, checked and fetched at the moment `at` (default: now)."""
    moment = at or now()
    fetched = FetchedFile(Path("list.xml"), "f" * 64, "list.xml", "https://example.org/list", moment)
    wide = replace(SOURCES[key], expect=Expect(1, 1_000, drop=1.0))
    async with database.write() as session:
        parsed = ParsedList(tuple(entities), DAY, "made by hand")
        await save(session, wide, parsed, replace(fetched, sample=sample), moment)


def make_settings(tmp_path: Path, database_url: str, **changes: object) -> Settings:
    return Settings(data_dir=tmp_path / "var", database_url=database_url, **changes)  # type: ignore[arg-type]
