"""An endpoint of a partner on this machine: keeps what it is sent, answers what it is told to answer."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple

from tests.listening import answering


class Came(NamedTuple):
    """What came: its path, headers (names in small letters) and body."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def status(self) -> dict[str, Any]:
        """The parameters of the status by name, plain ones by their value."""
        parameters = self.body["entry"][0]["resource"]["parameter"]
        return {one["name"]: next((one[key] for key in one if key != "name"), None) for one in parameters}

    @property
    def kind(self) -> str:
        return str(self.status["type"])

    @property
    def number(self) -> int:
        """The number of the event."""
        parts = {one["name"]: one for one in self.status["notification-event"]}
        return int(parts["event-number"]["valueString"])

    @property
    def focus(self) -> str:
        parts = {one["name"]: one for one in self.status["notification-event"]}
        return str(parts["focus"]["valueReference"]["reference"])


class Listener(ThreadingHTTPServer):
    """Answers ``answer`` after ``seconds``; ``to``: where a redirect leads; ``says``: so many bytes."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.came: list[Came] = []
        self.answer, self.seconds, self.to, self.says = 200, 0.0, "", 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/told"

    @property
    def events(self) -> list[Came]:
        return [one for one in self.came if one.kind == "event-notification"]


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def do_GET(self) -> None:
        self.server.came.append(Came(self.path, {}, {}))
        self.send_response(200)
        self.end_headers()

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.came.append(Came(self.path, headers, json.loads(body)))
        time.sleep(self.server.seconds)
        try:
            self.send_response(self.server.answer)
            if self.server.to:
                self.send_header("Location", self.server.to)
            self.send_header("Content-Length", str(self.server.says))
            self.end_headers()
            self.wfile.write(b"x" * self.server.says)
        except OSError:  # nobody waits for the rest
            return

    def log_message(self, *_: Any) -> None:
        return


@contextmanager
def listening() -> Iterator[Listener]:
    server = Listener()
    with answering(server, 0.01):
        yield server
