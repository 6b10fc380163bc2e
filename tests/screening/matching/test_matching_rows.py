"""What a row of a file is answered is what a screening of its own would be: `matches` beside `match`."""

from dataclasses import replace
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st
from made_entities import made_entities

from lists.entity import Identifier, Kind, PartialDate
from screening.matching.index import ListIndex
from screening.matching.matcher import match, matches
from screening.matching.policy import Policy
from screening.matching.subject import Subject

INDEX = ListIndex.build(made_entities())
LISTED = [name.value for entity in made_entities() for name in entity.names]
WORDS = sorted({word for name in LISTED for word in name.split()})
LETTERS = st.sampled_from("aeiouyshkдлین3 ")


@st.composite
def names(draw: st.DrawFn) -> str:
    """A listed name, or words of listed names, with a letter put in or taken out."""
    name = draw(st.sampled_from(LISTED) | st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
    at = draw(st.integers(0, len(name)))
    return name[:at] + draw(st.just("") | LETTERS) + name[at + draw(st.integers(0, 1)) :]


SUBJECTS = st.builds(
    Subject,
    name=names(),
    kind=st.sampled_from([None, *Kind]),
    birth_date=st.none() | st.just(PartialDate(date(1957, 3, 11), date(1957, 3, 11))),
    countries=st.sampled_from([(), ("IR",), ("RU",), ("DE",)]),
    identifiers=st.sampled_from([(), (Identifier("imo", "9481910"),), (Identifier("inn", "7707083893"),)]),
)
POLICIES = st.builds(
    Policy, review_threshold=st.sampled_from([600, 700, 760]), match_threshold=st.just(900), near_misses=st.just(5)
)


@settings(max_examples=300, deadline=None)
@given(SUBJECTS, POLICIES)
def test_a_row_has_the_matches_of_its_own_screening(subject: Subject, policy: Policy) -> None:
    single = match(INDEX, subject, policy)
    assert matches(INDEX, subject, policy) == replace(single, near_misses=())
