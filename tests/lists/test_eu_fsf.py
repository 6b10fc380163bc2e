"""The EU list: field by field on a small file of real entries, whole on the real files, loud on the unknown."""

from datetime import date
from pathlib import Path

import pytest

from core.errors import ListContentError
from lists.entity import Kind, ListedEntity, Measure, NameType, Quality
from lists.sources.eu_fsf import SOURCE, parse

FIXTURE = Path(__file__).parents[1] / "fixtures" / "lists" / "eu_fsf.xml"


@pytest.fixture(scope="module")
def entities() -> dict[str, ListedEntity]:
    return {entity.id: entity for entity in parse(FIXTURE).entities}


def altered(tmp_path: Path, old: str, new: str, after: str = "<export") -> Path:
    """The fixture with the first `old` after a place in it made `new`."""
    before, place, rest = FIXTURE.read_text(encoding="utf-8").partition(after)
    assert old in rest
    path = tmp_path / "eu.xml"
    path.write_text(before + place + rest.replace(old, new, 1), encoding="utf-8")
    return path


def test_the_file(entities: dict[str, ListedEntity]) -> None:
    parsed = parse(FIXTURE)
    assert (parsed.published_on, parsed.format) == (date(2022, 3, 18), "EU FSF 1.1")
    assert len(entities) == len(parsed.entities) == 10
    assert {entity.source for entity in parsed.entities} == {"eu_fsf"}


def test_a_person(entities: dict[str, ListedEntity]) -> None:
    person = entities["eu:EU.3862.44"]
    assert person.kind is Kind.PERSON
    (name,) = person.names
    assert (name.value, name.type, name.script) == ("Fereidoun Abbasi-Davani", NameType.PRIMARY, "Latn")
    assert name.parts == (("given", "Fereidoun"), ("family", "Abbasi-Davani"))
    assert [(birth.earliest.year, birth.latest) for birth in person.birth_dates] == [
        (1959, date(1959, 12, 31)),
        (1958, date(1958, 12, 31)),
    ]
    assert [(place.text, place.country) for place in person.birth_places] == [("Abadan", "IR")]
    (listing,) = person.programmes
    assert (listing.code, listing.measure) == ("IRN", Measure.BLOCKING)
    assert listing.legal_basis.startswith("2017/1124 (OJ L163); Reg (EU) 267/2012")
    assert (person.listed_on, person.changed_on) == (date(2007, 3, 24), date(2017, 6, 24))
    assert person.remarks.startswith("Has “links to the Institute of Applied Physics.")
    assert person.url == "http://eur-lex.europa.eu/legal-content/EN/TXT/PDF/?uri=CELEX:32017R1124&from=EN"
    facts = dict(person.facts)
    assert facts["function"] == "Senior Ministry of Defence and Armed Forces Logistics (MODAFL) Scientist"
    assert facts["regulation"].endswith("amendment by council, published 2017-06-24, in force 2017-06-25")


def test_an_enterprise_with_a_weak_alias(entities: dict[str, ListedEntity]) -> None:
    bank = entities["eu:EU.4105.82"]
    assert bank.kind is Kind.ORGANIZATION
    assert [(name.value, name.type, name.quality) for name in bank.names] == [
        ("Korea Daesong Bank", NameType.PRIMARY, Quality.STRONG),
        ("Choson Taesong Unhaeng", NameType.ALIAS, Quality.STRONG),
        ("Taesong Bank", NameType.ALIAS, Quality.WEAK),
    ]
    (bic,) = bank.identifiers
    assert (bic.type, bic.value, bic.label, bic.strong, bic.country) == ("bic", "KDBKKPPY", "swiftbic", True, None)
    (address,) = bank.addresses
    assert (address.street, address.city, address.country) == (
        "Segori-dong, Gyongheung St., Potonggang District",
        "Pyongyang",
        "KP",
    )


def test_papers_with_their_dates_and_flags(entities: dict[str, ListedEntity]) -> None:
    person = entities["eu:EU.1051.65"]
    assert [name.value for name in person.names if name.quality is Quality.WEAK] == [
        "Dah Dah",
        "Abdelrahmman",
        "Bechir",
    ]
    assert {name.script for name in person.names} == {"Latn", "Arab"}
    (passport,) = person.identifiers
    assert (passport.type, passport.value, passport.country) == ("passport", "L335915", "TN")
    assert (passport.issued, passport.expires) == (date(1996, 11, 8), date(2001, 11, 7))
    assert passport.note == "known to have expired; Tunisian passport issued in Milan, Italy"
    assert person.nationalities == ("TN",)
    assert person.genders == ("male",)
    assert ("address", "TUNISIA: Left Sudan to Tunisia in 2011") in person.facts


def test_contacts(entities: dict[str, ListedEntity]) -> None:
    company = entities["eu:EU.2612.11"]
    assert company.contacts == (
        ("phone", "+963 11 3141635"),
        ("email", "info@gpc‐sy.com"),
        ("fax", "+963 11 3141634"),
    )
    assert company.addresses[0].street == "New Sham - Building of Syrian Oil Company, P.O. Box 60694"


def test_an_islamic_date_is_given_in_gregorian_and_kept(entities: dict[str, ListedEntity]) -> None:
    person = entities["eu:EU.3092.36"]
    assert [birth.earliest for birth in person.birth_dates] == [date(1982, 4, 19), date(1982, 4, 18)]
    assert ("birth date", "1402-6-24, ISLAMIC calendar") in person.facts


def test_a_persian_year_in_an_iranian_entry(entities: dict[str, ListedEntity]) -> None:
    (birth,) = entities["eu:EU.6133.24"].birth_dates
    assert (birth.earliest, birth.latest, birth.text) == (date(1960, 3, 21), date(1961, 3, 20), "1339")


def test_a_party_listed_under_two_regulations_is_one(entities: dict[str, ListedEntity]) -> None:
    party = entities["eu:EU.472.57"]
    assert [listing.code for listing in party.programmes] == ["AFG", "TAQA"]
    assert [name.type for name in party.names].count(NameType.PRIMARY) == 1
    assert len({name.value for name in party.names}) == len(party.names) == 5
    assert {(birth.earliest.year, birth.latest.year, birth.approximate) for birth in party.birth_dates} == {
        (1961, 1961, True),
        (1958, 1963, True),
    }
    assert (party.listed_on, party.changed_on) == (date(2001, 1, 31), date(2017, 3, 9))
    assert party.titles == ("Maulavi",)


def test_an_entry_without_a_programme_is_kept(entities: dict[str, ListedEntity]) -> None:
    tanker = entities["eu:EU.13569.42"]
    assert tanker.primary_name == "National Iranian Tanker Company"
    (listing,) = tanker.programmes
    assert (listing.code, listing.measure) == ("", Measure.UNKNOWN)


def test_russian_numbers_and_the_main_name(entities: dict[str, ListedEntity]) -> None:
    bank = entities["eu:EU.7395.36"]
    assert {(number.type, number.value, number.country) for number in bank.identifiers} == {
        ("ogrn", "1027739019142", "RU"),
        ("inn", "7744000912", "RU"),
    }
    almaz = entities["eu:EU.3949.53"]
    assert almaz.primary_name.isascii(), "of names in many languages, one that an English reader can read"
    assert {"Cyrl", "Grek", "Latn"} >= {name.script for name in almaz.names}


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("<subjectType code", "<newElement/><subjectType code", "<newElement>"),
        ('circa="false"', 'circa="false" newAttribute="1"', "@newAttribute"),
        ('classificationCode="P"', 'classificationCode="V"', "subject type 'V'"),
        ('programme="IRN"', 'programme="MOON"', "programme 'MOON'"),
        ('calendarType="GREGORIAN"', 'calendarType="MAYAN"', "calendar 'MAYAN'"),
        ('strong="true"', 'strong="perhaps"', "strong='perhaps'"),
        ('circa="false"', 'circa="no"', "circa='no'"),
        ('year="1959"', 'year="1959" monthOfYear="13"', "1959-13"),
        ('countryIso2Code="IR"', 'countryIso2Code="Q9"', "country 'Q9'"),
    ],
)
def test_the_unknown_is_named_with_its_entity(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ListContentError) as raised:
        parse(altered(tmp_path, old, new, after='euReferenceNumber="EU.3862.44"'))
    assert named in str(raised.value)
    assert "eu:EU.3862.44" in str(raised.value)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('key="EMAIL"', 'key="TELEX"', "contact 'TELEX'"),
        ('gender="M"', 'gender="X"', "gender 'X'"),
        ('identificationTypeCode="swiftbic" identificationTypeDescription="SWIFT BIC"',
         'identificationTypeCode="mystery" identificationTypeDescription="Mystery"', "'mystery'"),
        ("</export>", "<annex/></export>", "<annex>"),
    ],
)  # fmt: skip
def test_other_unknowns(tmp_path: Path, old: str, new: str, named: str) -> None:
    with pytest.raises(ListContentError) as raised:
        parse(altered(tmp_path, old, new))
    assert named in str(raised.value)


def test_a_new_code_with_a_known_description_is_read(tmp_path: Path) -> None:
    path = altered(tmp_path, 'identificationTypeCode="swiftbic"', 'identificationTypeCode="bic2"')
    (bic,) = next(entity for entity in parse(path).entities if entity.id == "eu:EU.4105.82").identifiers
    assert (bic.type, bic.label) == ("bic", "SWIFT BIC")


@pytest.mark.full_lists
def test_the_current_file(shared_lists: Path) -> None:
    parsed = parse(shared_lists / "current" / "xmlFullSanctionsList_1_1.xml")
    assert len(parsed.entities) == 5_873
    assert SOURCE.expect.fewest <= 5_307
    assert sum(len(entity.names) for entity in parsed.entities) == 29_878
    assert sum(listing.measure is Measure.UNKNOWN for entity in parsed.entities for listing in entity.programmes) == 604
    kinds = [number.type for entity in parsed.entities for number in entity.identifiers]
    assert len(kinds) >= 2_430
    assert (kinds.count("imo_company"), kinds.count("imo"), kinds.count("bic")) == (23, 2, 9)
    assert kinds.count("inn") > 600
    assert kinds.count("ogrn") > 340


@pytest.mark.full_lists
def test_the_previous_and_the_official_files(shared_lists: Path) -> None:
    assert len(parse(shared_lists / "previous" / "xmlFullSanctionsList_1_1.xml").entities) == 5_307
    official = parse(shared_lists / "samples" / "eu_official_2022_excerpt_1044.xml").entities
    assert len(official) == 1_024, "1,044 records of 1,024 parties"
    assert sum(len(entity.programmes) for entity in official) == 1_044
    assert sum(name.quality is Quality.WEAK for entity in official for name in entity.names) == 10
    assert sum(bool(name.parts) for entity in official for name in entity.names) > 900
