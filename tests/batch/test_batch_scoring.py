"""Rows scored: the same as one screening each, once per subject, and a bad row does not stop the others."""

import pytest

from lists.entity import Identifier, Kind, ListedEntity, Name, NameType
from screening.answering import Answering
from screening.batch import scoring
from screening.batch.columns import map_columns
from screening.batch.reading import Row
from screening.batch.scoring import Scorer
from screening.coverage import Coverage
from screening.matching.index import ListIndex
from screening.matching.policy import Policy

SHIP = ListedEntity(
    "ofac_sdn:1",
    "ofac_sdn",
    Kind.VESSEL,
    (Name("PORT OLYA-3", NameType.PRIMARY),),
    identifiers=(Identifier("imo", "9481910", text="IMO 9481910", strong=True),),
)


@pytest.fixture
def scorer() -> Scorer:
    columns = map_columns(("name", "kind", "imo", "reference"))
    return Scorer(columns, Answering(Policy()), ListIndex.build([SHIP]), Coverage((), (), (), ()))


def test_each_row_has_the_answer_of_its_own_screening(scorer: Scorer) -> None:
    rows = [
        Row(2, ("Port Olya-3", "vessel", "9481910", "a")),
        Row(3, ("Zhanna Trading", "organization", "", "b")),
        Row(4, ("x", "spaceship", "", "c")),
        Row(5, (), "it holds a NUL byte"),
        Row(6, ("Port Olya-3", "vessel", "9481910", "other reference")),
    ]
    scored = scorer.score(rows)
    match, clear, unread, faulty, again = scored.rows
    request, read = scorer.columns.request(rows[0])
    answer = scorer.answering.answer(request, read, scorer.index, scorer.coverage)
    best = answer.matches[0]
    assert (match["row"], match["outcome"], match["score"]) == (2, "match", best.score)
    assert (match["entity_id"], match["primary_name"], match["list"]) == ("ofac_sdn:1", "PORT OLYA-3", "ofac_sdn")
    assert match["reason"] == answer.say
    assert clear["reason"] == "Nothing on the no lists searched comes close. Review starts at 70."
    assert (clear["outcome"], clear["entity_id"]) == ("clear", "")
    assert unread["outcome"] == faulty["outcome"] == "incomplete"
    assert "Row 4" in str(unread["reason"])
    assert "kind" in str(unread["reason"])
    assert "NUL byte" in str(faulty["reason"])
    assert again == match | {"row": 6}
    assert (scorer.scored, scored.unreadable) == (2, 2)
    assert [alarm.row for alarm in scored.alarms] == [2, 6]
    assert scored.alarms[0].hits[0].entity_id == "ofac_sdn:1"


def test_what_is_kept_is_bounded(scorer: Scorer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scoring, "MOST_KEPT", 2)
    names = ("Anna", "Boris", "Clara", "Anna")
    results = scorer.score(Row(number, (name, "person", "", "")) for number, name in enumerate(names, start=2))
    assert [result["row"] for result in results.rows] == [2, 3, 4, 5]
    assert scorer.scored == 4
