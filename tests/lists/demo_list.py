"""A small list in a format of its own, for tests of everything around the parsers: `#demo,<date>`, rows, `#end,<n>`."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path

from core.errors import ListContentError, ListFormatError
from lists.entity import Kind, ListedEntity, Name
from lists.source import Expect, Format, ParsedList, Source

MARK = b"#demo,"


def parse(path: Path, key: str = "demo") -> ParsedList:
    """Read the file strictly: a line without a comma is not ours, and without its last line it is cut short."""
    first, *rows, last = path.read_text("utf-8").splitlines() or [""]
    if last != f"#end,{len(rows)}":
        raise ListFormatError(f"{path.name} ends with {last!r}: it is cut short")
    entities = []
    for row in rows:
        number, comma, name = row.partition(",")
        if not comma:
            raise ListContentError(f"{path.name}: no rule for the line {row!r}")
        entities.append(ListedEntity(f"demo:{int(number)}", key, Kind.PERSON, (Name(name),)))
    return ParsedList(tuple(entities), date.fromisoformat(first.split(",")[1]), "demo csv")


def recognises(head: bytes, _path: Path) -> bool:
    return head.startswith(MARK)


FORMAT = Format("demo csv", recognises, parse)

SOURCE = Source(
    key="demo",
    authority="demo",
    title="Demo list",
    publisher="Demo office",
    url="https://demo.invalid/list.csv",
    formats=(FORMAT,),
    expect=Expect(2, 100_000, 0.5),
    every=timedelta(hours=6),
    max_age=timedelta(hours=48),
    page="https://demo.invalid/",
)


def text(names: Iterable[str] | Sequence[str], published: str = "2026-11-01") -> str:
    rows = [f"{number},{name}" for number, name in enumerate(names)]
    return "\n".join([f"#demo,{published}", *rows, f"#end,{len(rows)}"]) + "\n"


def content(names: Iterable[str], published: str = "2026-11-01") -> bytes:
    return text(names, published).encode()
