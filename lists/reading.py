"""Reading: a list file through its format's parser, in a process of its own when it is large.

Parsing is seconds of CPU work and hundreds of megabytes; in a process of its own it neither stops the event loop nor
leaves its memory behind, and a parser that is killed takes nothing with it. `python -m lists.reading` is that process:
it gets one request on standard input, answers on standard output, and ends; it dies of a broken pipe if its parent
is gone.
"""

import asyncio
import os
import pickle
import sys
import traceback
from collections.abc import Callable
from pathlib import Path

from core.errors import ListContentError, ListError, ListFormatError
from lists.content import PreparedList, prepare
from lists.source import Format, ParsedList

SMALL = 1024 * 1024
"""Below a megabyte a process costs more (half a second) than parsing does; a thread will do."""

LONGEST = 600.0
"""Seconds until a parser is given up. The largest list (SDN, 23 MB) takes under 15."""

FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)
"""What a parser raises that has not foreseen something: the list is refused, and the traceback goes to the log."""

Parse = Callable[[Path], ParsedList]


async def read(form: Format, path: Path) -> PreparedList:
    """Return the file's entities as records. Raises ListError, with the reason, when the file is not sound."""
    size = (await asyncio.to_thread(path.stat)).st_size
    if size <= SMALL:
        answer = await asyncio.to_thread(_read, form.parse, path)
    else:
        answer = await _read_apart(form.parse, path)
    if isinstance(answer, ListError):
        raise answer
    return answer


async def _read_apart(parse: Parse, path: Path) -> PreparedList | ListError:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "lists.reading",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    try:
        async with asyncio.timeout(LONGEST):
            answer, _ = await process.communicate(pickle.dumps((parse, path)))
    except TimeoutError:
        return ListFormatError(f"{path.name} was not read within {LONGEST:.0f} seconds: given up")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode != 0:
        return ListFormatError(f"reading {path.name} ended with code {process.returncode}, perhaps out of memory")
    found: PreparedList | ListError = pickle.loads(answer)  # noqa: S301 - the bytes of our own child, never a file's
    return found


def _read(parse: Parse, path: Path) -> PreparedList | ListError:
    try:
        return prepare(parse(path))
    except ListError as error:
        return error
    except OSError as error:
        return ListFormatError(f"{path.name} cannot be read: {error}")
    except FAULTS as error:
        traceback.print_exc(file=sys.stderr)
        return ListContentError(f"{path.name} holds what its parser cannot read: {type(error).__name__}: {error}")


def main() -> None:
    """Read the file that the parent names, and answer with its records or its error."""
    parse, path = pickle.loads(sys.stdin.buffer.read())  # noqa: S301 - the request of our own parent
    pickle.dump(_read(parse, path), sys.stdout.buffer, protocol=pickle.HIGHEST_PROTOCOL)


if __name__ == "__main__":
    main()
