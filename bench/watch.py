"""What a day of a watch costs beside a full run: the day touches one member in a hundred.

    python bench/watch.py 20000
    python bench/watch.py 100000 --verdicts

A synthetic plan (seed 1) is the first day. The second gives one member in a hundred another result and a newer version
of one there was, and deletes a third. Timed are commands, each a process of its own, from its first import to its last
byte: ``population watch`` on the second day, and a full run of the same two days, ``population ingest`` and
``population run``. Then the rows of both are held against each other, every column. Processor seconds are what counts
on a machine that others use.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from priorauth.population import dataset
from priorauth.synthetic.write import Plan, synthesize

AS_OF = "2026-11-20"
DAYS = ("2026-11-20", "2026-11-21")
OF = 100
"""One member in so many is touched."""
LATER = "2026-11-21T06:00:00Z"


def main() -> int:
    """Run what the arguments ask for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sizes", metavar="N", type=int, nargs="+", help="members")
    options.add_argument("--policy", default="masshealth/insulin-pumps")
    options.add_argument("--verdicts", action="store_true", help="without evidence")
    options.add_argument("--jobs", type=int, default=2)
    options.add_argument("--folder", type=Path, help="where to work (a temporary folder)")
    args = options.parse_args()
    print("| members | touched | full run, processor s (wall) | a day, processor s (wall) | a day / full |")
    print("|---|---|---|---|---|")
    for size in args.sizes:
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            measure(Path(folder), size, args)
    return 0


def measure(folder: Path, size: int, args: argparse.Namespace) -> None:
    """Measure one size, and compare the rows."""
    exports, state = folder / "exports", folder / "state"
    synthesize(Plan(size, exports / DAYS[0], seed=1, as_of=AS_OF, profile="plan"), jobs=args.jobs)
    by = ["--policy", args.policy, *(["--verdicts"] if args.verdicts else [])]
    jobs = ["--jobs", str(args.jobs)]
    timed("watch", str(exports), str(state), *by, *jobs, "--as-of", AS_OF)
    second(exports)
    day = timed("watch", str(exports), str(state), *by, *jobs)
    full = [timed("ingest", str(exports), str(folder / "tables"), "--as-of", AS_OF, *jobs)]
    full.append(timed("run", str(folder / "tables"), *by, "--out", str(folder / "rows.parquet")))
    wall, spent = (sum(one[place] for one in full) for place in (0, 1))
    decided = dataset.opened(state / "days" / DAYS[1] / "decided").members
    print(
        f"| {size:,} | {decided:,} | {spent:.1f} ({wall:.1f}) | {day[1]:.1f} ({day[0]:.1f}) "
        f"| {100 * day[1] / spent:.1f} % ({100 * day[0] / wall:.1f} %) |"
    )
    same(state, folder / "rows.parquet")


def second(exports: Path) -> None:
    """Write the second day."""
    place = exports / DAYS[1]
    (place / "deleted").mkdir(parents=True)
    wanted = {f"Patient/{name}" for name in patients(exports / DAYS[0])[::OF]}
    changed, deleted = [], []
    seen: dict[str, int] = {}
    for path in sorted((exports / DAYS[0]).glob("Observation*.ndjson")):
        for line in path.read_bytes().splitlines():
            one = json.loads(line)
            whose = one.get("subject", {}).get("reference", "")
            if whose not in wanted:
                continue
            seen[whose] = seen.get(whose, 0) + 1
            if seen[whose] == 1:
                changed.append({**one, "meta": {"lastUpdated": LATER}, "status": "entered-in-error"})
                changed.append({**one, "id": f"{one['id']}-again"})
            elif seen[whose] == 2:  # noqa: PLR2004  # another of the same member
                deleted.append({"request": {"method": "DELETE", "url": f"Observation/{one['id']}"}})
    changed += [  # of who has no result
        {"resourceType": "Condition", "id": f"c-{whose[8:]}", "subject": {"reference": whose}}
        for whose in sorted(wanted - seen.keys())
    ]
    (place / "all.ndjson").write_text("".join(f"{json.dumps(one)}\n" for one in changed), "utf-8")
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": deleted}
    (place / "deleted" / "gone.ndjson").write_text(json.dumps(bundle) + "\n", "utf-8")
    (place / "manifest.json").write_text(json.dumps({"transactionTime": LATER, "output": []}), "utf-8")


def patients(export: Path) -> list[str]:
    """Return the ids of all patients, in the order of the export."""
    found = []
    for path in sorted(export.glob("Patient*.ndjson")):
        found += [json.loads(line)["id"] for line in path.read_bytes().splitlines()]
    return found


def timed(*words: str) -> tuple[float, float]:
    """Run a command of the population; gives wall and processor seconds."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-m", "priorauth", "population", *words], check=False, capture_output=True, text=True
    )
    wall, after = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in (0, 3):
        raise SystemExit(done.stderr)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def same(state: Path, rows: Path) -> None:
    """Hold the rows of the watch, each with the evidence of its day, against those of the full run."""
    full = pq.read_table(rows).drop_columns(["member"]).sort_by("patient")
    current = pa.concat_tables([pq.read_table(path) for path in dataset.paths(state / "current")]).sort_by("patient")
    names = [name for name in full.column_names if name != "evidence"]
    if not current.select(names).equals(full.select(names)):
        raise SystemExit("the rows of the watch are not those of a full run")
    values = len(full) * len(names)
    if "evidence" in full.column_names:
        values += evidence(state, current, full)
    print(f"<!-- {len(full):,} rows, {values:,} values: all the same -->")


def evidence(state: Path, current: pa.Table, full: pa.Table) -> int:
    """Hold the evidence against each other; gives how many values there were."""
    days = {
        day: pa.concat_tables([pq.read_table(path) for path in dataset.paths(state / "days" / day / "decided")])
        for day in DAYS
    }
    held = {day: dict(zip(table["patient"].to_pylist(), range(len(table)), strict=True)) for day, table in days.items()}
    where = list(zip(current["decided_on"].to_pylist(), current["patient"].to_pylist(), strict=True))
    for day, table in days.items():
        mine = [place for place, (on, _) in enumerate(where) if on == day]
        theirs = [held[day][where[place][1]] for place in mine]
        if table["evidence"].take(theirs).to_pylist() != full["evidence"].take(mine).to_pylist():
            raise SystemExit(f"the evidence of {day} is not that of a full run")
    return len(full) * len(full.schema.field("evidence").type)


if __name__ == "__main__":
    sys.exit(main())
