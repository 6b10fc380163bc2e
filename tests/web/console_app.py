"""What is listed in the console's tests, and the two ways in: a browser without script, and a real server."""

import socket
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import httpx
import uvicorn
from fastapi import FastAPI

from core.clock import now
from core.database import Database
from core.settings import Settings
from lists.entity import Identifier, Kind, ListedEntity, Measure, Name, NameType, PartialDate, Programme, VesselFacts
from lists.files import FetchedFile
from lists.saving import save
from lists.source import Expect, ParsedList, discover
from screening.access import Role
from screening.cases.case import CasePolicy
from screening.cases.lapsing import lapse_changed
from screening.keys import create_key

BLOCKED = Programme(
    code="IRAN",
    measure=Measure.BLOCKING,
    title="Iranian bank, property blocked",
    meaning="US persons may not deal with it.",
    legal_basis="31 CFR 560.211",
)
MELLI = ListedEntity(
    id="ofac:25578",
    source="ofac_sdn",
    kind=Kind.ORGANIZATION,
    names=(
        Name("BANK MELLI IRAN", NameType.PRIMARY),
        Name("NATIONAL BANK OF IRAN"),
        Name("بانک ملی ایران", script="Arab", language="fa"),
    ),
    programmes=(BLOCKED,),
    secondary_sanctions=("Subject to Secondary Sanctions",),
    url="https://publisher.example/25578",
)
MELLI_EU = replace(
    MELLI,
    id="eu:EU.13719.21",
    source="eu_fsf",
    names=(Name("Bank Melli Iran", NameType.PRIMARY), Name("Bank Melli")),
    programmes=(replace(BLOCKED, code="IRN", title="Iran", legal_basis="Reg (EU) 267/2012"),),
    secondary_sanctions=(),
)
OLYA = ListedEntity(
    id="ofac:50002",
    source="ofac_sdn",
    kind=Kind.VESSEL,
    names=(Name("PORT OLYA-3", NameType.PRIMARY),),
    identifiers=(Identifier("imo", "9481910", text="IMO 9481910", strong=True),),
    vessel=VesselFacts(flag="RU", type="Cargo"),
    programmes=(replace(BLOCKED, code="RUSSIA-EO14024", title="Russia"),),
)
SOLEIMANI = ListedEntity(
    id="un:IRi.039",
    source="un_sc",
    kind=Kind.PERSON,
    names=(Name("QASEM SOLEIMANI", NameType.PRIMARY), Name("قاسم سلیمانی", script="Arab", language="fa")),
    birth_dates=(PartialDate(date(1957, 3, 11), date(1957, 3, 11), text="11 Mar 1957"),),
    programmes=(replace(BLOCKED, code="IRi", title="Iran"),),
)
NEFT = replace(MELLI, id="ofac:9001", source="ofac_cons", names=(Name("GAZPROM NEFT", NameType.PRIMARY),))
LISTED = (MELLI, MELLI_EU, OLYA, SOLEIMANI, NEFT)
DAY = date(2026, 11, 23)


async def put_in_force(
    database: Database, entities: tuple[ListedEntity, ...], day: date = DAY, *, sample: bool = False
) -> None:
    """Bring these entities into force, one edition of each list they are on; clearances that this ends lapse."""
    for key in sorted({entity.source for entity in entities}):
        wide = replace(discover()[key], expect=Expect(1, 100, drop=1.0))
        fetched = FetchedFile(
            Path("made.xml"), "ab" * 32, "made.xml", "https://publisher.example/made.xml", now(), sample=sample
        )
        mine = tuple(entity for entity in entities if entity.source == key)
        async with database.write() as session:
            await save(session, wide, ParsedList(mine, day, "by hand"), fetched, now())
            await lapse_changed(session, key, CasePolicy())


async def make_keys(database: Database, owners: Mapping[Role, str] | None = None) -> dict[Role, str]:
    """A key of every role, of these owners or of others."""
    keys: dict[Role, str] = {}
    async with database.write() as session:
        for role in Role:
            owner = f"Dina the {role.value}" if owners is None else owners[role]
            keys[role], _row = await create_key(session, role=role, owner=owner)
    return keys


@dataclass(frozen=True)
class Console:
    """A running app, a browser without script, and a key of every role."""

    app: FastAPI
    database: Database
    client: httpx.AsyncClient
    keys: dict[Role, str]

    async def sign_in(self, role: Role = Role.TRADER) -> None:
        """Sign in as a role; the client keeps the cookie."""
        answer = await self.client.post("/sign-in", data={"key": self.keys[role]})
        assert answer.status_code == 303, answer.text

    async def screen(self, **form: str) -> httpx.Response:
        """Send the form as a browser without script does, and follow it to the answer."""
        return await self.client.post("/screenings", data=form, follow_redirects=True)


@dataclass(frozen=True)
class Server:
    """A real server on a port of this machine."""

    address: str
    keys: dict[Role, str]
    settings: Settings


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """The app behind uvicorn, in a thread of its own; yields its address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    running = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=port, log_config=None))
    thread = threading.Thread(target=running.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 30
    while not running.started:
        assert thread.is_alive(), "the server did not start"
        assert time.monotonic() < deadline, "the server did not start in 30 s"
        time.sleep(0.02)
    yield f"http://127.0.0.1:{port}"
    running.should_exit = True
    thread.join(20)


async def prepare(settings: Settings) -> dict[Role, str]:
    """Fill the database of a server: keys, and lists in force. Returns the keys."""
    database = Database(settings.database)
    keys = await make_keys(database)
    await put_in_force(database, LISTED)
    await database.dispose()
    return keys
