"""Where messages go: only where the settings list it, signed, whole, and followed nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from priorauth.ledger.outbox import Message, NotDelivered, Unlisted
from priorauth.ledger.receivers import Folder, Webhook, route, signature
from tests.ledger.delivering import SECRET, WORD, receiver
from tests.ledger.house import NOW
from tests.listening import answering

ENVIRONMENT = {SECRET: WORD.decode(), "HOME": "/root"}
TOLD = Message(
    id="plan/a-7",
    tenant="plan/a",
    number=7,
    receiver="organisation:clinic",
    kind="decided",
    case="26-0001",
    at=NOW,
    payload={"receiver": "organisation:clinic", "count": 0},
    attempt=1,
)


def test_a_webhook_is_sent_the_message_with_its_id_and_a_signature_that_holds() -> None:
    with receiver() as hook:
        route({"receivers": {TOLD.receiver: {"url": hook.url, "secret": SECRET}}}, ENVIRONMENT)(TOLD)
        assert hook.wrong == []
        assert hook.came == [json.loads(TOLD.body)]


def test_the_signature_is_of_the_id_and_the_body() -> None:
    found = signature(b"secret", "plan-1", b"{}")
    # printf 'plan-1.{}' | openssl dgst -sha256 -hmac secret
    assert found == "sha256=ebacca9f1591143b4723ea730fca6497ad6fe88631b46626371f5edfc0e73bb0"
    assert found != signature(b"secret", "plan-2", b"{}")
    assert found != signature(b"another", "plan-1", b"{}")


@contextmanager
def sends_on(to: str) -> Iterator[str]:
    """Run a server that answers every request with: over there."""

    class Elsewhere(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(307)
            self.send_header("Location", to)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            return

    server = HTTPServer(("127.0.0.1", 0), Elsewhere)
    with answering(server):
        yield f"http://127.0.0.1:{server.server_port}/"


def test_a_webhook_is_followed_nowhere_else() -> None:
    with receiver() as hook, sends_on(hook.url) as url:
        with pytest.raises(NotDelivered, match="answered 307"):
            Webhook(url, WORD)(TOLD)
        assert hook.came == []


def test_a_webhook_that_nobody_answers_says_only_what_kind_of_fault_it_was() -> None:
    with pytest.raises(NotDelivered, match="could not be reached: ConnectionRefusedError"):
        Webhook("http://127.0.0.1:1/", WORD)(TOLD)


@pytest.mark.parametrize(
    ("way", "said"),
    [
        ({"url": "http://clinic.example/", "secret": SECRET}, "begins with https"),
        ({"url": "file:///etc/passwd", "secret": SECRET}, "begins with https"),
        ({"url": "https://clinic.example/", "secret": "HOME"}, "whose name begins with PRIORAUTH_WEBHOOK_"),
        ({"url": "https://clinic.example/", "secret": f"{SECRET}_2"}, "is not set"),
        ({"url": "https://clinic.example/"}, "expected {url, secret}"),
        ("https://clinic.example/", "expected {url, secret}"),
    ],
)
def test_a_way_that_the_settings_do_not_spell_out_is_not_taken(way: Any, said: str) -> None:
    with pytest.raises(NotDelivered, match=said):
        route({"receivers": {"*": way}}, ENVIRONMENT)(TOLD)


def test_a_receiver_that_is_not_listed_has_no_way() -> None:
    with pytest.raises(Unlisted):
        route({}, ENVIRONMENT)(TOLD)


def test_a_folder_holds_a_message_whole_under_its_id_however_often_it_comes(tmp_path: Path) -> None:
    for _ in range(2):
        Folder(tmp_path)(TOLD)
    assert [path.name for path in tmp_path.iterdir()] == ["plan%2Fa-7.json"]
    assert (tmp_path / "plan%2Fa-7.json").read_bytes() == TOLD.body


def test_a_folder_that_is_not_there_is_said_without_its_contents(tmp_path: Path) -> None:
    with pytest.raises(NotDelivered, match="No such file"):
        Folder(tmp_path / "none")(TOLD)


@pytest.mark.parametrize("kind", ["subscription", "handshake"])
def test_what_other_systems_subscribed_to_goes_nowhere_else_whatever_is_listed(kind: str, tmp_path: Path) -> None:
    named = f"{kind}:s-1"
    way = {"folder": str(tmp_path)}
    with pytest.raises(Unlisted):
        route({"receivers": {"*": way, named: way}}, ENVIRONMENT)(structs.replace(TOLD, receiver=named))
    assert list(tmp_path.iterdir()) == []
