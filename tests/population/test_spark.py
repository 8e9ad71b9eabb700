"""Spark's executors write what DuckDB alone writes, byte for byte, whoever of them is lost on the way."""

from __future__ import annotations

import importlib.util
import os
import pickle
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

import priorauth
from priorauth.cli.main import main
from priorauth.errors import PopulationError
from priorauth.facts import vocabulary
from priorauth.policy.catalog import open_catalog
from priorauth.population import assume, compare, dataset, fetch, run, spark, tables, workers
from priorauth.population.spark import Cluster
from priorauth.version import __version__
from tests.approved import mixed
from tests.draw import AS_OF, Draw
from tests.exports import hba1c, lines, patient
from tests.parts import need

CATALOG = open_catalog()
POLICIES = ["husky/ambulatory-infusion-pumps", "masshealth/insulin-pumps", "caresource/insulin-infusion-pump"]
POLICY = "masshealth/insulin-pumps"
CLUSTER = "local-cluster[2,1,1200]"
COUNT, IN_BUCKET = 60, 6
KNOWN = vocabulary.load().sha256
DEADLINE = 900
"""Seconds after which a test gives up, however busy the machine."""
DRIVER = (
    "import sys; from priorauth.population import workers; workers.AT_ONCE = 6; from priorauth.cli.main import main; "
)


def needed() -> None:
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    need(shutil.which("java"), "Spark runs on Java 17")


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "AT_ONCE", 30)


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    needed()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(Path(priorauth.__file__).parents[1]))
        with spark.cluster(CLUSTER) as opened:
            yield opened


def drawn(folder: Path, policy: str, count: int = COUNT) -> Path:
    draw = Draw(CATALOG.versions(policy)[-1], CATALOG.vocabulary, 53)
    tables.write_cases(folder, ((f"Patient/{n}", one) for n, one in enumerate(mixed(draw, count))), IN_BUCKET)
    return folder


def held(folder: Path) -> dict[str, bytes]:
    """Give everything in a folder, by name."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("policy", POLICIES)
def test_spark_on_two_workers_writes_what_duckdb_writes(policy: str, cluster: Cluster, tmp_path: Path) -> None:
    folder = drawn(tmp_path / "tables", policy)
    version = CATALOG.versions(policy)[-1]
    query = run.compiled(CATALOG, version, AS_OF, evidence=True)
    supposed = assume.read(["request_kind=initial"], CATALOG.vocabulary, CATALOG.units, AS_OF)
    seen: list[tuple[int, int]] = []
    cluster.say = lambda done, of: seen.append((done, of))
    for name, given in (("plain", ()), ("supposed", supposed))[: 2 if policy == POLICY else 1]:
        one = run.run_into(folder, query, tmp_path / name, supposed=given)
        two = run.run_into(folder, query, tmp_path / f"{name}-spark", supposed=given, each=cluster.each)
        assert one == two
        assert len(one.outcomes) > 2
        assert held(tmp_path / name) == held(tmp_path / f"{name}-spark")
    assert len(dataset.paths(tmp_path / "plain-spark")) == 2
    assert {of for _, of in seen} <= {2}
    assert cluster.lost == 0


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_comparison_on_spark_counts_the_same(cluster: Cluster, tmp_path: Path) -> None:
    folder = drawn(tmp_path / "tables", POLICY)
    version = CATALOG.versions(POLICY)[-1]
    other = CATALOG.versions("medicare/ncd-280-14")[-1]
    one, two = (run.compiled(CATALOG, each, AS_OF) for each in (version, other))
    supposed = assume.read(["request_kind=initial"], CATALOG.vocabulary, CATALOG.units, AS_OF)
    found = []
    for name, each in (("duckdb", fetch.each), ("spark", cluster.each)):
        out = tmp_path / f"{name}.parquet"
        found.append(compare.compare(folder, one, two, ("one", "two"), supposed, witnesses=2, out=out, each=each))
    assert found[0] == found[1]
    assert (tmp_path / "duckdb.parquet").read_bytes() == (tmp_path / "spark.parquet").read_bytes()
    assert found[1].members == COUNT
    rows = pq.read_table(tmp_path / "spark.parquet").to_pylist()
    assert len(rows) == sum(count for _, _, count in found[1].moved) > 0
    for before, after, count in found[1].moved:
        moved = [row["patient"] for row in rows if (row["before"], row["after"]) == (before, after)]
        assert len(moved) == count
        assert found[1].movers[before, after] == tuple(moved[:2])


# ---- who is lost


def started(folder: Path, out: Path) -> subprocess.Popen[str]:
    """Start a run of ten parts on two executors, verdicts alone."""
    words = ["population", "run", str(folder), "--policy", POLICY, "--out", str(out), "--spark", CLUSTER, "--verdicts"]
    path = str(Path(priorauth.__file__).parents[1])
    return subprocess.Popen(
        [sys.executable, "-c", f"{DRIVER}sys.exit(main({words!r}))"],
        env={**os.environ, "PYTHONPATH": path, "PYSPARK_PYTHON": sys.executable},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def below(process: int) -> list[int]:
    """List the processes that a process started, and theirs."""
    found = []
    for task in Path(f"/proc/{process}/task").glob("*/children"):
        for child in map(int, task.read_text("utf-8").split()):
            found += [child, *below(child)]
    return found


def executors(process: int) -> list[int]:
    def words(one: int) -> str:
        try:
            return Path(f"/proc/{one}/cmdline").read_text("utf-8")
        except OSError:
            return ""

    return [one for one in below(process) if "CoarseGrainedExecutorBackend" in words(one)]


def wait(until: Callable[[], object], ran: subprocess.Popen[str]) -> None:
    begun = time.monotonic()
    while not until():
        assert ran.poll() is None, ran.communicate()
        assert time.monotonic() - begun < DEADLINE
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_an_executor_that_is_killed_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    needed()
    folder, out = drawn(tmp_path / "tables", POLICY), tmp_path / "spark"
    with started(folder, out) as ran:
        wait(lambda: list(out.glob("part-*")), ran)
        working = [one for one in executors(ran.pid) if below(one)]
        os.kill(working[0], signal.SIGKILL)
        said, faults = ran.communicate(timeout=DEADLINE)
        assert ran.returncode == 0, faults
    assert "60 members" in said
    assert "priorauth: Spark lost 1 task; it was done again" in faults
    monkeypatch.setattr(workers, "AT_ONCE", 6)
    assert (
        main(["population", "run", str(folder), "--policy", POLICY, "--verdicts", "--out", str(tmp_path / "duckdb")])
        == 0
    )
    assert held(out) == held(tmp_path / "duckdb")
    assert len(dataset.paths(out)) == 10


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_driver_that_is_killed_leaves_nothing_finished_and_a_second_run_finishes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    needed()
    folder, out = drawn(tmp_path / "tables", POLICY), tmp_path / "out"
    with started(folder, out) as ran:
        wait(lambda: list(out.glob("part-*")), ran)
        others = below(ran.pid)
        ran.kill()
    begun = time.monotonic()
    while any(Path(f"/proc/{one}").exists() for one in others):
        assert time.monotonic() - begun < DEADLINE
        time.sleep(0.05)
    with pytest.raises(PopulationError, match="a run was begun there and is not finished"):
        dataset.opened(out)
    monkeypatch.setattr(workers, "AT_ONCE", 6)
    for place in (out, tmp_path / "anew"):
        assert main(["population", "run", str(folder), "--policy", POLICY, "--verdicts", "--out", str(place)]) == 0
    assert held(out) == held(tmp_path / "anew")


# ---- what is said


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_damaged_table_is_named_in_one_line(cluster: Cluster, tmp_path: Path) -> None:
    folder = drawn(tmp_path / "tables", POLICY)
    broken = folder / "measurement/bucket=2/rows.parquet"
    broken.write_bytes(broken.read_bytes()[:-40])
    query = run.compiled(CATALOG, CATALOG.versions(POLICY)[-1], AS_OF)
    with pytest.raises(PopulationError) as refused:
        run.run_into(folder, query, tmp_path / "out", each=cluster.each)
    assert str(refused.value).startswith(f"{broken}: expected a whole Parquet file")
    assert len(str(refused.value).splitlines()) == 1
    with pytest.raises(PopulationError, match="is not finished"):
        dataset.opened(tmp_path / "out")


def _divided(number: int) -> int:
    return 12 // number


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_what_an_executor_cannot_do_is_said_without_its_traces(cluster: Cluster) -> None:
    with pytest.raises(PopulationError) as refused:
        cluster.made(lambda number: 12 // number, 3)
    assert str(refused.value) == "part 0 could not be worked on by an executor (ZeroDivisionError)"
    assert cluster.made(lambda number: 12 // (number + 1), 3) == [12, 6, 4]


def test_an_answer_is_what_was_made_or_what_is_wrong() -> None:
    work = pickle.dumps(_divided)
    fault, made = spark.answered(__version__, KNOWN, work, 4)
    assert fault is None
    assert made is not None
    assert pickle.loads(made) == 3  # noqa: S301 - made above
    with pytest.raises(spark.Failed, match=r"^priorauth, part 0: ZeroDivisionError$"):
        spark.answered(__version__, KNOWN, work, 0)


def test_executors_of_another_version_are_refused_before_they_read_what_to_do() -> None:
    assert spark.answered("0.1.0", KNOWN, b"?", 1) == (
        f"the executors have priorauth {__version__}, expected 0.1.0 as here",
        None,
    )
    fault, _ = spark.answered(__version__, "other", b"?", 1)
    assert fault == "the executors' priorauth has another vocabulary; expected the same installation as here"


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (
            "Traceback\n  x\nModuleNotFoundError: No module named 'priorauth'\n",
            "master: the executors have no priorauth: ",
        ),
        ("AttributeError: Can't get attribute 'answers' on <module", "master: the executors have another priorauth: "),
        ("[SPARK_JOB_CANCELLED] Job 4 cancelled", "Spark ended without an answer (SPARK_JOB_CANCELLED)"),
        (
            "An error\n: java.lang.IllegalStateException: no\n\tat x",
            "Spark ended without an answer (IllegalStateException)",
        ),
    ],
)
def test_what_spark_says_on_pages_is_told_in_a_line(said: str, line: str) -> None:
    told = str(spark.said(RuntimeError(said)))
    assert told.startswith(line)
    assert len(told.splitlines()) == 1


# the last one: its command ends the session that the others share
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_an_ingest_on_spark_writes_the_same_bytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    needed()
    monkeypatch.setenv("PYTHONPATH", str(Path(priorauth.__file__).parents[1]))
    export = tmp_path / "export"
    export.mkdir()
    for number in range(6):
        people = [patient(f"p{number}-{n}") for n in range(3)]
        (export / f"{number}.ndjson").write_bytes(lines(*people, hba1c(f"a{number}", f"Patient/p{number}-1")))
    monkeypatch.chdir(tmp_path)
    words = ["population", "ingest", "export"]
    assert main([*words, "one", "--as-of", "2026-11-20", "--jobs", "1"]) == 0
    said = capsys.readouterr().out
    assert main([*words, "two", "--as-of", "2026-11-20", "--spark", "local-cluster[2,1,1200]"]) == 0
    assert capsys.readouterr().out == said
    assert held(tmp_path / "one") == held(tmp_path / "two")
    assert len(held(tmp_path / "two")) > 6
