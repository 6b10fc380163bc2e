"""Stash: a file that was sent and waits for a person to say what its columns are. Kept for an hour, for who sent it.

It lies under the data directory in a folder named by a hash of who sent it and of a token that only their page has.
With several servers, let that directory be one that all of them share, as for evidence.
"""

import asyncio
import hashlib
import json
import secrets
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from starlette.datastructures import UploadFile

from api.uploads import received
from core.errors import NotFound
from core.settings import Settings
from screening.access import Principal

KEPT_SECONDS: Final = 3600.0
FILE, ABOUT = "file", "about.json"


@dataclass(frozen=True, slots=True)
class Stashed:
    """A file that waits: the token that names it, its own name, the SHA-256 of its bytes, its size, where it lies."""

    token: str
    name: str
    sha256: str
    size: int
    path: Path


async def stash(file: UploadFile, who: Principal, settings: Settings) -> Stashed:
    """Keep a file that was sent, and drop those that nobody came back to."""
    token = secrets.token_urlsafe(24)
    folder = _folder(token, who, settings)
    async with received(file, settings) as taken:
        return await asyncio.to_thread(_keep, taken.path, folder, (token, file.filename or "", taken.sha256))


async def fetch(token: str, who: Principal, settings: Settings) -> Stashed:
    """Return a file that waits. Raises NotFound when there is none of this token and person."""
    folder = _folder(token, who, settings)
    about = await asyncio.to_thread(_read, folder)
    if about is None:
        raise NotFound("the file is no longer kept; send it again")
    return Stashed(token, about["name"], about["sha256"], about["size"], folder / FILE)


async def drop(waiting: Stashed) -> None:
    """Remove a file that was taken in."""
    await asyncio.to_thread(shutil.rmtree, waiting.path.parent, ignore_errors=True)


def _folder(token: str, who: Principal, settings: Settings) -> Path:
    name = hashlib.sha256(f"{who.id}\n{token}".encode()).hexdigest()
    return settings.data_dir / "stash" / name


def _keep(source: Path, folder: Path, about: tuple[str, str, str]) -> Stashed:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder.parent)
    folder.mkdir()
    kept = Stashed(*about, source.stat().st_size, folder / FILE)
    source.replace(kept.path)
    told = {name: value for name, value in asdict(kept).items() if name in {"name", "sha256", "size"}}
    (folder / ABOUT).write_text(json.dumps(told), encoding="utf-8")
    return kept


def _sweep(parent: Path) -> None:
    for old in parent.iterdir():
        if time.time() - old.stat().st_mtime > KEPT_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def _read(folder: Path) -> Any:
    try:
        return json.loads((folder / ABOUT).read_text(encoding="utf-8"))
    except OSError:
        return None
