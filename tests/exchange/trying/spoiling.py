"""A proxy that stands before a good server and spoils one thing of what it answers."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

Json = dict[str, Any]


@dataclass
class Exchanged:
    """A question that was answered; what is changed here is what the client gets."""

    method: str
    path: str
    asked: bytes
    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def json(self) -> Any:
        return json.loads(self.body) if self.body else None

    @json.setter
    def json(self, value: Any) -> None:
        self.body = json.dumps(value).encode()

    @property
    def asks(self) -> Any:
        """The body of the question; None where it is no JSON."""
        try:
            return json.loads(self.asked)
        except ValueError:
            return None


Spoil = Callable[[Exchanged], None]


class Proxy(ThreadingHTTPServer):
    """What stands before a server; ``before`` is done to each question, ``spoil`` to each answer."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.to = ""
        self.spoil: Spoil = nothing
        self.before: Callable[[bytes], bytes] = bytes

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


def nothing(_: Exchanged) -> None:
    """Spoil nothing."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def _passes(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        asked = self.rfile.read(size)
        parts = urlsplit(self.server.to)
        there = HTTPConnection(parts.hostname or "", parts.port, timeout=60)
        skipped = ("connection", "content-length")
        headers = {name: value for name, value in self.headers.items() if name.lower() not in skipped}
        there.request(self.command, self.path, self.server.before(asked) or None, headers)
        answer = there.getresponse()
        kept = ("content-type", "cache-control", "location", "etag")
        named = {name.lower(): value for name, value in answer.getheaders() if name.lower() in kept}
        found = Exchanged(self.command, self.path, asked, answer.status, answer.read(), named)
        there.close()
        self.server.spoil(found)
        self.send_response(found.status)
        for name, value in found.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(found.body)))
        self.end_headers()
        self.wfile.write(found.body)

    do_GET = do_POST = do_PUT = do_DELETE = _passes  # noqa: N815 - http.server's

    def log_message(self, *_: object) -> None:
        return


@contextmanager
def spoiling() -> Iterator[Proxy]:
    """Let a proxy stand before a server that is named to it later."""
    with Proxy() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
