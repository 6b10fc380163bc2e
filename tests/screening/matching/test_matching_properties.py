"""What holds for every subject: bounds, self-finding, monotony. Names are drawn from parts, in three scripts."""

import re
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from made_entities import made_entities

from lists.entity import Identifier, Kind, ListedEntity, Name, NameType, PartialDate
from screening.matching.index import ListIndex
from screening.matching.matcher import compare, match, search
from screening.matching.policy import Policy
from screening.matching.result import ScoredCandidate
from screening.matching.subject import Subject

POLICY = Policy()
INDEX = ListIndex.build(made_entities())
WORDS = re.findall(
    r"\S+",
    "Qasem Soleimani Mahmoud Ahmadi Nejad Bank Melli Iran OOO LLC Vladimir Ivanovich Petrov Port Olya 3 IV "
    "قاسم سلیمانی بانک ملی شرکت Владимир Рудольфович Соловьёв Промсвязьбанк ООО O. al- «» (PJS)",
)
worded = st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join)
written = st.one_of(worded, st.text(max_size=30))
kinds = st.sampled_from([None, *Kind])
days = st.dates(date(1930, 1, 1), date(2005, 1, 1))
NAMED = [(entity, name) for entity in made_entities() for name in entity.names]


@settings(max_examples=150, deadline=None)
@given(written, kinds)
def test_scores_stay_within_0_and_1000_and_nothing_raises(name: str, kind: Kind | None) -> None:
    result = match(INDEX, Subject(name, kind), POLICY)
    for candidate in (*result.matches, *result.near_misses):
        assert 0 <= candidate.score <= 1000
        assert 0 <= candidate.name_score <= 1000
        assert all(0 <= p.similarity <= 100 and 0 <= p.weight <= 1000 for p in candidate.explanation.pairs)
        assert candidate.outcome is POLICY.outcome(candidate.score)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(NAMED), st.booleans())
def test_a_listed_name_finds_itself_first(named: tuple[ListedEntity, Name], say_kind: bool) -> None:
    entity, name = named
    best = search(INDEX, Subject(name.value, entity.kind if say_kind else None), POLICY)[0]
    assert best.name_score == 1000 or best.low_priority
    assert best.entity_id == entity.id


@settings(max_examples=100, deadline=None)
@given(written, st.sampled_from(made_entities()), written.filter(str.strip))
def test_another_alias_never_lowers(name: str, entity: ListedEntity, alias: str) -> None:
    subject = Subject(name, entity.kind)
    more = replace(entity, names=(*entity.names, Name(alias, NameType.ALIAS)))
    assert compare(subject, more, POLICY).score >= compare(subject, entity, POLICY).score


@settings(max_examples=100, deadline=None)
@given(written, days, days)
def test_a_contradicting_birth_date_never_raises(name: str, listed_day: date, day: date) -> None:
    entity = replace(made_entities()[0], birth_dates=(PartialDate(listed_day, listed_day),))
    if abs(day - listed_day) < timedelta(days=400):
        day = listed_day + timedelta(days=4000)
    subject = Subject(name, Kind.PERSON)
    born = replace(subject, birth_date=PartialDate(day, day))
    assert compare(born, entity, POLICY).score <= compare(subject, entity, POLICY).score


@settings(max_examples=100, deadline=None)
@given(written, st.sampled_from(["imo", "inn", "bic", "registration"]))
def test_a_corroborating_identifier_never_lowers(name: str, kind: str) -> None:
    identifier = Identifier(kind, "9481910", strong=kind != "registration")
    entity = replace(made_entities()[-1], identifiers=(identifier,))
    subject = Subject(name, Kind.VESSEL)
    with_it = replace(subject, identifiers=(identifier,))
    assert compare(with_it, entity, POLICY).score >= compare(subject, entity, POLICY).score


@settings(max_examples=100, deadline=None)
@given(worded, worded, st.sampled_from(list(Kind)))
def test_the_name_score_hardly_depends_on_which_side_is_listed(a: str, b: str, kind: Kind) -> None:
    def compared(ours: str, theirs: str) -> ScoredCandidate:
        listed = ListedEntity("x:1", "x", kind, (Name(theirs, NameType.PRIMARY),))
        return compare(Subject(ours, kind), listed, POLICY)

    if a.strip() and b.strip():
        there, back = compared(a, b), compared(b, a)
        # what the subject meant is guessed at, what the list says is not; only a subject may tell nobody, and
        # an initial that is asked for counts as a name told
        one_sided = any(
            note.startswith(("read as", "the name asked for tells", "only one word"))
            for one in (there, back)
            for note in one.explanation.notes
        )
        if not one_sided:
            # a patronymic costs a little more where it was asked for
            assert abs(there.name_score - back.name_score) <= 40
