"""Where a webhook may go: never to an address of a private network, whatever its name resolves to."""

import socket
from typing import Any

import pytest

from core.errors import InvalidInput
from screening.webhooks.addresses import check_url, is_public


def resolving_to(monkeypatch: pytest.MonkeyPatch, *addresses: str) -> None:
    def found(host: Any, port: Any, *_: Any, **__: Any) -> list[Any]:
        return [
            (socket.AF_INET6 if ":" in one else socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port))
            for one in addresses
        ]

    monkeypatch.setattr(socket, "getaddrinfo", found)


@pytest.mark.parametrize(
    "address",
    [
        "10.1.2.3",
        "172.16.0.1",
        "192.168.1.1",
        "127.0.0.1",
        "0.0.0.0",
        "169.254.169.254",
        "100.100.100.200",
        "168.63.129.16",
        "192.0.0.192",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "::ffff:10.0.0.1",
        "::ffff:8.8.8.8",
        "64:ff9b::a00:1",
        "2002:a00:1::1",
        "2001:0:4136:e378::1",
        "2001:db8::1",
        "fe80::1",
        "fec0::1",
        "fd00:ec2::254",
        "ff02::1",
    ],
)
async def test_no_webhook_goes_into_a_private_network(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not is_public(address)
    resolving_to(monkeypatch, address)
    with pytest.raises(InvalidInput) as refused:
        await check_url("https://hooks.example/caspian", allow_private=False)
    assert refused.value.errors[0].field == "url"
    assert "public internet" in refused.value.errors[0].message
    assert (await check_url("https://hooks.example/caspian", allow_private=True)).host == "hooks.example"


@pytest.mark.parametrize("address", ["8.8.8.8", "192.0.1.1", "168.63.129.17", "2606:4700:4700::1111"])
async def test_the_public_internet_may_be_called(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, address)
    assert (await check_url("https://hooks.example:8443/a?b=c", allow_private=False)).port == 8443


async def test_one_private_address_among_several_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, "8.8.8.8", "10.0.0.1")
    with pytest.raises(InvalidInput):
        await check_url("https://hooks.example/", allow_private=False)


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://hooks.example/", "only https"),
        ("ftp://hooks.example/", "only https"),
        ("/caspian", "with a host"),
        ("https://anna:secret@hooks.example/", "without a password"),
        ("https://hooks.example/#part", "without a password or a fragment"),
        ("https://hooks.example:port/", "port"),
    ],
)
async def test_an_address_that_is_none(url: str, why: str, monkeypatch: pytest.MonkeyPatch) -> None:
    resolving_to(monkeypatch, "8.8.8.8")
    with pytest.raises(InvalidInput) as refused:
        await check_url(url, allow_private=False)
    assert why in refused.value.errors[0].message


async def test_a_name_that_resolves_to_nothing() -> None:
    with pytest.raises(InvalidInput) as refused:
        await check_url("https://hooks.example/", allow_private=True)
    assert "resolves to no address" in refused.value.errors[0].message
