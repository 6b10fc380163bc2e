"""Deal: what a caller says of a deal, checked field by field. Nothing is assumed: what is not said is missing.

The fields are those of FIELD.md 2.6. Unknown fields are refused.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from screening.request import Country, SubjectInput, Text

Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)]
Amount = Annotated[Decimal, Field(ge=0, max_digits=20)]
Currency = Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, pattern=r"^[A-Za-z]{3}$")]
HsCode = Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^\d[\d. ]{0,13}\d$")]

MOST_DEPTH = 8
"""Storeys of an ownership tree: what is deeper is refused, with words that say so."""


class PartyRole(StrEnum):
    """What a party does in the deal. One party may have several roles; it is screened once for all of them."""

    SELLER = "seller"
    BUYER = "buyer"
    CONSIGNOR = "consignor"
    CONSIGNEE = "consignee"
    NOTIFY_PARTY = "notify_party"
    END_USER = "end_user"
    BROKER = "broker"
    AGENT = "agent"
    REMITTING_BANK = "remitting_bank"
    INTERMEDIARY_BANK = "intermediary_bank"
    BENEFICIARY_BANK = "beneficiary_bank"
    INSURER = "insurer"
    VESSEL = "vessel"
    VESSEL_OWNER = "vessel_owner"
    VESSEL_OPERATOR = "vessel_operator"
    VESSEL_MANAGER = "vessel_manager"
    CARRIER = "carrier"
    FORWARDER = "forwarder"
    BENEFICIAL_OWNER = "beneficial_owner"


BANKS = frozenset({PartyRole.REMITTING_BANK, PartyRole.INTERMEDIARY_BANK, PartyRole.BENEFICIARY_BANK})


class _Input(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Owner(SubjectInput):
    """An owner as the caller knows it. `percent` is left out where it is not known; `controls` is control by other
    means than shares (board, contract). `owners` are the owner's own owners.
    """

    percent: Percent | None = None
    controls: bool = False
    as_of: date | None = None
    owners: tuple["Owner", ...] = Field((), max_length=30)


class Party(SubjectInput):
    """A party with all its roles. `percent` and `of` (the position of the owned party) are a beneficial owner's."""

    roles: tuple[PartyRole, ...] = Field(min_length=1, max_length=8)
    bic: Text | None = None
    imo: Text | None = None
    flag: Country | None = None
    phones: tuple[Text, ...] = Field((), max_length=10)
    emails: tuple[Text, ...] = Field((), max_length=10)
    websites: tuple[Text, ...] = Field((), max_length=10)
    sector: Literal["construction", "mining", "manufacturing", "textiles", "finance", "other"] | None = None
    spfs_member: bool | None = Field(None, description="The caller's own knowledge; no list publishes it.")
    owners: tuple[Owner, ...] = Field((), max_length=30)
    percent: Percent | None = None
    of: int | None = Field(None, ge=0, description="Of a beneficial owner: the position of the party it owns.")


class Goods(_Input):
    """One kind of goods. `hs` has 2 to 10 digits; the code is compared, never invented."""

    hs: HsCode | None = None
    description: Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)] = ""
    origin: Country | None = None
    value: Amount | None = None
    us_content_percent: Percent | None = None

    @property
    def code(self) -> str:
        """The HS code as digits only; empty if none is given."""
        return "".join(filter(str.isdigit, self.hs or ""))


class Stop(_Input):
    """One place of the route, in order. UN/LOCODE, name in any script, or both; `mode` is how goods leave it."""

    kind: Literal["load", "transship", "crossing", "discharge", "destination"]
    unlocode: Annotated[str, StringConstraints(strip_whitespace=True, to_upper=True, max_length=6)] | None = None
    name: Text | None = None
    country: Country | None = None
    mode: Literal["sea", "river", "rail", "road", "air"] | None = None


class Voyage(_Input):
    """What is declared or known of the voyage (OFAC maritime advisory of 2025-04-16)."""

    ship_to_ship: bool = False
    ais_gap: bool = False
    flag_change: bool = False


class Payment(_Input):
    """How it is paid. `credit_days` is the time between delivery and payment; 0 is prepaid."""

    currency: Currency | None = None
    amount: Amount | None = None
    channel: Literal["swift", "spfs", "mir", "sepam", "cash", "gold", "crypto", "exchange_house", "barter"] | None = (
        None
    )
    credit_days: int | None = Field(None, ge=0, le=10_000)


class Nexus(_Input):
    """Who the caller is: which law reaches the deal through them (FIELD.md 2.1)."""

    us_person: bool = False
    us_clearing: bool = Field(False, description="US dollars or a US bank clear the payment.")
    eu_establishment: bool = Field(False, description="Established in, or a national of, the EU.")
    eu_vessel_or_insurer: bool = False
    uk_establishment: bool = False
    uk_insurer_or_clearing: bool = False


class OutsideList(StrEnum):
    """A list that is in no file that Caspian reads, and that the caller can check by hand."""

    EU_ANNEX_XLII = "eu_annex_xlii"  # vessels, Reg 833/2014 Art. 3s
    EU_ANNEX_XIV_XLIV = "eu_annex_xiv_xliv"  # banks, Reg 833/2014 Art. 5h, 5ac
    UK_SPECIFIED_SHIPS = "uk_specified_ships"  # Russia Regulations 2019, Part 6
    UK_SANCTIONS_LIST = "uk_sanctions_list"


class Check(_Input):
    """A list that the caller checked by hand, when, and whether a party of the deal was on it. It is recorded."""

    list: OutsideList
    on: date
    found: bool


class Deal(_Input):
    """One deal. `reference` is the caller's own number."""

    reference: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] | None = None
    parties: tuple[Party, ...] = Field(min_length=1, max_length=60)
    goods: tuple[Goods, ...] = Field((), max_length=50)
    route: tuple[Stop, ...] = Field((), max_length=20)
    voyage: Voyage = Voyage()
    payment: Payment = Payment()
    incoterm: (
        Literal["EXW", "FCA", "FAS", "FOB", "CFR", "CIF", "CPT", "CIP", "DAP", "DPU", "DDP", "DAT", "DAF", "DES"] | None
    ) = None
    signed_on: date | None = None
    ships_on: date | None = None
    nexus: Nexus | None = None
    checks: tuple[Check, ...] = Field((), max_length=20)
