"""What the proxy in front says of a connection: that it speaks TLS, and with which certificate its client came.

The server itself speaks plain HTTP. So a call is answered only where it comes from a proxy that the settings list (left
out: from this machine), and a header with a certificate is believed from there alone. It may be that of RFC 9440
(``Client-Cert: :BASE64:``), PEM with percent signs as nginx writes it, or bare base64 of the DER form.
"""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import re
from datetime import datetime
from typing import Final, NamedTuple
from urllib.parse import unquote

from cryptography import x509
from starlette.datastructures import Headers
from starlette.requests import Request

from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.plan import Plan

HERE: Final = ("127.0.0.1", "::1")
_MOST: Final = 16_384
_HEX: Final = re.compile(r"(?:[0-9A-Fa-f]{2}:?){31}[0-9A-Fa-f]{2}")
_BASE64: Final = re.compile(r"[A-Za-z0-9_-]{43}")
_PEM: Final = re.compile(r"\s*-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----\s*", re.ASCII)


class Proxy(NamedTuple):
    """The proxies of a plan: their addresses or networks, and in which header they hand a certificate on, if in any."""

    addresses: tuple[str, ...] = HERE
    certificate: str | None = None

    @classmethod
    def of(cls, plan: Plan) -> Proxy:
        """Return the proxies that a plan lists; where it lists none, this machine."""
        return cls(plan.proxies or HERE, plan.certificate_header)

    def lists(self, address: str) -> bool:
        """Whether an address is that of a proxy."""
        try:
            one = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(one in found for listed in self.addresses if (found := network(listed)) is not None)


def network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    """Return the network or the one address that a text names; None where it names none."""
    try:
        return ipaddress.ip_network(text, strict=False)
    except ValueError:
        return None


class Asking(NamedTuple):
    """A call as it came: the address of whoever connected, by which scheme, and the headers."""

    peer: str
    scheme: str
    headers: Headers

    @classmethod
    def of(cls, request: Request) -> Asking:
        """Return how a request came."""
        return cls(request.client.host if request.client else "", request.url.scheme, request.headers)


def origin(asking: Asking, proxy: Proxy) -> str:
    """Return the address from which a call comes: where a listed proxy says one, that."""
    said = asking.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return said[:64] if said and proxy.lists(asking.peer) else asking.peer


def secure(asking: Asking, proxy: Proxy) -> bool:
    """Whether a call came over TLS: to this server, or to a proxy that is listed and does not say otherwise."""
    if asking.scheme == "https":
        return True
    said = {one.strip().lower() for one in ",".join(asking.headers.getlist("x-forwarded-proto")).split(",")}
    return proxy.lists(asking.peer) and said <= {"https", ""}


def certificate(asking: Asking, proxy: Proxy, now: datetime) -> str | None:
    """Return the thumbprint of the certificate with which a client came to a listed proxy; None where it had none.

    Raises NotBelieved where there is one that cannot be read or is not valid now.
    """
    if proxy.certificate is None or not proxy.lists(asking.peer):
        return None
    said = [one for one in asking.headers.getlist(proxy.certificate) if one.strip()]
    if not said:
        return None
    if len(said) > 1 or len(said[0]) > _MOST:
        raise NotBelieved("expected one certificate of the client")
    try:
        der = _der(said[0].strip())
        found = x509.load_der_x509_certificate(der)
        valid = found.not_valid_before_utc <= now <= found.not_valid_after_utc
    except ValueError:
        raise NotBelieved("the certificate of the client cannot be read") from None
    if not valid:
        raise NotBelieved("the certificate of the client is not valid now")
    return thumbprint(der)


def _der(said: str) -> bytes:
    if said.startswith(":") and said.endswith(":") and len(said) > 2:  # noqa: PLR2004 - a colon at each end
        return base64.b64decode(said[1:-1], validate=True)
    plain = unquote(said)
    pem = _PEM.fullmatch(plain)
    return base64.b64decode("".join(pem[1].split()) if pem else said, validate=True)


def thumbprint(der: bytes) -> str:
    """Return the thumbprint of a certificate: SHA-256 as base64url, as in ``x5t#S256`` of RFC 8705."""
    return base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()


def registered(text: str) -> str | None:
    """Return a thumbprint of the settings, in base64url or in hex with or without colons; None where it is none."""
    if _BASE64.fullmatch(text):
        return text
    if _HEX.fullmatch(text):
        return base64.urlsafe_b64encode(bytes.fromhex(text.replace(":", ""))).rstrip(b"=").decode()
    return None
