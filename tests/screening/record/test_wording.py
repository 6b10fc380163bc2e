"""Wording: what an answer says first, in the console's words, and never a word that passes judgement."""

from dataclasses import replace

import pytest
from record_lists import NIOC, OLYA, SOLEIMANI

from lists.entity import ListedEntity, Measure
from screening.answer import CoveredList, Found
from screening.coverage import known_gaps
from screening.finding import MOST_NAMES, found
from screening.matching.matcher import compare
from screening.matching.policy import Policy
from screening.matching.result import Identity, Outcome, Qualifier, Stance
from screening.matching.subject import Subject
from screening.wording import points, say

COVERED = [CoveredList.model_construct(key=key, title=key, state="fresh", sample=False) for key in ("a", "b", "c", "d")]


def make_found(listed: ListedEntity = SOLEIMANI, name: str = "Qasem Soleimani") -> Found:
    return found(compare(Subject(name), listed, Policy()), (listed,))


def sentence(outcome: Outcome, *matches: Found, near: tuple[Found, ...] = (), missing: tuple[str, ...] = ()) -> str:
    text = say(outcome, matches, near, COVERED, missing, 700)
    assert not {"legal", "illegal", "safe", "compliant", "approved", "risk"} & set(text.casefold().split())
    assert "%" not in text
    return text


def test_a_match_says_stop_first() -> None:
    best = make_found()
    assert sentence(Outcome.MATCH, best) == (
        "Do not sign or pay. This is very likely Qasem SOLEIMANI, whom the United States lists."
    )
    assert sentence(Outcome.MATCH, best, best).endswith("lists; one more listed entity comes close.")
    assert sentence(Outcome.MATCH, best, best, best).endswith("lists; two more listed entities come close.")
    assert "which the European Union lists" in sentence(Outcome.MATCH, make_found(NIOC, "NIOC"))


def test_a_review_says_what_speaks_against() -> None:
    best = make_found()
    assert "only the name speaks for it" in sentence(Outcome.REVIEW, best)
    against = Qualifier("birth_date", Stance.CONTRADICTS, -150, "1987", "1957", "")
    other = replace(against, feature="shoe_size")
    contradicted = best.model_copy(update={"identity": Identity.CONTRADICTED, "qualifiers": (against, other)})
    assert sentence(Outcome.REVIEW, contradicted) == (
        "Wait for an officer. The name is close to Qasem SOLEIMANI, whom the United States lists, "
        "but the birth dates differ and shoe size disagrees."
    )
    weak = best.model_copy(update={"low_priority": True})
    assert "under an alias that identifies poorly" in sentence(Outcome.REVIEW, weak)
    ship = make_found(OLYA, "IMO 9481910").model_copy(update={"decided_by": "imo"})
    assert "A number it gives is that of PORT OLYA-3" in sentence(Outcome.REVIEW, ship)


def test_a_clear_names_the_nearest() -> None:
    near = make_found().model_copy(update={"score": 582})
    assert sentence(Outcome.CLEAR, near=(near,)) == (
        "Nothing on the four lists searched comes close. The nearest name scores 58.2; review starts at 70."
    )
    assert "No listed name is near" in sentence(Outcome.CLEAR)


def test_an_incomplete_is_no_clear() -> None:
    assert sentence(Outcome.INCOMPLETE, missing=("x",)) == (
        "This is not a clear. We searched and found nothing close, but one thing is missing, so we cannot be sure."
    )
    assert "two things are missing" in sentence(Outcome.INCOMPLETE, missing=("x", "y"))
    assert "Nothing could be searched" in say(Outcome.INCOMPLETE, (), (), (), ("x",), 700)


@pytest.mark.parametrize(("score", "text"), [(0, "0.0"), (7, "0.7"), (713, "71.3"), (1000, "100.0")])
def test_points(score: int, text: str) -> None:
    assert points(score) == text


def test_a_listing_without_a_programme_is_never_shown_as_nothing() -> None:
    (listing,) = make_found(NIOC).listings
    assert listing.measure == Measure.UNKNOWN
    assert "listed all the same" in listing.meaning


def test_two_listings_of_one_entity_are_both_shown() -> None:
    twin = replace(SOLEIMANI, source="us_other", listed_on=None, url="")
    both = found(compare(Subject("Qasem Soleimani"), SOLEIMANI, Policy()), (twin, SOLEIMANI))
    assert [listing.list for listing in both.listings] == ["us_other", "us_list"]
    assert both.listed_on == SOLEIMANI.listed_on
    assert both.url == SOLEIMANI.url
    assert len(both.other_names) <= MOST_NAMES
    assert both.primary_name not in both.other_names


def test_every_known_gap_is_told_with_its_citation() -> None:
    assert all(row["title"] and row["reason"] and row["citation"] for row in known_gaps())
    assert len({row["key"] for row in known_gaps()}) == len(known_gaps())
