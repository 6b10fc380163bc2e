"""The index: saved and opened it answers the same; damaged or foreign files are refused; brute force finds no more."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_entities import made_entities

from lists.entity import Kind, ListedEntity
from screening.matching import keys, storage, version
from screening.matching.features.names import unscale
from screening.matching.index import ListIndex
from screening.matching.matcher import match
from screening.matching.policy import Policy
from screening.matching.rank import Wanted, brute_force, hits
from screening.matching.result import MatchResult
from screening.matching.subject import Subject
from screening.names.reading import read_name

ROOT = Path(__file__).resolve().parents[3]
POLICY = Policy()
QUERIES = [
    Subject(name, kind)
    for name, kind in (
        ("Qassem Soleymani", None),
        ("قاسم سلیمانی", Kind.PERSON),
        ("Bank Meli", Kind.ORGANIZATION),
        ("IMO 9481910", Kind.VESSEL),
        ("Nobody Atall", None),
        ("Ale xander Ivanovich Petrov", Kind.PERSON),
        ("Tehran Cement Company", Kind.ORGANIZATION),
    )
]


def answers(index: ListIndex) -> list[MatchResult]:
    return [match(index, subject, POLICY) for subject in QUERIES]


def test_saved_and_opened_it_answers_the_same(small_index: ListIndex, tmp_path: Path) -> None:
    path = tmp_path / "aside" / "index"
    small_index.save(path)
    opened = ListIndex.open(path)
    assert answers(opened) == answers(small_index)
    assert (opened.hash, opened.sources, opened.entity_ids) == (
        small_index.hash,
        small_index.sources,
        small_index.entity_ids,
    )
    assert opened.listings("ofac:20") == small_index.listings("ofac:20") == (made_entities()[5],)
    assert opened.listings("ofac:0") == ()


def test_the_same_entities_make_the_same_file(tmp_path: Path) -> None:
    for name in ("a", "b"):
        ListIndex.build(made_entities()).save(tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_a_party_on_two_lists_is_one_slot_with_two_listings() -> None:
    twice = [*made_entities(), replace(made_entities()[5], source="ofac_cons")]
    index = ListIndex.build(twice)
    assert len(index.entity_ids) == len(made_entities())
    best = match(index, Subject("Bank Melli Iran"), POLICY).matches[0]
    assert best.sources == ("ofac_sdn", "ofac_cons")


def test_an_index_over_nothing_finds_nothing() -> None:
    assert match(ListIndex.build([]), Subject("Bank Melli"), POLICY).matches == ()


@pytest.mark.parametrize("size", [0, 10, 40, 4000])
def test_a_file_cut_short_is_refused(small_index: ListIndex, tmp_path: Path, size: int) -> None:
    path = tmp_path / "index"
    small_index.save(path)
    path.write_bytes(path.read_bytes()[:size])
    with pytest.raises(ValueError, match=r"build it again"):
        ListIndex.open(path)


def test_an_index_of_another_matcher_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "index"
    storage.save(path, {}, {"matcher": "0" * 64})
    with pytest.raises(ValueError, match=r"another version"):
        ListIndex.open(path)


def test_the_configuration_hash_follows_the_policy() -> None:
    assert version.config_hash(POLICY) != version.config_hash(replace(POLICY, review_threshold=701))
    assert version.config_hash(POLICY) == version.config_hash(Policy())


def test_the_hash_of_the_matcher_is_the_same_in_every_process() -> None:
    """An index is opened, and a receipt's configuration compared, by other processes than the one that wrote it."""
    program = "from screening.matching.version import matcher_hash; print(matcher_hash())"
    seen = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert seen == {version.matcher_hash()}


def test_brute_force_finds_no_more(small_index: ListIndex) -> None:
    least = unscale(POLICY.review_threshold)
    for subject in QUERIES:
        for read in read_name(subject.name, subject.kind):
            exact = brute_force(small_index, read, subject.kind)
            quick, _ = hits(small_index, read, subject.kind, Wanted(least, 5))
            wanted = {place for place, hit in exact.items() if hit.name.raw >= least}
            assert wanted <= {place for place, hit in quick.items() if hit.name.raw >= least}


def test_threads_share_one_index(small_index: ListIndex) -> None:
    expected = answers(small_index)
    seen: list[list[MatchResult]] = []

    def work() -> None:
        for _ in range(5):
            seen.append(answers(small_index))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 20
    assert all(found == expected for found in seen)


@pytest.mark.parametrize("on", [True, False])
def test_building_leaves_the_collector_as_it_was(on: bool) -> None:
    was_on = gc.isenabled()
    (gc.enable if on else gc.disable)()
    try:
        with pytest.raises(RuntimeError, match="torn"):
            ListIndex.build(_torn())
        ListIndex.build(made_entities())
        assert gc.isenabled() is on
    finally:
        (gc.enable if was_on else gc.disable)()


def _torn() -> Iterator[ListedEntity]:
    yield made_entities()[0]
    raise RuntimeError("torn")


@pytest.mark.parametrize("text", ["soleimani", "ali", "a", "", "aa", "قاسم", "šojgu", "𝔸bc"])
def test_keys_spread_over_every_form_with_a_letter_left_out(text: str) -> None:
    forms = {text, *(text[:i] + text[i + 1 :] for i in range(len(text)))}
    assert keys.spread("wl", text) == {keys.key("wl", form) for form in forms}


KEYS = st.one_of(st.sampled_from([0, 1, 0xFFFF, 0x10000, 0xFFFF0000, 0xFFFFFFFF]), st.integers(0, 0xFFFFFFFF))


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(KEYS, st.integers(0, 50))), st.sets(KEYS))
def test_a_table_gives_the_numbers_beside_the_keys_wanted(pairs: list[tuple[int, int]], others: set[int]) -> None:
    pairs.sort()
    keys_, numbers = np.array(pairs, dtype=np.uint32).reshape(-1, 2).T
    table = storage.KeyTable(np.ascontiguousarray(keys_), np.ascontiguousarray(numbers.astype(np.int32)))
    for wanted in (others, others | {key for key, _ in pairs[::2]}, set()):
        assert table.under(wanted) == sorted({number for key, number in pairs if key in wanted})


def test_an_index_without_an_array_that_is_built_now_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "old.caspidx"
    ListIndex.build(made_entities()).save(path)
    arrays, meta = storage.load(path)
    storage.save(path, {name: array for name, array in arrays.items() if name != "row_least"}, meta)
    with pytest.raises(ValueError, match="another version"):
        ListIndex.open(path)
