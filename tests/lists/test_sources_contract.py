"""What every source must keep to: a fixture, recognised by content and only by its own source, read whole, and
nothing but a sound file read at all. A new list needs a module and a fixture, and is tested here without a line more.
"""

import random
from pathlib import Path

import pytest

from core.errors import ListError, ListFormatError
from lists.entity import NameType, from_json, to_json
from lists.source import Format, Source, discover, format_of

FIXTURES = Path(__file__).parents[1] / "fixtures" / "lists"
SAMPLE = Path(__file__).parents[2] / "lists" / "sample"

SOURCES = discover()
FILES = sorted(path for path in FIXTURES.rglob("*") if path.is_file())


def recognised(path: Path) -> list[tuple[Source, Format]]:
    return [(source, found) for source in SOURCES.values() if (found := format_of(source, path))]


def fixtures_of(source: Source) -> list[Path]:
    return [path for path in FILES if any(known is source for known, _ in recognised(path))]


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_is_described(key: str) -> None:
    source = SOURCES[key]
    assert source.key == key == key.lower()
    assert source.authority == source.authority.lower()
    assert source.url.startswith("https://")
    assert source.page.startswith("https://")
    assert source.title
    assert source.publisher
    assert source.licence
    assert 0 < source.expect.fewest < source.expect.most
    assert 0 < source.expect.drop < 1
    assert source.every < source.max_age


@pytest.mark.parametrize("key", SOURCES)
def test_every_source_has_a_fixture_of_its_own(key: str) -> None:
    assert fixtures_of(SOURCES[key]), f"put an excerpt of the list {key} into {FIXTURES}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(FIXTURES)))
def test_a_file_is_recognised_by_one_source_at_most(path: Path) -> None:
    assert len({source.key for source, _ in recognised(path)}) <= 1


@pytest.mark.parametrize("key", SOURCES)
def test_fixtures_are_read_whole(key: str) -> None:
    source = SOURCES[key]
    for path in fixtures_of(source):
        found = format_of(source, path)
        assert found is not None
        parsed = found.parse(path)
        assert parsed.entities
        assert parsed.format == found.name
        assert len({entity.id for entity in parsed.entities}) == len(parsed.entities)
        for entity in parsed.entities:
            assert entity.source == key
            assert entity.id.startswith(f"{source.authority}:")
            assert sum(name.type is NameType.PRIMARY for name in entity.names) == 1
            assert all(name.value.strip() == name.value != "" for name in entity.names)
            assert entity.programmes
            assert from_json(to_json(entity)) == entity
            assert to_json(from_json(to_json(entity))) == to_json(entity)


@pytest.mark.parametrize("content", [b"", b"\n", b"<html><body>503</body></html>", b"\x00" * 100, b"uid,name\n"])
def test_no_source_knows_what_is_no_list(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "download.xml"
    path.write_bytes(content)
    assert recognised(path) == []


XML_FIXTURES = [path for path in FILES if path.suffix == ".xml" and recognised(path)]


@pytest.mark.parametrize("path", XML_FIXTURES, ids=lambda path: path.name)
def test_a_file_cut_anywhere_is_refused(tmp_path: Path, path: Path) -> None:
    ((_, found),) = recognised(path)
    whole = path.read_bytes().rstrip()
    cut = tmp_path / path.name
    for place in random.Random(20).sample(range(1, len(whole)), 20):
        cut.write_bytes(whole[:place])
        with pytest.raises(ListFormatError):
            found.parse(cut)


@pytest.mark.parametrize("path", XML_FIXTURES, ids=lambda path: path.name)
def test_a_doctype_is_refused(tmp_path: Path, path: Path) -> None:
    ((_, found),) = recognised(path)
    declaration, _, rest = path.read_text(encoding="utf-8").partition("?>")
    bomb = tmp_path / path.name
    bomb.write_text(f"{declaration}?><!DOCTYPE x [<!ENTITY a 'b'>]>{rest}", encoding="utf-8")
    with pytest.raises(ListFormatError, match="DOCTYPE"):
        found.parse(bomb)


def test_the_bundled_sample_is_read() -> None:
    names: set[str] = set()
    for path in sorted(SAMPLE.glob("*.xml")):
        ((_, found),) = recognised(path)
        parsed = found.parse(path)
        assert 15 <= len(parsed.entities) <= 70
        names.update(name.value for entity in parsed.entities for name in entity.names)
    assert {"QASEM SOLEIMANI", "Bank Melli Iran", "Islamic Republic of Iran Shipping Lines", "PROMSVYAZBANK"} <= names


@pytest.mark.full_lists
@pytest.mark.parametrize(("file", "key"), [("eu_truncated_download.xml", "eu_fsf"), ("un_not_wellformed.xml", "un_sc")])
def test_really_broken_downloads_are_refused(shared_lists: Path, file: str, key: str) -> None:
    path = shared_lists / "broken" / file
    found = format_of(SOURCES[key], path)
    assert found is not None, "it looks like the list at first"
    with pytest.raises(ListFormatError, match="line"):
        found.parse(path)


@pytest.mark.full_lists
@pytest.mark.parametrize(
    ("file", "key"),
    [
        ("current/SDN.XML", "ofac_sdn"),
        ("current/CONSOLIDATED.XML", "ofac_cons"),
        ("current/CONS_ENHANCED.XML", "ofac_cons"),
        ("current/xmlFullSanctionsList_1_1.xml", "eu_fsf"),
        ("current/un_consolidated.xml", "un_sc"),
        ("previous/CONSOLIDATED.XML", "ofac_cons"),
        ("previous/SDN.XML", "ofac_sdn"),
    ],
)
def test_real_files_are_recognised_by_their_content(shared_lists: Path, file: str, key: str) -> None:
    assert [source.key for source, _ in recognised(shared_lists / file)] == [key]


@pytest.mark.full_lists
def test_a_real_file_cut_at_random_is_refused(shared_lists: Path, tmp_path: Path) -> None:
    whole = (shared_lists / "current" / "un_consolidated.xml").read_bytes().rstrip()
    cut = tmp_path / "un.xml"
    for place in random.Random(7).sample(range(1, len(whole)), 20):
        cut.write_bytes(whole[:place])
        with pytest.raises(ListError):
            SOURCES["un_sc"].formats[0].parse(cut)
