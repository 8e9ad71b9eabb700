"""One engine of the bench of populations, in a process of its own: `python bench/engines.py ENGINE OPTIONS`.

OPTIONS and what is printed are JSON. The floor and the command (DuckDB, Spark) are timed from the first import to the
last byte written; Python's engine over cases in memory, nothing else. Peak memory and processor time are this process's
own, and of all that it started and that they started (Spark's), looked at five times a second.
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
POLICY, PATHWAY, AS_OF = "masshealth/insulin-pumps", "initial-trial", "2026-11-21"


def floor(folder: str, **_: Any) -> dict[str, Any]:
    """Read every column of every row of the same files, and nothing else."""
    from priorauth.population import duck, tables

    connection = duck.connect()
    place = Path(folder)
    duck.over(connection, place, tables.buckets(place))
    rows = 0
    for name, schema in tables.SCHEMAS.items():
        text = f"SELECT count(*), bit_xor(hash({', '.join(schema.names)})) FROM {name}"
        rows += connection.execute(text).fetchall()[0][0] if name != "member" else 0
    return {"rows": rows}


def command(folder: str, out: str, spark: str = "", *, evidence: bool = False, **_: Any) -> dict[str, Any]:
    """Run the command that a user runs, `priorauth population run`."""
    from priorauth.cli.main import main

    words = ["population", "run", folder, "--policy", POLICY, "--pathway", PATHWAY, "--as-of", AS_OF, "--out", out]
    words += ["--json", *([] if evidence else ["--verdicts"]), *(["--spark", spark] if spark else [])]
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(io.StringIO()) as faults:
        code = main(words)
    if code:
        raise SystemExit(faults.getvalue() or f"the command ended with {code}")
    return {"outcomes": json.loads(said.getvalue())["outcomes"]}


def one_by_one(folder: str, members: int, out: str, **_: Any) -> dict[str, Any]:
    """Decide some members with Python, one by one, and write what a row of each has to hold."""
    sys.path.insert(0, str(HERE.parent))
    from cases import cases

    from priorauth.engines.python.outcome import decide
    from priorauth.policy.catalog import open_catalog
    from tests.population.agreement import said

    catalog = open_catalog()
    policy = catalog.versions(POLICY)[-1]
    drawn = cases(Path(folder), members)
    _clock()
    for case in drawn:
        decide(policy, case, catalog.vocabulary, catalog.common)
    timed = _clock()
    rows = [said(policy, case, catalog) for case in drawn]
    Path(out).write_text(json.dumps(rows, default=str), "utf-8")
    return {"members": len(drawn), **timed}


ENGINES: dict[str, Callable[..., dict[str, Any]]] = {"floor": floor, "command": command, "python": one_by_one}
_STARTED = [0.0, 0.0]


def _clock() -> dict[str, float]:
    """Give the seconds since this was last asked, by the clock and of the processor."""
    now = [time.perf_counter(), time.process_time()]
    found = {"clock": now[0] - _STARTED[0], "processor": now[1] - _STARTED[1]}
    _STARTED[:] = now
    return found


def _below(process: int) -> list[int]:
    """List the processes that a process started and that still run, and theirs."""
    found = list[int]()
    with contextlib.suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            own = [int(one) for one in (thread / "children").read_text("utf-8").split()]
            found += [*own, *(further for one in own for further in _below(one))]
    return found


class Watch(threading.Thread):
    """Looks at what this process started while it runs: the last processor time and peak memory of each."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.worked: dict[int, float] = {}
        self.peak: dict[int, float] = {}
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(0.2):
            self.look()

    def look(self) -> None:
        for one in _below(os.getpid()):
            self.worked[one] = max(_worked(one), self.worked.get(one, 0.0))
            self.peak[one] = max(_peak(one), self.peak.get(one, 0.0))


def _peak(process: int | str) -> float:
    """Give the peak memory of a process in MB; what a parent is told of a child counts the parent's own too."""
    with contextlib.suppress(OSError, KeyError):
        lines = Path(f"/proc/{process}/status").read_text("utf-8").splitlines()
        return int(dict(line.split(":", 1) for line in lines)["VmHWM"].split()[0]) / 1024
    if process != "self":
        return 0.0  # it has ended since
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _worked(process: int) -> float:
    with contextlib.suppress(OSError):
        parts = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
        return (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")
    return 0.0


def main() -> None:
    """Run one engine and print what it took."""
    name, options = sys.argv[1], json.loads(sys.argv[2])
    _clock()
    watch = Watch()
    if options.get("spark"):
        watch.start()
    found = ENGINES[name](**options)
    timed = _clock()
    watch.over.set()
    watch.look()
    timed["processor"] += sum(watch.worked.values())
    peak = _peak("self") + sum(watch.peak.values())
    print(json.dumps({**timed, "peak": peak, **found}))


if __name__ == "__main__":
    main()
