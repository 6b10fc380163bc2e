"""What monitoring reaches is what a screening of everybody would raise against the changed entities, and no more."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_entities import company, made_entities, person

from lists.entity import ListedEntity
from screening.matching.index import ListIndex
from screening.matching.matcher import matches
from screening.matching.part import part_of
from screening.matching.policy import Policy
from screening.matching.subject import Subject
from screening.monitoring.reach import cells_at, touched
from screening.monitoring.segment import arrays_of, build, opened, subject_of, usable
from screening.monitoring.shelf import runs
from screening.monitoring.subject import KeptSubject, cells_of

INDEX = ListIndex.build(made_entities())
LISTED = [name.value for entity in made_entities() for name in entity.names]
WORDS = sorted({word for name in LISTED for word in name.split()})
LETTERS = st.sampled_from("aeiouyshkдлین3 ")


@st.composite
def written(draw: st.DrawFn) -> str:
    """A listed name, or words of listed names, with a letter put in or taken out."""
    name = draw(st.sampled_from(LISTED) | st.lists(st.sampled_from(WORDS), min_size=1, max_size=5).map(" ".join))
    at = draw(st.integers(0, len(name)))
    return name[:at] + draw(st.just("") | LETTERS) + name[at + draw(st.integers(0, 1)) :]


CELLS = st.builds(
    lambda name, kind, other, born, identifier: ("", name.strip() or "-", kind, other, born, "", "", "", identifier),
    written(),
    st.sampled_from(["", "person", "organization", "vessel"]),
    st.sampled_from(["", "Ural Timber", "Bank Melli"]),
    st.sampled_from(["", "1957-03-11"]),
    st.sampled_from(["", "imo:9481910", "inn:7707083893"]),
)


def held(subjects: Sequence[Sequence[str]], changed: set[str], index: ListIndex = INDEX) -> set[int]:
    return set(touched(arrays_of(subjects, index.knows), part_of(index, changed), Policy()))


def screened(subjects: Sequence[Sequence[str]], changed: set[str], index: ListIndex = INDEX) -> set[int]:
    """The same by screening everybody against all lists."""
    return {
        place
        for place, cells in enumerate(subjects)
        if changed & {met.entity_id for met in matches(index, subject_of(cells), Policy()).matches}
    }


@settings(max_examples=150, deadline=None)
@given(st.lists(CELLS, min_size=1, max_size=12), st.sets(st.sampled_from(INDEX.entity_ids), min_size=1, max_size=4))
def test_it_finds_what_screening_everybody_finds(subjects: list[tuple[str, ...]], changed: set[str]) -> None:
    assert held(subjects, changed) == screened(subjects, changed)


@pytest.mark.parametrize(
    "name",
    [
        "Mahmoud Ahmadi Nejad",  # two words for one
        "AHMADINEJAD",  # one word for two, and no more
        "M. Ahmadinejad",
        "محمود احمدی‌نژاد",
        "PromSvyaz Bank",
        "Tehran Petrochemica1 Company",  # a digit for a letter: repaired by what the lists know
        "IMO 9481910",
        "Rosneft Oil Co",
    ],
)
def test_every_way_to_a_name_is_followed(name: str) -> None:
    subjects = [("", name, "", "", "", "", "", "", "")]
    everybody = set(INDEX.entity_ids)
    assert held(subjects, everybody) == screened(subjects, everybody) == {0}


def test_a_name_that_is_read_otherwise_by_what_came_is_found() -> None:
    before = ListIndex.build(made_entities())
    came: tuple[ListedEntity, ...] = (company("eu:1", "GOLMOHAR SIRJAN"), person("eu:2", "Zelimkhan Kodzoev"))
    index = ListIndex.build((*made_entities(), *came))
    subjects = [
        ("", "G0lmohar Sirjan", "organization", "", "", "", "", "", ""),
        ("", "Ural", "", "", "", "", "", "", ""),
    ]
    segment = arrays_of(subjects, before.knows)
    assert screened(subjects, {"eu:1"}, index) == {0}
    assert set(touched(segment, part_of(index, {"eu:1"}), Policy())) == {0}


def test_a_part_scores_as_the_whole() -> None:
    part = part_of(INDEX, {"ofac:9", "ofac:20"})
    for name in LISTED:
        whole = matches(INDEX, Subject(name), Policy())
        there = {met.entity_id: met.score for met in matches(part.index, Subject(name), Policy()).matches}
        assert there == {m.entity_id: m.score for m in whole.matches if m.entity_id in {"ofac:9", "ofac:20"}}


def test_a_segment_lies_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "subjects" / "one.caspidx"
    cells = cells_of(KeptSubject(name="Bank Melli Iran", reference="V-7"))
    assert not usable(path)
    build([cells], path, INDEX.knows)
    assert usable(path)
    assert tuple(cells_at(opened(path), 0)) == cells
    path.write_bytes(path.read_bytes()[:100])
    assert not usable(path)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (0, []),
        (3, [(1, 3)]),
        (10, [(1, 10)]),
        (123, [(1, 100), (101, 110), (111, 120), (121, 123)]),
    ],
)
def test_subjects_lie_in_runs_that_stay(last: int, expected: list[tuple[int, int]]) -> None:
    assert list(runs(last, (100, 10))) == expected
