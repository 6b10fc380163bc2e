"""Deals in the console: the form that grows without script, what it says, and the page of an assessed deal."""

import re
from typing import Any

import httpx
import pytest
from console_app import LISTED, Console, put_in_force
from console_tour import DEAL

from api.web.deal_forms import DealForm, GoodsRow, PartyRow, StopRow, from_record, problems, to_deal
from api.web.presenters.tree import tree
from core.errors import FieldError, InvalidInput
from screening.access import Role
from screening.audit import query
from screening.audit.query import AuditFilter
from screening.deals.assessment import HoldingResult, OwnershipResult
from screening.deals.deal import PartyRole

SENT: dict[str, Any] = {**DEAL, "once": "abcdefgh12345678"}


async def send(console: Console, **other: Any) -> httpx.Response:
    """Send the form as a browser without script does, and follow it."""
    return await console.client.post("/deals/new", data={**SENT, **other}, follow_redirects=True)


async def test_a_deal_is_assessed_recorded_and_shown(console: Console) -> None:
    await console.sign_in()
    answer = await send(console)
    assert re.search(r"/deals/[0-9A-Z]{26}$", str(answer.url))
    html = answer.text
    assert "Do not sign or pay." in html
    assert "What stops this deal" in html
    assert "PORT OLYA-3 (OFAC SDN 50002)" in html
    assert "Priority, tier 1" in html
    assert "EUR 412,000" in html
    assert "IMO 9481910 · " in html
    assert "Baseline" in html
    assert "The end user" in html, "what is missing is named"
    assert 'class="tree-svg"' in html
    assert 'class="regime prohibited"' in html
    assert "What was not searched" in html
    for step in (*answer.history, answer):
        assert "Pars" not in str(step.url)
    listed = (await console.client.get("/deals")).text
    assert "AST-2026-118" in listed
    assert str(answer.url.path) in listed
    async with console.database.read() as reading:
        lines = await query.page(reading, AuditFilter(), limit=9)
    done = [line.content["action"] for line in lines]
    assert done[0] == "record_read"
    assert done.index("case_opened") < done.index("deal_assessed"), "newest first: recorded, then the cases it opens"


async def test_a_deal_is_replayed_on_its_page(console: Console) -> None:
    await console.sign_in(Role.TRADER)
    address = str((await send(console)).url.path)
    page = await console.client.get(address)
    assert f'action="{address}/replay#replay"' in page.text
    assert "byte for byte" not in page.text
    again = await console.client.post(f"{address}/replay")
    assert "Same, byte for byte" in again.text
    assert "On today’s lists and rules: the same verdict, stop, for the same reasons." in again.text
    async with console.database.read() as reading:
        lines = await query.page(reading, AuditFilter(action="replayed"))
    assert [(line.content["record_id"], line.content["details"]["identical"]) for line in lines] == [
        (address.removeprefix("/deals/"), 1)
    ]
    await console.sign_in(Role.OFFICER)
    assert (await console.client.post(f"{address}/replay")).status_code == 200
    await console.sign_in(Role.AUDITOR)
    assert (await console.client.post(f"{address}/replay")).status_code == 200


async def test_a_replay_on_other_lists_says_what_moved(console: Console) -> None:
    await console.sign_in()
    address = str((await send(console)).url.path)
    await put_in_force(console.database, LISTED[:1])
    await console.app.state.services.live.reload()
    again = (await console.client.post(f"{address}/replay")).text
    assert "Same, byte for byte" in again
    assert "PORT OLYA-3 matched then and does not now" in again
    assert "A reason then and not now: " in again


async def test_the_same_form_sent_twice_is_one_deal(console: Console) -> None:
    await console.sign_in()
    first, again = await send(console), await send(console)
    assert first.url == again.url
    assert (await send(console, reference="another")).url != first.url


async def test_the_form_grows_and_shrinks_without_script(console: Console) -> None:
    await console.sign_in()
    more = (await send(console, add="beneficiary_bank")).text
    assert "5. Beneficiary bank" in more
    assert 'value="PORT OLYA-4"' in more, "nothing typed is lost"
    fewer = (await send(console, remove="0")).text
    assert "1. Buyer" in fewer
    assert 'id="goods-1"' in (await send(console, add="goods")).text
    assert 'id="route-2"' in (await send(console, add="route")).text
    async with console.database.read() as reading:
        assert not await query.page(reading, AuditFilter(action="deal_assessed"))


async def test_unreadable_facts_are_linked_to_their_rows(console: Console) -> None:
    await console.sign_in()
    answer = await send(console, p_country=["Russia", "Atlantis", "Russia", ""], amount="much")
    assert answer.status_code == 422
    assert '<a href="#amount">Amount</a>' in answer.text
    answer = await send(console, p_country=["Russia", "Atlantis", "Russia", ""])
    assert '<a href="#parties-1">Party 2 countries</a>' in answer.text
    empty = await console.client.post("/deals/new", data={"once": "abcdefgh12345678"})
    assert empty.status_code == 422
    assert "Name at least one party" in empty.text


async def test_auditors_do_not_assess_and_traders_read_their_own(console: Console) -> None:
    await console.sign_in(Role.OFFICER)
    address = str((await send(console)).url.path)
    await console.sign_in(Role.TRADER)
    assert (await console.client.get(address)).status_code == 404
    await console.sign_in(Role.AUDITOR)
    assert (await console.client.get(address)).status_code == 200
    assert (await console.client.get("/deals/new")).status_code == 403
    assert (await console.client.post("/deals/new", data=SENT)).status_code == 403
    assert 'href="/deals/new"' not in (await console.client.get("/deals")).text


def test_what_the_form_says_of_a_deal() -> None:
    form = DealForm(
        parties=(PartyRow("buyer", "X", "Iran", owners="A; 12.5 %; Iran\nB"), PartyRow("vessel", "", "RU", "imo", "1")),
        goods=(GoodsRow(), GoodsRow("10", "Wheat", "Russia", "1,000")),
        route=(StopRow("load", "RU ASF", "sea"), StopRow("discharge", "بندر انزلی")),
        nexus=frozenset({"us_person"}),
    )
    deal = to_deal(form)
    assert [party.roles for party in deal.parties] == [(PartyRole.BUYER,), (PartyRole.VESSEL,)]
    assert [(owner.name, owner.percent) for owner in deal.parties[0].owners][1] == ("B", None)
    assert str(deal.parties[0].owners[0].percent) == "12.5"
    assert (deal.parties[1].imo, deal.parties[1].flag, deal.parties[1].countries) == ("1", "RU", ())
    assert [str(good.value) for good in deal.goods] == ["1000"]
    assert (deal.route[0].unlocode, deal.route[0].name, deal.route[1].name) == ("RUASF", None, "بندر انزلی")
    assert deal.nexus is not None
    assert deal.nexus.us_person
    assert not deal.nexus.eu_establishment


def test_complaints_count_the_rows_that_were_left_empty() -> None:
    form = DealForm(parties=(PartyRow(), PartyRow("buyer", "X")), goods=(GoodsRow(), GoodsRow("10")))
    found = problems(form, [FieldError("parties.0.countries.0", "no"), FieldError("goods.0.hs", "no")])
    assert [(one.label, one.anchor) for one in found] == [("Party 2 countries", "parties-1"), ("Goods 2 hs", "goods-1")]


def test_a_form_without_parties_is_refused() -> None:
    with pytest.raises(InvalidInput) as refused:
        to_deal(DealForm())
    assert [one.anchor for one in problems(DealForm(), refused.value.errors)] == ["parties-0"]


def holding(owned: str, owner: str, percent: str | None, **other: Any) -> HoldingResult:
    """One share, of a caller's data, of an owner that no list has."""
    plain: dict[str, Any] = {"controls": False, "listed": False, "counts_as_listed": False, "path": None}
    return HoldingResult(owned=owned, owner=owner, percent=percent, source="caller", **(plain | other))


def test_owners_stand_above_what_they_own() -> None:
    shares = (
        holding("Buyer", "Bank", "30", listed=True),
        holding("Buyer", "Holding", "60"),
        holding("Holding", "Person", None, controls=True),
    )
    drawn = tree(
        OwnershipResult(path="parties.0", name="Buyer", holdings=shares, standings=(), unnamed="10", circular=False), {}
    )
    places = {box.name: (float(box.x), float(box.y)) for box in drawn.boxes}
    assert places["Buyer"][1] > places["Bank"][1] == places["Owner not named"][1] > places["Person"][1]
    assert places["Person"][0] == places["Holding"][0]
    assert [box.look for box in drawn.boxes] == ["root", "listed", "", "", "opaque"]
    assert "Person holds Holding: share not known, controls." in drawn.sentences
    assert drawn.sentences[-1] == "10 % of Buyer: owner not named."


def test_a_circle_of_owners_ends_where_it_closes() -> None:
    shares = (holding("A", "B", "50"), holding("B", "A", "50"))
    drawn = tree(
        OwnershipResult(path="parties.0", name="A", holdings=shares, standings=(), unnamed="50", circular=True), {}
    )
    assert [box.name for box in drawn.boxes] == ["A", "B", "A", "Owner not named"]


async def test_a_recorded_deal_is_changed_and_assessed_again(console: Console) -> None:
    await console.sign_in()
    first = await send(console)
    step = re.search(r'href="(/deals/new\?from=[0-9A-Z]{26})"', first.text)
    assert step
    html = (await console.client.get(step[1])).text
    assert 'value="PORT OLYA-4"' in html
    assert "Gazprom Neft; 25; " in html
    assert 'value="412000"' in html
    assert re.search(r'value="eu_establishment" checked', html)


def test_a_deal_that_the_form_cannot_hold_is_not_offered_for_change() -> None:
    plain = to_deal(DealForm(parties=(PartyRow("buyer", "X", "Iran"),)))
    said = plain.model_dump(mode="json", exclude_defaults=True)
    assert from_record(said) is not None
    party = said["parties"][0]
    for more in (
        {"phones": ["+98 21 1"]},
        {"roles": ["buyer", "end_user"]},
        {"owners": [{"name": "A", "controls": True}]},
    ):
        assert from_record(said | {"parties": [party | more]}) is None
    assert from_record(said | {"voyage": {"ais_gap": True}}) is None
