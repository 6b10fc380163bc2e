"""The UN list: field by field on a small file of real entries, whole on the real files, loud on the unknown."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ListContentError
from lists.entity import Kind, ListedEntity, Measure, NameType, Quality
from lists.sources.un_sc import parse

FIXTURE = Path(__file__).parents[1] / "fixtures" / "lists" / "un_sc.xml"

PERSON = """<CONSOLIDATED_LIST dateGenerated="2026-08-01T23:00:03.110Z"><INDIVIDUALS><INDIVIDUAL>
<FIRST_NAME>Test</FIRST_NAME><UN_LIST_TYPE>Iran</UN_LIST_TYPE><REFERENCE_NUMBER>IRi.999</REFERENCE_NUMBER>
{0}</INDIVIDUAL></INDIVIDUALS><ENTITIES/></CONSOLIDATED_LIST>"""


@pytest.fixture(scope="module")
def entities() -> dict[str, ListedEntity]:
    return {entity.id: entity for entity in parse(FIXTURE).entities}


def person(tmp_path: Path, inner: str) -> ListedEntity:
    path = tmp_path / "un.xml"
    path.write_text(PERSON.format(inner), encoding="utf-8")
    (found,) = parse(path).entities
    return found


def test_the_file(entities: dict[str, ListedEntity]) -> None:
    parsed = parse(FIXTURE)
    assert (parsed.published_on, parsed.format) == (date(2026, 8, 1), "UN consolidated XML")
    assert len(entities) == len(parsed.entities) == 9


def test_a_person(entities: dict[str, ListedEntity]) -> None:
    general = entities["un:IRi.039"]
    assert (general.kind, general.source) == (Kind.PERSON, "un_sc")
    assert general.names[0].value == "QASEM SOLEIMANI"
    assert general.names[0].type is NameType.PRIMARY
    assert general.names[0].parts == (("first", "QASEM"), ("second", "SOLEIMANI"))
    good = [name.value for name in general.names[1:] if name.quality is Quality.STRONG]
    assert good[:2] == ["Qasim Soleimani", "Qasem Sulaimani"]
    assert len(good) == 8
    assert [name.value for name in general.names if name.quality is Quality.WEAK] == [
        "Haj Qasem",
        "Haji Qassem",
        "Sardar Soleimani",
    ]
    assert [birth.earliest for birth in general.birth_dates] == [date(1957, 3, 11)]
    assert [(place.text, place.country) for place in general.birth_places] == [
        ("Qom, Iran (Islamic Republic of)", "IR")
    ]
    (passport,) = general.identifiers
    assert (passport.type, passport.value, passport.country, passport.strong) == ("passport", "008827", "IR", True)
    (listing,) = general.programmes
    assert (listing.code, listing.measure, listing.listed_on) == ("Iran", Measure.BLOCKING, date(2007, 3, 24))
    assert (general.listed_on, general.changed_on) == (date(2007, 3, 24), date(2014, 12, 17))
    assert general.facts == (("designation", "Brigadier General"), ("designation", "Commander of Qods force"))
    assert general.remarks.startswith("Promoted to Major General")
    assert general.url.startswith("https://main.un.org/")


def test_original_script_gender_and_expiry(entities: dict[str, ListedEntity]) -> None:
    woman = entities["un:QDi.439"]
    assert (woman.names[1].value, woman.names[1].script) == ("حميدة ناباجالا", "Arab")
    assert woman.genders == ("female",)
    (number,) = woman.identifiers
    assert (number.type, number.country, number.expires) == ("national_id", "UG", date(2025, 3, 27))
    assert (
        "INTERPOL notice",
        "https://www.interpol.int/en/How-we-work/Notices/View-UN-Notices-Individuals#2026-23487",
    ) in woman.facts
    assert woman.addresses[0].country == "CD"


def test_an_approximate_range_of_years(entities: dict[str, ListedEntity]) -> None:
    (birth,) = entities["un:TAi.079"].birth_dates
    assert (birth.earliest, birth.latest, birth.approximate) == (date(1966, 1, 1), date(1967, 12, 31), True)
    assert entities["un:TAi.079"].titles == ("Maulavi",)


def test_notes_of_aliases_and_references_in_remarks(entities: dict[str, ListedEntity]) -> None:
    assert entities["un:QDi.018"].facts == (("alias", "Saiyid Abd al-Man: formerly listed as"),)
    (tie,) = entities["un:IRi.001"].relationships
    assert (tie.type, tie.other_id, tie.note) == ("other", "un:IRi.016", "named in the remarks")


def test_ships_and_shipowners(entities: dict[str, ListedEntity]) -> None:
    ship = entities["un:LYe.006"]
    assert ship.kind is Kind.VESSEL
    assert ship.vessel is not None
    assert ship.vessel.flag == "CM"
    assert [(number.type, number.value) for number in ship.identifiers] == [("imo", "9058713")]
    owner = entities["un:KPe.066"]
    assert owner.kind is Kind.ORGANIZATION
    assert [(number.type, number.value) for number in owner.identifiers] == [("imo_company", "5434358")]


def test_forms_of_documents(tmp_path: Path) -> None:
    documents = "".join(
        f"<INDIVIDUAL_DOCUMENT>{inner}</INDIVIDUAL_DOCUMENT>"
        for inner in (
            "",
            "<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NOTE>Libyan passport number 347834, issued under X</NOTE>",
            "<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><TYPE_OF_DOCUMENT2>invented paper</TYPE_OF_DOCUMENT2>"
            "<NUMBER>AB1234567</NUMBER><ISSUING_COUNTRY>Iraq</ISSUING_COUNTRY><COUNTRY_OF_ISSUE>Iran (Islamic Republic "
            "of)</COUNTRY_OF_ISSUE><CITY_OF_ISSUE>Qom</CITY_OF_ISSUE><DATE_OF_ISSUE>2011-12-07</DATE_OF_ISSUE>",
            "<TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NOTE>issued in 1993</NOTE>",
        )
    )
    found = person(tmp_path, documents)
    noted, invented = found.identifiers
    assert (noted.type, noted.value, noted.text) == ("passport", "347834", "347834")
    assert (invented.value, invented.country, invented.issued) == ("AB1234567", "IQ", date(2011, 12, 7))
    assert invented.note == "issued in Qom, Iran (Islamic Republic of); invented paper"
    assert not invented.strong
    assert found.facts == (("document without a number", "Passport; issued in 1993"),)


def test_forms_of_birth_dates(tmp_path: Path) -> None:
    births = "".join(
        f"<INDIVIDUAL_DATE_OF_BIRTH>{inner}</INDIVIDUAL_DATE_OF_BIRTH>"
        for inner in (
            "<TYPE_OF_DATE/>",
            "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1973</NOTE>",
            "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1961</YEAR>",
            "<TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><NOTE>30-35 years old</NOTE>",
            "<TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>24/06/1402 (Hijri Calendar)</NOTE>",
        )
    )
    found = person(tmp_path, births)
    assert [(birth.earliest, birth.latest, birth.approximate) for birth in found.birth_dates] == [
        (date(1973, 11, 1), date(1973, 11, 30), False),
        (date(1961, 1, 1), date(1961, 12, 31), True),
    ]
    assert ("birth date", "30-35 years old") in found.facts
    assert ("birth date", "24/06/1402 (Hijri Calendar)") in found.facts


def test_an_alias_with_papers_of_its_own(tmp_path: Path) -> None:
    alias = (
        "<INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Other Name</ALIAS_NAME><DATE_OF_BIRTH>1979-12-31"
        "</DATE_OF_BIRTH><CITY_OF_BIRTH>Algiers</CITY_OF_BIRTH><COUNTRY_OF_BIRTH>Algeria</COUNTRY_OF_BIRTH>"
        "<NOTE>in Arabic script: شركة الكوثر</NOTE></INDIVIDUAL_ALIAS>"
    )
    found = person(tmp_path, alias)
    assert [(name.value, name.script) for name in found.names] == [
        ("Test", "Latn"),
        ("Other Name", "Latn"),
        ("شركة الكوثر", "Arab"),
    ]
    assert found.birth_dates[0].earliest == date(1979, 12, 31)
    assert (found.birth_places[0].text, found.birth_places[0].country) == ("Algiers, Algeria", "DZ")


def test_nationalities(tmp_path: Path) -> None:
    values = "<VALUE>Iran (Islamic Republic of)</VALUE><VALUE>former Soviet Union</VALUE><VALUE>na</VALUE><VALUE/>"
    found = person(tmp_path, f"<NATIONALITY>{values}</NATIONALITY>")
    assert found.nationalities == ("IR",), "na means not available, not Namibia"
    assert ("nationality", "former Soviet Union") in found.facts


@pytest.mark.parametrize(
    ("inner", "named"),
    [
        ("<NEW>1</NEW>", "<NEW>"),
        ('<GENDER lang="en">Male</GENDER>', "@lang"),
        ("<GENDER>Unsaid</GENDER>", "gender 'Unsaid'"),
        ("<NATIONALITY><VALUE>Atlantis</VALUE></NATIONALITY>", "country 'Atlantis'"),
        ("<INDIVIDUAL_ALIAS><QUALITY>Fair</QUALITY><ALIAS_NAME>X</ALIAS_NAME></INDIVIDUAL_ALIAS>", "'Fair'"),
        ("<INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>AROUND</TYPE_OF_DATE></INDIVIDUAL_DATE_OF_BIRTH>", "'AROUND'"),
        (
            "<INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Card</TYPE_OF_DOCUMENT><NUMBER>1</NUMBER></INDIVIDUAL_DOCUMENT>",
            "'Card'",
        ),
        ("<INDIVIDUAL_ADDRESS><NEW/></INDIVIDUAL_ADDRESS>", "<NEW>"),
        ("<LIST_TYPE><VALUE>Other List</VALUE></LIST_TYPE>", "'Other List'"),
        ("<LISTED_ON>soon</LISTED_ON>", "'soon'"),
    ],
)  # fmt: skip
def test_the_unknown_is_named_with_its_entity(tmp_path: Path, inner: str, named: str) -> None:
    with pytest.raises(ListContentError) as raised:
        person(tmp_path, inner)
    assert named in str(raised.value)
    assert "un:IRi.999" in str(raised.value)


def test_an_unknown_regime_or_part_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "un.xml"
    for old, new, named in (
        ("<UN_LIST_TYPE>Iran<", "<UN_LIST_TYPE>Moon<", "'Moon'"),
        ("<ENTITIES/>", "<VESSELS><VESSEL/></VESSELS>", "<VESSELS>"),
        ("<REFERENCE_NUMBER>IRi.999<", "<REFERENCE_NUMBER><", "REFERENCE_NUMBER"),
    ):
        path.write_text(PERSON.format("").replace(old, new), encoding="utf-8")
        with pytest.raises(ListContentError) as raised:
            parse(path)
        assert named in str(raised.value)


@pytest.mark.full_lists
def test_the_current_file(shared_lists: Path) -> None:
    parsed = parse(shared_lists / "current" / "un_consolidated.xml")
    assert len(parsed.entities) == 1_011
    iran = {entity.id for entity in parsed.entities if entity.programmes[0].code == "Iran"}
    assert len(iran) == 121
    assert iran == {entity.id for entity in parsed.entities if entity.id.startswith(("un:IRi.", "un:IRe."))}
    assert sum(entity.kind is Kind.PERSON for entity in parsed.entities) == 736
    assert [entity.id for entity in parsed.entities if entity.kind is Kind.VESSEL] == ["un:LYe.006"]
    assert sum(name.quality is Quality.WEAK for entity in parsed.entities for name in entity.names) >= 623
    assert sum(name.script == "Arab" for entity in parsed.entities for name in entity.names) > 360
    assert sum(len(entity.identifiers) for entity in parsed.entities) >= 501


@pytest.mark.full_lists
@pytest.mark.parametrize(("file", "count"), [("un_consolidated.xml", 877), ("un_consolidated_2026-02-27.xml", 1_003)])
def test_previous_files(shared_lists: Path, file: str, count: int) -> None:
    assert len(parse(shared_lists / "previous" / file).entities) == count
