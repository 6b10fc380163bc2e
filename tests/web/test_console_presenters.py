"""Presenters: what a page says about an answer, without any page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import console_examples as examples
import pytest

from api.web.presenters import figures, found, notes, words
from api.web.presenters.changes import field_view
from api.web.presenters.coverage import coverage
from api.web.presenters.problem import problem_view
from api.web.presenters.screening import screening_page, split_lead, split_missing, subject_name
from lists.diff import FieldChange
from screening.matching.result import Explanation, Leftover, Relation

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize(("tenths", "shown"), [(1000, "100"), (980, "98.0"), (713, "71.3"), (0, "0.0")])
def test_score_has_one_decimal_and_no_percent(tenths: int, shown: str) -> None:
    assert figures.score(tenths) == shown


@pytest.mark.parametrize(("tenths", "shown"), [(30, "+3.0"), (-150, "−15.0"), (0, "0")])
def test_effect_has_its_sign(tenths: int, shown: str) -> None:
    assert figures.effect(tenths) == shown


@pytest.mark.parametrize(
    ("span", "shown"),
    [
        (timedelta(days=6, hours=3), "6 days"),
        (timedelta(hours=47), "47 h"),
        (timedelta(minutes=25), "25 min"),
        (timedelta(seconds=-5), "0 min"),
    ],
)
def test_duration_in_its_largest_unit(span: timedelta, shown: str) -> None:
    assert figures.duration(span) == shown


def test_moment_is_utc() -> None:
    east = examples.AT.astimezone(tz=None)
    assert figures.moment(east) == "24 Nov 2026, 09:14:07"


def test_equal_numbers_belong_together_across_scripts() -> None:
    subject, listed = words.lines(examples.MELLI_WORDS)
    assert [(w.text, w.look, w.number) for w in subject.words] == [
        ("بانک", "same", 1),
        ("ملی", "same", 2),
        ("ایران", "same", 3),
    ]
    assert [w.number for w in listed.words] == [1, 2, 3]
    assert (subject.lang, subject.rtl) == ("fa", True)
    assert (listed.lang, listed.rtl) == ("en", False)


def test_words_in_another_order_keep_their_numbers() -> None:
    crossed = Explanation(
        ("Qassem", "Soleymani"),
        ("SOLEIMANI", "Qasem"),
        (
            replace(examples.pair(0, "Soleymani", "SOLEIMANI"), subject_words=(1,), listed_words=(0,)),
            replace(examples.pair(0, "Qassem", "Qasem"), subject_words=(0,), listed_words=(1,)),
        ),
        (),
        (),
    )
    subject, listed = words.lines(crossed)
    assert [w.number for w in subject.words] == [1, 2]
    assert [w.number for w in listed.words] == [2, 1]


def test_two_words_joined_into_one_share_a_number() -> None:
    joined = Explanation(
        ("Kas", "piy"),
        ("KASPIY",),
        (
            replace(
                examples.pair(0, "Kas piy", "KASPIY", relation=Relation.JOINED), subject_words=(0, 1), listed_words=(0,)
            ),
        ),
        (),
        (),
    )
    subject, listed = words.lines(joined)
    assert [w.number for w in subject.words] == [1, 1]
    assert listed.words[0].number == 1


def test_similar_leftover_and_passed_over_words_look_apart() -> None:
    mixed = Explanation(
        ("ООО", "Каспийская", "зерновая"),
        ("KASPIYSKAYA",),
        (
            replace(
                examples.pair(1, "Каспийская", "KASPIYSKAYA", relation=Relation.ALIKE, similarity=90),
                listed_words=(0,),
            ),
        ),
        (Leftover(2, "зерновая", 400),),
        (),
    )
    subject, _listed = words.lines(mixed)
    assert [w.look for w in subject.words] == ["", "alike", "left"]
    assert subject.lang == "ru"


def test_word_table_says_what_was_left_over() -> None:
    rows = words.rows(examples.INVESTMENT.explanation)
    assert [(r.subject, r.listed) for r in rows[-2:]] == [("", "Investment"), ("", "Company")]
    assert rows[1].weight == "0.71"


@pytest.mark.parametrize(
    ("text", "language", "rtl"),
    [
        ("محسن حجتی‌پور", "fa", True),
        ("شركة النفط", "ar", True),
        ("Промсвязьбанк", "ru", False),
        ("中国银行", "zh", False),
        ("Bank", "en", False),
        ("12", "en", False),
        ("(بانک)", "fa", True),
    ],
)
def test_language_and_direction_of_a_name(text: str, language: str, rtl: bool) -> None:
    assert (words.language(text), words.is_rtl(text)) == (language, rtl)


@pytest.mark.parametrize(
    ("entity_id", "lists", "cited"),
    [
        ("ofac:36", ("ofac_sdn",), ("OFAC SDN 36",)),
        ("ofac:36", ("ofac_sdn", "ofac_cons"), ("OFAC SDN 36", "OFAC non-SDN 36")),
        ("eu:EU.27.28", ("eu_fsf",), ("EU.27.28",)),
        ("eu:113", ("eu_fsf",), ("EU 113",)),
        ("un:IRi.001", ("un_sc",), ("UN IRi.001",)),
        ("ch:4711", (), ("CH 4711",)),
    ],
)
def test_listed_entities_are_cited_as_people_cite_them(
    entity_id: str, lists: tuple[str, ...], cited: tuple[str, ...]
) -> None:
    assert found.references(entity_id, lists) == cited


def test_notes_under_the_scores_of_a_match() -> None:
    view = found.found_view(examples.MELLI, examples.MATCHER)
    assert (view.score, view.name_score, view.identity) == ("98.0", "100", "Corroborated")
    assert view.name_note == "The same three words in another script."
    assert view.identity_note == "Agrees: country. Nothing disagrees."
    assert view.score_meter == found.Meter("98", "70")
    assert [(reason.stance, reason.effect) for reason in view.reasons] == [("corroborates", "+3.0"), ("silent", "–")]
    assert view.measures == (("Blocking", True),)
    assert [meaning.code for meaning in view.meanings] == ["IRAN", "Secondary"]


def test_notes_under_the_scores_of_a_review() -> None:
    view = found.found_view(examples.HOJATI, examples.MATCHER)
    assert view.score_note == "Just above 70, where review starts."
    assert view.identity_note == "Agrees: country. Differs: birth date."
    assert view.name_note == "“\u2068حجتی‌پور\u2069” and “\u2068حجتی\u2069” are similar, not the same."


def test_a_number_that_decides_is_named() -> None:
    assert notes.score_note(examples.OLYA, examples.MATCHER) == "A shared number decides by itself: IMO."


def test_codes_of_small_lists_carry_their_authority() -> None:
    assert found.found_view(examples.MELLI_EU, examples.MATCHER).meanings[0].code == "EU · IRN"


def test_an_entry_without_programme_is_not_shown_as_nothing() -> None:
    bare = examples.MELLI_EU.listings[0].model_copy(update={"code": "", "measure": "unknown"})
    view = found.found_view(examples.MELLI_EU.model_copy(update={"listings": (bare,)}), examples.MATCHER)
    assert view.meanings[0].code == "EU"
    assert view.measures == (("Measure not stated", False),)


def test_why_not_names_the_words_without_counterpart() -> None:
    assert notes.why_not(examples.INVESTMENT) == "“Investment Company” has no counterpart"


def test_why_not_names_the_only_word_that_agrees_and_what_contradicts() -> None:
    only_bank = examples.HOJATI.model_copy(
        update={
            "explanation": replace(
                examples.MELLI_WORDS,
                pairs=(examples.pair(0, "بانک", "Bank", weight=120),),
                listed_left=(Leftover(1, "Industry", 700),),
            )
        }
    )
    assert notes.why_not(only_bank) == "Only “Bank” agrees; birth date differs"


def test_why_not_is_never_empty() -> None:
    bare = examples.INVESTMENT.model_copy(update={"explanation": Explanation((), (), (), (), ()), "qualifiers": ()})
    assert notes.why_not(bare)


def test_what_to_do_comes_first_and_in_bold() -> None:
    assert split_lead("Do not sign or pay. This is very likely X.") == ("Do not sign or pay.", "This is very likely X.")
    assert split_lead("Nothing on the four lists comes close.") == ("", "Nothing on the four lists comes close.")


def test_what_is_missing_and_where_to_find_it() -> None:
    missing = split_missing("The ship’s IMO number. It is on the hull. Ask.")
    assert (missing.what, missing.where) == ("The ship’s IMO number.", "It is on the hull. Ask.")
    assert split_missing("A name").what == "A name"


def test_page_of_a_match() -> None:
    page = screening_page(examples.MATCH)
    assert page.title == "Match: بانک ملی ایران"
    assert page.best is not None
    assert page.best.entity_id == "ofac:25578"
    assert [other.entity_id for other in page.others] == ["eu:EU.13719.21"]
    assert page.receipt.audit_entry == "184,219"
    assert page.nearest is None


def test_page_of_a_clear_shows_the_nearest_name() -> None:
    page = screening_page(examples.CLEAR)
    assert page.best is None
    assert page.nearest is not None
    assert page.review_from == "70"


@pytest.mark.parametrize(
    ("subject", "called"),
    [
        ({"name": "X"}, "X"),
        ({"identifiers": [{"type": "imo", "value": "9481910"}]}, "IMO 9481910"),
        ({}, "a subject without a name"),
    ],
)
def test_a_subject_is_called_by_name_or_number(subject: dict[str, object], called: str) -> None:
    assert subject_name(subject) == called


def test_coverage_says_how_many_are_stale() -> None:
    shown = coverage(examples.INCOMPLETE.answer.covered, examples.GAPS)
    assert shown.summary == "2 lists, 1 of them stale"
    assert [row.mark.word for row in shown.lists] == ["Fresh", "Stale"]
    assert [row.name for row in shown.lists] == ["OFAC SDN", "EU"]
    assert shown.gaps[0].reason == "not loaded on this server"


def test_the_sample_never_reads_as_fresh() -> None:
    shown = coverage((examples.SDN.model_copy(update={"sample": True}),), ())
    assert shown.summary == "1 list, sample data"
    assert shown.lists[0].mark == shown.lists[0].mark.__class__("incomplete", "Sample")


def test_changed_field_shows_what_went_and_what_came() -> None:
    change = FieldChange(
        "names",
        [{"value": "MOIS"}, {"value": "Old name"}],
        [{"value": "MOIS"}, {"value": "VEVAK", "type": "alias"}],
    )
    view = field_view(change)
    assert (view.label, view.removed, view.added) == ("Names", ("Old name",), ("VEVAK (alias)",))
    assert field_view(FieldChange("remarks", None, "A text")).added == ("A text",)
    assert field_view(FieldChange("listed_on", "2020-01-01", None)).removed == ("2020-01-01",)


def test_two_long_texts_are_shown_from_where_they_part() -> None:
    same = "A long remark that stays as it was. " * 10
    view = field_view(FieldChange("remarks", same + "The old end.", same + "Another end."))
    assert view.removed[0].startswith("… ")
    assert view.removed[0].endswith("The old end.")
    assert view.added[0].endswith("Another end.")
    assert len(view.added[0]) < 100


def test_problem_says_what_happened_before_its_code() -> None:
    view = problem_view(
        {"type": "/problems/not-found", "title": "No record", "status": 404, "detail": "Check.", "request_id": "r1"}
    )
    assert view.title == "There is nothing at this address"
    assert (view.action_href, view.status, view.request_id) == ("/", 404, "r1")
    assert problem_view({"type": "/problems/new", "title": "New", "status": 400, "detail": ""}).title == "New"
