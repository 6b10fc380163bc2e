"""What every test may use: a real, migrated database of each kind, the full list files where they are, and no network.

`database` runs a test twice, on SQLite and on PostgreSQL; the second is skipped unless CASPIAN_TEST_POSTGRES_URL
names a server, such as postgresql://postgres@127.0.0.1:5432/postgres. Each test has a database of its own, copied
from a template that the migrations built once.
"""

import os
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import make_url

from core import migrations
from core.database import Database

SHARED_LISTS = Path(__file__).resolve().parents[1].parent / "shared" / "lists"
"""The full list files lie beside the project, never in it."""

POSTGRES = os.environ.get("CASPIAN_TEST_POSTGRES_URL", "")

LOCAL = {"127.0.0.1", "::1", "localhost", "0.0.0.0", ""}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs the full lists where they are not."""
    if SHARED_LISTS.is_dir():
        return
    for item in items:
        if item.get_closest_marker("full_lists"):
            item.add_marker(pytest.mark.skip(reason=f"needs the full lists in {SHARED_LISTS}"))


@pytest.fixture(scope="session")
def shared_lists() -> Path:
    """The directory of the full list files; mark a test that asks for it `full_lists`."""
    if not SHARED_LISTS.is_dir():
        pytest.skip(f"needs the full lists in {SHARED_LISTS}")
    return SHARED_LISTS


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test leaves this machine: another address than this host's own is refused at once."""
    connect, lookup = socket.socket.connect, socket.getaddrinfo

    def local_connect(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and address[0] not in LOCAL:
            raise OSError(f"tests do not leave this machine: {address}")
        connect(self, address)

    def local_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host or ""
        if name not in LOCAL:
            raise socket.gaierror(socket.EAI_NONAME, f"tests do not leave this machine: {name}")
        return lookup(host, *args, **kwargs)

    monkeypatch.setattr(socket.socket, "connect", local_connect)
    monkeypatch.setattr(socket, "getaddrinfo", local_lookup)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file that the migrations built, to be copied."""
    path = tmp_path_factory.mktemp("template") / "caspian.sqlite"
    migrations.upgrade(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def postgres_template() -> Iterator[str]:
    """The name of a PostgreSQL database that the migrations built, to be copied."""
    name = f"caspian_template_{uuid.uuid4().hex[:12]}"
    _administer(f'CREATE DATABASE "{name}"')
    migrations.upgrade(_postgres_url(name))
    yield name
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a fresh, migrated database: each test runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = tmp_path_factory.mktemp("database") / "caspian.sqlite"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    if not POSTGRES:
        pytest.skip("needs a PostgreSQL server: set CASPIAN_TEST_POSTGRES_URL")
    name = f"caspian_test_{uuid.uuid4().hex[:12]}"
    _administer(f'CREATE DATABASE "{name}" TEMPLATE "{request.getfixturevalue("postgres_template")}"')
    yield _postgres_url(name)
    _administer(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A fresh, migrated database, open; once on SQLite and once on PostgreSQL."""
    opened = Database(database_url)
    yield opened
    await opened.dispose()


def _postgres_url(name: str) -> str:
    return make_url(POSTGRES).set(drivername="postgresql", database=name).render_as_string(hide_password=False)


def _administer(statement: str) -> None:
    url = make_url(POSTGRES).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(statement.encode())
