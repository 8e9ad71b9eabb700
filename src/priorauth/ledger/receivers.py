"""Where messages go: an address on the web, or a folder; each only where the settings of the tenant list it.

    receivers:
      organisation:clinic: {url: "https://clinic.example/hook", secret: PRIORAUTH_WEBHOOK_CLINIC}
      staff: {folder: /var/spool/priorauth}
      "*": {folder: /var/spool/others}

``secret`` is the name of a variable of the environment, never the secret itself. ``*`` is every receiver not listed,
save subscriptions of other systems, which are told where they say.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote, urlsplit

from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.acting import HANDSHAKE, SUBSCRIPTION
from priorauth.ledger.outbox import Deliver, Message, NotDelivered, Unlisted
from priorauth.ledger.store import Store

SECRETS: Final = "PRIORAUTH_WEBHOOK_"
"""How a variable begins that may hold a secret: settings cannot make another part of the environment a key."""
SIGNED: Final = "X-Priorauth-Signature"
IDENTIFIED: Final = "X-Priorauth-Id"
SECONDS: Final = 10.0
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_TAKEN: Final = range(200, 300)


@dataclass(frozen=True, slots=True)
class Webhook:
    """Deliver by POST to one address, signed; it is followed nowhere else, and no proxy of the environment is used."""

    url: str
    secret: bytes
    seconds: float = SECONDS

    def __call__(self, message: Message) -> None:
        """Deliver a message; raises NotDelivered."""
        body = message.body
        headers = {
            "Content-Type": "application/json",
            IDENTIFIED: message.id,
            SIGNED: signature(self.secret, message.id, body),
        }
        asked = urllib.request.Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310 - see route
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), _Stays())
        try:
            with opener.open(asked, timeout=self.seconds) as answer:
                status = answer.status
        except urllib.error.HTTPError as fault:
            fault.close()
            status = fault.code
        except (OSError, HTTPException) as fault:
            reason = getattr(fault, "reason", fault)
            raise NotDelivered(f"could not be reached: {type(reason).__name__}") from None
        if status not in _TAKEN:
            raise NotDelivered(f"answered {status}")


class _Stays(urllib.request.HTTPRedirectHandler):
    """Follows nothing: where an answer points is not what the settings list."""

    def redirect_request(self, *_: Any, **__: Any) -> None:  # noqa: ANN401 - what urllib hands over
        """Return no further request."""


def signature(secret: bytes, named: str, body: bytes) -> str:
    """Return the signature of a message: HMAC-SHA256 of its id, a full stop, and its body."""
    return f"sha256={hmac.new(secret, named.encode() + b'.' + body, hashlib.sha256).hexdigest()}"


@dataclass(frozen=True, slots=True)
class Folder:
    """Deliver as a file named by the message's id; it is there whole or not at all."""

    folder: Path

    def __call__(self, message: Message) -> None:
        """Write a message; raises NotDelivered."""
        name = quote(message.id, safe="")
        part = self.folder / f".{name}.{os.getpid()}.part"
        try:
            with part.open("wb") as file:
                file.write(message.body)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self.folder / f"{name}.json")
            held = os.open(self.folder, os.O_RDONLY)
            try:
                os.fsync(held)
            finally:
                os.close(held)
        except OSError as fault:
            raise NotDelivered(f"the folder: {fault.strerror or type(fault).__name__}") from None


def route(settings: Mapping[str, Any], environment: Mapping[str, str]) -> Deliver:
    """Return what delivers each message as the settings of its tenant list its receiver."""
    listed: Mapping[str, Any] = settings.get("receivers") or {}

    def deliver(message: Message) -> None:
        subscribed = message.receiver.partition(":")[0] in (HANDSHAKE, SUBSCRIPTION)
        way = None if subscribed else listed.get(message.receiver, listed.get("*"))
        if way is None:
            raise Unlisted("the settings list no way to this receiver")
        _way(way, environment)(message)

    return deliver


def of_tenant(store: Store, tenant: str, environment: Mapping[str, str]) -> Deliver:
    """Return what delivers as the settings of a tenant list it now; where there is no tenant, nothing is listed."""
    with store.reading(tenant) as connection:
        found = connection.execute(select(t.tenant.c.settings).where(t.tenant.c.tenant == tenant)).scalar()
    return route(found or {}, environment)


def _way(way: Any, environment: Mapping[str, str]) -> Deliver:  # noqa: ANN401 - settings are JSON
    match way:
        case {"folder": str(folder)}:
            return Folder(Path(folder))
        case {"url": str(url), "secret": str(name)}:
            return Webhook(_address(url), _secret(name, environment))
        case _:
            raise NotDelivered("the settings: expected {url, secret} or {folder}")


def _address(url: str) -> str:
    """Return an address; refuses what is no https, save on this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK):
        return url
    raise NotDelivered("the settings: expected an address that begins with https://")


def _secret(name: str, environment: Mapping[str, str]) -> bytes:
    if not name.startswith(SECRETS):
        raise NotDelivered(f"the settings: expected a secret whose name begins with {SECRETS}")
    if not environment.get(name):
        raise NotDelivered(f"the variable {name[:60]} is not set")
    return environment[name].encode()
