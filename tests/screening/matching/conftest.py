"""The small index that tests of the matcher search."""

import pytest
from made_entities import made_entities

from screening.matching.index import ListIndex


@pytest.fixture(scope="session")
def small_index() -> ListIndex:
    """An index over the hand-made entities."""
    return ListIndex.build(made_entities())
