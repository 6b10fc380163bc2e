"""What the tests of casework share: the review service on a real database of each kind."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.database import Database
from core.settings import Settings
from screening.recorder import Recorder
from screening.services.review import ReviewService


@pytest.fixture
async def review(database: Database, tmp_path: Path) -> AsyncIterator[ReviewService]:
    """The review service, with the settings as they come."""
    async with Recorder(database) as recorder:
        yield ReviewService(database, recorder, Settings(data_dir=tmp_path))
