"""Every rule has a deal that triggers it and one that does not, a citation, dates where it has any, and its page."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from deal_world import ON, assessed, clean, lists

from screening.deals import tables
from screening.deals.page import page
from screening.deals.rules import REGIMES, all_rules, rule_book

US, EU, UK = {"us_person": True}, {"eu_establishment": True}, {"uk_establishment": True}
MELLI = {"roles": ["intermediary_bank"], "name": "Bank Melli Iran", "bic": "MELIIRTH", "countries": ["IR"]}
ALL_LISTS = ("ofac_sdn", "ofac_cons", "eu_fsf", "un_sc", "uk_sl")
LISTED = "Khazar Sea Shipping Lines"
VTS = "VTS Broker LLC"


def party(at: int, **changes: Any) -> list[dict[str, Any]]:
    """The clean deal's parties, one of them changed."""
    parties = clean()["parties"]
    parties[at].update(changes)
    return parties


def more(*added: dict[str, Any]) -> list[dict[str, Any]]:
    """The clean deal's parties and more."""
    return [*clean()["parties"], *added]


def goods(hs: str, description: str, **changes: Any) -> list[dict[str, Any]]:
    return [{"hs": hs, "description": description, **changes}]


def owned(*shares: tuple[str, float | None], **changes: Any) -> list[dict[str, Any]]:
    return party(1, owners=[{"name": name, "percent": share} | changes for name, share in shares])


def via(*codes: str) -> list[dict[str, Any]]:
    """A route over these codes."""
    kinds = ["load", *["transship"] * (len(codes) - 2), "discharge"]
    return [{"kind": kind, "unlocode": code} for kind, code in zip(kinds, codes, strict=True)]


def bank(name: str, country: str, **changes: Any) -> dict[str, Any]:
    return {"roles": ["beneficiary_bank"], "name": name, "countries": [country]} | changes


def pays(**changes: Any) -> dict[str, Any]:
    return {"currency": "EUR", "channel": "swift", "credit_days": 0} | changes


def to_moscow(**changes: Any) -> dict[str, Any]:
    """Chips to Moscow."""
    buyer = {"roles": ["buyer", "consignee", "end_user"], "name": "Moskovsky Priborny Zavod", "countries": ["RU"]}
    seller = {"roles": ["seller"], "name": "Anadolu Elektronik", "countries": ["TR"]}
    fields = {"parties": [seller, buyer], "goods": goods("854231", "Microprocessors", origin="CN"), "route": []}
    return clean(**fields | changes)


def to_bishkek(*roles: str) -> dict[str, Any]:
    """Chips to Bishkek; `roles` of the buyer."""
    buyer = {"roles": list(roles), "name": "Ala Too Elektronika", "countries": ["KG"]}
    seller = {"roles": ["seller"], "name": "Wiener Handel", "countries": ["AT"]}
    return clean(parties=[seller, buyer], goods=goods("854239", "Integrated circuits"), route=[], nexus=EU)


CHECKED = [{"list": "eu_annex_xlii", "on": "2026-11-20", "found": False}]
BANKS_CHECKED = [{"list": "eu_annex_xiv_xliv", "on": "2026-11-20", "found": False}]
SHIPS_CHECKED = [{"list": "uk_specified_ships", "on": "2026-11-20", "found": False}]
NO_SHIP = [one for one in clean()["parties"] if one["roles"] != ["vessel"]]
NO_BANK = [one for one in clean()["parties"] if one["roles"] != ["remitting_bank"]]
SANKT = clean(parties=[{"roles": ["seller"], "name": "Kazakh Dan", "countries": ["KZ"]}], route=via("KZSCO", "AZBAK"))

TRIGGERS: Mapping[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "US-P-001": (clean(payment=pays(currency="USD")), clean()),
    "US-P-002": (clean(nexus=US, goods=goods("080251", "Pistachios", origin="IR")), clean(nexus=US)),
    "US-P-003": (
        clean(goods=goods("841370", "Pumps", origin="US")),
        clean(goods=goods("841370", "Pumps", origin="TR")),
    ),
    "US-P-004": (
        clean(nexus=US, parties=party(1, name="Sazman-e Banader va Daryanavardi")),
        clean(nexus=US),
    ),
    "US-P-005": (
        clean(nexus=US, parties=party(3, name=LISTED)),
        clean(nexus=US, parties=party(3, name="Khazar Bread")),
    ),
    "US-P-006": (
        clean(nexus=US, parties=owned((LISTED, 26), ("Bonyad Shipping Agencies Company", 24))),
        clean(nexus=US, parties=owned((LISTED, 49.9))),
    ),
    "US-P-007": (clean(parties=owned((LISTED, 30))), clean(parties=owned((LISTED, 10)))),
    "US-P-008": (
        clean(parties=more(bank("Gazprombank", "RU")), payment=pays(currency="USD")),
        clean(parties=more(bank("Promsvyazbank", "RU")), payment=pays(currency="USD")),
    ),
    "US-P-009": (
        clean(nexus=US, parties=more(bank("Promsvyazbank", "RU")), payment=pays(credit_days=120)),
        clean(nexus=US, parties=more(bank("Promsvyazbank", "RU"))),
    ),
    "US-P-010": (clean(nexus=US, route=via("UASVP", "IRNSH")), clean(nexus=US, route=via("RUNVS", "IRNSH"))),
    "US-P-011": (
        clean(parties=party(1, name="Mikron"), goods=goods("854231", "Microprocessors", origin="US")),
        clean(parties=party(1, name="Mikron"), goods=goods("080410", "Dates", origin="IR")),
    ),
    "US-P-012": (clean(parties=owned(("Mikron", 60))), clean(parties=owned(("Mikron", 40)))),
    "US-S-001": (clean(parties=party(3, name=LISTED)), clean(parties=party(3, name="Aerocaribbean Airlines"))),
    "US-S-002": (
        clean(goods=goods("290511", "Methanol", origin="IR")),
        clean(goods=goods("290511", "Methanol", origin="AZ")),
    ),
    "US-S-003": (
        clean(goods=goods("720711", "Steel billets", origin="IR")),
        clean(goods=goods("720711", "Steel billets", origin="KZ")),
    ),
    "US-S-004": (clean(route=via("IRSRP", "RUOYA")), clean(route=via("KZSCO", "RUOYA"))),
    "US-S-005": (
        clean(goods=goods("380110", "Graphite electrodes", origin="RU")),
        SANKT | {"goods": goods("380110", "Graphite electrodes", origin="RU")},
    ),
    "US-S-006": (clean(parties=party(1, sector="mining")), clean(parties=party(1, sector="other"))),
    "US-S-007": (to_moscow(), to_moscow(goods=goods("080510", "Oranges", origin="TR"))),
    "US-S-008": (clean(payment=pays(channel="spfs")), clean()),
    "US-S-009": (clean(parties=party(2, name="", imo="9481910")), clean()),
    "EU-001": (
        clean(nexus=EU, parties=more({"roles": ["broker"], "name": VTS})),
        clean(nexus=EU, parties=more({"roles": ["broker"], "name": "Danube Freight GmbH", "countries": ["AT"]})),
    ),
    "EU-002": (clean(nexus=EU, route=via("RUOYA", "IRBAZ")), clean(nexus=EU)),
    "EU-003": (clean(nexus=EU, route=via("RUASF", "IRNSH")), clean(nexus=EU)),
    "EU-004": (clean(nexus=EU), clean(nexus=EU, checks=CHECKED)),
    "EU-005": (to_moscow(nexus=EU), to_moscow(nexus=EU, goods=goods("080510", "Oranges"))),
    "EU-006": (to_bishkek("buyer", "consignee"), to_bishkek("buyer", "end_user")),
    "EU-007": (
        clean(nexus=EU, goods=goods("310210", "Urea", origin="IR")),
        clean(nexus=EU, goods=goods("310210", "Urea", origin="AZ")),
    ),
    "EU-008": (clean(nexus=EU, parties=more(MELLI)), clean(nexus=EU)),
    "EU-010": (clean(nexus=EU), clean(nexus=EU, checks=BANKS_CHECKED)),
    "UK-001": (clean(nexus=UK, parties=more({"roles": ["agent"], "name": "Rosgeologiya Holding"})), clean(nexus=UK)),
    "UK-002": (
        clean(nexus=UK, parties=party(2, name="SUN TANKER", imo="9187629")),
        clean(nexus=UK),
    ),
    "UN-001": (clean(parties=party(0, name="Farasakht Industries")), clean()),
    "UN-002": (clean(goods=goods("880621", "Drones", origin="IR")), clean(goods=goods("080251", "Pistachios"))),
    "X-001": (to_bishkek("buyer", "consignee"), to_bishkek("buyer", "end_user")),
    "X-002": (
        clean(goods=goods("880730", "Parts of helicopters", origin="IR")),
        clean(goods=goods("843149", "Parts of cranes", origin="IR")),
    ),
    "X-003": (clean(parties=party(2, imo="1234568")), clean(parties=party(2, name="Port Olya-3", imo="9481910"))),
    "X-004": (
        clean(parties=party(1, emails=["sales@mgflot-example.ru"])),
        clean(parties=party(1, emails=["bakery@gmail.com"])),
    ),
    "X-005": (
        clean(parties=party(1, roles=["buyer", "consignee", "end_user", "forwarder"])),
        clean(),
    ),
    "X-006": (clean(parties=party(0, roles=["seller", "notify_party"])), clean()),
    "X-007": (clean(goods=goods("080251", "Valves")), clean(goods=goods("080251", "Pistachios"))),
    "X-008": (
        clean(parties=more(bank("Almaty Trade Finance", "KZ", bic="ALTFRU2M"))),
        clean(parties=more(bank("Almaty Trade Finance", "KZ", bic="ALTFKZ2A"))),
    ),
    "X-009": (clean(payment=pays(channel="exchange_house")), clean()),
    "X-010": (clean(parties=NO_SHIP), clean()),
    "X-011": (clean(), clean()),
    "X-012": (clean(), SANKT),
    "X-013": (clean(parties=party(3, name=LISTED)), clean()),
    "X-014": (
        clean(parties=owned((LISTED, 30), ("Bonyad Shipping Agencies Company", 25))),
        clean(parties=owned((LISTED, 10))),
    ),
    "X-015": (clean(parties=owned((LISTED, None))), clean(parties=owned((LISTED, 10), ("Sahel Holding", 90)))),
    "X-016": (clean(parties=party(0, name="???")), clean()),
    "X-017": (
        clean(parties=party(1, roles=["buyer"], countries=["AE"])),
        clean(parties=party(1, countries=["AE"])),
    ),
    "X-018": (clean(nexus=None), clean()),
    "X-019": (clean(route=[{"kind": "load", "unlocode": "RUOYA"}, {"kind": "discharge", "name": "Port X"}]), clean()),
}


def fired(deal: dict[str, Any], rule: str, *, stale: str = "") -> bool:
    """Whether the rule speaks of the deal, with every switch on. A UK deal is held against a UK list that is loaded."""
    book = rule_book({rule: True})
    keys = ALL_LISTS if rule in ("UK-001", "UK-002") else ALL_LISTS[:4]
    found = assessed(deal, book, lists(keys=keys, stale=stale))
    said = [r.id for reason in found.reasons for r in reason.rules]
    said += [point.rule.id for point in (*found.others, *found.baseline)]
    return rule in said


@pytest.mark.parametrize("rule", sorted(all_rules()))
def test_one_deal_triggers_it_and_one_does_not(rule: str) -> None:
    triggering, other = TRIGGERS[rule]
    assert fired(triggering, rule, stale="un_sc" if rule == "X-011" else "")
    assert not fired(other, rule)


@pytest.mark.parametrize("rule", all_rules().values(), ids=lambda rule: rule.id)
def test_a_rule_is_cited_dated_and_says_what_it_is_not_sure_of(rule: Any) -> None:
    assert rule.citation
    assert rule.condition
    assert rule.triggers
    assert rule.does_not_trigger
    assert rule.source
    assert rule.certainty in ("R", "S", "K")
    assert set(rule.regimes) <= set(REGIMES)
    if rule.valid_from and rule.valid_to:
        assert rule.valid_from < rule.valid_to


def test_switches_off_are_off_and_named() -> None:
    deal = clean(parties=owned(("Mikron", 60)))
    plain = assessed(deal)
    assert {"US-P-012", "US-S-006"} <= set(plain.rules.off)
    switched = assessed(deal, rule_book({"us_p_012": True}))
    assert switched.rules.switched == ("US-P-012=on",)
    assert switched.rules.hash != plain.rules.hash
    assert "US-P-012" in switched.rules.unconfirmed


def test_an_unconfirmed_rule_says_so_in_the_answer() -> None:
    found = assessed(clean(payment=pays(currency="USD")))
    assert [rule.unconfirmed for reason in found.reasons for rule in reason.rules if rule.id == "US-P-001"] == [True]
    assert "US-P-001" in found.rules.unconfirmed


@pytest.mark.parametrize("name", tables.BESIDE_RULES)
def test_any_change_of_a_table_changes_the_hash_that_assessments_name(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, read = tables.tables_hash(), tables.rows
    assert assessed(clean()).rules.tables == plain
    monkeypatch.setattr(tables, "rows", lambda asked: read(asked)[1:] if asked == name else read(asked))
    assert tables.tables_hash.__wrapped__() != plain


def test_every_table_is_in_a_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    plain = tables.tables_hash()
    kept = {path.stem for path in Path(tables.__file__).with_name("data").glob("*.csv")}
    assert kept == {"rules", *tables.BESIDE_RULES}
    monkeypatch.setattr(tables, "table_sha256", lambda: "other countries")
    assert tables.tables_hash.__wrapped__() != plain


def test_an_unknown_switch_is_refused() -> None:
    with pytest.raises(ValueError, match="NO-1"):
        rule_book({"no_1": True})


def test_a_rule_holds_from_its_day_on() -> None:
    deal = clean(nexus=EU, route=via("RUOYA", "IRBAZ"))
    before = assessed(deal, on=date(2024, 11, 17))
    assert "EU-002" in before.rules.off
    assert "EU-002" in {r.id for reason in assessed(deal, on=ON).reasons for r in reason.rules}


def test_the_page_is_current() -> None:
    docs = Path(__file__).parents[2] / "docs" / "deals.md"
    assert docs.read_text(encoding="utf-8") == page(), "run: python -m screening.deals.page docs/deals.md"
    assert re.findall(r"^## (\S+)", page(), re.MULTILINE) == list(all_rules())
