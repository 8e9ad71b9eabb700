"""Several processes at one address, as programs: all serve, one that dies is replaced, all end with their parent."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.ledger import house
from tests.server.test_serving import ROOT, asked, becomes_ready, ended, program

WAITS = """
import os, signal, sys, threading
from priorauth.server import crew, logs
from priorauth.server.clock import now

def say(text):
    os.write(1, f"{text}\\n".encode())  # in one piece, beside the other process

def work(place, ready):
    if sys.argv[1] == "fails" and place == 1:
        return 2
    if sys.argv[1] == "raises":
        raise OSError("not here")
    stop = threading.Event()
    for one in (signal.SIGTERM, signal.SIGINT):
        signal.signal(one, lambda *_: stop.set())
    ready()
    say(f"process {place} {os.getpid()}")
    while not stop.wait(0.02):
        pass
    say(f"ended {place}")
    return 0

sys.exit(crew.run(2, work, logs.logger(sys.stderr, now), lambda: say("all serve")))
"""


class Crew:
    """A program with two processes, what it says kept line by line."""

    def __init__(self, run: subprocess.Popen[str]) -> None:
        self.run, self.lines = run, list[str]()
        self.reader = threading.Thread(target=self._reads)
        self.reader.start()

    def _reads(self) -> None:
        assert self.run.stdout is not None
        self.lines.extend(line.strip() for line in self.run.stdout)

    def has(self, fits: Callable[[list[str]], bool]) -> None:
        """Wait until the lines are as a test wants them."""
        until = time.perf_counter() + 20
        while not fits(self.lines):
            assert time.perf_counter() < until, self.lines
            time.sleep(0.01)

    def processes(self, place: int) -> list[int]:
        """The processes that have had a place, the newest last."""
        return [int(one.split()[2]) for one in self.lines if one.startswith(f"process {place} ")]


@contextmanager
def crewed(how: str) -> Iterator[Crew]:
    environment = os.environ | {"PYTHONPATH": str(ROOT / "src"), "PYTHONWARNINGS": "ignore"}
    command = [sys.executable, "-c", WAITS, how]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment) as run:
        found = Crew(run)
        try:
            yield found
        finally:
            run.kill()
            found.reader.join()


def lives(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_to_end_reaches_all_and_one_that_dies_is_replaced(number: signal.Signals) -> None:
    with crewed("waits") as crew:
        crew.has(lambda lines: "all serve" in lines)
        first, other = crew.processes(0)[0], crew.processes(1)[0]
        os.kill(other, signal.SIGKILL)
        crew.has(lambda _: len(crew.processes(1)) == 2)
        assert lives(first)
        assert not lives(other)
        os.kill(crew.run.pid, signal.SIGTERM) if number == signal.SIGTERM else _ctrl_c(crew)
        assert crew.run.wait(20) == 0
        said = crew.run.stderr.read() if crew.run.stderr else ""
        assert [json.loads(line)["ended"] for line in said.splitlines()] == [-9]
    assert {"ended 0", "ended 1"} <= set(crew.lines)


def _ctrl_c(crew: Crew) -> None:
    """Do as a terminal does: everybody gets the signal, save who has ended meanwhile for what the first was told."""
    for pid in (crew.run.pid, crew.processes(0)[-1], crew.processes(1)[-1]):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGINT)


def test_all_end_with_the_process_that_forked_them() -> None:
    with crewed("waits") as crew:
        crew.has(lambda lines: "all serve" in lines)
        crew.run.kill()
        crew.has(lambda lines: {"ended 0", "ended 1"} <= set(lines))


@pytest.mark.parametrize(("how", "code"), [("fails", 2), ("raises", 1)])
def test_one_that_dies_before_all_have_served_ends_all(how: str, code: int) -> None:
    with crewed(how) as crew:
        assert crew.run.wait(20) == code
    assert "all serve" not in crew.lines


@pytest.mark.slow
def test_two_processes_of_a_server_answer_at_one_address_and_count_together(url: str, tmp_path: Path) -> None:
    log = tmp_path / "log"
    with program(url, log, "--tenant", "plan", "--workers", "2") as (run, address):
        assert becomes_ready(address)
        kept = [asked(address, "api/v1/cases", house.example("ask"))["case"] for _ in range(8)]
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text("utf-8").split()
        assert len(children) == 2
        os.kill(int(children[0]), signal.SIGKILL)
        until = time.perf_counter() + 30
        while log.read_text("utf-8").count('"started"') < 3:
            assert time.perf_counter() < until
            time.sleep(0.05)
        kept.append(asked(address, "api/v1/cases", house.example("ask"))["case"])
        rows = [one["case"] for one in asked(address, "api/v1/cases?most=200")["rows"]]
        figures = asked_text(address, "metrics")
        assert ended(run) == 0
    assert len(set(kept)) == 9
    assert set(kept) == set(rows)
    assert 'priorauth_acts_total{act="receive",result="done"} 9.0' in figures
    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    assert [one["event"] for one in lines].count("started") == 3
    assert [one["ended"] for one in lines if one["event"] == "process"] == [-9]


def asked_text(address: str, path: str) -> str:
    import urllib.request

    with urllib.request.urlopen(address + path, timeout=60) as answer:  # noqa: S310 - the address that the program said
        return str(answer.read().decode())
