"""Golden queries: whom a name must find first, and whom it must not be taken for."""

from dataclasses import replace
from datetime import date

import pytest
from made_entities import company, made_entities

from lists.entity import Identifier, Kind, Name, PartialDate, Quality
from screening.matching.index import ListIndex
from screening.matching.matcher import compare, match, search
from screening.matching.policy import Policy
from screening.matching.result import Identity, Outcome, Relation
from screening.matching.subject import Subject

POLICY = Policy()


@pytest.mark.parametrize(
    ("name", "kind", "entity_id"),
    [
        ("Qassem Soleymani", None, "ofac:9"),
        ("قاسم سلیمانی", Kind.PERSON, "ofac:9"),
        ("Сулеймани Касем", Kind.PERSON, "ofac:9"),
        ("محمود احمدی‌نژاد", Kind.PERSON, "ofac:10"),
        ("Mahmud Ahmadi Nejad", Kind.PERSON, "ofac:10"),
        ("Bank Melli", None, "ofac:20"),
        ("بانک ملی ایران", Kind.ORGANIZATION, "ofac:20"),
        ("Промсвязьбанк", None, "ofac:21"),
        ("ПАО «Промсвязьбанк»", Kind.ORGANIZATION, "ofac:21"),
        ("SIS DOO", Kind.ORGANIZATION, "ofac:22"),
        ("Bank Sanat va Madan", Kind.ORGANIZATION, "ofac:24"),
        ("IMO 9481910", Kind.VESSEL, "ofac:50585"),
        ("9481910", Kind.VESSEL, "ofac:50585"),
        ("Port Olya 3", Kind.VESSEL, "ofac:50585"),
        ("PORT OLYA IV", Kind.VESSEL, "ofac:50584"),
    ],
)
def test_finds_the_right_entity_first(small_index: ListIndex, name: str, kind: Kind | None, entity_id: str) -> None:
    result = match(small_index, Subject(name, kind), POLICY)
    assert result.matches
    assert result.matches[0].entity_id == entity_id


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("Ivan Petrov", Kind.PERSON),
        ("Ivan Petrov", None),
        ("Caspian Dried Fruit Trading LLC", Kind.ORGANIZATION),
        ("Caspian Dried Fruit Trading LLC", None),
        ("Vladimir Nikolaevich Solovyov", Kind.PERSON),
        ("Hassan Salami", Kind.PERSON),
        ("Tehran Cement Company", Kind.ORGANIZATION),
        ("PORT OLYA-5", Kind.VESSEL),
    ],
)
def test_takes_nobody_for_somebody_else(small_index: ListIndex, name: str, kind: Kind | None) -> None:
    assert match(small_index, Subject(name, kind), POLICY).outcome is Outcome.CLEAR


def test_the_same_name_scores_1000_and_alone_stops_at_950(small_index: ListIndex) -> None:
    best = search(small_index, Subject("Qasem SOLEIMANI", Kind.PERSON), POLICY)[0]
    assert (best.name_score, best.score, best.identity) == (1000, 950, Identity.NAME_ONLY)


def test_a_birth_date_lifts_or_lowers(small_index: ListIndex) -> None:
    subject = Subject("Qasem Soleimani", Kind.PERSON)
    day = date(1957, 3, 11)
    same = search(small_index, replace(subject, birth_date=PartialDate(day, day)), POLICY)[0]
    other_day = date(1984, 1, 2)
    other = search(small_index, replace(subject, birth_date=PartialDate(other_day, other_day)), POLICY)[0]
    assert (same.score, same.identity) == (1000, Identity.CORROBORATED)
    assert (other.identity, other.outcome) == (Identity.CONTRADICTED, Outcome.CLEAR)


def test_a_shared_unique_identifier_decides_though_names_differ(small_index: ListIndex) -> None:
    subject = Subject("Sunny Trader", Kind.ORGANIZATION, identifiers=(Identifier("bic", "BOIMIRTHXXX"),))
    without = match(small_index, replace(subject, identifiers=()), POLICY)
    with_head_office = match(small_index, replace(subject, identifiers=(Identifier("bic", "BOIMIRTH"),)), POLICY)
    assert without.outcome is Outcome.CLEAR
    assert with_head_office.matches[0].entity_id == "ofac:24"
    assert with_head_office.matches[0].decided_by == "bic"


def test_another_imo_speaks_against_a_ship_of_the_same_name_but_never_clears_it(small_index: ListIndex) -> None:
    subject = Subject("PORT OLYA-3", Kind.VESSEL, identifiers=(Identifier("imo", "8889385"),))
    best = search(small_index, subject, POLICY)[0]
    assert best.identity is Identity.CONTRADICTED
    assert best.outcome is Outcome.REVIEW


def test_a_name_beside_its_imo_keeps_both(small_index: ListIndex) -> None:
    best = search(small_index, Subject("Port Olya-3, IMO: 9481910", Kind.VESSEL), POLICY)[0]
    assert (best.entity_id, best.decided_by, best.name_score) == ("ofac:50585", "imo", 1000)
    assert "which decides: each IMO number belongs to one party only" in best.sentence


def test_a_weak_alias_alone_is_shown_with_low_priority_and_never_a_match(small_index: ListIndex) -> None:
    weak = replace(made_entities()[0], names=(*made_entities()[0].names[:1], Name("Haji Sardar", quality=Quality.WEAK)))
    best = compare(Subject("Haji Sardar", Kind.PERSON), weak, POLICY)
    assert best.low_priority
    assert best.outcome is Outcome.REVIEW


def test_patronymics_same_above_omitted_above_contradicted() -> None:
    listed = made_entities()[2]
    same, omitted, other = (
        compare(Subject(name, Kind.PERSON), listed, POLICY).name_score
        for name in ("Vladimir Rudolfovich Solovyov", "Vladimir Solovyov", "Vladimir Nikolaevich Solovyov")
    )
    assert same > omitted > other


def test_explains_every_word(small_index: ListIndex) -> None:
    best = search(small_index, Subject("Bank Sanat va Madan", Kind.ORGANIZATION), POLICY)[0]
    said = {(p.subject_text.lower(), p.listed_text.lower()): p.relation for p in best.explanation.pairs}
    assert said["sanat", "industry"] is Relation.MEANING
    assert said["bank", "bank"] is Relation.SAME
    assert "means the same as" in best.sentence


def test_explains_what_was_left_over(small_index: ListIndex) -> None:
    best = search(small_index, Subject("Vladimir Solovyov", Kind.PERSON), POLICY)[0]
    assert [left.text for left in best.explanation.listed_left] == ["Rudolfovich"]
    assert "“Rudolfovich” is not in the name asked for" in best.sentence


def test_a_party_that_goes_by_the_name_stands_before_one_that_has_it_as_an_alias() -> None:
    firm = company("ofac:1", "PSB INNOVATIONS AND INVESTMENTS LLC", "Промсвязьбанк")
    bank = company("ofac:2", "PROMSVYAZBANK PUBLIC JOINT STOCK COMPANY", "PROMSVYAZBANK")
    result = match(ListIndex.build((firm, bank)), Subject("Промсвязьбанк", Kind.ORGANIZATION), POLICY)
    assert [found.entity_id for found in result.matches] == ["ofac:2", "ofac:1"]
    assert result.matches[0].score == result.matches[1].score


def test_a_country_corroborates_a_name_but_makes_no_alarm_of_one() -> None:
    bank = replace(company("ofac:1", "Bank Saman Kish"), nationalities=("IR",))
    same = compare(Subject("Bank Saman Kish", Kind.ORGANIZATION, countries=("IR",)), bank, POLICY)
    assert (same.score, same.identity) == (980, Identity.CORROBORATED)
    other, alone = (
        compare(Subject("Saman Cement", Kind.ORGANIZATION, countries=countries), bank, POLICY)
        for countries in (("IR",), ())
    )
    assert alone.outcome is Outcome.CLEAR
    assert other.score == alone.score
    assert other.identity is Identity.NAME_ONLY


def test_no_near_miss_is_shown_that_shares_next_to_nothing(small_index: ListIndex) -> None:
    result = match(small_index, Subject("Qwertz Uiopue"), POLICY)
    assert all(found.score >= 250 for found in result.near_misses)
    assert match(small_index, Subject("Bank Melli"), replace(POLICY, near_misses=0)).near_misses == ()


@pytest.mark.parametrize(
    ("family", "given"), [("علی کریمی", "Ali Karim"), ("محمد امیری", "Mohammed Omar"), ("رضا کریم", "Reza Karimi")]
)
def test_a_persian_family_name_is_not_the_given_name_in_it(family: str, given: str) -> None:
    listed = replace(company("x:1", given), kind=Kind.PERSON)
    assert compare(Subject(family, Kind.PERSON), listed, POLICY).outcome is Outcome.CLEAR
