"""A tour of the console: example records, and every page with a role that may see it.

The accessibility tests and the pictures of the documentation walk the same tour; a test holds it complete.
"""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
from console_app import Server

from api.deps import open_services
from api.metrics import Metrics
from core.clock import now
from screening.access import Role


@dataclass(frozen=True)
class Stop:
    """One page of the tour: a name (of its pictures), who looks, and its route.

    `record` is the example record whose id stands in the route, or what stands there itself; a query may name records.
    """

    name: str
    role: Role | None
    route: str
    record: str = ""
    query: str = ""

    def address(self, records: Mapping[str, str]) -> str:
        """The page's address, with the ids of its example records."""
        path = re.sub(r"\{\w+\}", records.get(self.record, self.record), self.route)
        return path + self.query.format_map(records)


TOUR = (
    Stop("sign-in", None, "/sign-in"),
    Stop("password", None, "/sign-in/password"),
    Stop("dashboard", Role.OFFICER, "/dashboard"),
    Stop("queue", Role.OFFICER, "/cases"),
    Stop("case", Role.OFFICER, "/cases/{id}", "case"),
    Stop("case-approval", Role.APPROVER, "/cases/{id}", "case-approval"),
    Stop("case-closed", Role.AUDITOR, "/cases/{id}", "case-closed"),
    Stop("clearances", Role.OFFICER, "/clearances"),
    Stop("screen", Role.TRADER, "/"),
    Stop("screening-match", Role.TRADER, "/screenings/{id}", "match"),
    Stop("screening-review", Role.TRADER, "/screenings/{id}", "review"),
    Stop("screening-clear", Role.TRADER, "/screenings/{id}", "clear"),
    Stop("screening-incomplete", Role.TRADER, "/screenings/{id}", "incomplete"),
    Stop("screening-vessel", Role.TRADER, "/screenings/{id}", "vessel"),
    Stop("certificate", Role.TRADER, "/screenings/{id}/certificate", "match"),
    Stop("screenings", Role.TRADER, "/screenings"),
    Stop("batches", Role.TRADER, "/batches"),
    Stop("batch", Role.TRADER, "/batches/{id}", "batch"),
    Stop("deals", Role.TRADER, "/deals"),
    Stop("deal-new", Role.TRADER, "/deals/new"),
    Stop("deal", Role.TRADER, "/deals/{id}", "deal"),
    Stop("lists", Role.OFFICER, "/lists"),
    Stop("list-changes", Role.OFFICER, "/lists/{key}/changes", "ofac_sdn"),
    Stop("audit", Role.AUDITOR, "/audit"),
    Stop("audit-entry", Role.AUDITOR, "/audit", query="?action=screened&entry={entry}"),
    Stop("people", Role.ADMIN, "/people"),
    Stop("keys", Role.ADMIN, "/keys"),
    Stop("keyboard", Role.TRADER, "/keyboard"),
    Stop("not-found", Role.TRADER, "/screenings/{id}", "01ARZ3NDEKTSV4RRFFQ69G5FAV"),
)

SCREENINGS: Mapping[str, Mapping[str, str]] = {
    "clear": {"name": "ООО «Каспийская зерновая компания»", "kind": "organization", "country": "Russia"},
    "incomplete": {"name": "PORT OLYA", "kind": "vessel", "country": "Russia"},
    "review": {"name": "قاسم سلیمی", "kind": "person", "country": "Iran", "reference": "AST-2026-121"},
    "vessel": {"name": "PORT OLYA-4", "kind": "vessel", "id_type": "imo", "id_value": "9481910"},
    "cleared": {"name": "Gazprom Neft Iran", "kind": "organization", "country": "Iran"},
    "match": {"name": "بانک ملی ایران", "kind": "organization", "country": "Iran", "reference": "AST-2026-118"},
}
"""What the trader screens, in this order."""

DEAL: Mapping[str, Any] = {
    "p_role": ["seller", "buyer", "vessel", "end_user"],
    "p_name": ["ООО «Волга-Агромаш»", "Pars Darya Tejarat", "PORT OLYA-4", ""],
    "p_country": ["Russia", "Iran", "Russia", ""],
    "p_type": ["inn", "national_id", "imo", "inn"],
    "p_number": ["", "", "9481910", ""],
    "p_owners": ["", "Bank Melli Iran; 30 %; Iran\nGazprom Neft; 25\nSahel Holding", "", ""],
    "g_hs": ["8542.31"],
    "g_description": ["Controller boards"],
    "g_origin": [""],
    "g_value": ["32,000"],
    "r_kind": ["load", "discharge"],
    "r_place": ["Astrakhan", "IRBAZ"],
    "r_mode": ["sea", ""],
    "reference": "AST-2026-118",
    "amount": "412,000",
    "currency": "eur",
    "channel": "swift",
    "incoterm": "CIF",
    "nexus": ["eu_establishment"],
}
"""What the trader assesses: a listed ship and a part owner, an omitted end user, goods of the first tier."""


TABLE = "\n".join(
    [
        "نام;Name_EN;Type;Country;Remarks",
        "پارس دریا تجارت;Pars Darya Tejarat;organization;IR;new 2025",
        "بانک ملی ایران;;organization;IR;",
        "کشاورزی دشت مغان;Moghan Plain Agri;organization;IR;",
        ";Gazprom Neft Iran;organization;IR;check",
        ";ООО «Дельта Зерно»;organization;RU;",
        ";;organization;IR;no name",
    ]
)
"""What the trader sends as a file: its last row names nobody."""

PEOPLE = (
    {"sign_in_name": "dina", "name": "Dina Karimova", "role": "trader"},
    {"sign_in_name": "lena.okafor", "name": "Lena Okafor", "role": "officer"},
    {"sign_in_name": "jan.roos", "name": "Jan Roos", "role": "approver"},
)
"""Whom the administrator adds."""


@asynccontextmanager
async def signed_in_client(server: Server, role: Role) -> AsyncIterator[httpx.AsyncClient]:
    """A browser without script, signed in."""
    headers = {"Origin": server.address, "Accept": "text/html"}
    async with httpx.AsyncClient(base_url=server.address, headers=headers, timeout=60) as client:
        answer = await client.post("/sign-in", data={"key": server.keys[role]})
        assert answer.status_code == 303, answer.text
        yield client


async def make_records(server: Server) -> dict[str, str]:
    """Make the example records as people make them, by the pages' forms; return their ids by name."""
    records: dict[str, str] = {}
    async with signed_in_client(server, Role.TRADER) as trader:
        for name, form in SCREENINGS.items():
            records[name] = _id_of(await trader.post("/screenings", data=form))
        answered = await trader.get(f"/screenings/{records['match']}")
        records["entry"] = "".join(re.findall(r"Audit entry <b[^>]*>([\d,]+)<", answered.text)).replace(",", "")
        records["deal"] = _id_of(await trader.post("/deals/new", data=DEAL))
        records["batch"] = await send_batch(trader)
    await run_batch(server, records["batch"])
    async with signed_in_client(server, Role.ADMIN) as admin:
        for person in PEOPLE:
            assert (await admin.post("/people", data=person)).status_code == 200
    return records | await make_cases(server, records)


async def make_cases(server: Server, records: Mapping[str, str]) -> dict[str, str]:
    """Work on the cases that the records opened: one is taken, one waits for a second person, one is cleared."""
    cases = {
        "case": await case_of(server, records["match"]),
        "case-approval": await case_of(server, records["review"]),
        "case-closed": await case_of(server, records["cleared"]),
    }
    until = (now() + timedelta(days=180)).date().isoformat()
    proposed = {"decision": "false_positive", "scope": "all", "clear_until": until}
    born = "Passport shows 14 Feb 1987 in Rasht; the listed man was born 11 Mar 1957 in Qom."
    register = "Another company: registered in Gorgan in 2019, trades in fittings; INN and seat differ."
    scan = {"file": ("passport-scan.pdf", b"%PDF-1.7 of an example", "application/pdf")}
    async with signed_in_client(server, Role.OFFICER) as officer:
        for case_id in cases.values():
            await step(officer, case_id, "assign", {"to": "me"})
        await step(officer, cases["case"], "comments", {"note": "Asked the trader for the register extract."})
        await step(officer, cases["case-approval"], "evidence", {"note": "Birth date 14 Feb 1987, Rasht"}, scan)
        await step(officer, cases["case-approval"], "decisions", proposed | {"reason": "FP-02", "note": born})
        await step(officer, cases["case-closed"], "decisions", proposed | {"reason": "FP-07", "note": register})
    async with signed_in_client(server, Role.APPROVER) as approver:
        await step(approver, cases["case-closed"], "approval", {"approve": "yes"})
    return cases


async def send_batch(trader: httpx.AsyncClient) -> str:
    """Send the example file by its forms; return the batch, which waits."""
    page = await trader.post("/batches", files={"file": ("vendors-2026-11.csv", TABLE.encode(), "text/csv")})
    (token,) = re.findall(r'name="token" value="([^"]+)"', page.text)
    columns = {"column-0": "name", "column-1": "other_names", "column-2": "kind", "column-3": "countries"}
    return _id_of(await trader.post("/batches/start", data={"token": token, "cases": "true", **columns}))


async def run_batch(server: Server, batch_id: str) -> None:
    """Screen a batch's rows, as any worker on the server's database does."""
    async with open_services(server.settings, Metrics("")) as services:
        await services.batches.run(batch_id)


async def case_of(server: Server, screening_id: str) -> str:
    """The case that a screening opened or joined."""
    headers = {"Authorization": f"Bearer {server.keys[Role.TRADER]}"}
    async with httpx.AsyncClient(base_url=server.address, headers=headers) as caller:
        answer = await caller.get(f"/v1/screenings/{screening_id}")
    return str(answer.json()["receipt"]["cases"][0]["id"])


async def step(
    client: httpx.AsyncClient, case_id: str, name: str, form: Mapping[str, str], files: Mapping[str, Any] | None = None
) -> None:
    """Take a step of a case by its form, on the version that the page shows."""
    page = await client.get(f"/cases/{case_id}")
    version = re.findall(r'name="version" value="(\d+)"', page.text)[0]
    answer = await client.post(f"/cases/{case_id}/{name}", data={"version": version, **form}, files=files)
    assert answer.status_code == 303, answer.text


def _id_of(answer: httpx.Response) -> str:
    assert answer.status_code == 303, answer.text
    return answer.headers["location"].rpartition("/")[2]
