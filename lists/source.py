"""Source: what a list is, where it lives, how often it is checked, and what a sound file of it looks like.

One module in `lists/sources` per format; each defines one or more `Source` objects at its end, and `discover`
finds them. Nothing else has to be registered.
"""

import importlib
import pkgutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from lists.entity import ListedEntity


@dataclass(frozen=True, slots=True)
class Expect:
    """What a sound file holds: a count within a range, and not much less than the snapshot before it.

    `fewest` and `most` count listed entities. `drop` is the greatest share (0-1) that may vanish at once.
    """

    fewest: int
    most: int
    drop: float = 0.1


@dataclass(frozen=True, slots=True)
class ParsedList:
    """One file, read: its entities in the file's order, and the day the publisher dates it."""

    entities: tuple[ListedEntity, ...]
    published_on: date | None
    format: str


@dataclass(frozen=True, slots=True)
class Format:
    """One file format of a source. `recognises` looks at the first 64 KiB of a file (and at the path of the whole,
    where the head does not tell); `parse` streams the file and raises ListFormatError or ListContentError; it is a
    function of a module (or a partial of one), so that another process can be asked to run it. `companions` names,
    in lower case, the files beside it that belong to it: OFAC's CSV form is four files.
    """

    name: str
    recognises: Callable[[bytes, Path], bool]
    parse: Callable[[Path], ParsedList]
    companions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """One official list. `max_age` counts from the last successful check, not from the publication date.

    Without an `optional` list an answer may be clear, and says that the list was not searched; once it is loaded, it
    counts as every other, and a stale one never reads as clear.
    """

    key: str
    authority: str
    title: str
    publisher: str
    url: str
    formats: tuple[Format, ...]
    expect: Expect
    every: timedelta = timedelta(hours=6)
    max_age: timedelta = timedelta(hours=48)
    page: str = ""
    licence: str = ""
    covers: tuple[str, ...] = field(default=())
    optional: bool = False


def format_of(source: Source, path: Path) -> Format | None:
    """Return the source's format that knows this file by its content, or None."""
    with path.open("rb") as file:
        head = file.read(65_536)
    return next((f for f in source.formats if f.recognises(head, path)), None)


@cache
def discover() -> dict[str, Source]:
    """Return every source that a module of `lists.sources` defines, by key, in the order of their modules' names.

    Raises ValueError when two modules define the same key.
    """
    import lists.sources as package  # here, because a source module itself imports this one

    found: dict[str, Source] = {}
    for info in pkgutil.iter_modules(package.__path__):
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        for source in _sources_in(vars(module).values()):
            if source.key in found and found[source.key] is not source:
                msg = f"two modules define the source {source.key!r}"
                raise ValueError(msg)
            found[source.key] = source
    return found


def _sources_in(values: Iterable[object]) -> Iterable[Source]:
    return (value for value in values if isinstance(value, Source))
