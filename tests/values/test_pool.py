"""Processes: results in order, and none that outlives who began it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from priorauth.values.pool import on_all

WAIT = 20.0


def times(by: int, number: int) -> int:
    return by * number


def killed(number: int) -> int:
    if number == 1:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def sleeping(folder: Path, number: int) -> None:
    (folder / str(number)).write_text(str(os.getpid()))
    time.sleep(600)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(jobs: int) -> None:
    assert list(on_all(jobs, times, (3,), [4, 1, 5])) == [12, 3, 15]
    assert list(on_all(jobs, times, (3,), [])) == []


def test_a_process_that_was_killed_is_said() -> None:
    with pytest.raises(BrokenProcessPool):
        list(on_all(2, killed, (), [0, 1, 2]))


def alive(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks the kernel of Linux who is alive")
def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from priorauth.values.pool import on_all;"
        "from tests.values.test_pool import sleeping; list(on_all(2, sleeping, (Path(sys.argv[1]),), [0, 1]))"
    )
    path = os.pathsep.join([str(Path(__file__).parents[2]), os.environ.get("PYTHONPATH", "")])
    parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], env={**os.environ, "PYTHONPATH": path})
    until = time.perf_counter() + WAIT
    files = [tmp_path / "0", tmp_path / "1"]
    while not all(file.exists() and file.read_text() for file in files) and time.perf_counter() < until:
        time.sleep(0.05)
    workers = [int(file.read_text()) for file in files]
    assert all(map(alive, workers))
    parent.kill()
    parent.wait()
    until = time.perf_counter() + WAIT
    while any(map(alive, workers)) and time.perf_counter() < until:
        time.sleep(0.05)
    assert not any(map(alive, workers))
