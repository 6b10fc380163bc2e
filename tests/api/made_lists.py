"""Hand-made lists: a few listed entities, and a way to bring them into force; the running app that tests talk to."""

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx
from fastapi import FastAPI

from core.clock import now
from core.database import Database
from lists.entity import (
    Identifier,
    Kind,
    ListedEntity,
    Measure,
    Name,
    NameType,
    PartialDate,
    Programme,
    VesselFacts,
)
from lists.files import FetchedFile
from lists.saving import save
from lists.source import Expect, ParsedList, discover
from screening.access import Role

BLOCKED = Programme(code="SDGT", measure=Measure.BLOCKING, title="Global terrorism", meaning="Its property is blocked.")

SOLEIMANI = ListedEntity(
    id="ofac:11116",
    source="ofac_sdn",
    kind=Kind.PERSON,
    names=(Name("SOLEIMANI, Qasem", NameType.PRIMARY), Name("قاسم سلیمانی", script="Arab", language="fa")),
    birth_dates=(PartialDate(date(1957, 3, 11), date(1957, 3, 11), text="11 Mar 1957"),),
    nationalities=("IR",),
    programmes=(BLOCKED,),
    secondary_sanctions=("Section 1(b) of Executive Order 13224",),
)
OLYA = ListedEntity(
    id="ofac:50002",
    source="ofac_sdn",
    kind=Kind.VESSEL,
    names=(Name("PORT OLYA-3", NameType.PRIMARY),),
    identifiers=(Identifier("imo", "9481910", text="IMO 9481910", strong=True),),
    vessel=VesselFacts(flag="RU", type="Cargo"),
    programmes=(BLOCKED,),
)
MELLI = ListedEntity(
    id="eu:EU.27.28",
    source="eu_fsf",
    kind=Kind.ORGANIZATION,
    names=(Name("Bank Melli Iran", NameType.PRIMARY), Name("بانک ملی ایران", script="Arab", language="fa")),
    programmes=(replace(BLOCKED, code="IRN"),),
)
OTHERS = (
    replace(MELLI, id="un:IRe.009", source="un_sc", names=(Name("Bank Sepah", NameType.PRIMARY),)),
    replace(MELLI, id="ofac:9001", source="ofac_cons", names=(Name("Gazprom Neft", NameType.PRIMARY),)),
)


def fill(source: str) -> tuple[ListedEntity, ...]:
    """The hand-made entities of one list."""
    return tuple(entity for entity in (SOLEIMANI, OLYA, MELLI, *OTHERS) if entity.source == source)


async def put_in_force(database: Database, entities: tuple[ListedEntity, ...], source: str, day: date) -> None:
    """Bring these entities into force as one edition of a list."""
    wide = replace(discover()[source], expect=Expect(1, 100, drop=1.0))
    fetched = FetchedFile(Path("made.xml"), "ab" * 32, "made.xml", "https://publisher.example/made.xml", now())
    async with database.write() as session:
        await save(session, wide, ParsedList(entities, day, "by hand"), fetched, now())


@dataclass(frozen=True)
class Door:
    """A running app, a client of it, and a key of every role."""

    app: FastAPI
    client: httpx.AsyncClient
    keys: dict[Role, str]

    def auth(self, role: Role) -> dict[str, str]:
        """The header that carries the key of a role."""
        return {"Authorization": f"Bearer {self.keys[role]}"}

    async def get(self, path: str, role: Role = Role.ADMIN, **query: object) -> httpx.Response:
        """Get an address with the key of a role."""
        return await self.client.get(path, params=query, headers=self.auth(role))  # type: ignore[arg-type]

    async def screen(self, body: object, role: Role = Role.TRADER, **headers: str) -> httpx.Response:
        """Post a screening with the key of a role."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await self.client.post("/v1/screenings", json=body, headers=self.auth(role) | named)
