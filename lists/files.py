"""Files at hand: a list file on this machine, however it came; opening `.gz` and `.zip`, and whose format it is.

Everything is judged by content, never by name. What is opened is capped, so that a bomb stops at the cap.
"""

import gzip
import hashlib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Protocol

from core.errors import ListFetchError, ListFormatError
from lists.source import Format, Source

CHUNK = 1024 * 1024
HEAD = 65_536
"""As much of a file as `Format.recognises` is shown (lists/source.py)."""


class Readable(Protocol):
    """Anything that gives its bytes bit by bit."""

    def read(self, size: int = ..., /) -> bytes:
        """Return at most `size` bytes, none at the end."""


MOST_MEMBERS = 50
"""A publisher's zip holds one file, OFAC's CSV form four. More than this is no list."""


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """One file as it came. `origin` is the configured address, never where a redirect led; `sha256` is of the file
    as received, packed or not, so that anyone can compare it; `sample` marks the excerpt bundled with Caspian.
    """

    path: Path
    sha256: str
    file_name: str
    origin: str
    fetched_at: datetime
    etag: str | None = None
    last_modified: str | None = None
    sample: bool = False


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """One unpacked file: where it lies, how a person would name it (`lists.zip/sdn.csv`), and which file it came in."""

    path: Path
    name: str
    came_in: Path


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file in lower-case hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def files_in(location: Path) -> tuple[Path, ...]:
    """Return the file itself, or the files directly inside a directory, by name; hidden ones are passed over.

    Raises ListFetchError when there is no such file or directory.
    """
    if location.is_dir():
        return tuple(sorted(p for p in location.iterdir() if p.is_file() and not p.name.startswith(".")))
    if location.is_file():
        return (location,)
    raise ListFetchError(f"there is no file or directory {location}")


def unpack(path: Path, into: Path, max_bytes: int) -> tuple[OpenedFile, ...]:
    """Open a `.gz` or `.zip`, told by content, into the directory `into`; any other file is returned as it is.

    Raises ListFormatError when it is damaged, encrypted, or larger than `max_bytes` once unpacked.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    try:
        if magic.startswith(b"\x1f\x8b"):
            return (_gunzip(path, into, max_bytes),)
        if magic in (b"PK\x03\x04", b"PK\x05\x06"):
            return tuple(_unzip(path, into, max_bytes))
    except (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError) as error:
        raise ListFormatError(f"{path.name} cannot be unpacked: {error}") from error
    return (OpenedFile(path, path.name, path),)


def recognise(file: OpenedFile, sources: Iterable[Source]) -> tuple[Source, Format] | None:
    """Return the source and format that know the file by its content, or None."""
    with file.path.open("rb") as opened:
        head = opened.read(HEAD)
    if not head.strip():
        return None
    known = ((s, f) for s in sources for f in s.formats if f.recognises(head, file.path))
    return next(known, None)


def why_unknown(file: OpenedFile, source: Source | None = None) -> ListFormatError:
    """Return the error that says what the file is instead of a list."""
    with file.path.open("rb") as opened:
        head = opened.read(HEAD)
    wanted = f"{source.title} ({', '.join(f.name for f in source.formats)})" if source else "any known list"
    return ListFormatError(f"{file.name} {_what_it_is(head)}: it is not {wanted}")


def _what_it_is(head: bytes) -> str:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not head:
        return "is empty"
    if not start:
        return "is blank"
    if start.startswith((b"<!doctype html", b"<html")) or b"<html" in start[:1_000]:
        return "is an HTML page, perhaps a publisher's error page"
    if start.startswith((b"{", b"[")):
        return "looks like JSON"
    if start.startswith(b"<"):
        return "is XML of a form that no parser knows"
    return "has a content that no parser knows"


def _gunzip(path: Path, into: Path, max_bytes: int) -> OpenedFile:
    name = path.name.removesuffix(".gz")
    with gzip.open(path) as packed, _new_file(into, name) as out:
        _copy(packed, out, max_bytes, path.name)
    return OpenedFile(Path(out.name), path.name, path)


def _unzip(path: Path, into: Path, max_bytes: int) -> Iterator[OpenedFile]:
    with zipfile.ZipFile(path) as archive:
        members = [m for m in archive.infolist() if not m.is_dir() and not Path(m.filename).name.startswith(".")]
        if not members:
            raise ListFormatError(f"{path.name} holds no file")
        if len(members) > MOST_MEMBERS:
            raise ListFormatError(f"{path.name} holds {len(members)} files, at most {MOST_MEMBERS} are opened")
        left = max_bytes
        for member in members:
            name = Path(member.filename.replace("\\", "/")).name  # never a path: nothing is written outside `into`
            with archive.open(member) as packed, _new_file(into, name) as out:
                left -= _copy(packed, out, left, path.name)
            yield OpenedFile(Path(out.name), f"{path.name}/{name}", path)


def _copy(packed: Readable, out: IO[bytes], max_bytes: int, name: str) -> int:
    copied = 0
    while chunk := packed.read(CHUNK):
        copied += len(chunk)
        if copied > max_bytes:
            raise ListFormatError(f"{name} unpacks to more than {max_bytes:,} bytes")
        out.write(chunk)
    return copied


@contextmanager
def _new_file(into: Path, name: str) -> Iterator[IO[bytes]]:
    into.mkdir(parents=True, exist_ok=True)
    target = into / (name or "unnamed")
    if target.exists():
        target = into / f"{sum(1 for _ in into.iterdir())}-{target.name}"
    with target.open("xb") as out:
        yield out
