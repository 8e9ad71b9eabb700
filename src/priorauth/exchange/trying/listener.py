"""An endpoint of our own, at which a server may say that something changed; what came is kept, nothing is believed."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import monotonic
from typing import Any, Final, NamedTuple

MOST: Final = 20_000_000
_KEPT: Final = 1000
_SECONDS: Final = 10.0


class Came(NamedTuple):
    """Something that came: its headers by name in small letters, and its body."""

    headers: dict[str, str]
    body: dict[str, Any]


class Listener:
    """What listens: ``address`` is where, ``came`` what came."""

    def __init__(self, address: str) -> None:
        """Begin with nothing."""
        self.address = address
        self.came: list[Came] = []
        self.news = threading.Condition()

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


@contextmanager
def listening(host: str, port: int, address: str | None = None) -> Iterator[Listener]:
    """Listen while the block runs; ``address``: where the server reaches us, if not at host and port."""
    found: Listener | None = None

    class Handler(BaseHTTPRequestHandler):
        timeout = _SECONDS

        def do_POST(self) -> None:
            length = self.headers.get("Content-Length", "")
            size = int(length) if length.isdecimal() else 0
            body: Any = None
            if size <= MOST:
                try:
                    body = json.loads(self.rfile.read(size))
                except (ValueError, RecursionError):
                    body = None
            assert found is not None  # noqa: S101 - set before anything comes
            named = {name.lower(): value for name, value in self.headers.items()}
            found.take(Came(named, body if isinstance(body, dict) else {}))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer((host, port), Handler) as server:
        server.daemon_threads = True
        found = Listener(address or f"http://{host}:{server.server_address[1]}/notified")
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield found
        finally:
            server.shutdown()
            thread.join()
