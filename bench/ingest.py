"""How fast an export is read, by how many processes, in how much memory, beside DuckDB's reading of the same NDJSON.

    python bench/ingest.py 1000 10000 --jobs 1 2
    python bench/ingest.py 3000 --stages          # where the time of one process goes
    python bench/ingest.py 3000 --types           # what a resource of each type costs, and which share was plain

For each size: a synthetic registry (seed 1) is written, read by DuckDB (given schema, every column touched), then
ingested for each number of processes, by the reader alone and with what is plain sifted out, each in a process of its
own. Wall and processor seconds are both printed:
on a machine that others use, only the second say how much work it was.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

_REF = "STRUCT(reference VARCHAR)"
_CODE = "STRUCT(coding STRUCT(system VARCHAR, code VARCHAR)[])"
_QUANTITY = "STRUCT(value DECIMAL(18,6), comparator VARCHAR, unit VARCHAR, system VARCHAR, code VARCHAR)"
_PERIOD = 'STRUCT("start" VARCHAR, "end" VARCHAR)'
COLUMNS = {
    "Observation": {
        "id": "VARCHAR", "status": "VARCHAR", "code": _CODE, "subject": _REF, "effectiveDateTime": "VARCHAR",
        "effectivePeriod": _PERIOD, "valueQuantity": _QUANTITY, "valueCodeableConcept": _CODE,
        "component": f"STRUCT(code {_CODE}, valueCodeableConcept {_CODE})[]",
    },
    "Condition": {
        "id": "VARCHAR", "clinicalStatus": _CODE, "verificationStatus": _CODE, "category": f"{_CODE}[]", "code": _CODE,
        "subject": _REF, "encounter": _REF, "onsetDateTime": "VARCHAR", "recordedDate": "VARCHAR",
    },
    "Encounter": {
        "id": "VARCHAR", "status": "VARCHAR", "subject": _REF, "period": _PERIOD, "serviceProvider": _REF,
        "participant": f"STRUCT(individual {_REF})[]",
    },
    "MedicationRequest": {
        "id": "VARCHAR", "status": "VARCHAR", "intent": "VARCHAR", "medicationCodeableConcept": _CODE, "subject": _REF,
        "authoredOn": "VARCHAR", "requester": _REF, "dosageInstruction": "JSON",
    },
    "Patient": {"id": "VARCHAR", "gender": "VARCHAR", "birthDate": "VARCHAR", "identifier": "JSON"},
    "Coverage": {
        "id": "VARCHAR", "status": "VARCHAR", "beneficiary": _REF, "payor": f"{_REF}[]", "period": _PERIOD,
        "class": "JSON",
    },
    "Device": {"id": "VARCHAR", "status": "VARCHAR", "patient": _REF, "type": _CODE},
}  # fmt: skip
"""What the reader takes of each type, as DuckDB columns; the few resources of other types are left out of its time."""

SELF = Path(__file__).resolve()


def main() -> int:
    """Run what the arguments ask for."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("sizes", metavar="N", type=int, nargs="*", default=[1_000, 10_000], help="members")
    options.add_argument("--jobs", type=int, nargs="+", default=[1, 2], help="processes")
    options.add_argument("--profile", choices=("registry", "plan"), default="registry")
    options.add_argument("--stages", action="store_true", help="say of one process where its time goes")
    options.add_argument("--types", action="store_true", help="say what a resource of each type costs")
    options.add_argument("--folder", type=Path, help="where to work (a temporary folder)")
    options.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    args = options.parse_args()
    if args.one:
        print(json.dumps(one(*args.one)))
        return 0
    if args.stages or args.types:
        for size in args.sizes:
            with tempfile.TemporaryDirectory(dir=args.folder) as folder:
                (stages if args.stages else types)(Path(folder), size, args.profile)
        return 0
    print("| members | what | processes | wall s | processor s | resources/s | MB/s | peak MB (largest process) |")
    print("|---|---|---|---|---|---|---|---|")
    for size in args.sizes:
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            measure(Path(folder), size, args.jobs, args.profile)
    return 0


def measure(folder: Path, size: int, jobs: list[int], profile: str) -> None:
    """Measure one size."""
    export = folder / "export"
    for count in jobs:
        shutil.rmtree(export, ignore_errors=True)
        show(size, "synthesize", count, started("synthesize", export, str(size), f"{count} {profile}"))
    for count in jobs:
        show(size, "DuckDB reads", count, started("duckdb", export, "", str(count)))
    for what, how in (("ingest by the reader alone", "read"), ("ingest", "plain")):
        for count in jobs:
            out = folder / "out"
            show(size, what, count, started("ingest", export, str(out), f"{count} {how}"))
            shutil.rmtree(out)


def stages(folder: Path, size: int, profile: str) -> None:
    """Print where the processor's time of an ingest in one process goes, beside the bare parsing of the same lines."""
    made = started("synthesize", folder / "export", str(size), f"1 {profile}")
    duck = started("duckdb", folder / "export", "", "1")
    spent = started("stages", folder / "export", str(folder / "out"), "1")
    count = made["resources"]
    print(f"{size:,} members ({profile}), {count:,.0f} resources\n")
    print("| what | processor s | microseconds a resource |\n|---|---|---|")
    for what, seconds in {"DuckDB reads the same files": duck["cpu"], **spent}.items():
        print(f"| {what} | {seconds:.2f} | {1e6 * seconds / count:.1f} |")


def types(folder: Path, size: int, profile: str) -> None:
    """Print what a resource of each type costs: what an ingest takes less one without them, by each way."""
    export, without = folder / "export", folder / "without"
    started("synthesize", export, str(size), f"1 {profile}")
    ways = ("read", "plain")

    def spent(source: Path, way: str) -> float:
        found = started("ingest", source, str(folder / "out"), f"1 {way}")["cpu"]
        shutil.rmtree(folder / "out")
        return found

    whole = {way: spent(export, way) for way in ways}
    plain = started("plain", export, str(folder / "shard"), "1")
    print(f"{size:,} members ({profile})\n")
    print("| type | resources | plain | microseconds each, by the reader alone | with what is plain sifted out |")
    print("|---|---|---|---|---|")
    for kind in sorted({path.name.partition(".")[0] for path in export.glob("*.ndjson")} - {"Patient"}):
        shutil.copytree(export, without, ignore=shutil.ignore_patterns(f"{kind}.*"), copy_function=os.link)
        count = sum(path.read_bytes().count(b"\n") for path in export.glob(f"{kind}.*"))
        each = [1e6 * (whole[way] - spent(without, way)) / count for way in ways]
        shutil.rmtree(without)
        print(f"| {kind} | {count:,} | {plain.get(kind, 0) / count:.1%} | {each[0]:.1f} | {each[1]:.1f} |", flush=True)


def _plain(export: Path, shards: Path) -> dict[str, float]:
    """Count the plain resources of an export by type."""
    from priorauth.population.ingest.plain.sift import sieve
    from priorauth.population.ingest.shard import Done
    from priorauth.population.ingest.sources import find, tasks
    from priorauth.population.ingest.split import split

    sources, _others = find(export)
    shards.mkdir()
    found: Counter[str] = Counter()
    for number, task in enumerate(tasks(sources)):
        split(shards, number, task, sources, sieve())
        found.update(msgspec.json.decode((shards / f"{number}.json").read_bytes(), type=Done).plain)
    shutil.rmtree(shards)
    return dict(found)


def _stages(export: Path, out: Path) -> dict[str, float]:
    """Measure each part; what is timed within the second pass is wrapped for that."""
    from priorauth.population.ingest import bucket, heads, member, merge
    from priorauth.population.ingest.ingest import ingest
    from priorauth.population.ingest.plain import held, sift

    spent: dict[str, float] = {}

    def timed(what: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*given: Any, **more: Any) -> Any:
            begun = time.process_time()
            try:
                return function(*given, **more)
            finally:
                spent[what] = spent.get(what, 0) + time.process_time() - begun

        return wrapped

    for path in sorted(export.glob("*.ndjson")):
        lines = path.read_bytes().splitlines()
        for decoder, what, many in ((heads.HEADS, "heads", 4_000), (member.MANY, "whole", 130)):
            for first in range(0, len(lines), many):
                data = b"[" + b",".join(lines[first : first + many]) + b"]"
                timed(what, decoder.decode)(data)
    bare = {what: spent.pop(what) for what in ("heads", "whole")}
    bucket.write = timed("making the tables", bucket.write)
    merge.merge = timed("putting neighbours together as Parquet", merge.merge)
    member.decoded = timed("decoding what is not plain", member.decoded)
    sift.Sieve.block = timed("sifting out what is plain", sift.Sieve.block)  # type: ignore[method-assign]
    held.Held.made = timed("rows of what is plain", held.Held.made)  # type: ignore[method-assign]
    marks: dict[str, float] = {}
    begun = time.process_time()
    sift.sieve()
    loaded = time.process_time()
    ingest(export, out, jobs=1, plain=True, progress=lambda stage, _, __: marks.update({stage: time.process_time()}))
    end = time.process_time()
    sorting = marks["sorting by member"] - loaded
    rest = end - loaded - sorting - sum(spent.values()) + spent["sifting out what is plain"]
    sorting -= spent["sifting out what is plain"]
    return {
        "the parser alone: type, id and patient of each line": bare["heads"],
        "the parser alone: every element that is used": bare["whole"],
        "ingest: loading the vocabulary and the compiled scanner": loaded - begun,
        "ingest: sorting by member": sorting,
        **{f"ingest: {what}": seconds for what, seconds in spent.items()},
        "ingest: reading what is not plain, and starting": rest,
        "ingest as a whole": end - begun,
    }


def started(what: str, export: Path, more: str, count: str) -> dict[str, float]:
    """Run one measurement in a process of its own."""
    done = subprocess.run(
        [sys.executable, str(SELF), "--one", what, str(export), more, count], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def show(size: int, what: str, jobs: int, found: dict[str, float]) -> None:
    """Print one row of the table."""
    rate, speed = found["resources"] / found["wall"], found["bytes"] / found["wall"] / 1e6
    print(
        f"| {size:,} | {what} | {jobs} | {found['wall']:.1f} | {found['cpu']:.1f} | {rate:,.0f} | {speed:,.0f} "
        f"| {found['peak']:,.0f} |",
        flush=True,
    )


def one(what: str, export: str, more: str, count: str) -> dict[str, float]:
    """Do one measurement and give its figures."""
    doing: dict[str, Callable[[Path, str, str], tuple[int, int]]] = {
        "synthesize": _synthesize, "duckdb": _duckdb, "ingest": _ingest,
    }  # fmt: skip
    if what in ("stages", "plain"):
        return (_stages if what == "stages" else _plain)(Path(export), Path(more))
    begun = time.perf_counter()
    resources, size = doing[what](Path(export), more, count)
    wall = time.perf_counter() - begun
    used = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "wall": wall,
        "cpu": sum(each.ru_utime + each.ru_stime for each in used),
        "peak": max(each.ru_maxrss for each in used) / 1e3,
        "resources": resources,
        "bytes": size,
    }


def _synthesize(export: Path, more: str, count: str) -> tuple[int, int]:
    from priorauth.synthetic.write import Plan, synthesize

    jobs, _, profile = count.partition(" ")
    plan = Plan(int(more), export, seed=1, profile="plan" if profile == "plan" else "registry")
    made = synthesize(plan, jobs=int(jobs))
    return sum(one.lines for one in made), sum(one.bytes for one in made)


def _duckdb(export: Path, _: str, count: str) -> tuple[int, int]:
    import duckdb

    connection = duckdb.connect()
    connection.execute(f"SET threads = {int(count)}")
    total = size = 0
    for kind, columns in COLUMNS.items():
        files = sorted(export.glob(f"{kind}.*"))
        given = ", ".join(f"'{name}': '{column}'" for name, column in columns.items())
        touched = ", ".join(f'count("{name}")' for name in columns)
        row = connection.execute(
            f"SELECT count(*), {touched} FROM read_json(?, format = 'newline_delimited', columns = {{{given}}})",
            [[str(path) for path in files]],
        ).fetchone()
        total += row[0] if row else 0
        size += sum(path.stat().st_size for path in files)
    return total, size


def _ingest(export: Path, more: str, count: str) -> tuple[int, int]:
    from priorauth.population.ingest.ingest import ingest

    jobs, _, how = count.partition(" ")
    found = ingest(export, Path(more), jobs=int(jobs), plain=how == "plain")
    return sum(found.read.values()), found.bytes


if __name__ == "__main__":
    raise SystemExit(main())
