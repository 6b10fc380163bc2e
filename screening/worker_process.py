"""Worker process: a process beside this one that answers messages, a line each, in their order.

Owns both ends: the starting and asking here, and the loop in which the program answers there. What the messages say is
the business of the programs (`screening.match_worker`, `screening.batch.worker`).
"""

import asyncio
import gc
import json
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

MOST_REPLY = 64 * 1024**2
"""Bytes of one reply; fifty matches with all they say are about half a megabyte."""

COLLECT_AFTER = (20_000, 10, 100)
"""Thresholds of the garbage collector. Answering makes hardly any cycles, and walking the matcher's caches holds up
everybody who waits for a tenth of a second: it may be done rarely."""


class WorkerFailedError(Exception):
    """A worker ended, or could not answer."""


def answer_lines(reply: Callable[[bytes], str]) -> None:
    """Be the process: give the reply to each line of standard input on standard output, until the input ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for who started it, which then ends the input
    gc.set_threshold(*COLLECT_AFTER)
    replies, sys.stdout = sys.stdout.buffer, sys.stderr  # nothing but replies may reach who asked
    with suppress(BrokenPipeError):  # who asked is gone, and so is the reason to answer
        for line in sys.stdin.buffer:
            replies.write(reply(line).encode() + b"\n")
            replies.flush()


def failure(error: Exception) -> str:
    """Return the reply that says that a message could not be answered."""
    return json.dumps({"failed": f"{type(error).__name__}: {error}"})


@dataclass(slots=True)
class WorkerProcess:
    """One process. Everything happens on the event loop of whoever started it."""

    process: asyncio.subprocess.Process
    replies: deque["asyncio.Future[str]"]
    reader: "asyncio.Task[None] | None" = None

    @classmethod
    async def start(cls, program: str) -> "WorkerProcess":
        """Start a process that runs the module `program`."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            program,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=MOST_REPLY,
        )
        worker = cls(process, deque())
        worker.reader = asyncio.create_task(worker._read(), name="match-worker")
        return worker

    @property
    def waiting(self) -> int:
        """How many replies are still to come."""
        return len(self.replies)

    @property
    def alive(self) -> bool:
        """Whether it still answers."""
        return self.process.returncode is None and self.reader is not None and not self.reader.done()

    async def ask(self, message: Mapping[str, object]) -> str:
        """Return the reply to one message. Raises WorkerFailedError."""
        if not self.alive or self.process.stdin is None:
            raise WorkerFailedError("it has ended")
        reply: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.replies.append(reply)
        self.process.stdin.write(json.dumps(dict(message)).encode() + b"\n")
        text = await reply
        if text.startswith('{"failed"'):
            raise WorkerFailedError(json.loads(text)["failed"])
        return text

    async def end(self) -> None:
        """End it: it finishes what it is doing, within five seconds."""
        if self.process.stdin is not None:
            self.process.stdin.close()
        try:
            await asyncio.wait_for(self.process.wait(), timeout=5)
        except TimeoutError:
            self.process.kill()
            await self.process.wait()
        if self.reader is not None:
            await self.reader

    async def _read(self) -> None:
        assert self.process.stdout is not None
        try:
            while line := await self.process.stdout.readline():
                reply = self.replies.popleft()
                if not reply.done():  # its caller was cancelled; the worker's order is kept
                    reply.set_result(line.rstrip(b"\n").decode())
        finally:
            while self.replies:
                reply = self.replies.popleft()
                if not reply.done():
                    reply.set_exception(WorkerFailedError("it ended while answering"))
