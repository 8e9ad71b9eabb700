"""How fast a population is decided: every engine side by side, on the same members and the same policy.

    bench/population.py                              populations of 1,000, 10,000 and 100,000 members
    bench/population.py 1000 10000 100000 1000000    of these sizes
    bench/population.py ... --write docs/population.md
    bench/population.py ... --before CHECKOUT        the code of another checkout beside today's, on the same members
    bench/population.py --profile 64000              where the time goes, block by block, instead

The policy is MassHealth's for a trial; bench/members.py draws the members. Engines: `priorauth population run` on
DuckDB, with and without evidence; the same on Spark (one, two and four executors of a core each on this machine, where
pyspark is there); Python's engine one case after another; cql-execution on the exported CQL (where node and its
packages are); and the floor, DuckDB reading every column of the same files. Each runs in a process of its own. What
they say is compared; where two differ or one fails, that is printed and the bench ends with 1.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any

import blocks
import duckdb
import figures
from cases import cases
from members import BLOCK, write

from priorauth.engines.cql import parameters as cql_rows
from priorauth.engines.cql import types
from priorauth.engines.cql.compile import library
from priorauth.policy.catalog import open_catalog

HERE = Path(__file__).resolve().parent
PEERS = HERE.parent / "tests" / "peers" / "cql"
POLICY = "masshealth/insulin-pumps"
SIZES = (1_000, 10_000, 100_000)
NAMES = {
    "verdicts": "DuckDB, verdicts",
    "evidence": "DuckDB, with evidence and questions",
    "spark1": "Spark, 1 executor of 1 core, verdicts",
    "spark2": "Spark, 2 executors of 1 core, verdicts",
    "spark4": "Spark, 4 executors of 1 core, verdicts",
    "spark2e": "Spark, 2 executors of 1 core, with evidence and questions",
    "before_verdicts": "before: DuckDB, verdicts",
    "before_evidence": "before: DuckDB, with evidence and questions",
    "python": "Python, one by one",
    "cql": "cql-execution, one by one",
    "floor": "floor: DuckDB reads the files",
}
SPARKS = ("spark1", "spark2", "spark4", "spark2e")
EXECUTOR_MB = 1_200
RATES = ("members/s by the clock", "members/s of processor time")
Measured = dict[str, Any]


class Failed(SystemExit):
    """A program that the bench started ended with an error; what it said."""


@dataclass(slots=True)
class Bench:
    """What is asked, and what was found: measurements by engine and size, and where engines differ."""

    args: argparse.Namespace
    folder: Path
    found: dict[str, dict[int, Measured]] = field(default_factory=dict)
    drawn: dict[int, Measured] = field(default_factory=dict)
    compared: dict[str, int] = field(default_factory=dict)
    differ: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)

    def run(self) -> None:
        """Measure every engine at every size, the smallest first."""
        for size in self.args.sizes:
            self.draw(size)
            place = str(self.folder / f"tables-{size}")
            self.keep("floor", size, self.engine("floor", folder=place))
            for name in ("verdicts", "evidence"):
                out, told = str(self.out(name, size)), name == "evidence"
                self.keep(name, size, self.engine("command", folder=place, out=out, evidence=told))
                if self.args.before:
                    self.before(name, size)
            self.same_rows("verdicts", "evidence", size)
            if size != self.args.sizes[0]:
                self.same_start(self.args.sizes[0], size)
            if size <= self.args.spark_most:
                self.spark(size, place)
        self.by_python()
        self.by_cql()

    def profile(self) -> int:
        """Print what each block takes, of verdicts and of evidence, over the largest population asked for."""
        size = self.args.sizes[-1]
        self.draw(size)
        for evidence in (False, True):
            lines = blocks.profile(self.folder / f"tables-{size}", evidence=evidence)
            print("\n".join([f"{NAMES['evidence' if evidence else 'verdicts']}, {lines[0]}", *lines[1:], ""]))
        return 0

    def keep(self, name: str, size: int, measured: Measured | None) -> None:
        if measured is not None:
            self.found.setdefault(name, {})[size] = {"members": size, **measured}
            say(f"{NAMES[name]}: {measured.get('members', size):,} members in {measured['clock']:.1f} s")

    def out(self, name: str, size: int) -> Path:
        return self.folder / f"{name}-{size}.parquet"

    def engine(self, name: str, python: str = sys.executable, seconds: float | None = None, **options: Any) -> Measured:
        """Run one engine in a process of its own."""
        found: Measured = json.loads(started([python, str(HERE / "engines.py"), name, json.dumps(options)], seconds))
        return found

    def before(self, name: str, size: int) -> None:
        """Let the command of another checkout decide the same members, from files as it writes them."""
        ours, checkout = f"before_{name}", self.args.before.resolve()
        place = self.folder / f"before-{size}"
        if not place.is_dir():
            drawn = "import sys; from pathlib import Path; from members import write; "
            drawn += f"write(Path({str(place)!r}), {size}, {self.args.in_bucket})"
            started([sys.executable, "-c", drawn], source=(checkout / "src", checkout / "bench"))
        options = {"folder": str(place), "out": str(self.out(ours, size)), "evidence": name == "evidence"}
        words = [sys.executable, str(checkout / "bench" / "engines.py"), "command", json.dumps(options)]
        self.keep(ours, size, json.loads(started(words, source=(checkout / "src",))))
        self.same_rows(name, ours, size)

    def draw(self, size: int) -> None:
        place, began = self.folder / f"tables-{size}", time.perf_counter()
        if not (place / "drawn").is_file():
            write(place, size, self.args.in_bucket)
            (place / "drawn").touch()
        parquet = f"read_parquet('{place}/*/*/*.parquet', union_by_name = true)"
        rows = duckdb.execute(f"SELECT count(*) FROM {parquet}").fetchall()
        stored = sum(path.stat().st_size for path in place.rglob("*.parquet"))
        seconds = time.perf_counter() - began
        self.drawn[size] = {"rows": (rows[0][0] - size) / size, "bytes": stored / size, "clock": seconds}
        say(f"{size:,} members drawn in {seconds:.1f} s")

    # ---- the engines that take a part of the members

    def spark(self, size: int, place: str) -> None:
        python = self.args.spark or (sys.executable if importlib.util.find_spec("pyspark") else None)
        if python is None or not shutil.which("java"):
            return self.miss("Spark: pyspark (pip install 'priorauth[spark]', or --spark PYTHON) or Java is missing")
        for name in SPARKS:
            master = f"local-cluster[{name[5]},1,{EXECUTOR_MB}]"
            given = {"folder": place, "out": str(self.folder / f"{name}-{size}"), "spark": master}
            try:
                found = self.engine("command", python, self.args.spark_seconds, evidence=name.endswith("e"), **given)
            except subprocess.TimeoutExpired:
                self.miss(f"{NAMES[name]}: {size:,} members were not done in {self.args.spark_seconds:.0f} s")
            except Failed as failed:
                self.differ.append(f"Spark failed: {failed}")
            else:
                self.keep(name, size, found)
                self.same_rows("evidence" if name.endswith("e") else "verdicts", name, size)
        return None

    def by_python(self) -> None:
        """Decide the first members of the smallest population with Python; every verdict is compared."""
        size = self.args.sizes[0]
        out = self.folder / "python.json"
        count = min(self.args.python, size)
        given = {"folder": str(self.folder / f"tables-{size}"), "members": count, "out": str(out)}
        self.keep("python", size, self.engine("python", **given))
        self.same_verdicts("python", json.loads(out.read_text("utf-8")))

    def by_cql(self) -> None:
        """Let cql-execution work out the same criteria over the first members; every status is compared."""
        peers = self.args.cql_peers
        if not shutil.which("node") or not (peers / "node_modules").is_dir():
            return self.miss(f"cql-execution: node or its packages are missing (npm ci --prefix {peers})")
        size, catalog = self.args.sizes[0], open_catalog()
        written = library(catalog.versions(POLICY)[-1], catalog.vocabulary, catalog.common)
        place = self.folder / "cql"
        place.mkdir(exist_ok=True)
        for name, text in ((types.NAME, types.shared()), (written.name, written.text)):
            (place / f"{name}.cql").write_text(text, "utf-8")
        started(["node", str(peers / "translate.mjs"), str(place)])
        columns = self.rows("verdicts", size, 1)[0]
        wanted = [name for name, _ in written.criteria if name in columns]
        drawn = cases(self.folder / f"tables-{size}", min(self.args.cql, size))
        parameters = [cql_rows.parameters(case, written.facts) for case in drawn]
        given = {"library": written.name, "definitions": wanted, "cases": parameters}
        (place / "cases.in").write_text(json.dumps(given), "utf-8")
        words = ["node", str(HERE / "cql.mjs"), str(peers), str(place), str(place / "cases.in")]
        found = json.loads(started([*words, str(self.args.cql_seconds)]))
        answers = found.pop("answers")
        self.keep("cql", size, found)
        return self.same_verdicts("cql", answers)

    def miss(self, why: str) -> None:
        if why not in self.missing:
            self.missing.append(why)
            say(f"NOT MEASURED: {why}")

    # ---- whether they agree

    def rows(self, name: str, size: int, most: int) -> list[dict[str, Any]]:
        """Give the first rows of a result."""
        found = duckdb.execute(f"SELECT * FROM '{self.parquet(name, size)}' ORDER BY member LIMIT {most}")
        names = [column for column, *_ in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def parquet(self, name: str, size: int) -> str:
        return f"{self.folder}/{name}-{size}/*.parquet" if name in SPARKS else str(self.out(name, size))

    def same_verdicts(self, name: str, said: list[dict[str, Any]]) -> None:
        """Hold what an engine says of the first members against DuckDB's rows."""
        rows = self.rows("verdicts", self.args.sizes[0], len(said))
        compared = 0
        for row, own in zip(rows, said, strict=True):
            for column in own.keys() & row.keys():
                compared += 1
                value = row[column] if row[column] is None else str(row[column])
                if value != own[column]:
                    self.differ.append(f"{row['patient']} {column}: DuckDB {value}, {name} {own[column]}")
        self.compared[name] = compared

    def same_rows(self, one: str, two: str, size: int) -> None:
        """Hold two results against each other, row by row and column by column."""
        first, second = self.parquet(one, size), self.parquet(two, size)
        columns = [
            duckdb.execute(f"DESCRIBE SELECT * FROM '{self.parquet(name, size)}'").fetchall() for name in (one, two)
        ]
        other = {name: kind for name, kind, *_ in columns[1]}  # evidence by lines of another policy is of another kind
        shared = [name for name, kind, *_ in columns[0] if name != "member" and other.get(name) == kind]
        unlike = " + ".join(f'count(*) FILTER (a."{name}" IS DISTINCT FROM b."{name}")' for name in shared)
        joined = f"FROM '{first}' a FULL JOIN '{second}' b ON a.member = b.member"
        differ, members = duckdb.execute(f"SELECT {unlike}, count(*) {joined}").fetchall()[0]
        self.compared[f"{two}, {size:,} members"] = members * len(shared)
        if differ or members != size:
            self.differ.append(f"{one} and {two} of {size:,} members: {differ} values differ, {members:,} rows")

    def same_start(self, few: int, many: int) -> None:
        """The first members are the same in every size, and so must be what is said of them."""
        if self.rows("verdicts", few, few) != self.rows("verdicts", many, few):
            self.differ.append(f"the first {few:,} members: other verdicts among {many:,} than among {few:,}")


def started(words: list[str], seconds: float | None = None, source: tuple[Path, ...] = ()) -> str:
    """Run a program to its end, or end it and all that it started when its time is over; gives what it printed.

    ``source``: where it finds modules, before those that are installed.
    """
    own = {**os.environ, **({"PYTHONPATH": os.pathsep.join(map(str, source))} if source else {})}
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, env=own
    ) as ran:
        try:
            said, faults = ran.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            os.killpg(ran.pid, signal.SIGKILL)
            raise
    if ran.returncode:
        raise Failed(
            f"{Path(words[0]).name} {Path(words[1]).name} ended with {ran.returncode}: {faults.strip()[-2000:]}"
        )
    return said


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


# ---- what is printed


def machine() -> str:
    """Say what it ran on."""
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    with_ = f"Python {platform.python_version()}, DuckDB {version('duckdb')}"
    return f"{processor()}, {platform.machine()}, {os.cpu_count()} cores, {with_}; load when it began: {load}"


def processor() -> str:
    """Name the processor."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or "processor unknown"
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), "processor unknown")


def rate(found: Measured, by: str) -> float:
    """Give members a second, by the clock or of the processor."""
    return float(found["members"] / found[by])


def short(value: float) -> str:
    """Print a figure with two or three digits that mean something."""
    return f"{value:,.0f}" if value >= 10 else f"{value:.2g}"  # noqa: PLR2004 - two digits


def times(found: Measured, other: Measured | None) -> str:
    """Say how many times faster than another, by the clock and of the processor."""
    if other is None:
        return "-"
    return " / ".join(short(rate(found, by) / rate(other, by)) for by in ("clock", "processor"))


def rows_of(heads: list[str]) -> list[str]:
    """Begin a table."""
    return [f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]


def side_by_side(bench: Bench) -> list[str]:
    """Lay every engine out at its largest size."""
    last = {name: sizes[max(sizes)] for name, sizes in bench.found.items()}
    price = bench.args.core_hour
    heads = ["engine", "members", *RATES, "times the floor", "times Python", "times cql-execution"]
    lines = rows_of([*heads, f"USD per million at {price} a core hour", "peak MB"])
    for name in (name for name in NAMES if name in last):
        found = last[name]
        cost = 1e6 / rate(found, "processor") / 3600 * price
        cells = [NAMES[name], f"{found['members']:,}", short(rate(found, "clock")), short(rate(found, "processor"))]
        cells += [times(found, last.get(other)) for other in ("floor", "python", "cql")]
        lines.append("| " + " | ".join([*cells, f"{cost:.4f}", f"{found['peak']:,.0f}"]) + " |")
    return lines


def curve(bench: Bench) -> list[str]:
    """Lay out speed and memory by the number of members."""
    lines = rows_of(["engine", "members", *RATES, "peak MB"])
    beside = ("verdicts", "evidence", "before_verdicts", "before_evidence", *SPARKS, "floor")
    for name in (name for name in beside if name in bench.found):
        for size, found in bench.found[name].items():
            cells = [NAMES[name], f"{size:,}", *(short(rate(found, by)) for by in ("clock", "processor"))]
            lines.append(f"| {' | '.join(cells)} | {found['peak']:,.0f} |")
    return lines


def report(bench: Bench, told: str) -> list[str]:
    """Lay everything out as Markdown."""
    size = bench.args.sizes[-1]
    outcomes = bench.found["verdicts"][size]["outcomes"]
    shares = ", ".join(f"{name} {100 * count / size:.1f} %" for name, count in outcomes.items())
    drawn = bench.drawn[size]
    stages = [f"{count:,} values of {name}" for name, count in bench.compared.items()]
    per = f"{drawn['rows']:.0f} rows ({drawn['bytes']:,.0f} bytes of Parquet)"
    head = f"{told}. Members of {per} each, {bench.args.in_bucket:,} to a bucket, MassHealth's trial: {shares}."
    how = (
        "DuckDB, Spark and the floor: the whole command, from its first import to the last byte written. Python and "
        "cql-execution: deciding alone, all loaded. Ratios: by the clock / of processor time. The cost is that of "
        f"processor time at {bench.args.core_hour} USD a core hour, an assumption."
    )
    lines = [head, "", how, "", *side_by_side(bench), "", "By the number of members:", "", *curve(bench), ""]
    agreed = "All agree" if not bench.differ else f"THEY DIFFER in {len(bench.differ):,} places"
    lines.append(f"{agreed}; compared with DuckDB's verdicts: {'; '.join(stages)}.")
    lines += [f"Not measured: {why}." for why in bench.missing]
    return lines


def as_json(bench: Bench, told: str) -> Measured:
    """Give everything that was measured."""
    found = {name: list(sizes.values()) for name, sizes in bench.found.items()}
    drawn = [{"members": size, **one} for size, one in bench.drawn.items()]
    stated = {"machine": told, "core_hour_usd": bench.args.core_hour, "policy": POLICY}
    return {**stated, "drawn": drawn, **found, "compared": bench.compared, "differ": bench.differ[:100]}


def asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sizes", type=int, nargs="*", help="how many members; several for a curve")
    parser.add_argument("--in-bucket", type=int, default=8_000, help="members to a bucket, about what `ingest` writes")
    parser.add_argument("--python", type=int, default=1_000, help="members decided by Python (default 1000)")
    parser.add_argument("--cql", type=int, default=200, help="members decided by cql-execution (default 200)")
    parser.add_argument("--cql-seconds", type=float, default=120, help="when cql-execution stops")
    parser.add_argument("--cql-peers", type=Path, default=PEERS, help="the folder whose node_modules hold it")
    parser.add_argument("--before", type=Path, metavar="CHECKOUT", help="another checkout of priorauth, to measure too")
    parser.add_argument("--spark", metavar="PYTHON", help="a Python with pyspark, where this one has none")
    parser.add_argument("--spark-most", type=int, default=1_000_000, help="the largest population that Spark is given")
    parser.add_argument("--spark-seconds", type=float, default=900, help="when Spark is stopped")
    parser.add_argument("--core-hour", type=float, default=0.04, help="USD for an hour of one core: an assumption")
    parser.add_argument("--dir", type=Path, help="where members and results stay (else a folder that is removed)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write everything measured as JSON")
    parser.add_argument("--write", type=Path, metavar="DOC", help="put the tables into this page, between its markers")
    parser.add_argument("--profile", action="store_true", help="print what each block of the SQL takes, and no more")
    found = parser.parse_args()
    found.sizes = sorted(set(found.sizes)) or list(SIZES)
    if found.in_bucket % BLOCK or found.in_bucket < 1:
        parser.error(f"--in-bucket: expected a multiple of {BLOCK:,}")
    if found.sizes[0] < 1:
        parser.error("expected sizes above zero")
    return found


def main() -> int:
    """Measure, print, write."""
    args, told = asked(), machine()
    folder = args.dir or Path(tempfile.mkdtemp(prefix="priorauth-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(args, folder)
    try:
        if args.profile:
            return bench.profile()
        bench.run()
    finally:
        if args.dir is None:
            shutil.rmtree(folder)
    lines = report(bench, told)
    print("\n".join(lines))
    if args.json:
        args.json.write_text(json.dumps(as_json(bench, told), indent=2) + "\n", "utf-8")
    for line in bench.differ[:20]:
        say(f"DIFFERS: {line}")
    if bench.differ:
        return 1
    if args.write:
        figures.write(args.write, "population", lines)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
