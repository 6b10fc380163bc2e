"""A PostgreSQL of a test's own, which may be stopped and started while others work on it."""

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

OPTIONS = "-p {port} -k {place} -c listen_addresses=127.0.0.1 -c max_connections=200"


def binaries() -> Path | None:
    """Where PostgreSQL's own programs are: Debian keeps them out of the path. None where there are none."""
    found = shutil.which("initdb")
    places = [Path(found).parent] if found else sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    return next((place for place in reversed(places) if (place / "initdb").exists()), None)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


class Cluster:
    """A running one; `url` is the address of its empty database."""

    def __init__(self, place: Path) -> None:
        self._place = place
        self._port = free_port()
        self.url = f"postgresql://postgres@127.0.0.1:{self._port}/postgres"
        self._do("initdb", "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8")

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self._do("pg_ctl", "-w", "-l", f"{self._place}/log", "-o", self._options, "start")

    def stop(self) -> None:
        """Stop it as a power cut does: nobody is waited for, and the next start recovers what was committed."""
        self._do("pg_ctl", "-m", "immediate", "stop")

    @property
    def _options(self) -> str:
        return OPTIONS.format(port=self._port, place=self._place)

    def _do(self, program: str, *arguments: str) -> None:
        """Run one of its programs: as root, which it refuses, as the user `postgres`."""
        bin_ = binaries()
        assert bin_ is not None
        who = {"user": "postgres", "group": "postgres", "extra_groups": ()} if os.geteuid() == 0 else {}
        command = [str(bin_ / program), "-D", f"{self._place}/data", *arguments]
        subprocess.run(command, check=True, cwd=self._place, stdout=subprocess.DEVNULL, **who)  # type: ignore[call-overload]


@contextmanager
def running() -> Iterator[Cluster]:
    """A cluster that runs while the block does; nothing of it stays."""
    with TemporaryDirectory(prefix="caspian-pg-", dir="/tmp") as name:
        if os.geteuid() == 0:
            shutil.chown(name, "postgres", "postgres")
        cluster = Cluster(Path(name))
        cluster.start()
        try:
            yield cluster
        finally:
            cluster.stop()
