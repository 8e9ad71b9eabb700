"""A proxy that stands before a good server and spoils one thing of what it answers."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from priorauth.exchange.trying.shapes import COVERAGE, objects
from tests.listening import answering

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


# ---- what is spoiled

HOOK = "-crd"
"""What stands in the address of a service of ours."""
OK: Json = {"resourceType": "Bundle", "type": "collection", "entry": []}


def on(part: str, change: Callable[[Any], Any], *, refusals: bool = False) -> Spoil:
    """Return what changes the JSON of answers at addresses that hold a part."""

    def spoil(one: Exchanged) -> None:
        if part in one.path and one.body and (refusals or one.status < 300):
            made = change(one.json)
            if made is not None:
                one.json = made

    return spoil


def answers(part: str, status: int, body: Any = None, when: Callable[[Exchanged], bool] = lambda _: True) -> Spoil:
    """Return what answers something else at addresses that hold a part."""

    def spoil(one: Exchanged) -> None:
        if part in one.path and when(one):
            one.status, one.json = status, {} if body is None else body

    return spoil


def headers(part: str, **changed: str) -> Spoil:
    def spoil(one: Exchanged) -> None:
        if part in one.path:
            one.headers |= {name.replace("_", "-"): value for name, value in changed.items()}

    return spoil


def every(kind: str, change: Callable[[Json], object], part: str = "") -> Spoil:
    """Return what changes each resource of a kind in every answer."""

    def changed(value: Any) -> Any:
        match value:
            case dict():
                if value.get("resourceType") == kind:
                    change(value)
                for one in value.values():
                    changed(one)
            case list():
                for one in value:
                    changed(one)
        return value

    return on(part, changed)


def services(change: Callable[[Json], object]) -> Spoil:
    def changed(body: Json) -> Json:
        for one in body["services"]:
            change(one)
        return body

    return on("/cds-services", lambda body: changed(body) if "services" in body else None)


def cards(change: Callable[[Json], object]) -> Spoil:
    def changed(body: Json) -> Json:
        for one in objects(body, "cards"):
            change(one)
        return body

    return on(HOOK, changed)


def actions(change: Callable[[Json], object]) -> Spoil:
    def changed(body: Json) -> Json:
        for one in objects(body, "systemActions"):
            change(one)
        return body

    return on(HOOK, changed)


def covers(change: Callable[[list[Json]], object]) -> Spoil:
    """Return what changes the parts of each coverage-information."""

    def changed(action: Json) -> None:
        for one in action["resource"].get("extension", []):
            if one["url"] == COVERAGE:
                change(one["extension"])

    return actions(changed)


def part(parts: list[Json], url: str, **value: Any) -> None:
    """Let a part of a coverage-information say something else, once."""
    parts[:] = [one for one in parts if one["url"] != url]
    if value:
        parts.append({"url": url, **value})


def first(body: Json, *names: str) -> Json:
    """Return the first object at a path."""
    return objects(body, *names)[0]


def pop(*names: str) -> Callable[[Json], None]:
    def changed(one: Json) -> None:
        for name in names:
            one.pop(name, None)

    return changed


def says(**values: Any) -> Callable[[Json], None]:
    def changed(one: Json) -> None:
        one.update(values)

    return changed


def broken(one: Exchanged) -> bool:
    return one.asks is None


def configured(name: str) -> Callable[[Exchanged], bool]:
    return lambda one: f'"{name}"'.encode() in one.asked


def nowhere(one: Exchanged) -> bool:
    return b"nowhere.example" in one.asked


# ---- what stands before the server


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
    server = Proxy()
    with answering(server, 0.02):
        yield server
