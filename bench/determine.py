"""How long one request takes: in process, from a cold start, and with 100,000 readings; with the machine it ran on.

python bench/determine.py            # prints a table; the figures in docs/bench.md come from here
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
from pathlib import Path
from typing import Any

EXAMPLE = Path(__file__).parent.parent / "examples" / "approve.json"
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


def in_process(runs: int) -> list[float]:
    """Time parse to determination, in milliseconds, sorted."""
    from priorauth import determine

    raw = case(RESOURCES)
    determine(raw)
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        determine(raw)
        found.append(1000 * (time.perf_counter() - start))
    return sorted(found)


def cold(runs: int, path: Path) -> list[float]:
    """Time the whole command from nothing, in milliseconds, sorted."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        asked = [sys.executable, "-m", "priorauth.cli.main", "determine", str(path), "--format", "json"]
        subprocess.run(asked, stdout=subprocess.DEVNULL, check=True)
        found.append(1000 * (time.perf_counter() - start))
    return sorted(found)


def memory(path: Path) -> tuple[float, float]:
    """Give seconds and peak MB of a process that decides one file."""
    before = time.perf_counter()
    code = f"import sys; from priorauth import determine; determine(open({str(path)!r}, 'rb').read())"
    subprocess.run([sys.executable, "-c", code], check=True)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / (1024 if sys.platform != "darwin" else 1024 * 1024)
    return time.perf_counter() - before, peak


def percentile(values: list[float], share: float) -> float:
    """Give the value at a share of a sorted list."""
    return values[min(int(share * len(values)), len(values) - 1)]


def main() -> None:
    """Run everything and print one table."""
    runs = int(os.environ.get("RUNS", "300"))
    print(
        f"machine: {platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    )
    print("| what | n | p50 | p99 |")
    print("|---|---|---|---|")
    warm = in_process(runs)
    print(
        f"| one case of {RESOURCES} resources, in process | {runs} | {percentile(warm, 0.5):.2f} ms | {percentile(warm, 0.99):.2f} ms |"
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.json"
        path.write_bytes(case(RESOURCES))
        started = cold(max(runs // 30, 5), path)
        print(
            f"| `priorauth determine` from cold | {len(started)} | {percentile(started, 0.5):.0f} ms | {percentile(started, 0.99):.0f} ms |"
        )
        path.write_bytes(case(READINGS))
        seconds, peak = memory(path)
        print(
            f"| one case of {READINGS:,} readings ({path.stat().st_size / 1e6:.0f} MB) | 1 | {seconds:.2f} s | {peak:.0f} MB peak |"
        )


if __name__ == "__main__":
    main()
