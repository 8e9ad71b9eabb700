"""An endpoint of our own, at which a server may say that something changed; what came is kept, nothing is believed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any, Final, NamedTuple
from urllib.parse import unquote
from uuid import uuid4

from priorauth.exchange.trying.line import FHIR, parsed
from priorauth.exchange.trying.shapes import objects, text

MOST: Final = 20_000_000
_KEPT: Final = 1000
_SECONDS: Final = 10.0
_POLL_SECONDS: Final = 0.05


class Came(NamedTuple):
    """Something that came: its headers by name in small letters, and its body."""

    headers: dict[str, str]
    body: dict[str, Any]


Chart = Callable[[str], dict[str, Any] | None]
"""Gives what is at an address of a FHIR server, as ``Patient/1`` or ``Coverage?patient=1``; None where nothing is."""


class Listener:
    """What listens. ``base`` is where; ``came`` is what was said to us.

    Where it has a ``chart`` it is a FHIR server too, for whoever bears the token.
    """

    def __init__(self, base: str) -> None:
        """Begin with nothing."""
        self.base = base
        self.came: list[Came] = []
        self.news = threading.Condition()
        self.chart: Chart | None = None
        self.token = uuid4().hex

    @property
    def address(self) -> str:
        """Where we want to be told of changes."""
        return f"{self.base}/notified"

    @property
    def fhir(self) -> str:
        """Where our FHIR server is."""
        return f"{self.base}/fhir"

    def take(self, one: Came) -> None:
        """Keep what came."""
        with self.news:
            self.came = [*self.came, one][-_KEPT:]
            self.news.notify_all()

    def wait(self, fits: Callable[[Came], bool], seconds: float) -> Came | None:
        """Wait until something has come that fits; None where nothing did."""
        until = monotonic() + seconds
        with self.news:
            while True:
                found = next((one for one in self.came if fits(one)), None)
                left = until - monotonic()
                if found is not None or left <= 0:
                    return found
                self.news.wait(left)

    def read(self, path: str, authorization: str | None) -> tuple[int, dict[str, Any]]:
        """Return status and body for a question to our FHIR server."""
        if self.chart is None or authorization != f"Bearer {self.token}":
            return 401, {}
        found = self.chart(unquote(path))
        return (200, found) if found is not None else (404, {})

    def batch(self, body: dict[str, Any], authorization: str | None) -> tuple[int, dict[str, Any]]:
        """Return status and body for a batch of questions."""
        if self.chart is None or authorization != f"Bearer {self.token}":
            return 401, {}
        entries = []
        for one in objects(body, "entry"):
            status, found = self.read(text(one, "request", "url").lstrip("/"), authorization)
            held = {"resource": found} if found else {}
            entries.append({**held, "response": {"status": f"{status}"}})
        return 200, {"resourceType": "Bundle", "type": "batch-response", "entry": entries}


class _Handler(BaseHTTPRequestHandler):
    timeout = _SECONDS
    listener: Listener

    def do_GET(self) -> None:
        path = self.path.removeprefix("/fhir/")
        self._answer(*self.listener.read(path, self.headers.get("Authorization")))

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isdecimal() else 0
        body = parsed(self.rfile.read(size)) if size <= MOST else None
        held = body if isinstance(body, dict) else {}
        if self.path.rstrip("/") == "/fhir":
            self._answer(*self.listener.batch(held, self.headers.get("Authorization")))
            return
        named = {name.lower(): value for name, value in self.headers.items()}
        self.listener.take(Came(named, held))
        self._answer(200, {})

    def _answer(self, status: int, body: dict[str, Any]) -> None:
        data = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", FHIR)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def listening(host: str, port: int, base: str | None = None) -> Iterator[Listener]:
    """Listen while the block runs; ``base``: where the server reaches us, if not at host and port."""
    handler = type("Handler", (_Handler,), {})
    with ThreadingHTTPServer((host, port), handler) as server:
        server.daemon_threads = True
        found = Listener((base or f"http://{host}:{server.server_address[1]}").rstrip("/"))
        handler.listener = found  # type: ignore[attr-defined] # a class of this listener's own
        thread = threading.Thread(target=server.serve_forever, args=(_POLL_SECONDS,), daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
