"""Countries: every way the publishers write one goes to its code, and nothing else does."""

import csv
from importlib import resources
from pathlib import Path

import pytest
from lxml import etree

from core.errors import ListContentError
from lists.countries import codes, country, listed_country, name


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Iran (Islamic Republic of)", "IR"),
        ("IRAN, ISLAMIC REPUBLIC OF", "IR"),
        ("ir", "IR"),
        ("IRN", "IR"),
        ("Iranian", "IR"),
        ("ایران", "IR"),
        ("Россия", "RU"),
        ("Russian Federation", "RU"),
        ("Region: Russia", "RU"),
        ("Korea, North", "KP"),
        ("KOREA, DEMOCRATIC PEOPLE'S REPUBLIC OF", "KP"),
        ("Korea, South", "KR"),
        ("Burma", "MM"),
        ("CONGO, Democratic Republic of (was Zaire)", "CD"),
        ("Congo, Republic of the", "CG"),
        ("Region: Crimea", "UA"),
        ("Region: Gaza", "PS"),
        ("BOSNIA AND HERZEGOWINA", "BA"),
        ("St. Kitts & Nevis", "KN"),
        ("The Gambia", "GM"),
        ("Cote d Ivoire", "CI"),
        ("Côte d’Ivoire", "CI"),
        ("VIRGIN ISLANDS (BRITISH)", "VG"),
        ("Türkiye", "TR"),
        ("TURKEY", "TR"),
        ("United Kingdom of Great Britain and Northern Ireland", "GB"),
        ("Kosovo", "XK"),
    ],
)
def test_written_forms(text: str, code: str) -> None:
    assert country(text) == code
    assert listed_country(text) == code


@pytest.mark.parametrize("text", ["undetermined", "Region: Kafia Kingi", "former Soviet Union", "00", "UNKNOWN"])
def test_texts_known_to_name_no_country(text: str) -> None:
    assert country(text) is None
    assert listed_country(text) is None


def test_the_unknown_is_loud_in_a_list_and_none_for_a_user() -> None:
    assert country("Atlantis") is None
    with pytest.raises(ListContentError, match="Atlantis"):
        listed_country("Atlantis")
    assert listed_country("") is None
    assert listed_country("  ") is None


def test_names() -> None:
    assert name("IR") == "Iran"
    assert name("RU") == "Russia"
    assert name("ZZ") == "ZZ"


def test_every_name_of_the_table_leads_back_to_its_code() -> None:
    table = resources.files("lists.data").joinpath("countries.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(table.splitlines()) if row["code"]]
    assert len(rows) == len(codes()) >= 249
    for row in rows:
        for form in (row["code"], row["name"], *row["other_names"].split(";"), *row["nationalities"].split(";")):
            assert not form or country(form) == row["code"], form
        assert name(row["code"]) == row["name"]


ELEMENTS = ["country", "idCountry", "vesselFlag", "COUNTRY", "ISSUING_COUNTRY", "COUNTRY_OF_ISSUE", "COUNTRY_OF_BIRTH"]


@pytest.mark.full_lists
@pytest.mark.parametrize(
    "file",
    [
        "current/SDN.XML",
        "current/CONSOLIDATED.XML",
        "current/CONS_ENHANCED.XML",
        "current/un_consolidated.xml",
        "previous/un_consolidated.xml",
        "previous/CONSOLIDATED.XML",
    ],
)
def test_every_country_of_the_real_files_is_known(shared_lists: Path, file: str) -> None:
    seen = set()
    for _, element in etree.iterparse(str(shared_lists / file), tag=[f"{{*}}{tag}" for tag in ELEMENTS]):
        if element.text and len(element) == 0:
            seen.add(" ".join(element.text.split()))
    for text in seen:
        listed_country(text)
    assert len(seen) > 10
