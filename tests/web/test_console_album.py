"""The pictures of the documentation: every page of the tour in its four looks, nothing else, and not too heavy."""

from console_tour import TOUR
from screenshots import INTO, PAGE, album, files_of

MOST_BYTES = 6 * 1024**2
"""Of all pictures together: a clone should not carry more for them."""


def test_every_page_has_its_pictures_and_the_documentation_shows_them() -> None:
    wanted = {name for stop in TOUR for name, _shows in files_of(stop)}
    assert {path.name for path in INTO.glob("*")} == wanted
    assert PAGE.read_text(encoding="utf-8").endswith(album()), "run tests/web/screenshots.py"


def test_pictures_are_webp_and_light() -> None:
    pictures = list(INTO.glob("*.webp"))
    assert all(path.read_bytes()[8:12] == b"WEBP" for path in pictures)
    assert sum(path.stat().st_size for path in pictures) <= MOST_BYTES


def test_every_page_of_the_tour_has_a_name_of_its_own() -> None:
    names = [stop.name for stop in TOUR]
    assert len(names) == len(set(names))
