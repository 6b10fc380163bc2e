"""OFAC's two lists in three formats, on the fixtures: each thing a format can say, once."""

import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from core.errors import ListContentError, ListFormatError
from lists.entity import (
    Address,
    Kind,
    ListedEntity,
    Measure,
    Name,
    NameType,
    PartialDate,
    Place,
    Quality,
    Relationship,
    VesselFacts,
    from_json,
    to_json,
)
from lists.source import ParsedList, Source, discover, format_of
from lists.sources.ofac import CONS, SDN

FIXTURES = Path(__file__).parents[1] / "fixtures" / "lists"

FORMATS = [
    (SDN, "ofac_sdn_enhanced.xml", "OFAC Enhanced XML"),
    (SDN, "ofac_sdn_classic.xml", "OFAC classic XML"),
    (SDN, "ofac_csv/sdn.csv", "OFAC CSV"),
    (CONS, "ofac_cons_enhanced.xml", "OFAC Enhanced XML"),
    (CONS, "ofac_cons_classic.xml", "OFAC classic XML"),
]


def parse(source: Source, path: Path) -> ParsedList:
    form = format_of(source, path)
    assert form is not None, f"{source.key} does not know {path.name}"
    return form.parse(path)


def entities(source: Source, name: str) -> dict[str, ListedEntity]:
    return {entity.id: entity for entity in parse(source, FIXTURES / name).entities}


@pytest.fixture(scope="module")
def classic() -> dict[str, ListedEntity]:
    return entities(SDN, "ofac_sdn_classic.xml")


@pytest.fixture(scope="module")
def enhanced() -> dict[str, ListedEntity]:
    return entities(SDN, "ofac_sdn_enhanced.xml")


@pytest.fixture(scope="module")
def four_csv() -> dict[str, ListedEntity]:
    return entities(SDN, "ofac_csv/sdn.csv")


def measures(entity: ListedEntity) -> list[tuple[str, Measure, str]]:
    return [(p.code, p.measure, p.list_name) for p in entity.programmes]


@pytest.mark.parametrize(("source", "name", "format_name"), FORMATS)
def test_each_file_is_known_by_its_content_to_one_source_only(source: Source, name: str, format_name: str) -> None:
    path = FIXTURES / name
    knowing = {key: form.name for key, known in discover().items() if (form := format_of(known, path))}
    assert knowing == {source.key: format_name}


@pytest.mark.parametrize(("source", "name", "format_name"), FORMATS)
def test_every_entity_survives_json(source: Source, name: str, format_name: str) -> None:
    parsed = parse(source, FIXTURES / name)
    assert parsed.format == format_name
    assert [from_json(to_json(entity)) for entity in parsed.entities] == list(parsed.entities)


def test_a_file_says_its_day_where_its_format_has_one() -> None:
    assert parse(SDN, FIXTURES / "ofac_sdn_classic.xml").published_on == date(2026, 11, 20)
    assert parse(SDN, FIXTURES / "ofac_sdn_enhanced.xml").published_on == date(2026, 11, 20)
    assert parse(SDN, FIXTURES / "ofac_csv/sdn.csv").published_on is None


def test_classic_keeps_a_person_whole(classic: dict[str, ListedEntity]) -> None:
    person = classic["ofac:90001"]
    assert person.kind is Kind.PERSON
    assert person.source == "ofac_sdn"
    assert person.names == (
        Name(
            "Farhad MOSTOFI-EXAMPLE",
            NameType.PRIMARY,
            script="Latn",
            parts=(("given", "Farhad"), ("family", "MOSTOFI-EXAMPLE")),
        ),
        Name("Farhaad MUSTAWFI-EXAMPLE", script="Latn", parts=(("given", "Farhaad"), ("family", "MUSTAWFI-EXAMPLE"))),
        Name("HAJJI FARHAD", quality=Quality.WEAK, script="Latn"),
        Name("Abu EXAMPLE", quality=Quality.WEAK, script="Latn", parts=(("given", "Abu"), ("family", "EXAMPLE"))),
    )
    assert person.titles == ("Brigadier General", "Director of Procurement")
    assert person.genders == ("male",)
    assert person.nationalities == ("IR", "IQ", "TR")
    assert ("Citizenship Country", "Turkey") in person.facts
    assert person.birth_dates == (
        PartialDate(date(1961, 4, 3), date(1961, 4, 3), text="03 Apr 1961"),
        PartialDate(date(1961, 1, 1), date(1961, 12, 31), approximate=True, text="circa 1961"),
        PartialDate(date(1960, 1, 1), date(1962, 12, 31), text="1960 to 1962"),
    )
    assert person.birth_places == (Place("Tabriz, Iran", "IR"), Place("Kaesong, Korea, North", "KP"))
    assert person.secondary_sanctions == ("Additional Sanctions Information - Subject to Secondary Sanctions",)
    assert person.url == "https://sanctionssearch.ofac.treas.gov/Details.aspx?id=90001"


def test_classic_sorts_a_persons_id_list(classic: dict[str, ListedEntity]) -> None:
    person = classic["ofac:90001"]
    found = {(i.type, i.value, i.country, i.text, i.label) for i in person.identifiers}
    assert found == {
        ("passport", "A0003336", "IR", "A 0003336", "Passport"),
        ("national_id", "0013542419", "IR", "0013542419", "National ID No."),
        (
            "crypto_wallet:XBT",
            "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h",
            None,
            "12QtD5BFwRsdNsAZY76UVE1xyCGNTojH9h",
            "Digital Currency Address - XBT",
        ),
    }
    passport = person.identifiers[0]
    assert passport.issued == date(2003, 5, 9)
    assert passport.expires is None
    assert passport.note == "expires May 2008"  # no single day
    assert person.contacts == (
        ("email", "farhad@example.ir"),
        ("phone", "982155501000"),
        ("phone", "(98)(21)(5550100)"),  # from the remark
    )


def test_classic_remarks_stay_whole_and_their_ties_are_found(classic: dict[str, ListedEntity]) -> None:
    person = classic["ofac:90001"]
    assert person.remarks.startswith("all offices worldwide; Telephone (98)(21)(5550100); (Linked To: EXAMPLE MARINE")
    assert person.relationships == (
        Relationship("other", "ofac:90002", "EXAMPLE MARINE INDUSTRIES ORGANIZATION", "Linked To"),
        Relationship("other", None, "A PARTY THAT IS NOT LISTED (ABC)-BRANCH", "Linked To"),
    )


def test_classic_keeps_an_organization_whole(classic: dict[str, ListedEntity]) -> None:
    organization = classic["ofac:90002"]
    assert organization.kind is Kind.ORGANIZATION
    assert organization.names[1] == Name("EXAMPLE SHIPYARD", NameType.FORMER, script="Latn")
    assert [(i.type, i.value, i.country) for i in organization.identifiers] == [
        ("ogrn", "1027700132195", "RU"),
        ("inn", "7707083893", "RU"),
        ("bic", "MELIIRTH", None),
    ]
    assert organization.contacts == (("website", "www.example.ir"),)
    assert organization.facts == (
        ("Organization Established Date", "19 Nov 1991"),
        ("Nationality of Registration", "Korea, North"),
        ("Organization Type:", "Sea and coastal freight water transport"),
    )
    assert organization.nationalities == ("KP",)
    assert organization.secondary_sanctions == (
        "Secondary sanctions risk: section 1(b) of Executive Order 13224, as amended by Executive Order 13886",
    )
    first, second = organization.addresses  # the third says nothing at all
    assert first == Address(
        text="No. 5, Shahid Lavasani, Farmanieh Junction, P.O. Box 19395, Tehran, Tehran Province, 19548, Iran",
        street="No. 5, Shahid Lavasani, Farmanieh Junction, P.O. Box 19395",
        city="Tehran",
        region="Tehran Province",
        postcode="19548",
        country="IR",
    )
    assert (second.city, second.country) == ("Sevastopol", "UA")
    assert "Region: Crimea" in second.text


def test_classic_keeps_a_ship_and_an_aircraft_whole(classic: dict[str, ListedEntity]) -> None:
    ship, aircraft = classic["ofac:90003"], classic["ofac:90004"]
    assert ship.kind is Kind.VESSEL
    assert ship.vessel == VesselFacts(
        flag="TZ",
        former_flags=("MT",),
        type="Crude Oil Tanker",
        gross_tonnage=163660,
        deadweight=318000,
        built="1999",
        owner="NITC",
        call_sign="5IM316",
    )
    assert [(i.type, i.value) for i in ship.identifiers] == [("imo", "9187629"), ("mmsi", "572469210")]
    assert ship.facts == (("Former Vessel Flag", "None Identified"), ("Other Vessel Type", "General Cargo"))
    assert aircraft.kind is Kind.AIRCRAFT
    assert aircraft.vessel == VesselFacts(model="A300B4-622R", built="1991")
    assert [(i.type, i.value) for i in aircraft.identifiers] == [
        ("aircraft_tail", "EPEXA"),
        ("aircraft_serial", "1013409297"),
    ]
    assert aircraft.facts == (("Aircraft Operator", "EXAMPLE AIR"),)


def test_an_sdn_is_blocked_and_its_directive_says_what_the_other_tag_does(classic: dict[str, ListedEntity]) -> None:
    assert measures(classic["ofac:90005"]) == [
        ("UKRAINE-EO13662", Measure.SECTORAL, "Sectoral Sanctions Identifications List"),
        ("RUSSIA-EO14024", Measure.BLOCKING, "SDN List"),
    ]
    assert {p.measure for p in classic["ofac:90001"].programmes} == {Measure.BLOCKING}


def test_the_classic_non_sdn_file_tells_its_measures_by_tags_and_directives() -> None:
    cons = entities(CONS, "ofac_cons_classic.xml")
    found = {entity_id: set(measures(entity)) for entity_id, entity in cons.items()}
    sectoral = ("UKRAINE-EO13662", Measure.SECTORAL, "Sectoral Sanctions Identifications List")
    menu = "Non-SDN Menu-Based Sanctions List"
    assert found == {
        "ofac:91001": {("NS-PLC", Measure.REJECT, "Non-SDN Palestinian Legislative Council List")},
        "ofac:91002": {sectoral, ("RUSSIA-EO14024", Measure.CAPTA, "CAPTA List")},
        "ofac:91003": {("RUSSIA-EO14024", Measure.SECTORAL, menu)},
        "ofac:91004": {("CMIC-EO13959", Measure.INVESTMENT, "Non-SDN CMIC List")},
        "ofac:91005": {("561-Related", Measure.CAPTA, "CAPTA List")},
        "ofac:91006": {("FSE-IR", Measure.REJECT, "FSE List")},
        "ofac:91007": {("CAATSA - RUSSIA", Measure.MENU_BASED, menu)},
        "ofac:91008": {sectoral, ("RUSSIA-EO14024", Measure.BLOCKING, "SDN List")},  # also an SDN: no directive says
    }
    assert [name.value for name in cons["ofac:91004"].names] == [
        "EXAMPLE AVIATION CORPORATION OF CHINA",
        "Example Aviation Hong Kong Limited",
    ]


def test_enhanced_keeps_a_persons_spellings_in_every_script(enhanced: dict[str, ListedEntity]) -> None:
    person = enhanced["ofac:93001"]
    assert [(n.value, n.type, n.quality, n.script) for n in person.names] == [
        ("Farhad Reza MOSTOFI", NameType.PRIMARY, Quality.STRONG, "Latn"),
        ("فرهاد مستوفی", NameType.ALIAS, Quality.STRONG, "Arab"),
        ("Farhaad MUSTAWFI", NameType.ALIAS, Quality.STRONG, "Latn"),
        ("Hajji Farhad", NameType.FORMER, Quality.WEAK, "Latn"),
    ]
    assert person.names[0].parts == (
        ("family", "Mostofi"),
        ("given", "Farhad"),
        ("middle", "Reza"),
        ("patronymic", "Karimovich"),
    )
    assert person.primary_name == "Farhad Reza MOSTOFI"
    assert enhanced["ofac:93002"].names[1].script == "Cyrl"
    assert person.addresses[1].city == "تهران"
    assert len(person.addresses) == 2


def test_enhanced_keeps_features_documents_and_relationships(enhanced: dict[str, ListedEntity]) -> None:
    person = enhanced["ofac:93001"]
    assert person.birth_dates == (
        PartialDate(date(1961, 4, 3), date(1961, 4, 3), text="03 Apr 1961"),
        PartialDate(date(1962, 1, 1), date(1962, 12, 31), approximate=True, text="circa 1962"),
    )
    assert person.nationalities == ("IR", "TR")
    assert ("Website www.example.ir", "Reported; in Persian") in person.facts
    passport = next(i for i in person.identifiers if i.type == "passport")
    assert (passport.issued, passport.expires) == (date(2003, 5, 9), date(2008, 5, 8))
    assert passport.note == (
        "not valid; issued by Police; issued in Tabriz; in the name of MUSTAWFI, Farhaad; reported lost"
    )
    assert next(i for i in person.identifiers if i.type == "national_id").note == ""  # in the main name, reordered
    assert person.relationships == (
        Relationship(
            "acting_for",
            "ofac:93002",
            "EXAMPLE MARINE INDUSTRIES ORGANIZATION",
            "Acting for or on behalf of; quality High; since 2019",
        ),
        Relationship("family", "ofac:93099", "EXAMPLE, Ali", "Family member of"),
    )
    assert enhanced["ofac:93003"].relationships[0].type == "other"
    assert enhanced["ofac:93003"].vessel == VesselFacts(
        flag="TZ",
        former_flags=("MT",),
        type="Crude Oil Tanker",
        gross_tonnage=163660,
        deadweight=318000,
        built="1999",
        owner="Example Owner Ltd",
        call_sign="5IM316",
    )


def test_enhanced_tells_lists_types_and_their_days(enhanced: dict[str, ListedEntity]) -> None:
    bank = enhanced["ofac:93002"]
    assert [(p.measure, p.list_name, p.listed_on) for p in bank.programmes] == [
        (Measure.CAPTA, "Consolidated List", date(2022, 2, 24)),
        (Measure.BLOCKING, "SDN List", date(2024, 3, 1)),
    ]
    assert bank.listed_on == date(2024, 3, 1)
    assert ("Legal authority", "Executive Order 14024 (Russia)") in bank.facts
    cons = entities(CONS, "ofac_cons_enhanced.xml")
    assert cons["ofac:94002"].listed_on == date(2014, 7, 16)  # on the SSI list, not as an SDN
    assert measures(cons["ofac:94002"]) == [
        ("UKRAINE-EO13662", Measure.SECTORAL, "Sectoral Sanctions Identifications List"),
        ("RUSSIA-EO14024", Measure.BLOCKING, "SDN List"),
    ]
    assert cons["ofac:94003"].names[1].script == "Hans"
    assert cons["ofac:94004"].identifiers[0].note == "(HKEX)"


def test_the_four_csv_files_are_read_as_one(four_csv: dict[str, ListedEntity]) -> None:
    person = four_csv["ofac:92001"]
    assert [(n.value, n.type, n.quality) for n in person.names] == [
        ("Vladimir Ivanovich EXAMPLE", NameType.PRIMARY, Quality.STRONG),
        ("CASPIAN WOLF", NameType.ALIAS, Quality.WEAK),
        ("VOLGA FOX", NameType.FORMER, Quality.WEAK),
        ("Vladimir PRIMEROV", NameType.ALIAS, Quality.STRONG),
    ]
    assert [p.code for p in person.programmes] == ["RUSSIA-EO14024", "CYBER2"]
    assert person.titles == ("Captain", "Member of the Example Board")
    assert person.addresses[0].text == "Ulitsa Primernaya 1, Astrakhan 414000, Russia"
    ship = four_csv["ofac:92003"]
    assert ship.primary_name == "EXAMPLE STAR 9"
    assert ship.vessel == VesselFacts(
        flag="RU",
        former_flags=("MT",),
        type="General Cargo",
        gross_tonnage=163660,
        deadweight=318000,
        owner="Example Owner Ltd",
        call_sign="UBMQ9",
    )
    assert ship.relationships[0].other_id == "ofac:92001"
    assert four_csv["ofac:92004"].addresses == ()  # three nulls
    assert ("remark on EXAMPLE HARBOUR TRUST", "until 2014") in four_csv["ofac:92002"].facts
    assert four_csv["ofac:92002"].names[1].type is NameType.FORMER


def test_csv_remarks_become_fields_and_the_rest_stays(four_csv: dict[str, ListedEntity]) -> None:
    person = four_csv["ofac:92001"]
    assert [d.text for d in person.birth_dates] == ["28 Jul 1963", "circa 1964"]
    assert person.birth_places == (Place("Astrakhan, Russia", "RU"),)
    assert person.nationalities == ("RU", "CY")
    assert person.genders == ("male",)
    passport, other, tax = person.identifiers[:3]
    assert (passport.value, passport.country, passport.issued, passport.expires) == (
        "P0017003",
        "RU",
        date(2005, 12, 14),
        date(2015, 12, 13),
    )
    assert (other.value, other.country) == ("750200421", None)
    assert (tax.type, tax.country) == ("inn", "RU")
    assert ("registration", "HRA 738077 (Stuttgart)", "DE") in {(i.type, i.text, i.country) for i in person.identifiers}
    assert person.contacts == (
        ("email", "captain@example.ru"),
        ("website", "www.example.ru"),
        ("phone", "(7)(8512)(555010)"),
        ("fax", "(7)(8512)(555011)"),
    )
    assert person.secondary_sanctions == ("Secondary sanctions risk: See Section 11 of Executive Order 14024.",)
    assert person.remarks == "currently in Astrakhan; National ID No.: 1372584, Kenya; nationality possibly Kazakh"


def test_a_remark_goes_on_in_the_comments_file_in_the_middle_of_a_word(four_csv: dict[str, ListedEntity]) -> None:
    person = four_csv["ofac:92001"]
    assert person.relationships == (
        Relationship("other", "ofac:92002", "EXAMPLE PORT OPERATOR", "Linked To"),
        Relationship("other", None, "A PARTY THAT IS NOT LISTED", "Linked To"),
    )
    assert person.identifiers[-1].value == "0x8576acc5c05d6ce88f4e49bf65bdf0c62f91353c"


def changed(tmp_path: Path, name: str, old: str, new: str) -> Path:
    text = (FIXTURES / name).read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / Path(name).name
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


CLASSIC, ENHANCED = "ofac_sdn_classic.xml", "ofac_sdn_enhanced.xml"

UNKNOWN = [
    (CLASSIC, "<sdnType>Vessel<", "<sdnType>Submarine<", "90003", "Submarine"),
    (CLASSIC, "<type>f.k.a.<", "<type>x.k.a.<", "90002", "x.k.a."),
    (CLASSIC, "<category>weak<", "<category>faint<", "90001", "faint"),
    (CLASSIC, "<program>IRAN<", "<program>ATLANTIS<", "90002", "ATLANTIS"),
    (CLASSIC, "<idType>MMSI<", "<idType>Star Number<", "90003", "Star Number"),
    (CLASSIC, "<idNumber>Male<", "<idNumber>Unsaid<", "90001", "Unsaid"),
    (CLASSIC, "<country>Turkey<", "<country>Ruritania<", "90001", "Ruritania"),
    (CLASSIC, "<tonnage>318000<", "<tonnage>heavy<", "90003", "heavy"),
    (CLASSIC, "<vesselOwner>NITC</vesselOwner>", "<crew>40</crew>", "90003", "crew"),
    (CLASSIC, "<uid>90004<", "<uid>90003<", "90003", "twice"),
    (ENHANCED, ">Individual<", ">Spirit<", "93001", "Spirit"),
    (ENHANCED, ">F.K.A.<", ">X.K.A.<", "93001", "X.K.A."),
    (ENHANCED, ">Arabic<", ">Elvish<", "93001", "Elvish"),
    (ENHANCED, ">Patronymic<", ">Totem<", "93001", "Totem"),
    (ENHANCED, ">POSTAL CODE<", ">PLANET<", "93001", "PLANET"),
    (ENHANCED, ">Family member of<", ">Rival of<", "93001", "Rival of"),
    (ENHANCED, ">Executive Order 14024 Directive 2<", ">Executive Order 99999 Directive 1<", "93002", "99999"),
    (ENHANCED, ">VESSEL TYPE<", ">VESSEL COLOUR<", "93003", "VESSEL COLOUR"),
    (ENHANCED, "<isLowQuality>true<", "<isLowQuality>maybe<", "93001", "maybe"),
    (ENHANCED, "<title>", "<nickname>x</nickname><title>", "93001", "nickname"),
    (ENHANCED, "<generalInfo>", "<generalInfo><entityType>Entity</entityType>", "93001", "entityType"),
]


@pytest.mark.parametrize(("name", "old", "new", "uid", "word"), UNKNOWN)
def test_what_no_rule_knows_is_named_with_the_entry(  # one row of the table
    tmp_path: Path, name: str, old: str, new: str, uid: str, word: str
) -> None:
    path = changed(tmp_path, name, old, new)
    with pytest.raises(ListContentError) as error:
        parse(SDN, path)
    assert uid in str(error.value)
    assert word in str(error.value)


def test_a_number_that_says_it_is_the_imos_is_one_whatever_its_label(tmp_path: Path) -> None:
    old = "<idType>Registration Number</idType>\n        <idNumber>1027700132195<"
    new = "<idType>Identification Number</idType>\n        <idNumber>IMO 6330601<"
    path = changed(tmp_path, CLASSIC, old, new)
    found = {entity.id: entity for entity in parse(SDN, path).entities}["ofac:90002"].identifiers[0]
    assert (found.type, found.value, found.country, found.strong) == ("imo_company", "6330601", None, True)
    assert (found.text, found.label) == ("IMO 6330601", "Identification Number")


def test_ties_in_one_pair_of_brackets_are_all_found(tmp_path: Path) -> None:
    old = "(Linked To: EXAMPLE MARINE INDUSTRIES ORGANIZATION); (Linked To: A PARTY"
    path = changed(tmp_path, CLASSIC, old, "(Linked To: EXAMPLE MARINE INDUSTRIES ORGANIZATION; Linked To: A PARTY")
    person = {entity.id: entity for entity in parse(SDN, path).entities}["ofac:90001"]
    assert [(r.other_id, r.other_name) for r in person.relationships] == [
        ("ofac:90002", "EXAMPLE MARINE INDUSTRIES ORGANIZATION"),
        (None, "A PARTY THAT IS NOT LISTED (ABC)-BRANCH"),
    ]


def test_an_unknown_element_between_entries_is_named(tmp_path: Path) -> None:
    path = changed(tmp_path, CLASSIC, "</sdnList>", "<appendix><page>1</page></appendix></sdnList>")
    with pytest.raises(ListContentError, match="appendix"):
        parse(SDN, path)
    path = changed(tmp_path, ENHANCED, "<entities>", "<entities><ghost/>")
    with pytest.raises(ListContentError, match="ghost"):
        parse(SDN, path)


@pytest.mark.parametrize("count", ["4", "6", ""])
def test_a_record_count_that_disagrees_with_the_entries_is_refused(tmp_path: Path, count: str) -> None:
    path = changed(tmp_path, CLASSIC, "<Record_Count>5<", f"<Record_Count>{count}<")
    with pytest.raises(ListFormatError, match="entries but holds 5"):
        parse(SDN, path)


def test_an_enhanced_file_without_its_day_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, ENHANCED, "<dataAsOf>2026-11-20T00:00:00</dataAsOf>", "")
    with pytest.raises(ListFormatError, match="dataAsOf"):
        parse(SDN, path)


def test_a_tag_that_nothing_explains_on_the_non_sdn_file_is_refused(tmp_path: Path) -> None:
    path = changed(tmp_path, "ofac_cons_classic.xml", "<program>561-Related<", "<program>IRAN-EO13902<")
    with pytest.raises(ListContentError, match=r"91005.*IRAN-EO13902"):
        parse(CONS, path)


@pytest.mark.parametrize("cut", [1, 2, 3, 5, 8, 13, 21, 34, 55, 89])
@pytest.mark.parametrize("name", [CLASSIC, ENHANCED])
def test_xml_cut_anywhere_is_refused(tmp_path: Path, name: str, cut: int) -> None:
    data = (FIXTURES / name).read_bytes()
    path = tmp_path / name
    path.write_bytes(data[: len(data) * cut // 100])
    for form in SDN.formats[:2]:
        with pytest.raises(ListFormatError):
            form.parse(path)


@pytest.mark.parametrize("content", [b"", b" \n", b"<!DOCTYPE html><html><body>Access denied</body></html>", b"-0- ,"])
def test_what_is_no_list_is_neither_known_nor_parsed(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "sdn.csv"
    path.write_bytes(content)
    for companion in ("add.csv", "alt.csv", "sdn_comments.csv"):
        (tmp_path / companion).write_bytes(b"\x1a")
    for source in (SDN, CONS):
        assert format_of(source, path) is None
        for form in source.formats:
            with pytest.raises(ListFormatError):
                form.parse(path)


def csv_copy(tmp_path: Path) -> Path:
    for path in (FIXTURES / "ofac_csv").iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    return tmp_path / "sdn.csv"


@pytest.mark.parametrize("name", ["sdn.csv", "add.csv", "alt.csv", "sdn_comments.csv"])
def test_a_csv_file_without_its_end_mark_is_refused(tmp_path: Path, name: str) -> None:
    main = csv_copy(tmp_path)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes().removesuffix(b"\x1a"))
    with pytest.raises(ListFormatError, match=re.escape(name)):
        parse(SDN, main)


@pytest.mark.parametrize("name", ["add.csv", "alt.csv", "sdn_comments.csv"])
def test_a_csv_list_without_a_companion_is_refused(tmp_path: Path, name: str) -> None:
    main = csv_copy(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ListFormatError, match=re.escape(name)):
        parse(SDN, main)


@pytest.mark.parametrize("name", ["add.csv", "alt.csv", "sdn_comments.csv"])
def test_a_companions_row_of_no_entry_is_refused(tmp_path: Path, name: str) -> None:
    main = csv_copy(tmp_path)
    data = (tmp_path / name).read_bytes()
    (tmp_path / name).write_bytes(data.replace(b"92001", b"99999"))
    with pytest.raises(ListContentError, match="99999"):
        parse(SDN, main)


def test_companions_are_named_so_that_they_are_not_taken_for_unknown_files() -> None:
    named = {form.companions for source in (SDN, CONS) for form in source.formats if form.companions}
    assert named == {
        ("add.csv", "alt.csv", "sdn_comments.csv"),
        ("cons_add.csv", "cons_alt.csv", "cons_comments.csv"),
    }


def test_csv_rows_of_another_layout_are_refused(tmp_path: Path) -> None:
    main = csv_copy(tmp_path)
    (tmp_path / "alt.csv").write_bytes(b'92001,1,"aka","X"\r\n\x1a')
    with pytest.raises(ListFormatError, match=r"alt\.csv has a row of 4 fields"):
        parse(SDN, main)


def test_csv_file_names_may_be_in_capitals_and_name_the_non_sdn_list(tmp_path: Path) -> None:
    main = csv_copy(tmp_path)
    for old, new in (("add", "CONS_ADD"), ("alt", "CONS_ALT"), ("sdn_comments", "CONS_COMMENTS")):
        (tmp_path / f"{old}.csv").rename(tmp_path / f"{new}.CSV")
    assert len(parse(SDN, main.rename(tmp_path / "CONS_PRIM.CSV")).entities) == 4


def test_the_non_sdn_list_in_csv_is_told_from_the_sdn_list(tmp_path: Path) -> None:
    main = csv_copy(tmp_path)
    data = main.read_bytes().replace(b'"RUSSIA-EO14024] [CYBER2"', b'"NS-PLC"')
    main.write_bytes(data.replace(b'"RUSSIA-EO14024"', b'"CMIC-EO13959"'))
    assert format_of(SDN, main) is None
    assert {p.measure for e in parse(CONS, main).entities for p in e.programmes} == {
        Measure.REJECT,
        Measure.INVESTMENT,
    }


def test_formats_of_one_party_agree(classic: dict[str, ListedEntity], enhanced: dict[str, ListedEntity]) -> None:
    """The ship of the two fixtures is one ship: the formats differ only in what the publisher adds to one of them."""
    one, other = classic["ofac:90003"], enhanced["ofac:93003"]
    assert {(i.type, i.value) for i in one.identifiers} == {(i.type, i.value) for i in other.identifiers}
    assert one.vessel is not None
    assert replace(one.vessel, owner="Example Owner Ltd") == other.vessel
