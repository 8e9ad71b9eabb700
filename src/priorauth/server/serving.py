"""A server that listens: on a port it was given or finds, until it is told to end, and then to the end of what runs."""

from __future__ import annotations

import ipaddress
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp

from priorauth.errors import Fault, LedgerRefused
from priorauth.server.connection import Connection
from priorauth.server.logs import Log, Passed

GRACE_SECONDS: Final = 30
"""How long what runs may take to its end after the server was told to end."""
_KEPT_OPEN_SECONDS: Final = 5
_MOST_AT_ONCE: Final = 500
_BACKLOG: Final = 512
_ENDS: Final = (signal.SIGINT, signal.SIGTERM)


class Listening(socket.socket):
    """A socket at which several processes may listen: each takes one connection at a time, and so who is idle takes it.

    The loop takes as many connections at once as it asks the socket to queue; the queue itself stays as long as it is.
    """

    def listen(self, backlog: int = _BACKLOG, /) -> None:
        """Listen, with a queue of one length whoever asks."""
        del backlog
        super().listen(_BACKLOG)


class Server(uvicorn.Server):
    """Uvicorn's server, which ends with code 0 where it was told to end."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Let a signal end the server, and nothing else: it is not raised again afterwards."""
        before = {one: signal.signal(one, self.handle_exit) for one in _ENDS}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches a host."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def bound(host: str, port: int) -> socket.socket:
    """Return a socket that is bound; raises LedgerRefused where the address is taken or none of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # Its protocol is named: asyncio sends small answers at once only on sockets of which it knows that they are TCP. On
    # others the second part of an answer waits for the acknowledgement that a client puts off, 40 ms.
    found = Listening(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        found.bind((host.strip("[]"), port))
    except OSError as fault:
        found.close()
        raise LedgerRefused(Fault(None, None, f"{host}:{port}: {fault.strerror or fault}")) from None
    return found


def address(found: socket.socket) -> str:
    """Return where a socket is reached, as a browser takes it."""
    host, port = found.getsockname()[:2]
    return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"


def serve(app: ASGIApp, at: socket.socket, log: Log, say: Callable[[str], None]) -> None:
    """Serve until told to end; ``say`` is told the address as soon as the server listens."""
    config = uvicorn.Config(
        app,
        http=Connection,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        lifespan="on",
        limit_concurrency=_MOST_AT_ONCE,
        backlog=1,
        timeout_keep_alive=_KEPT_OPEN_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
    )
    warnings = Passed(log)
    library = logging.getLogger("uvicorn.error")
    library.addHandler(warnings)
    library.propagate = False
    at.listen(_BACKLOG)
    say(address(at))
    try:
        Server(config).run(sockets=[at])
    finally:
        library.removeHandler(warnings)
