"""Checkpoints are sent to an address over a real socket, once each, and again where it did not take them."""

from pathlib import Path

import pytest
import stamina
from pytest_httpserver import HTTPServer

from core.database import Database
from core.errors import Unavailable
from core.settings import Settings
from screening.access import Principal, Role
from screening.audit.checkpoint import read
from screening.audit.delivery import deliver_news
from screening.audit.entry import Action, Draft
from screening.audit.log import actor, append
from screening.audit.notary import notary_of

ANNA = Principal("user:anna", "Anna", Role.APPROVER)


@pytest.fixture
def settings(tmp_path: Path, httpserver: HTTPServer) -> Settings:
    address = httpserver.url_for("/checkpoints")
    return Settings(data_dir=tmp_path, checkpoints_url=address, checkpoints_token="secret")


async def sign(database: Database, settings: Settings) -> None:
    async with database.write() as session:
        await append(session, [Draft(Action.SIGNED_IN, actor(ANNA))])
    assert await notary_of(settings).attest_news(database) is not None


async def test_the_newest_is_sent_once(database: Database, settings: Settings, httpserver: HTTPServer) -> None:
    httpserver.expect_request(
        "/checkpoints", method="POST", headers={"Authorization": "Bearer secret"}
    ).respond_with_data("", 204)
    assert await deliver_news(settings) is None  # nothing signed yet
    await sign(database, settings)
    await sign(database, settings)
    sent = await deliver_news(settings)
    assert sent is not None
    assert await deliver_news(settings) is None
    ((request, _),) = httpserver.log
    received = read(request.get_json())
    assert received == sent
    assert received.sequence == 2
    assert received.is_signed_by(notary_of(settings).public_key)
    await sign(database, settings)
    again = await deliver_news(settings)
    assert (again and again.sequence, len(httpserver.log)) == (3, 2)


async def test_what_is_not_taken_is_tried_again_now_and_later(
    database: Database, settings: Settings, httpserver: HTTPServer
) -> None:
    await sign(database, settings)
    with stamina.set_testing(True, attempts=3):
        httpserver.expect_ordered_request("/checkpoints").respond_with_data("", 503)
        httpserver.expect_ordered_request("/checkpoints").respond_with_data("", 200)
        assert await deliver_news(settings) is not None
        await sign(database, settings)
        httpserver.expect_request("/checkpoints").respond_with_data("", 502)
        with pytest.raises(Unavailable, match="502"):
            await deliver_news(settings)
        httpserver.clear()
        httpserver.expect_request("/checkpoints").respond_with_data("", 403)
        with pytest.raises(Unavailable, match="403"):
            await deliver_news(settings)
        assert len(httpserver.log) == 1  # no use in asking again
        httpserver.clear()
        httpserver.expect_request("/checkpoints").respond_with_data("", 200)
        assert await deliver_news(settings) is not None


async def test_without_an_address_nothing_is_sent(database: Database, tmp_path: Path) -> None:
    plain = Settings(data_dir=tmp_path)
    await sign(database, plain)
    assert await deliver_news(plain) is None
