"""Report: what a measurement printed, kept in `docs/benchmarks.md` with the command that prints it again."""

import contextlib
import io
import os
import platform
import re
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

PAGE = Path(__file__).resolve().parents[1] / "docs" / "benchmarks.md"

OPENING = """# Benchmarks

What was measured, word for word as the commands print it; none is a test, and no figure here comes from elsewhere.
`make bench` measures all of it again and rewrites this page (`make bench-peer` the comparison with another matcher);
`python -m benchmarks NAME` renews one section. The lists are the real files of `../shared/lists/current` (OFAC SDN and
non-SDN, EU, UN), the cases those of `../shared/eval`, whose README says what others reach on them.
"""


class _Tee(io.TextIOBase):
    """Shows what is printed and keeps it."""

    def __init__(self) -> None:
        self.kept = io.StringIO()

    def write(self, text: str) -> int:
        sys.__stdout__.write(text) if sys.__stdout__ else None
        return self.kept.write(text)


def run(name: str, title: str, main: Callable[[Sequence[str]], None], arguments: Sequence[str]) -> str:
    """Run one measurement, showing what it prints; return its section of the page."""
    tee = _Tee()
    with contextlib.redirect_stdout(tee):
        main(arguments)
    tail = " -- " + " ".join(arguments) if arguments else ""
    when = f"{datetime.now(UTC):%Y-%m-%d}, {machine()}"
    return (
        f"## {name}\n\n{title}\n\n`python -m benchmarks {name}{tail}` on {when}:\n\n"
        f"```\n{tee.kept.getvalue().strip()}\n```\n"
    )


def machine() -> str:
    """Return processor cores, system and Python in one phrase."""
    return f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}"


def keep(name: str, section: str, order: Sequence[str]) -> None:
    """Put a section in its place in the page; the others stay as they are."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    parts = re.split(r"(?m)^(?=## )", text)[1:]
    sections = {part.split("\n", 1)[0].removeprefix("## "): part.rstrip() + "\n" for part in parts} | {name: section}
    ordered = [sections[known] for known in order if known in sections]
    PAGE.write_text("\n".join([OPENING, *ordered]), encoding="utf-8")
