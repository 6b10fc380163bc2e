"""Properties of every deal: more is never better, the order says nothing, and reasons are honest."""

import random
from typing import Any

from deal_world import ON, assessed, clean, contacts, index, lists
from hypothesis import given, settings
from hypothesis import strategies as st

from screening.deal_screening import read_parties, screen_parties
from screening.deals.deal import Deal
from screening.deals.evaluate import evaluate, verdict_of
from screening.deals.facts import Facts, gather
from screening.deals.rules import Verdict, rule_book
from screening.matching.policy import Policy

LISTED = ("Bank Melli Iran", "Khazar Sea Shipping Lines", "Bonyad Shipping Agencies Company", "Promsvyazbank", "Mikron")
PLAIN = ("Gandom Talaei Nan Bakery", "ООО «Волга-Агромаш»", "Anadolu Elektronik", "Sahel Holding", "Baku Grain House")
NAMES = st.sampled_from(LISTED + PLAIN)
COUNTRIES = st.sampled_from([["IR"], ["RU"], ["AE"], ["KZ"], []])

# roles that `missing` never asks for: a party in them brings no evidence, it can only bring trouble
ROLES = st.lists(
    st.sampled_from(["broker", "agent", "carrier", "insurer", "intermediary_bank", "vessel_owner", "notify_party"]),
    min_size=1,
    max_size=2,
    unique=True,
)
OWNERS = st.lists(
    st.fixed_dictionaries(
        {"name": NAMES, "percent": st.sampled_from([None, 10, 25, 30, 49.9, 50, 60, 100]), "controls": st.booleans()}
    ),
    max_size=3,
)
PARTIES = st.fixed_dictionaries({"roles": ROLES, "name": NAMES, "countries": COUNTRIES, "owners": OWNERS})
GOODS = st.sampled_from(
    [
        {"hs": "1001.99", "description": "Milling wheat", "origin": "RU"},
        {"hs": "8542.31", "description": "Microprocessors", "origin": "CN"},
        {"hs": "290511", "description": "Methanol", "origin": "IR"},
        {"hs": "0802", "description": "spare parts"},
    ]
)


@st.composite
def deals(draw: st.DrawFn) -> dict[str, Any]:
    """A deal around the clean one: more parties with owners, other goods, places, currencies and nexus."""
    deal = clean()
    deal["parties"] += draw(st.lists(PARTIES, max_size=3))
    deal["goods"] = draw(st.lists(GOODS, min_size=1, max_size=2))
    deal["payment"]["currency"] = draw(st.sampled_from(["EUR", "USD", "RUB"]))
    deal["payment"]["channel"] = draw(st.sampled_from(["swift", "spfs", "cash"]))
    deal["nexus"] = draw(st.sampled_from([None, {}, {"eu_establishment": True}, {"us_person": True}]))
    deal["route"][1] = {"kind": "discharge", "unlocode": draw(st.sampled_from(["IRNSH", "IRBAZ", "AEJEA"]))}
    if draw(st.booleans()):
        deal["parties"][1]["roles"] = ["buyer", "consignee"]
    return deal


def facts_of(deal: dict[str, Any]) -> Facts:
    read = Deal.model_validate(deal)
    screened = screen_parties(read, read_parties(read), index(), Policy(), contacts())
    return gather(read, screened, ON, lists().searched)


def rank(deal: dict[str, Any]) -> int:
    return verdict_of(evaluate(facts_of(deal), rule_book())).rank


@settings(max_examples=30, deadline=None)
@given(deals(), PARTIES)
def test_another_party_never_makes_it_better(deal: dict[str, Any], added: dict[str, Any]) -> None:
    assert rank({**deal, "parties": [*deal["parties"], added]}) >= rank(deal)


@settings(max_examples=30, deadline=None)
@given(deals(), st.sampled_from(LISTED), st.sampled_from([None, 1, 25, 50, 100]), st.integers(0, 3))
def test_a_listed_owner_never_makes_it_better(deal: dict[str, Any], name: str, share: int | None, at: int) -> None:
    before = rank(deal)
    owners = deal["parties"][at].setdefault("owners", [])
    owners.append({"name": name, "percent": share})
    assert rank(deal) >= before


@settings(max_examples=30, deadline=None)
@given(deals())
def test_without_its_reasons_it_is_better_and_each_reason_is_what_it_says(deal: dict[str, Any]) -> None:
    found, facts, book = assessed(deal), facts_of(deal), rule_book()
    if found.verdict is Verdict.CLEAR:
        assert found.reasons == ()
        return
    assert found.reasons
    everything = {cause for reason in found.reasons for cause in reason.causes}
    left = verdict_of(evaluate(facts.without(everything), book))
    assert left.rank < found.verdict.rank
    assert left is found.otherwise
    for reason in found.reasons:
        others = everything - set(reason.causes)
        if reason.alone:
            assert verdict_of(evaluate(facts.without(others), book)) is found.verdict
        for part in reason.parts:
            without = verdict_of(evaluate(facts.without(others | {part.cause}), book))
            assert without is part.otherwise
            assert without.rank < found.verdict.rank


def test_owners_without_a_share_are_named_in_one_order() -> None:
    owned = [
        {"roles": ["broker"], "name": "Bonyad Shipping Agencies Company", "owners": [{"name": name, "percent": None}]}
        for name in ("Khazar Sea Shipping Lines", "Bank Melli Iran")
    ]
    one, other = (assessed(clean(parties=[*clean()["parties"], *parties])) for parties in (owned, owned[::-1]))
    assert sorted(one.missing) == sorted(other.missing)
    said = "The share that Bank Melli Iran and Khazar Sea Shipping Lines hold in Bonyad Shipping Agencies Company"
    assert said in one.missing


@settings(max_examples=20, deadline=None)
@given(deals(), st.randoms(use_true_random=False))
def test_the_order_of_parties_says_nothing(deal: dict[str, Any], chance: random.Random) -> None:
    one = assessed(deal)
    chance.shuffle(deal["parties"])
    other = assessed(deal)
    assert (one.verdict, one.otherwise) == (other.verdict, other.otherwise)
    assert {(r.regime, r.level) for r in one.regimes} == {(r.regime, r.level) for r in other.regimes}
    assert sorted(r.text for r in one.reasons) == sorted(r.text for r in other.reasons)
    assert sorted(one.missing) == sorted(other.missing)
