"""Where a partner is told of changes: which addresses may be, and the telling.

An endpoint is of the internet and speaks TLS. One that the plan lists for the partner may be of a private network, and
where it is this machine, without TLS. The name is resolved anew for each message, once, and the connection goes to what
was found.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Collection, Mapping
from typing import Final
from urllib.parse import SplitResult, urlsplit

from priorauth.exchange import outward
from priorauth.exchange.plan import Partner
from priorauth.exchange.wire import Fault
from priorauth.server.limits import LOOPBACK

SECONDS: Final = 10.0
"""How long an endpoint may take to answer."""
_TAKEN: Final = range(200, 300)
_PORTS: Final = {"https": 443, "http": 80}
_WHERE: Final = "Subscription.channel.endpoint"


class NotTaken(Exception):
    """An endpoint did not take what was sent; the text says why, with nothing of what it answered."""


def private(address: str, partner: Partner, *, anyone: bool = False) -> Collection[str]:
    """Return the hosts that need not be public for an address: its own, where the plan lists it for the partner.

    ``anyone``: the server asks nobody who he is, and listens to this machine alone; then this machine may be told.
    """
    host = urlsplit(address).hostname or ""
    if any(_begins(address, one) for one in partner.endpoints) or (anyone and host in LOOPBACK):
        return {host}
    return ()


def allowed(address: object, partner: Partner, *, anyone: bool = False) -> str:
    """Return an address that may be told; raises Fault. A name is not looked up here, but when it is told."""
    if not isinstance(address, str) or "\\" in address:
        raise Fault(422, "invalid", "expected an address", _WHERE)
    try:
        may = private(address, partner, anyone=anyone)
        parts = outward.checked(address, may)
    except (outward.Unreachable, ValueError):
        said = "expected https:// and a host, without a user or a fragment"
        raise Fault(422, "invalid", said, _WHERE) from None
    host = str(parts.hostname)
    if partner.endpoints and not may:
        raise Fault(422, "business-rule", "expected an address that is agreed with the partner", _WHERE)
    if host not in may and not _may_be_public(host):
        raise Fault(422, "business-rule", "expected an address of the internet", _WHERE)
    return address


def _may_be_public(host: str) -> bool:
    """Whether a host is a public address in its plain spelling, or a name that is not of this machine."""
    said = outward.literal(host)
    if said:
        return all(outward.is_public(ipaddress.ip_address(one)) for one in said)
    last = host.rstrip(".").rpartition(".")[2]
    return last not in ("localhost", "local", "internal", "localdomain") and not last[:1].isdigit()


def _begins(address: str, listed: str) -> bool:
    """Whether an address is below one that is listed: the same scheme, host and port, and within its path."""
    try:
        one, other = urlsplit(address), urlsplit(listed)
        same = (one.scheme, one.hostname, _port(one)) == (other.scheme, other.hostname, _port(other))
    except ValueError:
        return False
    base = other.path.rstrip("/")
    plain = not {".", ".."} & set(one.path.split("/")) and "%" not in one.path
    return same and (not base or (plain and f"{one.path}/".startswith(f"{base}/")))


def _port(parts: SplitResult) -> int | None:
    return parts.port or _PORTS.get(parts.scheme)


def tell(  # noqa: PLR0913 - a message has these parts
    address: str,
    body: bytes,
    *,
    media: str,
    headers: Mapping[str, str],
    private: Collection[str],
    seconds: float = SECONDS,
    resolve: outward.Resolve | None = None,
) -> None:
    """Send a body by POST; raises NotTaken where it was not answered with 2xx."""
    sent = {"Content-Type": media, "Accept": media, **headers}
    asked = outward.ask(
        "POST", address, headers=sent, body=body, private=private, seconds=seconds, most=None, resolve=resolve
    )
    try:
        found = asyncio.run(asked)
    except outward.Unreachable as fault:
        raise NotTaken(str(fault)) from None
    if found.status not in _TAKEN:
        raise NotTaken(f"answered {found.status}")
