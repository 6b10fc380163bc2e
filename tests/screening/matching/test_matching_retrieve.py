"""Retrieval: what scoring would raise is reached by its keys, and its bound does not hide it."""

import numpy as np
import pytest
from made_entities import person, ship

from lists.entity import Kind
from screening.matching.build import KINDS
from screening.matching.features.names import unscale
from screening.matching.index import ListIndex
from screening.matching.policy import Policy
from screening.matching.rank import Wanted, brute_force, hits
from screening.matching.retrieve import candidates
from screening.matching.weights import side
from screening.names.reading import read_name

LEAST = unscale(Policy().review_threshold)


@pytest.fixture(scope="module")
def index() -> ListIndex:
    """An index over names that were once lost, with others beside them, so that words weigh as they do in a list."""
    others = [person(f"ofac:{i}", f"{given} KARIMOV") for i, given in enumerate(("Ivan", "Hasan", "Ayman", "Oleg"))]
    return ListIndex.build(
        [
            *others,
            person("ofac:100", "Ayman Sabawi Ibrahim Hasan AL-TIKRITI"),
            person("ofac:101", "Saleh Mohamed Khalid Ahmad MUHAMMAD"),
            person("ofac:102", "Thet Thet AUNG"),
            ship("ofac:200", "TURUKHAN", "9481910"),
            ship("ofac:201", "LOANNA", "9481934"),
            ship("ofac:202", "LA PEARL", "9481958"),
            ship("ofac:203", "SIAISI", "9481962"),
        ]
    )


@pytest.mark.parametrize(
    "name", ["AYMAN S. I. H. AL-TIKRITI", "A. S. I. H. Al-Tikriti", "SALEH M. K. A. MUHAMMAD", "Thet T. AUNG"]
)
def test_the_bound_of_a_name_with_initials_is_not_below_its_score(index: ListIndex, name: str) -> None:
    (read, *_) = read_name(name, Kind.PERSON)
    subject = side(read, Kind.PERSON, index.rarity, listed=False)
    found = candidates(index, subject, np.ones(len(KINDS), dtype=np.bool_))
    bounds = dict(zip(found.rows, found.bounds, strict=True))
    raised = [hit for hit in brute_force(index, read, Kind.PERSON).values() if hit.name.raw >= LEAST]
    assert raised
    assert [hit for hit in raised if bounds.get(hit.row, 0.0) < hit.name.raw - 1e-6] == []


@pytest.mark.parametrize("name", ["TURUKAHN", "LOANkNA", "LA PEARxL", "SIAII"])
def test_an_error_beside_letters_that_fold_into_one_sound_is_reached(index: ListIndex, name: str) -> None:
    (read, *_) = read_name(name, Kind.VESSEL)
    raised = {place for place, hit in brute_force(index, read, Kind.VESSEL).items() if hit.name.raw >= LEAST}
    quick, _ = hits(index, read, Kind.VESSEL, Wanted(LEAST, 0))
    assert raised
    assert raised <= {place for place, hit in quick.items() if hit.name.raw >= LEAST}
