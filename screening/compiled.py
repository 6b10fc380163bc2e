"""Compiled: the reading and matching of names as machine code, made by mypyc from the very source that lies here.

The source decides. Compiled modules lie apart, in the environment, under the hash of the source that they were made
from: changed source finds none and runs as it is, so that no old code ever answers. `screening.compile` makes them.
The answers are the same; only the time is not. `CASPIAN_MATCHER=source` runs the source in any case.
"""

import hashlib
import os
import sys
import sysconfig
from functools import cache
from pathlib import Path

PACKAGES = ("screening.names", "screening.matching", "screening.matching.features")
"""The packages whose modules are compiled. Those that pydantic or a hash reads as data stay source: see `AS_SOURCE`."""

AS_SOURCE = frozenset({
    "__init__", "example", "policy", "result", "subject", "tables", "version",
})  # fmt: skip
ROOT = Path(__file__).parents[1]


def sources() -> list[Path]:
    """Return the modules that are compiled, in a fixed order."""
    return [path for path in _modules() if path.stem not in AS_SOURCE]


def _modules() -> list[Path]:
    return sorted(path for package in PACKAGES for path in ROOT.joinpath(*package.split(".")).glob("*.py"))


@cache
def home() -> Path:
    """Return where the modules compiled from this source lie, or would lie, for this Python."""
    told = hashlib.sha256()
    for path in _modules():
        told.update(f"{path.relative_to(ROOT)}\0".encode() + path.read_bytes() + b"\0")
    return shelf() / f"{sysconfig.get_config_var('SOABI')}-{told.hexdigest()[:32]}"


def shelf() -> Path:
    """Return the directory of this environment that holds compiled modules, of this source and of others."""
    return Path(sys.prefix) / "share" / "caspian" / "compiled"


def modules_of(package: str) -> list[str]:
    """Return what is to be searched before the package's own directory: its compiled modules, where there are any."""
    if os.environ.get("CASPIAN_MATCHER") == "source":
        return []
    found = home().joinpath(*package.split("."))
    return [str(found)] if found.is_dir() else []
