"""The small world that deals are assessed in: listed entities made by hand after real entries, and a clean deal."""

import copy
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any

from lists.entity import (
    Address,
    Identifier,
    Kind,
    ListedEntity,
    Measure,
    Name,
    NameType,
    Programme,
    Relationship,
    VesselFacts,
)
from screening.answer import CoveredList, Matcher
from screening.deal_screening import read_parties, screen_parties
from screening.deals.assess import Lists, assess
from screening.deals.assessment import Assessment
from screening.deals.contacts import ContactIndex
from screening.deals.deal import Deal
from screening.deals.rules import RuleBook, rule_book
from screening.matching.index import ListIndex
from screening.matching.policy import Policy

ON = date(2026, 11, 24)
FLAG = "Additional Sanctions Information - Subject to Secondary Sanctions"


def listed(entity_id: str, *names: str, measure: Measure = Measure.BLOCKING, **more: Any) -> ListedEntity:
    """Return a listed organization; `more` overrides any field."""
    source = {"ofac": "ofac_sdn", "eu": "eu_fsf", "un": "un_sc", "uk": "uk_sl", "us": "us_csl"}[
        entity_id.partition(":")[0]
    ]
    first, *others = names
    fields: dict[str, Any] = {
        "id": entity_id,
        "source": source,
        "kind": Kind.ORGANIZATION,
        "names": (Name(first, NameType.PRIMARY), *(Name(name) for name in others)),
        "programmes": (Programme(code="X", measure=measure),),
    }
    return ListedEntity(**fields | more)


def ship(entity_id: str, name: str, imo: str) -> ListedEntity:
    """Return a blocked ship under the Russian flag."""
    number = Identifier("imo", imo, text=f"IMO {imo}", strong=True)
    vessel = VesselFacts(flag="RU", type="General Cargo")
    return listed(entity_id, name, kind=Kind.VESSEL, identifiers=(number,), vessel=vessel, secondary_sanctions=(FLAG,))


def world() -> tuple[ListedEntity, ...]:
    """Return the listed entities."""
    bic = Identifier("bic", "MELIIRTH", "IR", strong=True)
    return (
        listed("ofac:25578", "BANK MELLI IRAN", identifiers=(bic,), secondary_sanctions=(FLAG,)),
        listed("eu:EU.13719.21", "Bank Melli Iran", identifiers=(bic,)),
        listed("ofac:25450", "KHAZAR SEA SHIPPING LINES", secondary_sanctions=(FLAG,)),
        listed("ofac:30391", "BONYAD SHIPPING AGENCIES COMPANY"),
        listed("ofac:9648", "ISLAMIC REPUBLIC OF IRAN SHIPPING LINES", "IRISL", secondary_sanctions=(FLAG,)),
        listed("eu:EU.100.1", "Islamic Republic of Iran Shipping Lines", "IRISL"),
        listed(
            "ofac:37049",
            "MG-FLOT LLC",
            addresses=(Address(text="", street="12 Kirova Naberezhnaya Street", city="Astrakhan", country="RU"),),
            contacts=(("email", "office@mgflot-example.ru"), ("phone", "+7 8512 445 566")),
        ),
        listed("ofac:17013", "PROMSVYAZBANK", measure=Measure.SECTORAL),
        listed("ofac:80001", "GAZPROMBANK", measure=Measure.CAPTA),
        listed("us:70001", "MIKRON", measure=Measure.EXPORT_CONTROL),
        listed("un:IRe.011", "FARASAKHT INDUSTRIES"),
        listed("eu:EU.12294.36", "VTS Broker LLC"),
        listed("uk:RUS0251", "ROSGEOLOGIYA HOLDING"),
        listed("uk:RUS9001", "SUN TANKER", kind=Kind.VESSEL, identifiers=(Identifier("imo", "9187629", strong=True),)),
        listed("ofac:36", "AEROCARIBBEAN AIRLINES"),
        listed(
            "ofac:90001",
            "ZARYA TRADING HOUSE",
            measure=Measure.SECTORAL,
            relationships=(Relationship("owned_or_controlled_by", "eu:EU.12294.36", "VTS Broker LLC"),),
        ),
        ship("ofac:50585", "PORT OLYA-3", "9481910"),
        ship("ofac:50584", "PORT OLYA-4", "9481934"),
        listed("ofac:11116", "SOLEIMANI, Qasem", "Qasem SOLEIMANI", kind=Kind.PERSON),
    )


@cache
def index() -> ListIndex:
    """Return the index over the world."""
    return ListIndex.build(world())


@cache
def contacts() -> ContactIndex:
    """Return the contacts of the world."""
    return ContactIndex.build(world())


CLEAN: Mapping[str, Any] = {
    "reference": "AST-2026-118",
    "parties": [
        {"roles": ["seller", "consignor"], "name": "ООО «Волга-Агромаш»", "countries": ["RU"]},
        {"roles": ["buyer", "consignee", "end_user"], "name": "Gandom Talaei Nan Bakery", "countries": ["IR"]},
        {"roles": ["vessel"], "name": "VOLGA SPIRIT", "imo": "9074729", "flag": "RU"},
        {"roles": ["vessel_owner"], "name": "Nizhnyaya Volga Lines", "countries": ["RU"]},
        {"roles": ["remitting_bank"], "name": "Caspian Agro Finance House", "countries": ["AZ"], "bic": "CAFHAZ22"},
    ],
    "goods": [{"hs": "1001.99", "description": "Milling wheat", "origin": "RU", "value": "412000"}],
    "route": [
        {"kind": "load", "unlocode": "RUOYA"},
        {"kind": "discharge", "name": "Nowshahr"},
    ],
    "payment": {"currency": "EUR", "amount": "412000", "channel": "swift", "credit_days": 0},
    "incoterm": "CIF",
    "nexus": {},
    "checks": [],
}


def clean(**changes: Any) -> dict[str, Any]:
    """Return a copy of the clean deal with some of its fields replaced."""
    return copy.deepcopy({**CLEAN, **changes})


def lists(*, keys: tuple[str, ...] = ("ofac_sdn", "ofac_cons", "eu_fsf", "un_sc"), stale: str = "") -> Lists:
    """Return lists as if these had been searched; `stale` is one that was not checked in time."""
    moment = datetime(2026, 11, 24, tzinfo=UTC)
    covered = tuple(
        CoveredList(
            key=key,
            title=key,
            publisher="made",
            snapshot_id="0" * 64,
            published_on=ON,
            fetched_at=moment,
            file_sha256="0" * 64,
            entities=1,
            state="stale" if key == stale else "fresh",
        )
        for key in keys
    )
    missing = (f"A fresh list {stale}.",) if stale else ()
    matcher = Matcher(
        version="test",
        config_hash="0",
        review_threshold=700,
        match_threshold=900,
        thresholds_from="defaults",
        index="0",
    )
    return Lists(covered, (), missing, matcher)


def assessed(
    deal: Mapping[str, Any], book: RuleBook | None = None, found: Lists | None = None, on: date = ON
) -> Assessment:
    """Return the assessment of a deal in this world."""
    read = Deal.model_validate(deal)
    screened = screen_parties(read, read_parties(read), index(), Policy(), contacts())
    return assess(read, screened, book or rule_book(), found or lists(), on)
