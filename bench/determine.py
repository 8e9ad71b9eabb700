"""How long one request takes: in process, from a cold start, and with 100,000 readings; with the machine it ran on.

python bench/determine.py            # prints a table; the figures in docs/bench.md come from here
python bench/determine.py --stages   # the first line alone, and where its time goes
"""

from __future__ import annotations

import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parent.parent / "examples" / "approve.json"
IMPORTS = "import priorauth.cli.main, priorauth.cli.determine, priorauth.decide.determine"
RESOURCES = 150
READINGS = 100_000


def case(resources: int) -> bytes:
    """Give a request with so many resources: the example, its fingersticks cut or repeated to fit."""
    bundle: dict[str, Any] = json.loads(EXAMPLE.read_text("utf-8"))
    fingers = [entry for entry in bundle["entry"] if entry["resource"]["id"].startswith("smbg")]
    rest = [entry for entry in bundle["entry"] if entry not in fingers]
    made = []
    for place in range(resources - len(rest)):
        entry = json.loads(json.dumps(fingers[place % len(fingers)]))
        entry["resource"]["id"] = f"smbg-{place}"
        entry["fullUrl"] = f"{entry['fullUrl'].rsplit('/', 1)[0]}/smbg-{place}"
        if place >= len(fingers):
            back, minute = divmod(place // len(fingers), 600)
            entry["resource"]["effectiveDateTime"] = (
                f"2026-{10 - back:02}-{place % 28 + 1:02}T{minute // 60 + 7:02}:{minute % 60:02}:00-05:00"
            )
        made.append(entry)
    return json.dumps({**bundle, "entry": rest + made}).encode()


def in_process(runs: int) -> tuple[list[float], list[float]]:
    """Time parse to determination, in milliseconds of the clock and of the processor, each sorted."""
    from priorauth import determine

    raw = case(RESOURCES)
    determine(raw)
    clock, processor = [], []
    for _ in range(runs):
        start, used = time.perf_counter(), time.process_time()
        determine(raw)
        clock.append(1000 * (time.perf_counter() - start))
        processor.append(1000 * (time.process_time() - used))
    return sorted(clock), sorted(processor)


def stages(runs: int) -> dict[str, float]:
    """Return the least processor time of each step of a request, in milliseconds, in their order.

    Each step is what `determine` calls, given what the step before gave it.
    """
    from priorauth import determine
    from priorauth.decide.receipt import receipt, rows_sha256
    from priorauth.decide.report import Place, report
    from priorauth.engines.python.outcome import decide
    from priorauth.facts.case import Case
    from priorauth.fhir import bundle, limits
    from priorauth.policy.catalog import open_catalog
    from priorauth.record.read import read_record

    raw, catalog, found = case(RESOURCES), open_catalog(), dict[str, float]()

    def timed(step: str, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
        start = time.thread_time()
        made = work(*given, **named)
        used = 1000 * (time.thread_time() - start)
        found[step] = min(used, found.get(step, used))
        return made

    (whole,) = determine(raw)
    policy = next(one for one in catalog.all() if whole.policy and one.sha256 == whole.policy.sha256)
    for _ in range(runs):
        timed("JSON: limits, each key once", limits.checked, raw, "case")
        record = timed("Bundle, that check in it", bundle.read, raw, "case", max_bytes=limits.MAX_BYTES)
        request = timed("rows of the record", read_record, record, catalog.vocabulary, catalog.units).requests[0]
        asked = Case(request.requested_on, request.rows)
        timed("hash of the rows", rows_sha256, asked)
        decision = timed("criteria and outcome", decide, policy, asked, catalog.vocabulary, catalog.common)
        place = Place(request.claim, 1, 1, asked.as_of, whole.request, whole.receipt, said=request.words)
        made = timed("report, its seal in it", report, decision, policy, place)
        timed("the seal", receipt, whole.receipt, made)
        timed("all of it", determine, raw)
    return found


def cold(runs: int, folder: Path, *words: str) -> tuple[list[float], list[float]]:
    """Time a process of Python from nothing, in milliseconds of the clock and of the processor, each sorted.

    Byte code is there, as after an installation: it is kept in the folder, and the first run is not counted.
    """
    asked = [sys.executable, *words]
    kept = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode"), "PYTHONDONTWRITEBYTECODE": ""}
    clock, processor = [], []
    for _ in range(runs + 1):
        start, used = time.perf_counter(), _of_children()
        subprocess.run(asked, stdout=subprocess.DEVNULL, check=True, env=kept)
        clock.append(1000 * (time.perf_counter() - start))
        processor.append(1000 * (_of_children() - used))
    return sorted(clock[1:]), sorted(processor[1:])


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def memory(path: Path) -> tuple[float, float, float]:
    """Give seconds of the clock and of the processor and peak MB of a process that decides one file.

    The process looks up its own peak: what a parent is told of a child's counts the parent's memory at the fork too.
    """
    code = (
        "import resource, sys, time; from priorauth import determine; determine(open(sys.argv[1], 'rb').read());"
        "status = dict(line.split(':', 1) for line in open('/proc/self/status')) if sys.platform == 'linux' else {};"
        "own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024;"
        "print(status.get('VmHWM', f'{own} kB').split()[0], time.process_time())"
    )
    start = time.perf_counter()
    said = subprocess.run([sys.executable, "-c", code, str(path)], check=True, capture_output=True, text=True).stdout
    kilobytes, used = said.split()
    return time.perf_counter() - start, float(used), float(kilobytes) / 1024


def percentile(values: list[float], share: float) -> float:
    """Give the value at a share of a sorted list."""
    return values[min(int(share * len(values)), len(values) - 1)]


def line(what: str, measured: tuple[list[float], list[float]], digits: int) -> str:
    """Give a line of the table: percentiles of the clock, the median and the least of the processor."""
    clock, processor = measured
    shown = [percentile(clock, 0.5), percentile(clock, 0.99), percentile(processor, 0.5), processor[0]]
    return f"| {what} | {len(clock)} | " + " | ".join(f"{value:.{digits}f} ms" for value in shown) + " |"


def main() -> None:
    """Run everything and print one table."""
    runs = int(os.environ.get("RUNS", "300"))
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    python = f"Python {platform.python_version()}"
    print(f"machine: {platform.machine()}, {os.cpu_count()} cores, {platform.system()}, {python}")
    print(f"load when it began (1, 5, 15 minutes): {load}; on an idle machine the clock is near the processor's time\n")
    print("| what | n | clock p50 | clock p99 | processor p50 | processor least |")
    print("|---|---|---|---|---|---|")
    print(line(f"one case of {RESOURCES} resources, in process", in_process(runs), 2))
    if "--stages" in sys.argv[1:]:
        print("\n| stage | processor least |\n|---|---|")
        print("\n".join(f"| {step} | {used:.2f} ms |" for step, used in stages(runs).items()))
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        path.write_bytes(case(RESOURCES))
        starts, command = max(runs // 30, 5), ["-m", "priorauth.cli.main", "determine", str(path), "--format", "json"]
        print(line("Python alone, from cold", cold(starts, path.parent, "-c", "pass"), 0))
        print(line("all imports of `priorauth determine`", cold(starts, path.parent, "-c", IMPORTS), 0))
        print(line("`priorauth determine` from cold", cold(starts, path.parent, *command), 0))
        path.write_bytes(case(READINGS))
        seconds, used, peak = memory(path)
        size = path.stat().st_size / 1e6
        print(f"\nOne case of {READINGS:,} readings ({size:.0f} MB), a process of its own:")
        print(f"{seconds:.1f} s by the clock, {used:.1f} s of the processor, {peak:.0f} MB at most.")


if __name__ == "__main__":
    main()
