"""Documentation is tested: what can be set, called or linked is on its page."""

import re
from pathlib import Path

from core.settings import Settings, SourceSettings

DOCS = Path(__file__).parents[2] / "docs"


def test_every_setting_is_documented_with_its_default() -> None:
    page = (DOCS / "configuration.md").read_text()
    documented = {name.lower() for name in re.findall(r"^\| `CASPIAN_(\w+)`", page, re.MULTILINE) if "__" not in name}
    of_a_list = {n.lower() for n in re.findall(r"^\| `CASPIAN_LISTS__<KEY>__(\w+)`", page, re.MULTILINE)}
    assert documented == set(Settings.model_fields) - {"lists"}
    assert of_a_list == set(SourceSettings.model_fields)
    for name in ("port", "review_threshold", "match_threshold", "near_misses", "fetch_max_bytes"):
        assert re.search(rf"`CASPIAN_{name.upper()}` \| `{Settings.model_fields[name].default}`", page), name


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [*DOCS.glob("*.md"), DOCS.parent / "README.md", DOCS.parent / "CONTRIBUTING.md"]
    dead = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not dead


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text()
    missing = [page.name for page in DOCS.glob("*.md") if page.name != "README.md" and page.name not in index]
    assert not missing
