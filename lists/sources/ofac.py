"""OFAC's two lists, each in three formats: Enhanced XML, classic XML and the four CSV files, told by content.

Enhanced XML is the default: it alone has names in original scripts, relationships by id, and says which list it is.
"""

from functools import partial
from pathlib import Path

from lists.source import Expect, Format, Source
from lists.sources import ofac_classic, ofac_csv, ofac_enhanced

EXPORTS = "https://sanctionslistservice.ofac.treas.gov/api/PublicationPreview/exports/"


def _recognises_enhanced(head: bytes, _path: Path, *, non_sdn: bool) -> bool:
    return ofac_enhanced.is_enhanced(head) and ofac_enhanced.is_non_sdn(head) is non_sdn


def _recognises_classic(head: bytes, _path: Path, *, non_sdn: bool) -> bool:
    return ofac_classic.is_classic(head) and ofac_classic.looks_non_sdn(head) is non_sdn


def _recognises_csv(head: bytes, _path: Path, *, non_sdn: bool) -> bool:
    return ofac_csv.is_csv(head) and ofac_csv.looks_non_sdn(head) is non_sdn


def _formats(source: str, *, non_sdn: bool) -> tuple[Format, ...]:
    return (
        Format(
            "OFAC Enhanced XML",
            partial(_recognises_enhanced, non_sdn=non_sdn),
            partial(ofac_enhanced.parse, source=source),
        ),
        Format(
            "OFAC classic XML",
            partial(_recognises_classic, non_sdn=non_sdn),
            partial(ofac_classic.parse, source=source, non_sdn=non_sdn),
        ),
        Format(
            "OFAC CSV",
            partial(_recognises_csv, non_sdn=non_sdn),
            partial(ofac_csv.parse, source=source, non_sdn=non_sdn),
            companions=ofac_csv.companion_names("cons_prim.csv" if non_sdn else "sdn.csv"),
        ),
    )


SDN = Source(
    key="ofac_sdn",
    authority="ofac",
    title="Specially Designated Nationals and Blocked Persons List (SDN)",
    publisher="US Department of the Treasury, Office of Foreign Assets Control",
    url=EXPORTS + "SDN_ENHANCED.XML",
    formats=_formats("ofac_sdn", non_sdn=False),
    expect=Expect(fewest=12_000, most=40_000),
    page="https://ofac.treasury.gov/specially-designated-nationals-and-blocked-persons-list-sdn-human-readable-lists",
    licence="US federal government work, public domain",
)
"""14,965 entries in May 2024, 18,758 in April 2026."""

CONS = Source(
    key="ofac_cons",
    authority="ofac",
    title="Consolidated non-SDN lists (SSI, CAPTA, NS-MBS, NS-CMIC, NS-PLC, FSE)",
    publisher="US Department of the Treasury, Office of Foreign Assets Control",
    url=EXPORTS + "CONS_ENHANCED.XML",
    formats=_formats("ofac_cons", non_sdn=True),
    expect=Expect(fewest=300, most=2_000),
    page="https://ofac.treasury.gov/consolidated-sanctions-list-non-sdn-lists",
    licence="US federal government work, public domain",
)
"""445 entries in March 2023, 443 in March 2025."""
