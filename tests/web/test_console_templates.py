"""The answer page drawn from hand-built screenings: nothing inline, everything escaped, in the design's order."""

import re

import console_examples as examples
import pytest

from api.web import forms, pages
from api.web.presenters.coverage import Mark
from api.web.presenters.screening import screening_page

FRAME = pages.Page(
    title="X",
    theme="",
    current="/",
    back="/",
    person=pages.Person("Dina", "Trader"),
    freshness=Mark("clear", "4 lists fresh"),
    sample=False,
    foot=pages.Foot("1", "1", "c3b7d2f0"),
)


def answer_page(name: str) -> str:
    """The page of one of the hand-built screenings."""
    done = examples.EVERY[name]
    form = forms.from_record(done.answer.subject, done.receipt.reference)
    response = pages.render(
        "screening.html", FRAME, view=screening_page(done), form=form, may_screen=True, casework=(), may_work=False
    )
    return bytes(response.body).decode()


@pytest.mark.parametrize("name", examples.EVERY)
def test_pages_hold_no_inline_style_or_script(name: str) -> None:
    """The policy is style-src 'self', script-src 'self': anything inline would be dead, or worse, alive."""
    html = answer_page(name)
    assert not re.search(r"\sstyle=", html)
    assert not re.search(r"\son\w+=", html)
    assert not re.search(r"<script(?![^>]*\ssrc=)", html)
    assert "<style" not in html


@pytest.mark.parametrize("name", examples.EVERY)
def test_every_id_and_label_fits(name: str) -> None:
    html = answer_page(name)
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for pointed in re.findall(r'\s(?:for|list|aria-labelledby)="([^"]+)"', html):
        assert pointed in ids


def test_outcomes_have_word_shape_and_order_of_the_design() -> None:
    html = answer_page("incomplete")
    assert html.index("What is missing") < html.index("What was searched") < html.index("What was not searched")
    assert 'class="outcome is-incomplete"' in html
    clear = answer_page("clear")
    assert "The nearest listed names" in clear
    assert "Clear means: not found on these lists" in clear
    review = answer_page("review")
    assert "<b>Wait for an officer.</b>" in review
    assert '<span class="sr">Contradicts: </span>' in review
    assert "1 more match" in answer_page("match")


def test_what_a_list_or_a_person_wrote_is_escaped() -> None:
    evil = examples.screening(
        examples.MATCH.answer.outcome,
        "Do not sign or pay. <script>alert(1)</script>",
        subject={"name": '"><img src=x>'},
        matches=(examples.MELLI.model_copy(update={"primary_name": "<b>bold</b>", "url": "https://x/?a=1&b=2"}),),
    )
    view = screening_page(evil)
    response = pages.render(
        "screening.html",
        FRAME,
        view=view,
        form=forms.from_record(evil.answer.subject, None),
        may_screen=True,
        casework=(),
        may_work=False,
    )
    html = bytes(response.body).decode()
    assert "<script>alert" not in html
    assert "<img src=x>" not in html
    assert "<b>bold</b>" not in html
