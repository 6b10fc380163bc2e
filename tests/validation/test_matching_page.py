"""`docs/matching.md`: it has a place for every figure, and shows every picture that is drawn for it."""

import re

import pytest

from benchmarks import matching_page

PAGE = (matching_page.DOCS / "matching.md").read_text(encoding="utf-8")
MARKS = re.findall(r"<!-- (\w+) -->", PAGE)


def test_every_place_is_filled_and_nothing_else_is_touched() -> None:
    text = matching_page.filled(PAGE, {mark: f"figures of {mark}, 95 % \\1" for mark in MARKS})
    assert [f"figures of {mark}, 95 % \\1" in text for mark in MARKS] == [True] * 5
    outside = re.compile(r"(<!-- (\w+) -->).*?(<!-- /\2 -->)", re.DOTALL)
    assert outside.sub(r"\1\3", text) == outside.sub(r"\1\3", PAGE)


def test_a_missing_place_is_an_error() -> None:
    with pytest.raises(ValueError, match="no place marked other"):
        matching_page.filled(PAGE, {"other": ""})


def test_every_picture_is_shown() -> None:
    drawn = {picture.name for picture in (matching_page.DOCS / "img").glob("*.svg")}
    assert {name for name in drawn if f"](img/{name})" in PAGE} >= {
        *("recall-by-class.svg", "recall-by-threshold.svg", "alarms-by-threshold.svg", "scores-by-tier.svg"),
    }
