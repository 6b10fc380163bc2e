"""Events go from the audit log to a real socket: signed, once each, again when not taken, given up after a day."""

import datetime as dt
import hashlib
import hmac
import socket
import ssl
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import time_machine
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from pytest_httpserver import HTTPServer

from core.clock import now
from core.database import Database
from core.errors import Conflict, NotFound
from screening.access import Principal, Role
from screening.audit.entry import Action, Draft, Entry
from screening.audit.log import actor, append
from screening.webhooks import sending
from screening.webhooks.outbox import deliveries, replay, take
from screening.webhooks.sending import HEADER, deliver_events
from screening.webhooks.subscriptions import MOST, Event, State, create_webhook, remove_webhook
from screening.webhooks.tables import Webhook, WebhookDelivery

ANNA = Principal("user:anna", "Anna", Role.OFFICER)


async def hook_for(database: Database, url: str, *events: Event) -> Webhook:
    async with database.write() as session:
        return await create_webhook(session, httpx.URL(url), events or tuple(Event), by=ANNA)


async def happen(database: Database, *actions: Action) -> list[Entry]:
    async with database.write() as session:
        return await append(session, [Draft(action, actor(ANNA), f"R{n}") for n, action in enumerate(actions)])


async def all_of(database: Database, **wanted: Any) -> list[WebhookDelivery]:
    async with database.read() as session:
        return await deliveries(session, **wanted)


async def test_events_of_the_log_are_sent_once_and_signed(database: Database, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook", method="POST").respond_with_data("", 204)
    await happen(database, Action.CASE_OPENED)  # before the webhook was there
    hook = await hook_for(database, httpserver.url_for("/hook"), Event.CASE_OPENED, Event.RESCREEN_FINISHED)
    entries = await happen(database, Action.CASE_OPENED, Action.BATCH_ENDED, Action.SCREENED, Action.RESCREENED)
    assert await deliver_events(database, allow_private=True) == 2
    assert await deliver_events(database, allow_private=True) == 0
    received = [request for request, _ in httpserver.log]
    opened = received[0].get_json()
    (first,) = [one for one in await all_of(database) if one.sequence == entries[0].sequence]
    assert opened == {
        "id": first.id,
        "event": "case.opened",
        "occurred_at": entries[0].occurred_at,
        "record_id": "R0",
        "audit_sequence": entries[0].sequence,
        "audit_hash": entries[0].hash,
    }
    assert received[1].get_json()["event"] == "rescreen.finished"
    assert {one.state for one in await all_of(database, webhook=hook.id)} == {State.DELIVERED}
    for request in received:
        stamp, _, digest = request.headers[HEADER].removeprefix("t=").partition(",v1=")
        signed = hmac.new(hook.secret.encode(), f"{stamp}.".encode() + request.data, hashlib.sha256).hexdigest()
        assert digest == signed
        assert abs(int(stamp) - time.time()) < 60


async def test_what_is_not_taken_is_tried_for_a_day_and_given_up(database: Database, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("", 503)
    await hook_for(database, httpserver.url_for("/hook"))
    await happen(database, Action.CASE_OPENED)
    start = now()
    pauses = []
    with time_machine.travel(start, tick=False) as clock:
        while not pauses or (await all_of(database, state=State.WAITING)):
            assert await deliver_events(database, allow_private=True) == 0
            assert await deliver_events(database, allow_private=True) == 0  # not due again at once
            (one,) = await all_of(database)
            pauses.append((dt.datetime.fromisoformat(one.next_at) - now()) // dt.timedelta(minutes=1))
            clock.move_to(dt.datetime.fromisoformat(one.next_at))
    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 240, 240, 240, 240, 240]
    assert (one.state, one.attempts, one.said) == (State.FAILED, 13, "answered 503")
    assert len(httpserver.log) == 13


async def test_replayed_it_is_sent_again_under_its_own_id(database: Database, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("", 200)
    hook = await hook_for(database, httpserver.url_for("/hook"))
    await happen(database, Action.BATCH_ENDED)
    await deliver_events(database, allow_private=True)
    (one,) = await all_of(database, state=State.DELIVERED)
    async with database.write() as session:
        assert (await replay(session, one.id)).state == State.WAITING
    assert await deliver_events(database, allow_private=True) == 1
    first, second = (request.data for request, _ in httpserver.log)
    assert first == second
    async with database.write() as session:
        await remove_webhook(session, hook.id, by=ANNA)
    with pytest.raises(Conflict):
        async with database.write() as session:
            await replay(session, one.id)
    with pytest.raises(NotFound):
        async with database.write() as session:
            await replay(session, "none")


async def test_a_receiver_that_redirects_or_is_down_delays_no_other(database: Database, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/elsewhere").respond_with_data("", 302, headers={"Location": httpserver.url_for("/up")})
    httpserver.expect_request("/up").respond_with_data("", 200)
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    down = await hook_for(database, f"http://127.0.0.1:{port}/")
    elsewhere = await hook_for(database, httpserver.url_for("/elsewhere"))
    await hook_for(database, httpserver.url_for("/up"))
    await happen(database, Action.CASE_OPENED, Action.CASE_OPENED)
    assert await deliver_events(database, allow_private=True) == 2
    tried = [one for one in await all_of(database, state=State.WAITING) if one.attempts]
    said = {one.webhook_id: one.said for one in tried}
    assert said == {down.id: "not reached: ConnectError", elsewhere.id: "answered 302"}
    assert len(tried) == 2, "what waits behind one that was not taken is tried in the next run"


async def test_no_answer_in_time(database: Database, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "TRY_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        await hook_for(database, f"http://127.0.0.1:{silent.getsockname()[1]}/")
        await happen(database, Action.CASE_OPENED)
        assert await deliver_events(database, allow_private=True) == 0
    (one,) = await all_of(database)
    assert one.state == State.WAITING
    assert one.said is not None
    assert "no answer" in one.said or "Timeout" in one.said


async def test_a_private_address_is_not_called_even_if_it_was_taken_in(
    database: Database, httpserver: HTTPServer
) -> None:
    await hook_for(database, httpserver.url_for("/hook").replace("http:", "https:"))
    await happen(database, Action.CASE_OPENED)
    assert await deliver_events(database, allow_private=False) == 0
    (one,) = await all_of(database)
    assert one.said is not None
    assert "not an address of the public internet" in one.said
    assert httpserver.log == []


async def test_a_delivery_that_was_taken_is_nobody_elses_for_a_while(database: Database) -> None:
    hook = await hook_for(database, "https://hooks.example/")
    await happen(database, Action.CASE_OPENED)
    await deliver_events(database, allow_private=False)  # the name resolves to nothing: it waits
    with time_machine.travel(now() + dt.timedelta(minutes=1), tick=False) as clock:
        async with database.write() as session:
            assert await take(session, hook.id) is not None
        async with database.write() as session:
            assert await take(session, hook.id) is None
        clock.shift(dt.timedelta(minutes=2))
        async with database.write() as session:
            again = await take(session, hook.id)
    assert again is not None
    assert again.attempts == 3


async def test_a_removed_webhook_is_told_nothing(database: Database, httpserver: HTTPServer) -> None:
    httpserver.expect_request("/hook").respond_with_data("", 503)
    hook = await hook_for(database, httpserver.url_for("/hook"))
    await happen(database, Action.CASE_OPENED)
    await deliver_events(database, allow_private=True)
    async with database.write() as session:
        await remove_webhook(session, hook.id, by=ANNA)
    (one,) = await all_of(database)
    assert (one.state, one.said) == (State.FAILED, "the webhook was removed")
    await happen(database, Action.CASE_OPENED)
    assert await deliver_events(database, allow_private=True) == 0
    assert len(await all_of(database)) == 1


async def test_there_are_only_so_many(database: Database) -> None:
    for _ in range(MOST):
        await hook_for(database, "https://hooks.example/")
    with pytest.raises(Conflict):
        await hook_for(database, "https://hooks.example/")


@pytest.fixture
def certified(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HTTPServer]:
    """An https server on this host whose certificate is for hooks.example, which resolves to this host."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "hooks.example")])
    day = dt.timedelta(days=1)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(), now() - day, now() + day)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("hooks.example")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, secret = tmp_path / "certificate.pem", tmp_path / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))

    def found(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with HTTPServer("127.0.0.1", 0, ssl_context=context) as server:
        monkeypatch.setattr(socket, "getaddrinfo", found)
        yield server


async def test_the_certificate_must_be_for_the_name_though_the_address_is_called(
    database: Database, certified: HTTPServer
) -> None:
    certified.expect_request("/hook").respond_with_data("", 200)
    good = await hook_for(database, f"https://hooks.example:{certified.port}/hook")
    other = await hook_for(database, f"https://other.example:{certified.port}/hook")
    await happen(database, Action.CASE_OPENED)
    assert await deliver_events(database, allow_private=True) == 1
    ((request, _),) = certified.log
    assert request.headers["Host"] == f"hooks.example:{certified.port}"
    states = {one.webhook_id: (one.state, one.said) for one in await all_of(database)}
    assert states == {good.id: ("delivered", "answered 200"), other.id: ("waiting", "not reached: ConnectError")}
