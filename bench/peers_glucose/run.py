"""Run one peer in its own environment on the same traces, time its stages, and print what it found as JSON.

    PEER/bin/python run.py PEER TRACES.csv SECONDS

TRACES.csv has id, time (ISO, wall clock) and gl. The first five subjects are run to see how many fit into SECONDS; the
stages are then timed over as many (CPU seconds, and seconds by the clock).
"""

from __future__ import annotations

import importlib
import json
import math
import sys
import time
import warnings
from pathlib import Path

import pandas as pd

PROBE = 5


def main() -> None:
    """Read, run, print."""
    warnings.simplefilter("ignore")
    peer, traces, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
    stages = importlib.import_module(peer).stages
    frame = pd.read_csv(traces, parse_dates=["time"], dtype={"id": str, "gl": float})
    names = list(dict.fromkeys(frame["id"]))
    began = time.perf_counter()
    for stage in stages(frame[frame["id"].isin(names[:PROBE])].reset_index(drop=True)).values():
        stage()
    each = (time.perf_counter() - began) / PROBE
    count = min(len(names), max(PROBE, int(seconds / each)))
    chosen = frame[frame["id"].isin(names[:count])].reset_index(drop=True)
    timed: dict[str, dict[str, float]] = {}
    values: dict[str, dict[str, float]] = {}
    for name, stage in stages(chosen).items():
        clock, work = time.perf_counter(), time.process_time()
        found = stage()
        timed[name] = {"cpu": time.process_time() - work, "clock": time.perf_counter() - clock}
        for metric, by_subject in found.items():
            for subject, value in by_subject.items():
                known = value is not None and math.isfinite(value)
                values.setdefault(str(subject), {})[metric] = float(value) if known else math.nan
    print(json.dumps({"subjects": count, "readings": len(chosen), "stages": timed, "values": values}))


if __name__ == "__main__":
    main()
