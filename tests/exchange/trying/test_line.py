"""One request, one answer: within limits, following nothing, whatever a server does."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from priorauth.exchange.trying import line


@contextmanager
def saying(data: bytes, *, hold: bool = False) -> Iterator[str]:
    """Let somebody listen who answers anybody with the same bytes; ``hold``: and hangs up only at the end."""
    stop = threading.Event()
    with socket.socket() as at:
        at.bind(("127.0.0.1", 0))
        at.listen()
        at.settimeout(10)

        def answers() -> None:
            there, _ = at.accept()
            with there:
                there.recv(65_536)
                there.sendall(data)
                if hold:
                    stop.wait(10)

        thread = threading.Thread(target=answers)
        thread.start()
        try:
            yield f"http://127.0.0.1:{at.getsockname()[1]}/somewhere?x=1"
        finally:
            stop.set()
            thread.join()


def test_an_answer_has_status_headers_and_json() -> None:
    with saying(
        b'HTTP/1.1 201 Created\r\nContent-Type: application/fhir+json; charset=utf-8\r\nX-A: 1\r\n\r\n{"a": 1}'
    ) as at:
        found = line.ask("GET", at)
    assert (found.status, found.ok, found.json, found.resource, found.fault) == (201, True, {"a": 1}, {"a": 1}, "")
    assert (found.media, found.headers["x-a"]) == ("application/fhir+json", "1")
    assert 0 < found.seconds < 10


def test_a_redirect_is_not_followed() -> None:
    with saying(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n") as at:
        found = line.ask("GET", at)
    assert (found.status, found.ok) == (302, False)


@pytest.mark.parametrize(
    "data", [b"", b"nonsense\r\n\r\n", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", b"HTTP/1.1 2"]
)
def test_what_is_no_answer_is_a_fault_and_no_exception(data: bytes) -> None:
    with saying(data) as at:
        found = line.ask("POST", at, body=b"{}")
    assert (found.status, found.ok, found.resource) == (0, False, {})
    assert found.said().startswith("no answer: ")


def test_a_server_that_keeps_silent_is_left_after_a_while() -> None:
    with saying(b"", hold=True) as at:
        found = line.ask("GET", at, seconds=0.2)
    assert (found.status, found.fault) == (0, "no answer: TimeoutError")


def test_no_more_is_read_than_there_may_be(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(line, "MOST", 100)
    with saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 101) as at:
        assert line.ask("GET", at).fault == "the answer has more than 100 bytes"
    with saying(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100) as at:
        assert line.ask("GET", at).ok


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 101 + b"]" * 101, b"[" * 100_000])
def test_what_is_no_json_is_none(body: bytes) -> None:
    assert line.parsed(body) is None
    assert line.parsed(b"[" * 100 + b"]" * 100) is not None


def test_what_an_answer_says_is_shown_in_a_few_words() -> None:
    outcome = {"resourceType": "OperationOutcome", "issue": [{"details": {"text": "x" * 500}}]}
    assert line.Answer(400, json=outcome).said() == f"400 with OperationOutcome: {'x' * 200}"
    assert line.Answer(200, json={"issue": [7]}).said() == "200"
    assert line.Answer(200, json=[1]).said() == "200"


@pytest.mark.parametrize("at", ["http://[::1", "http://127.0.0.1:99999/", "http://no such host/"])
def test_an_address_that_is_none_is_a_fault(at: str) -> None:
    try:
        found = line.ask("GET", at)
    except ValueError:
        pytest.fail("an exception")
    assert found.status == 0
