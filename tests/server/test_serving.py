"""A server as a program: it starts, answers, and ends when it is told to, with nothing lost."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from priorauth.errors import LedgerRefused
from priorauth.server import serving
from tests.ledger import house

ROOT = Path(__file__).resolve().parents[2]


@contextmanager
def program(url: str, log: Path, *words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Start the program; gives it and the address that it says."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-m", "priorauth", "serve", "--open", "--port", "0", "--db", url, *words]
    with (
        log.open("w") as errors,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment) as run,
    ):
        assert run.stdout is not None
        address = ""
        for line in run.stdout:
            if found := re.search(r"http://\S+", line):
                address = found[0]
                break
        assert address, log.read_text()
        try:
            yield run, address
        finally:
            run.kill()


def asked(address: str, path: str, data: bytes | None = None) -> Any:
    headers = {} if data is None else {"Content-Type": "application/fhir+json"}
    request = urllib.request.Request(address + path, data, headers)  # noqa: S310 - the address that the program said
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310 - as above
        return json.load(answer)


def becomes_ready(address: str) -> bool:
    """A server is ready when each worker has ended its first round."""
    for _ in range(300):
        try:
            return bool(asked(address, "readyz")["ready"])
        except urllib.error.HTTPError as fault:
            fault.close()
            threading.Event().wait(0.1)
    return False


def ended(run: subprocess.Popen[str]) -> int:
    run.send_signal(signal.SIGTERM)
    return run.wait(60)


@pytest.mark.slow
def test_a_demo_starts_answers_ends_with_0_and_loses_nothing(url: str, tmp_path: Path) -> None:
    with program(url, tmp_path / "log", "--demo", "30") as (run, address):
        assert asked(address, "healthz") == {"alive": True}
        assert becomes_ready(address)
        rows = asked(address, "api/v1/cases?most=200")["rows"]
        assert len(rows) >= 30
        assert {"masshealth", "husky", "caresource", "uhc-medicare-advantage", "anthem"} <= {
            one["payer"] for one in rows
        }
        assert {"approved", "adverse", "with-clinic", "with-nurse"} <= {one["state"] for one in rows}
        case = asked(address, "api/v1/cases", house.example("ask"))["case"]
        assert ended(run) == 0
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    assert (lines[0]["event"], lines[-1]["event"]) == ("started", "stopped")
    with program(url, tmp_path / "log", "--tenant", "demo") as (run, address):
        assert asked(address, f"api/v1/cases/{case}")["state"] == "with-clinic"
        assert len(asked(address, "api/v1/cases?most=200")["rows"]) == len(rows) + 1
        assert ended(run) == 0


@pytest.mark.slow
def test_what_was_acknowledged_before_the_end_is_there_after_it(url: str, tmp_path: Path) -> None:
    """Writers write until the server ends; each case that was acknowledged is there, once, when it is started again."""
    kept: list[str] = []
    with program(url, tmp_path / "log", "--tenant", "plan") as (run, address):

        def writes() -> None:
            while True:
                try:
                    kept.append(asked(address, "api/v1/cases", house.example("ask"))["case"])
                except (OSError, urllib.error.URLError, json.JSONDecodeError):
                    return

        writers = [threading.Thread(target=writes) for _ in range(3)]
        for one in writers:
            one.start()
        while len(kept) < 5:
            threading.Event().wait(0.05)
        assert ended(run) == 0
        for one in writers:
            one.join()
    with program(url, tmp_path / "log", "--tenant", "plan") as (run, address):
        found = [one["case"] for one in asked(address, "api/v1/cases?most=200")["rows"]]
        assert ended(run) == 0
    assert len(set(kept)) == len(kept)
    assert set(kept) <= set(found)


@pytest.mark.parametrize(
    ("host", "own"),
    [
        ("127.0.0.1", True),
        ("::1", True),
        ("[::1]", True),
        ("localhost", True),
        ("10.1.2.3", False),
        ("plan.example", False),
    ],
)
def test_an_address_of_this_machine_alone_is_known(host: str, own: bool) -> None:  # noqa: FBT001
    assert serving.is_loopback(host) is own


def test_a_port_that_is_taken_is_refused_in_a_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(LedgerRefused, match=f"127.0.0.1:{port}: Address already in use"):
            serving.bound("127.0.0.1", port)


def test_the_address_is_one_that_a_browser_takes() -> None:
    with serving.bound("127.0.0.1", 0) as found:
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", serving.address(found))


def test_small_answers_are_sent_at_once() -> None:
    """Asyncio turns Nagle's algorithm off for sockets that say that they are TCP, and for no others."""
    with serving.bound("127.0.0.1", 0) as listening:
        listening.listen()
        with socket.create_connection(listening.getsockname()), listening.accept()[0] as accepted:
            assert accepted.proto == socket.IPPROTO_TCP
