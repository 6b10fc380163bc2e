"""Addresses: where a webhook may go. Never into the network the server stands in, whatever a name resolves to.

A name is resolved once, each of its addresses is checked, and the connection is made to a checked address: a name that
answers differently the second time (DNS rebinding) leads nowhere else. OWASP, Server-Side Request Forgery Prevention.
"""

import asyncio
import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import httpx

from core.errors import FieldError, InvalidInput

REFUSED = tuple(
    ip_network(text)
    for text in (
        "192.0.0.0/24",  # IETF protocol assignments, RFC 6890; a cloud's metadata was at 192.0.0.192
        "192.88.99.0/24",  # relays of 6to4, RFC 7526
        "168.63.129.16/32",  # a cloud's platform service, at a public address
        "2002::/16",  # 6to4, RFC 7526: carries an IPv4 address, private ones too
    )
)
"""What Python's `is_global` lets through and a webhook must not reach."""

GLOBAL_UNICAST = ip_network("2000::/3")
"""The only IPv6 addresses that the internet uses (RFC 4291, IANA): not NAT64, site-local or IPv4 in disguise."""


class RefusedAddress(Exception):  # noqa: N818 - what it is about, as the errors of `core.errors`
    """The address may not be reached, or its name resolves to nothing. The message says which."""


def is_public(text: str) -> bool:
    """Tell whether an IP address is one of the public internet: none that is private, loopback, link-local, multicast,
    reserved or a cloud's metadata. Raises ValueError for what is no IP address.
    """
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address) and address not in GLOBAL_UNICAST:
        return False
    return address.is_global and not address.is_multicast and not any(address in network for network in REFUSED)


async def resolve(url: httpx.URL, *, allow_private: bool) -> list[str]:
    """Return the IP addresses of a URL's host, all checked. Raises RefusedAddress where one of them is not public, for
    a name that resolves to nothing, and for `http` unless private addresses are allowed.
    """
    if url.scheme != "https" and not (allow_private and url.scheme == "http"):
        raise RefusedAddress("only https addresses are called")
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(url.host, url.port or 443, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise RefusedAddress(f"the name {url.host} resolves to no address") from error
    addresses = list(dict.fromkeys(str(place[0]).partition("%")[0] for *_, place in found))
    if not allow_private and not all(is_public(address) for address in addresses):
        raise RefusedAddress(f"{url.host} is not an address of the public internet")
    return addresses


async def check_url(text: str, *, allow_private: bool) -> httpx.URL:
    """Return the URL of a new webhook. Raises InvalidInput, naming the field `url`, for one that may not be called."""
    try:
        url = httpx.URL(text)
    except httpx.InvalidURL as error:
        raise _wrong(str(error)) from error
    if not url.host or url.userinfo or url.fragment:
        raise _wrong("give an address with a host, and without a password or a fragment")
    try:
        await resolve(url, allow_private=allow_private)
    except RefusedAddress as error:
        raise _wrong(str(error)) from error
    return url


def _wrong(why: str) -> InvalidInput:
    return InvalidInput("this address cannot be called; nothing was done", [FieldError("url", why)])
