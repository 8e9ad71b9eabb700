"""What is asked of another provider: small, over TLS, and led nowhere else."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import fetching

ANSWERS = {
    "/good": (200, b'{"a": 1}'),
    "/list": (200, b"[1]"),
    "/deep": (200, b'{"a":' * 5000 + b"1" + b"}" * 5000),
    "/text": (200, b"hello"),
    "/large": (200, b'{"a": "' + b"x" * fetching.MOST + b'"}'),
    "/fault": (500, b'{"a": 1}'),
    "/led": (302, b""),
}


class _Answers(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        status, body = ANSWERS[self.path]
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        if status == 302:
            self.send_header("Location", "/good")
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        body = f'{{"sent": "{sent}", "user": "{self.headers["Authorization"]}"}}'.encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def there() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), _Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


def test_an_object_is_read_and_a_form_is_sent(there: str) -> None:
    assert fetching.get(f"{there}/good") == {"a": 1}
    assert fetching.post(f"{there}/any", {"a": "b c"}) == {"sent": "a=b+c", "user": "None"}
    assert fetching.post(f"{there}/any", {}, ("us", "a:b"))["user"] == "Basic dXM6YSUzQWI="


@pytest.mark.parametrize(
    ("path", "said"),
    [
        ("/list", "no object"),
        ("/deep", "no object"),
        ("/text", "no object"),
        ("/large", "more than 262,144 bytes"),
        ("/fault", "does not answer"),
        ("/led", "does not answer"),
    ],
)
def test_every_other_answer_is_refused_in_one_line(there: str, path: str, said: str) -> None:
    with pytest.raises(Refusal, match=said):
        fetching.get(f"{there}{path}")


@pytest.mark.parametrize(
    "address",
    [
        None,
        "",
        "login.example",
        "http://login.example",
        "ftp://login.example",
        "file:///etc/passwd",
        "https://user@login.example",
        "https://login.example/#a",
        "https://login.example/a b",
        "https:///a",
        "https://[login",
    ],
)
def test_an_address_that_is_not_over_tls_is_not_asked(address: object) -> None:
    with pytest.raises(Refusal, match="not https"):
        fetching.checked(address)
    assert fetching.checked("https://login.example/a?b=c") == "https://login.example/a?b=c"
