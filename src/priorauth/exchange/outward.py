"""What is asked of an address that a partner named: over TLS, of a public address, whole within a time and a size.

The name is resolved once and the connection goes to what was found, so that it cannot become another address in
between. No redirect is followed and no proxy of the environment is used. A host that the settings list may be private,
and where it is this machine it may be asked without TLS.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple
from urllib.parse import SplitResult, urlsplit

import h11

from priorauth.server.limits import LOOPBACK

SECONDS: Final = 5.0
MOST: Final = 262_144
_LONGEST: Final = 2048
_PART: Final = 65_536
_PORTS: Final = {"https": 443, "http": 80}
_UNICAST: Final = ipaddress.ip_network("2000::/3")
"""Where the addresses of IPv6 are that were given out; those of IPv4 within IPv6 (NAT64, compatible) are elsewhere."""
_EMBEDDING: Final = tuple(ipaddress.ip_network(one) for one in ("2001::/32", "2002::/16"))
"""Addresses of IPv6 that lead to one of IPv4: Teredo and 6to4."""
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
"""Returns the addresses of a host, as they are written."""


class Unreachable(Exception):
    """What an address did instead of an answer, in one line and with nothing that it sent."""


class Answer(NamedTuple):
    """An answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


async def ask(  # noqa: PLR0913 - a request has these parts
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    private: Collection[str] = (),
    seconds: float = SECONDS,
    most: int | None = MOST,
    resolve: Resolve | None = None,
) -> Answer:
    """Return the answer of an address; ``private``: hosts that need not be public. Raises Unreachable.

    Where ``most`` is None, the body of the answer is not read.
    """
    parts = checked(address, private)
    host = str(parts.hostname)
    try:
        async with asyncio.timeout(seconds):
            found = await (resolve or _resolved)(host, parts.port or _PORTS[parts.scheme])
            return await _asked(method, parts, dict(headers or {}), body, allowed(host, found, private), most)
    except TimeoutError:
        raise Unreachable(f"{host} did not answer within {seconds:g} seconds") from None
    except ssl.SSLError as fault:
        raise Unreachable(f"{host} has no certificate that holds: {fault.reason or 'TLS'}") from None
    except OSError as fault:
        raise Unreachable(f"{host} could not be reached: {type(fault).__name__}") from None
    except h11.RemoteProtocolError:
        raise Unreachable(f"{host} answers with something that is no HTTP") from None


def checked(address: object, private: Collection[str] = ()) -> SplitResult:
    """Return the parts of an address that may be asked, its host not yet resolved; raises Unreachable."""
    if isinstance(address, str) and len(address) <= _LONGEST and address.isascii() and address.isprintable():
        parts = _parts(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK.intersection(private))
        if safe and parts.hostname and "@" not in parts.netloc and not parts.fragment and " " not in address:
            return parts
    raise Unreachable("expected an address that begins with https:// and names neither a user nor a fragment")


def _parts(address: str) -> SplitResult:
    try:
        parts = urlsplit(address)
        _ = parts.port
    except ValueError:
        return urlsplit("")
    return parts


def is_public(address: Address) -> bool:
    """Whether an address belongs to the internet: neither private, nor of this machine or link, nor of many at once."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address not in _UNICAST or any(address in one for one in _EMBEDDING):
            return False
    return address.is_global and not address.is_multicast


async def _asked(  # noqa: PLR0913, PLR0917 - as above
    method: str,
    parts: SplitResult,
    headers: dict[str, str],
    body: bytes,
    addresses: Sequence[str],
    most: int | None,
) -> Answer:
    host = str(parts.hostname)
    reader, writer = await _opened(parts, addresses)
    try:
        connection = h11.Connection(h11.CLIENT)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        named = {"Host": parts.netloc, "Connection": "close", "Content-Length": str(len(body)), **headers}
        if method in {"GET", "DELETE"} and not body:
            del named["Content-Length"]
        try:
            head = connection.send(h11.Request(method=method, target=target, headers=list(named.items())))
        except h11.LocalProtocolError:
            raise Unreachable("expected headers that can be sent") from None
        writer.write((head or b"") + (connection.send(h11.Data(data=body)) or b""))
        writer.write(connection.send(h11.EndOfMessage()) or b"")
        await writer.drain()
        return await _answer(connection, reader, host, most)
    finally:
        writer.transport.abort()


async def _opened(parts: SplitResult, addresses: Sequence[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Return a connection with the first of the addresses that takes one."""
    host, port = str(parts.hostname), parts.port or _PORTS[parts.scheme]
    tls = ssl.create_default_context() if parts.scheme == "https" else None
    named = host if tls is not None else None
    for at in addresses[:-1]:
        with suppress(ConnectionError):
            return await asyncio.open_connection(at, port, ssl=tls, server_hostname=named, limit=_PART)
    return await asyncio.open_connection(addresses[-1], port, ssl=tls, server_hostname=named, limit=_PART)


async def _resolved(host: str, port: int) -> list[str]:
    """Return the addresses of a host."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]).partition("%")[0] for one in found]


def allowed(host: str, found: Sequence[str], private: Collection[str]) -> list[str]:
    """Return the addresses of a host, where every one of them may be asked; raises Unreachable."""
    if not found:
        raise Unreachable(f"{host} has no address")
    if host not in private and not all(is_public(ipaddress.ip_address(one)) for one in found):
        raise Unreachable(f"{host} has an address that is not public")
    return list(dict.fromkeys(found))


def literal(host: str) -> list[str]:
    """Return the address that a host says itself, in whatever spelling machines take: ``127.1``, ``0x7f000001``.

    Nothing where it is a name; no name is looked up.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except OSError:
        return []
    return [str(one[4][0]).partition("%")[0] for one in found]


async def _answer(connection: h11.Connection, reader: asyncio.StreamReader, host: str, most: int | None) -> Answer:
    head: h11.Response | None = None
    body = bytearray()
    while True:
        event = connection.next_event()
        if event is h11.NEED_DATA:
            connection.receive_data(await reader.read(_PART))
        elif isinstance(event, h11.Response):
            head = event
            if most is None:
                return Answer(head.status_code, {}, b"")
        elif isinstance(event, h11.Data):
            body += event.data
            if most is not None and len(body) > most:
                raise Unreachable(f"{host} answers with more than {most:,} bytes")
        elif isinstance(event, h11.EndOfMessage) and head is not None:
            said = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in head.headers}
            return Answer(head.status_code, said, bytes(body))
        elif isinstance(event, h11.ConnectionClosed):
            raise Unreachable(f"{host} answers with something that is no HTTP")
