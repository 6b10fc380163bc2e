"""Uploads: a file that was sent, on disk with its hash while it is read, and removed afterwards."""

import asyncio
import hashlib
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from starlette.datastructures import UploadFile

from core.settings import Settings

BLOCK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Received:
    """Where the file is, and the SHA-256 of its bytes."""

    path: Path
    sha256: str


@asynccontextmanager
async def received(file: UploadFile, settings: Settings) -> AsyncIterator[Received]:
    """The sent file, copied block by block to the data directory: no file fills the memory."""
    with tempfile.TemporaryDirectory(prefix="upload-", dir=await asyncio.to_thread(_directory, settings)) as directory:
        path = Path(directory) / "file"
        yield Received(path, await asyncio.to_thread(_copy, file.file, path))


def _directory(settings: Settings) -> Path:
    directory = settings.data_dir / "uploads"
    directory.mkdir(parents=True, exist_ok=True)
    return directory


def _copy(source: BinaryIO, path: Path) -> str:
    digest = hashlib.sha256()
    source.seek(0)
    with path.open("wb") as target:
        while block := source.read(BLOCK):
            digest.update(block)
            target.write(block)
    return digest.hexdigest()
