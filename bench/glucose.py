"""How fast glucose series are measured, and side by side with five other packages on the same series.

    bench/glucose.py                                our own engines, one patient, DuckDB
    bench/glucose.py --install build/glucose-peers  make an environment for each peer (needs the network, once)
    bench/glucose.py --peers build/glucose-peers    measure them too, and compare what they find, metric by metric
    bench/glucose.py --peers ... --write            and put the figures into docs/glucose-bench.md

Rates are readings per second of processor time (the machine may be shared) unless "by the clock" is said. Peers are run
on as many subjects as fit into their seconds; each runs in its own environment, none is installed into the project's.
"""

from __future__ import annotations

import argparse
import csv
import json
import math
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import duckdb
import figures
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from peers_glucose.cohort import cohort

from priorauth.glucose.metrics import arrow, counts, series
from priorauth.glucose.metrics.engine import ENGINES, EngineName
from priorauth.glucose.metrics.measure import consensus, measure
from priorauth.glucose.metrics.series import Series
from priorauth.glucose.metrics.summary import summary

HERE = Path(__file__).resolve().parent

DOCS = HERE.parent / "docs" / "glucose-bench.md"
PEERS = {
    "iglu_python": "iglu-python==0.4.3",
    "py_agata": "py-agata==0.0.8",
    "cgmpy": "cgmpy==0.6.0",
    "diametrics": "diametrics==0.4.3",
    "glucostats": "GlucoStats==1.0.0",
}
STAGES = ("consensus", "events", "mage")
DAYS = 14
COMPARED = 20  # subjects whose numbers are compared
ALIKE = 1e-6


def best(work: Callable[[], object], times: int = 5) -> tuple[float, float]:
    """Give the least processor time and the least time by the clock of several runs, after one to warm up."""
    work()
    found = []
    for _ in range(times):
        clock, own = time.perf_counter(), time.process_time()
        work()
        found.append((time.process_time() - own, time.perf_counter() - clock))
    return min(each[0] for each in found), min(each[1] for each in found)


def made(subjects: int) -> Series:
    """Give the cohort as series."""
    minutes, glucose, starts = cohort(subjects, DAYS)
    nothing = np.zeros(len(minutes), np.int16)
    return series.many(minutes, nothing, glucose, nothing.astype(np.uint8), starts, np.zeros(subjects, bool))


def ours(cohort_traces: Series) -> list[tuple[str, float, float, int]]:
    """Time our own stages: name, processor seconds, seconds by the clock, readings."""
    given, count = cohort_traces, len(cohort_traces.minutes)
    rows = []

    def add(name: str, work: Callable[[], object], readings: int = count) -> None:
        rows.append((name, *best(work), readings))

    add("checking the arrays", lambda: series.many(*given))
    add(
        "consensus metrics (mean, SD, CV, GMI, ranges, GRI, active)",
        lambda: consensus(counts.count_totals(given, engine="numba")),
    )
    add("everything but MAGE", lambda: measure(counts.count(given, mage=False, engine="numba")))
    add("everything", lambda: measure(counts.count(given, engine="numba")))
    add("everything but MAGE, NumPy", lambda: measure(counts.count(given, mage=False, engine="numpy")))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "streams.parquet"
        rows_of_streams = arrow.batch([str(place) for place in range(given.streams)], given)
        pq.write_table(pa.Table.from_batches([rows_of_streams]), path)
        print(f"Parquet: {path.stat().st_size / count:.2f} bytes a reading")
        add("Arrow rows to metrics", lambda: arrow.measure_batch(rows_of_streams, engine="numba"))
        add("Parquet, read alone, one thread", lambda: pq.read_table(path, use_threads=False))
        connection = duckdb.connect()
        arrow.register(connection)
        sql = f"SELECT glucose_metrics(device, minutes, offsets, glucose, flags) FROM '{path}'"
        add("Parquet to metrics by a function in DuckDB's SQL", lambda: connection.sql(sql).fetchall())
    return rows


def one_patient(engine: EngineName) -> tuple[int, float, float]:
    """Give readings, processor seconds and seconds by the clock (least of many) of a patient's ninety days."""
    minutes, glucose, _ = cohort(1, 90)
    nothing = np.zeros(len(minutes), np.int16)
    flags = nothing.astype(np.uint8)
    return len(minutes), *best(lambda: summary("cgm", minutes, nothing, glucose, flags, engine=engine), times=50)


def compared_stages(given: Series) -> dict[str, float]:
    """Give our own rates for the peers' stages, in readings per processor second."""
    count = len(given.minutes)
    work = {
        "consensus": lambda: consensus(counts.count_totals(series.many(*given), engine="numba")),
        "events": lambda: counts.count(series.many(*given), mage=False, engine="numba"),
        "mage": lambda: counts.count(given, engine="numba"),
    }
    seconds = {name: best(each)[0] for name, each in work.items()}
    seconds["mage"] -= best(lambda: counts.count(given, mage=False, engine="numba"))[0]
    return {name: count / each for name, each in seconds.items()}


def install(folder: Path) -> None:
    """Make an environment for each peer."""
    for peer, requirement in PEERS.items():
        subprocess.run([sys.executable, "-m", "venv", str(folder / peer)], check=True)
        subprocess.run([str(folder / peer / "bin" / "pip"), "install", "--quiet", requirement], check=True)
        print(f"{peer}: {requirement}")


def write_traces(path: Path, given: Series) -> None:
    """Write the series as the peers read them."""
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "time", "gl"])
        for stream in range(given.streams):
            own = slice(int(given.starts[stream]), int(given.starts[stream + 1]))
            stamps = given.minutes[own].astype("datetime64[m]").astype(str)
            writer.writerows(zip([stream] * len(stamps), stamps, given.glucose[own].tolist(), strict=True))


def run_peer(folder: Path, peer: str, path: Path, seconds: float) -> dict[str, Any] | None:
    """Run one peer in its environment; None, with a line, where it fails."""
    python = folder / peer / "bin" / "python"
    command = [str(python), str(HERE / "peers_glucose" / "run.py"), f"peer_{peer}", str(path), str(seconds)]
    ended = subprocess.run(command, capture_output=True, text=True, check=False, cwd=HERE / "peers_glucose")
    if ended.returncode:
        print(f"{peer}: failed: {ended.stderr.strip().splitlines()[-1:]}")
        return None
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def rates(found: dict[str, Any]) -> dict[str, float]:
    """Give a peer's readings per processor second, by stage."""
    return {name: found["readings"] / each["cpu"] for name, each in found["stages"].items()}


def agreement(found: dict[str, Any], mine: dict[str, list[float]]) -> dict[str, tuple[int, int, float]]:
    """Give for each metric: subjects alike, subjects compared, the largest difference."""
    table = {}
    for name, values in mine.items():
        pairs = [
            (values[int(subject)], theirs[name])
            for subject, theirs in found["values"].items()
            if int(subject) < COMPARED and name in theirs
        ]
        if pairs:
            apart = [abs(a - b) if math.isfinite(a) and math.isfinite(b) else math.inf for a, b in pairs]
            alike = sum(each <= ALIKE * max(1, abs(a)) for each, (a, _) in zip(apart, pairs, strict=True))
            table[name] = (alike, len(pairs), max(apart))
    return table


def grouped(value: float) -> str:
    """Print a rate: millions with one place, else thousands grouped."""
    return f"{value / 1e6:,.0f} M" if value >= 1e7 else f"{value / 1e6:,.1f} M" if value >= 1e6 else f"{value:,.0f}"  # noqa: PLR2004


def main() -> None:
    """Measure, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--subjects", type=int, default=1000)
    parser.add_argument("--seconds", type=float, default=20, help="how long each peer may take")
    parser.add_argument("--peers", type=Path, help="folder of the peers' environments")
    parser.add_argument("--install", type=Path, help="make the peers' environments in this folder")
    parser.add_argument("--write", action="store_true", help="write the figures into docs/glucose-bench.md")
    asked = parser.parse_args()
    if asked.install:
        install(asked.install)
        return
    lines = report(asked.subjects, asked.peers, asked.seconds)
    print("\n".join(lines))
    if asked.write:
        figures.write(DOCS, "glucose", lines)


def report(subjects: int, peers: Path | None, seconds: float) -> list[str]:
    """Measure everything and lay the figures out as Markdown."""
    given = made(subjects)
    packages = ", ".join(f"{name} {version(name)}" for name in ("numpy", "numba", "pyarrow", "duckdb"))
    told = (
        f"{len(given.minutes):,} readings of {subjects:,} synthetic sensor wearers over {DAYS} days. "
        f"Python {platform.python_version()}, {packages}; {_processor()}, {os.cpu_count()} processors, "
        f"load {os.getloadavg()[0]:.1f} when it began."
    )
    lines = [
        told,
        "",
        "| what | readings per second of processor time | readings per second by the clock |",
        "|---|---|---|",
        *(f"| {name} | {grouped(n / own)} | {grouped(n / clock)} |" for name, own, clock, n in ours(given)),
    ]
    lines.append("")
    for name in ENGINES[1:]:
        readings, own, clock = one_patient(name)
        told = f"One patient, 90 days, {readings:,} readings, arrays to evidence with {name}: {own * 1000:.2f} ms of"
        lines.append(f"{told} processor time, {clock * 1000:.2f} ms by the clock.")
    if peers is not None:
        lines += ["", *side_by_side(given, peers, seconds)]
    return lines


def side_by_side(given: Series, folder: Path, seconds: float) -> list[str]:
    """Run the peers and lay out speed and agreement."""
    own = compared_stages(given)
    few = measure(counts.count(made(COMPARED)))
    mine = {name: column.value.tolist() for name, column in few.items()}
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "series.csv"
        write_traces(path, made(COMPARED))
        found = {peer: run_peer(folder, peer, path, seconds) for peer in PEERS}
    ran = {peer: each for peer, each in found.items() if each}
    told = (
        f"The first {COMPARED} of these wearers, or as many as a peer does in {seconds:.0f} seconds. Readings per "
        "second of processor time, and how many times that we do (ours with the arrays checked, one thread; our figure "
        "for events is that of everything but MAGE):"
    )
    lines = [
        told,
        "",
        "| package | subjects | consensus | times | events | times | MAGE | times |",
        "|---|---|---|---|---|---|---|---|",
        f"| priorauth | {given.streams} | " + " | ".join(f"{grouped(own[stage])} | 1" for stage in STAGES) + " |",
    ]
    for peer, each in ran.items():
        speed = rates(each)
        cells = [f"{grouped(speed[s])} | {own[s] / speed[s]:,.0f}" if s in speed else "- | -" for s in STAGES]
        lines.append(f"| {PEERS[peer].replace('==', ' ')} | {each['subjects']} | {' | '.join(cells)} |")
    tables = {peer: agreement(each, mine) for peer, each in ran.items()}
    named = [name for name in mine if any(name in table for table in tables.values())]
    lines += [
        "",
        "How many subjects agree with ours (to a millionth), and the largest difference where some do not:",
        "",
        f"| metric | {' | '.join(PEERS[peer].split('==')[0] for peer in ran)} |",
        "|---" * (len(ran) + 1) + "|",
    ]
    for name in named:
        cells = [_agreed(table.get(name)) for table in tables.values()]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _agreed(cell: tuple[int, int, float] | None) -> str:
    if cell is None:
        return "-"
    alike, count, apart = cell
    return f"{alike}/{count}" if alike == count else f"{alike}/{count}, {apart:.3g}"


def _processor() -> str:
    try:
        told = Path("/proc/cpuinfo").read_text("utf-8")
    except OSError:
        return platform.machine()
    return next((line.split(":", 1)[1].strip() for line in told.splitlines() if line.startswith("model name")), "")


if __name__ == "__main__":
    main()
