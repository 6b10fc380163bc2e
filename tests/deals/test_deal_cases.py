"""Written deals: each file says what the deal is about, and the verdict, regimes, rules and reasons it must come to."""

import json
from pathlib import Path
from typing import Any

import pytest
from deal_world import assessed, lists

CASES = sorted(Path(__file__).parent.glob("*.json"))


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_a_written_deal(path: Path) -> None:
    case: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    expected = case["expect"]
    found = assessed(case["deal"], found=lists(stale=case.get("stale", "")))
    assert found.verdict == expected["verdict"], found.because
    assert {one.regime: one.level.value for one in found.regimes} == expected["regimes"]
    assert len(found.reasons) == len(expected["reasons"]), [one.text for one in found.reasons]
    for reason in expected["reasons"]:
        same = [one for one in found.reasons if reason["says"] in one.text]
        assert len(same) == 1, (reason, [one.text for one in found.reasons])
        assert {rule.id for rule in same[0].rules} == set(reason["rules"])
        assert same[0].alone is expected["alone"]
        assert len(same[0].parts) == expected.get("parts", len(same[0].parts))
    assert found.otherwise == expected["otherwise"]
    assert list(found.missing) == expected["missing"]
    assert set(expected.get("others", [])) <= {point.rule.id for point in found.others}
    links = '"IR"' in path.read_text(encoding="utf-8")
    assert ("X-012" in {point.rule.id for point in found.baseline}) is links, "the baseline, and only where both are"


def test_there_are_at_least_twenty() -> None:
    assert len(CASES) >= 20


def test_no_word_judges_the_deal() -> None:
    for path in CASES:
        found = assessed(json.loads(path.read_text(encoding="utf-8"))["deal"])
        assert "legal" not in f"{found.say} {found.because}".lower()
