"""The XML reader: whole elements, flat memory, nothing unread, and no file that is not a list."""

import subprocess
import sys
import time
from pathlib import Path

import pytest
from lxml import etree

from core.errors import ListContentError, ListFormatError
from lists.xml import Taken, elements, root, root_attributes, squeeze

LIST = """<?xml version="1.0" encoding="UTF-8"?>
<list xmlns="urn:example" made="2026-01-02">
  <entry id="1"><name>Bank &amp; Co</name><name>Second</name></entry>
  <!-- a comment says nothing -->
  <entry id="2"><name>  Spread
     over lines </name></entry>
</list>
"""

BOMB = (
    "<?xml version='1.0' encoding='{0}'?><!DOCTYPE bomb [<!ENTITY a 'ha'>"
    + "".join(f"<!ENTITY {new} '{(f'&{old};') * 10}'>" for old, new in zip("abcdefghi", "bcdefghij", strict=True))
    + "]><list><entry>&j;</entry></list>"
)


def written(tmp_path: Path, text: str | bytes) -> Path:
    path = tmp_path / "list.xml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def taken(xml: str) -> Taken:
    return Taken(etree.fromstring(xml), "x:1")


def test_yields_whole_elements_in_order(tmp_path: Path) -> None:
    path = written(tmp_path, LIST)
    names = [Taken(element).texts("name") for element in elements(path, {"entry"})]
    assert names == [["Bank & Co", "Second"], ["Spread over lines"]]


def test_root_is_read_from_the_head_alone() -> None:
    assert root(LIST.encode()) == ("urn:example", "list")
    assert root(LIST.encode()[:100]) == ("urn:example", "list")
    assert root(b"uid,name\n1,Bank") is None
    assert root(b"") is None
    assert root(b"<html><body>Sorry") == ("", "html")


def test_root_attributes(tmp_path: Path) -> None:
    assert root_attributes(written(tmp_path, LIST))["made"] == "2026-01-02"
    with pytest.raises(ListFormatError, match="not XML"):
        root_attributes(written(tmp_path, "plain"))


PEAK = """
import sys
from pathlib import Path
from core.errors import ListFormatError
from lists import xml
path = Path(sys.argv[1])
try:
    xml.root(path.read_bytes()[:65536])
    count = sum(1 for _ in xml.elements(path, {"entry"}))
except ListFormatError:
    count = -1
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(count, peak.split()[1])
"""


def count_and_peak(path: Path) -> tuple[int, int]:
    """Read a file in a process of its own: how many entries it had (-1: refused), and its peak memory in KiB."""
    if not Path("/proc/self/status").exists():
        pytest.skip("needs /proc to measure memory")
    done = subprocess.run([sys.executable, "-c", PEAK, str(path)], capture_output=True, text=True, check=True)
    count, peak = done.stdout.split()
    return int(count), int(peak)


def test_memory_stays_flat(tmp_path: Path) -> None:
    path = tmp_path / "long.xml"
    entry = f"<entry><name>{'x' * 1000}</name></entry>\n"
    with path.open("w") as file:
        file.write("<list>")
        file.writelines(entry for _ in range(60_000))
        file.write("</list>")
    count, peak = count_and_peak(path)
    assert count == 60_000
    assert peak < 80_000, "the tree of this 62 MB file would take more than 100 MB"


def test_an_element_outside_of_those_known_is_named(tmp_path: Path) -> None:
    for place in ("<new/></list>", "<entry/><new/><entry/></list>", "<entry/><part><new/></part></list>"):
        path = written(tmp_path, "<list>" + place)
        with pytest.raises(ListContentError, match="<new>"):
            list(elements(path, {"entry"}, within={"list", "part"}))


def test_another_root_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ListContentError, match="root element <other>"):
        list(elements(written(tmp_path, "<other/>"), {"entry"}, within={"list"}))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("   \n", "empty"),
        ("<!DOCTYPE html><html><body>503</body></html>", "HTML page"),
        ("<html><head></head><body>Service unavailable</body></html>", "HTML page"),
        ("\ufeff<HTML><body>x</body></HTML>", "HTML page"),
        ("uid;name\n1;Bank", "does not begin as XML"),
        ("<list><entry><name>cut sho", "line 1"),
        ("<list>\n<entry>\n</list>", "line 3"),
        ("<list><entry>\x01</entry></list>", "not well-formed"),
        (b"<list><entry>\xff\xfe</entry></list>", "not well-formed"),
        ("<!DOCTYPE list SYSTEM 'http://127.0.0.1/list.dtd'><list/>", "DOCTYPE"),
        ("<!DOCTYPE list [<!ENTITY co 'Company'>]><list><entry>OAO &co; Ltd</entry></list>", "DOCTYPE"),
    ],
)
def test_what_is_no_sound_list_is_refused_with_the_reason(tmp_path: Path, content: str | bytes, reason: str) -> None:
    with pytest.raises(ListFormatError, match=reason):
        list(elements(written(tmp_path, content), {"entry"}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_billion_laughs_are_refused_at_once(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, BOMB.format(encoding).encode(encoding))
    start = time.perf_counter()
    with pytest.raises(ListFormatError):
        list(elements(path, {"entry"}))
    assert time.perf_counter() - start < 1


def test_a_billion_laughs_cost_little_memory(tmp_path: Path) -> None:
    count, peak = count_and_peak(written(tmp_path, BOMB.format("utf-16").encode("utf-16")))
    assert count == -1
    assert peak < 200_000


def test_taken_reads_everything_once() -> None:
    entry = taken('<e a="1"><n>x</n><list><v>1</v><v>2</v></list><t q="low">y</t></e>')
    assert entry.attr("a") == "1"
    assert entry.text("n") == "x"
    assert entry.text("absent") == ""
    assert entry.one("absent") is None
    part = entry.one("list")
    assert part is not None
    assert part.texts("v") == ["1", "2"]
    weak = entry.one("t")
    assert weak is not None
    assert (weak.attr("q"), weak.own_text()) == ("low", "y")
    entry.finish()


@pytest.mark.parametrize(
    ("xml", "named"),
    [
        ("<e><new>1</new></e>", "<new>"),
        ('<e new="1"/>', "@new"),
        ("<e>stray words</e>", "stray words"),
        ("<e><p><new/></p></e>", "<new>"),
        ('<e><p new=""/></e>', "@new"),
    ],
)
def test_what_is_left_unread_is_named(xml: str, named: str) -> None:
    entry = taken(xml)
    entry.all("p")
    with pytest.raises(ListContentError, match=named) as raised:
        entry.finish()
    assert "x:1" in str(raised.value)


def test_ignoring_is_on_purpose() -> None:
    entry = taken('<e k="1"><n>1</n></e>')
    entry.ignore("@k", "n", "@absent")
    entry.finish()


def test_a_leaf_that_is_more_than_text_is_refused() -> None:
    for xml in ('<e><n lang="ru">x</n></e>', "<e><n>x<b>y</b></n></e>"):
        with pytest.raises(ListContentError, match="more than text"):
            taken(xml).text("n")


def test_two_where_one_is_known_are_refused() -> None:
    with pytest.raises(ListContentError, match="2 <n>"):
        taken("<e><n/><n/></e>").text("n")
    with pytest.raises(ListContentError, match="2 <n>"):
        taken("<e><n/><n/></e>").one("n")


def test_squeeze() -> None:
    assert squeeze("  a\n\t b ") == "a b"
    assert squeeze(None) == ""
