"""OFAC's real files, current and previous, in all formats: nothing in them is lost, and the formats agree."""

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest
from lxml import etree

from core.errors import ListFormatError
from lists.entity import Identifier, Kind, ListedEntity, Measure, NameType, Quality
from lists.identifiers import canonical, is_valid
from lists.source import ParsedList, discover, format_of
from lists.sources import ofac_classic, ofac_csv, ofac_enhanced
from lists.sources.ofac import CONS, SDN
from lists.sources.ofac_craft import Craft

pytestmark = pytest.mark.full_lists

RELATED = {"secondary_sanctions_flag": "secondary", "gender": "gender", "name": "name"}


def parsed(path: Path) -> tuple[str, ParsedList]:
    """The only source that knows the file, and what it reads from it."""
    [(source, form)] = [(s, f) for s in discover().values() if (f := format_of(s, path))]
    return source.key, form.parse(path)


def by_id(result: ParsedList) -> dict[str, ListedEntity]:
    return {entity.id: entity for entity in result.entities}


@pytest.fixture(scope="module")
def sdn(shared_lists: Path) -> ParsedList:
    key, result = parsed(shared_lists / "current" / "SDN.XML")
    assert key == "ofac_sdn"
    return result


@pytest.fixture(scope="module")
def enhanced(shared_lists: Path) -> ParsedList:
    key, result = parsed(shared_lists / "current" / "CONS_ENHANCED.XML")
    assert key == "ofac_cons"
    return result


@pytest.fixture(scope="module")
def consolidated(shared_lists: Path) -> ParsedList:
    key, result = parsed(shared_lists / "current" / "CONSOLIDATED.XML")
    assert key == "ofac_cons"
    return result


def test_the_current_sdn_list_has_the_counts_of_its_file(sdn: ParsedList) -> None:
    kinds = Counter(entity.kind for entity in sdn.entities)
    assert kinds == {Kind.ORGANIZATION: 9547, Kind.PERSON: 7408, Kind.VESSEL: 1461, Kind.AIRCRAFT: 342}
    types = Counter(name.type for entity in sdn.entities for name in entity.names)
    assert types == {NameType.PRIMARY: 18_758, NameType.ALIAS: 24_583 - 534, NameType.FORMER: 534}
    assert sum(len(entity.secondary_sanctions) for entity in sdn.entities) == 14_023
    assert all(any(p.measure is Measure.BLOCKING for p in entity.programmes) for entity in sdn.entities)


def home_of(label: str, value: str) -> tuple[str, str]:
    """Where the table says that a labelled value belongs, and what must be found there."""
    row = canonical("ofac", label)
    if label in Craft.LABELS:
        return "craft", label
    if row.kind == "contact":
        return row.type, value
    if row.kind == "identifier":
        return "identifier", value
    if row.type in RELATED:
        return RELATED[row.type], value
    return "fact", value


def places_in(entity: ListedEntity) -> Counter[tuple[str, str]]:
    found = Counter(("identifier", i.text) for i in entity.identifiers)
    found.update(entity.contacts)
    found.update(("gender", gender.title()) for gender in entity.genders)
    found.update(("secondary", text.partition(text.split(": ")[0] + ": ")[2]) for text in entity.secondary_sanctions)
    found.update(("secondary", text.partition(" - ")[2]) for text in entity.secondary_sanctions)
    found.update(("fact", text) for _, text in entity.facts)
    found.update(("name", name.value) for name in entity.names)
    return found


@pytest.mark.parametrize(("name", "count"), [("SDN.XML", 51_364), ("CONSOLIDATED.XML", 2_457)])
def test_every_entry_of_every_id_list_is_found_where_the_table_puts_it(
    shared_lists: Path, request: pytest.FixtureRequest, name: str, count: int
) -> None:
    entities = by_id(request.getfixturevalue("sdn" if name == "SDN.XML" else "consolidated"))
    seen = 0
    for _, element in etree.iterparse(shared_lists / "current" / name, tag="{*}sdnEntry"):
        uid = element.findtext("{*}uid")
        entity = entities[f"ofac:{uid}"]
        places = places_in(entity)
        for one in element.iterfind("{*}idList/{*}id"):
            seen += 1
            label, value = " ".join(one.findtext("{*}idType").split()), " ".join(one.findtext("{*}idNumber").split())
            home = home_of(label, value)
            if home[0] == "craft":
                assert entity.vessel is not None or ("fact", value) in places, f"{uid} lost {label} {value}"
                continue
            assert places[home] > 0, f"{uid} lost {label} {value}"
            places[home] -= 1
        element.clear()
    assert seen == count


def test_known_parties_are_read_as_they_are(sdn: ParsedList) -> None:
    entities = by_id(sdn)
    soleimani = entities["ofac:10481"]
    assert soleimani.primary_name == "Qasem SOLEIMANI"
    assert soleimani.kind is Kind.PERSON
    assert "IRGC" in {p.code for p in soleimani.programmes}
    ship = entities["ofac:50585"]
    assert ship.primary_name == "PORT OLYA-3"
    assert [i.value for i in ship.identifiers if i.type == "imo"] == ["9481910"]
    assert ship.relationships[0].other_id == "ofac:37049"
    owner = entities["ofac:37049"]
    assert "imo_company" in {i.type for i in owner.identifiers}
    tejarat = entities["ofac:25677"]  # two ties in one pair of brackets
    assert [r.other_name for r in tejarat.relationships] == ["MAHAN AIR", "BANK SEPAH"]


def test_ship_numbers_pass_their_check_or_are_a_companys(sdn: ParsedList) -> None:
    label = "Vessel Registration Identification"
    found = [i for entity in sdn.entities for i in entity.identifiers if i.label == label]
    assert len(found) == 1_468
    assert sum(i.type == "imo" and is_valid("imo", i.value) is True for i in found) == 1_456  # four oddly written
    companies = [i for entity in sdn.entities for i in entity.identifiers if i.type == "imo_company"]
    assert len(companies) > 480  # most stand under "Identification Number IMO 6330601"
    assert all(is_valid("imo_company", i.value) for i in companies)


def test_most_ties_lead_to_an_entry_of_the_file(sdn: ParsedList) -> None:
    ties = [relationship for entity in sdn.entities for relationship in entity.relationships]
    known = {entity.id for entity in sdn.entities}
    assert len(ties) > 8_000
    assert sum(tie.other_id in known for tie in ties) > 0.95 * len(ties)


def test_the_two_formats_of_the_non_sdn_list_agree(enhanced: ParsedList, consolidated: ParsedList) -> None:
    """The files are eleven weeks apart: 9647 and 9659 were edited, VTB's LEI lost its country."""
    one, other = by_id(enhanced), by_id(consolidated)
    assert len(one) == len(other) == 443
    assert one.keys() == other.keys()

    def differing(what: Callable[[ListedEntity], object]) -> set[str]:
        return {entity_id for entity_id in one if what(one[entity_id]) != what(other[entity_id])}

    def number(i: Identifier) -> tuple[str, str]:
        return i.type, i.value

    assert differing(lambda e: {number(i) for i in e.identifiers}) == set()
    assert differing(lambda e: set(e.contacts)) == set()
    assert differing(lambda e: {n.value for n in e.names if n.script == "Latn"}) == set()
    assert differing(lambda e: {(d.earliest, d.latest, d.approximate) for d in e.birth_dates}) == set()
    assert differing(lambda e: {r.other_name for r in e.relationships}) == set()
    assert differing(lambda e: set(e.secondary_sanctions)) == {"ofac:9659"}
    assert differing(lambda e: {x.text for x in e.addresses if x.text.isascii()}) == {"ofac:9647", "ofac:9659"}


def test_the_two_formats_agree_on_what_a_listing_does(enhanced: ParsedList, consolidated: ParsedList) -> None:
    """Where directives explain every tag, classic XML cannot tell that a party is an SDN too: 16 banks and firms."""
    one, other = by_id(enhanced), by_id(consolidated)
    silent = 0
    for entity_id, entity in one.items():
        told = {(p.code, p.measure) for p in entity.programmes}
        found = {(p.code, p.measure) for p in other[entity_id].programmes}
        assert found <= told, entity_id
        assert {measure for _, measure in told - found} <= {Measure.BLOCKING}, entity_id
        silent += told != found
    assert silent == 16
    measures = Counter(p.measure for entity in consolidated.entities for p in entity.programmes)
    assert measures[Measure.REJECT] == 79  # 78 NS-PLC, one FSE
    assert measures[Measure.INVESTMENT] == 68
    assert measures[Measure.CAPTA] == 15  # 14 under EO 14024 Directive 2, Bank of Kunlun


def test_the_non_sdn_lists_keep_scripts_weak_names_and_relationships(enhanced: ParsedList) -> None:
    scripts = Counter(name.script for entity in enhanced.entities for name in entity.names)
    assert (scripts["Cyrl"], scripts["Hans"], scripts["Hant"]) == (39, 5, 1)
    weak = {entity.id for entity in enhanced.entities for name in entity.names if name.quality is Quality.WEAK}
    assert weak
    ties = [relationship for entity in enhanced.entities for relationship in entity.relationships]
    assert Counter(tie.type for tie in ties) == {"owned_or_controlled_by": 278, "owns_or_controls": 4, "acting_for": 1}
    assert all(tie.other_id for tie in ties)


def test_the_consolidated_list_has_the_counts_of_its_file(consolidated: ParsedList) -> None:
    aliases = Counter(n.quality for e in consolidated.entities for n in e.names if n.type is not NameType.PRIMARY)
    issuers = sum(label == "Issuer Name" for e in consolidated.entities for label, _ in e.facts)
    assert aliases[Quality.WEAK] == 70
    assert issuers == 73
    assert 1_136 <= sum(aliases.values()) <= 1_136 + issuers  # an issuer may be a name that is there already


def test_both_lists_share_eighty_eight_parties(sdn: ParsedList, consolidated: ParsedList) -> None:
    assert len(by_id(sdn).keys() & by_id(consolidated).keys()) == 88


def test_the_previous_files_are_read_too(shared_lists: Path) -> None:
    key, consolidated = parsed(shared_lists / "previous" / "CONSOLIDATED.XML")  # the namespace of tempuri.org
    assert (key, len(consolidated.entities)) == ("ofac_cons", 445)


def test_csv_and_xml_of_one_day_agree(shared_lists: Path) -> None:
    """The previous SDN.XML was rebuilt from the CSV files; the few differences are slips of that rebuilding."""
    key, xml = parsed(shared_lists / "previous" / "SDN.XML")
    assert key == "ofac_sdn"
    key, four = parsed(shared_lists / "csv" / "sdn.csv")
    assert key == "ofac_sdn"
    one, other = by_id(xml), by_id(four)
    assert len(one) == len(other) == 14_965
    assert one.keys() == other.keys()

    def differing(what: Callable[[ListedEntity], object]) -> int:
        return sum(what(one[entity_id]) != what(other[entity_id]) for entity_id in one)

    assert differing(lambda e: {n.value for n in e.names}) == 3  # a blank came into words cut at 1,000 characters
    assert differing(lambda e: (e.kind, e.vessel)) == 0
    assert differing(lambda e: e.genders) == 0
    assert differing(lambda e: {(p.code, p.measure) for p in e.programmes}) <= 1
    assert differing(lambda e: {(i.label, i.value) for i in e.identifiers}) <= 5
    assert differing(lambda e: set(e.nationalities)) <= 5
    weak = sum(n.quality is Quality.WEAK for e in four.entities for n in e.names)
    assert weak > 3_600  # the names in quotes
    segments = Counter(part for e in four.entities for part in e.remarks.split("; ") if part)
    assert sum(segments.values()) < 0.04 * 40_000  # of some 40,000 segments, those without a label are left
    assert not [part for part in segments if part.startswith(("DOB ", "POB ", "Linked To", "Gender "))]


def test_weak_aliases_of_the_official_file_are_kept(shared_lists: Path, tmp_path: Path) -> None:
    excerpt = shared_lists / "samples" / "ofac_sdn_2021_excerpt_weak_strong_aka.xml"
    form = format_of(SDN, excerpt)
    assert form is not None
    with pytest.raises(ListFormatError, match="says it holds 9086 entries but holds 2781"):
        form.parse(excerpt)
    counted = tmp_path / "sdn.xml"
    text = excerpt.read_text(encoding="utf-8")
    counted.write_text(text.replace("<Record_Count>9086<", "<Record_Count>2781<"), encoding="utf-8")
    result = form.parse(counted)
    assert len(result.entities) == 2_781
    quality = Counter(n.quality for e in result.entities for n in e.names if n.type is not NameType.PRIMARY)
    assert quality == {Quality.STRONG: 4_433, Quality.WEAK: 935}
    dated = sum(i.issued is not None for e in result.entities for i in e.identifiers)
    assert dated > 80


@pytest.mark.parametrize(
    ("name", "module"),
    [
        ("current/CONSOLIDATED.XML", ofac_classic),
        ("current/CONS_ENHANCED.XML", ofac_enhanced),
        ("csv/sdn.csv", ofac_csv),
    ],
)
def test_a_file_cut_at_twenty_random_places_is_refused(
    shared_lists: Path, tmp_path: Path, name: str, module: ModuleType
) -> None:
    data = (shared_lists / name).read_bytes()
    places = random.Random(20261124).sample(range(1, len(data) - 2), 20)
    for companion in ("add.csv", "alt.csv", "sdn_comments.csv"):
        (tmp_path / companion).write_bytes((shared_lists / "csv" / companion).read_bytes())
    for place in places:
        cut = tmp_path / Path(name).name
        cut.write_bytes(data[:place])
        more = {} if module is ofac_enhanced else {"non_sdn": module is ofac_classic}
        with pytest.raises(ListFormatError):
            module.parse(cut, source=CONS.key, **more)
