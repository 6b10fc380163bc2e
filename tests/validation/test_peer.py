"""The comparison with another matcher: its threshold at a share of alarms, and its scorer, where it is installed."""

import pytest

from benchmarks import peer
from lists.entity import Kind


@pytest.mark.parametrize(
    ("scores", "share", "threshold"),
    [
        ([0.1, 0.2, 0.3, 0.9], 0.25, 0.31),
        ([0.1, 0.2, 0.3, 0.9], 0.0, 0.91),
        ([0.5] * 10, 1.0, 0.0),
        ([1.0, 1.0], 0.1, 1.0),
    ],
)
def test_the_lowest_threshold_that_few_enough_reach(scores: list[float], share: float, threshold: float) -> None:
    assert peer.threshold_at(scores, share) == threshold


def test_the_nearest_listed_names_are_handed_over() -> None:
    listed = [f"name number {number}" for number in range(40)] + ["ivan petrov"]
    (near,) = peer._nearest(["petrov ivan"], listed)
    assert 40 in near
    assert len(near) == peer.NEAREST


@pytest.mark.skipif(not peer.PEER.exists(), reason="needs .venv-peer (make bench-peer)")
def test_the_peer_scores_pairs_in_their_order() -> None:
    pairs = [(Kind.PERSON, "Ivan Petrov", ["Иван Петров", "Ivan PETROV"]), (Kind.VESSEL, "Aurora", ["Sea Star"])]
    same, other = peer.peer_scores(pairs)
    assert same > peer.OWN_THRESHOLD > other
