"""Tables in an object store: the same verdicts, the same bytes, by a server of S3 on this machine."""

from __future__ import annotations

import importlib.util
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

import priorauth
from priorauth.cli.main import main
from priorauth.errors import PopulationError
from priorauth.population import dataset, fetch, storage, tables, workers
from priorauth.population.storage import Remote
from tests import asking
from tests.draw import Draw
from tests.parts import need
from tests.population.test_spark import CATALOG, held

COUNT = 25
POLICY = "texas-medicaid/external-insulin-pumps"


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Start a server of S3; gives its port."""
    need(importlib.util.find_spec("moto"), "pip install 'moto[s3]' flask flask-cors")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number = int(free.getsockname()[1])
    words = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(number)]
    with (
        (tmp_path_factory.mktemp("s3") / "log").open("wb") as log,
        subprocess.Popen(words, stdout=log, stderr=log) as ran,
    ):
        try:
            for _ in range(600):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{number}/moto-api/", timeout=5).close()
                    break
                except OSError:
                    assert ran.poll() is None
                    time.sleep(0.1)
            yield number
        finally:
            ran.kill()


@pytest.fixture
def asked(port: int, monkeypatch: pytest.MonkeyPatch) -> str:
    """Give what stands behind the address of a place in the store."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    # moto keeps the framing of a body that comes with a checksum behind it, where several are sent at once
    monkeypatch.setenv("AWS_REQUEST_CHECKSUM_CALCULATION", "when_required")
    return f"?scheme=http&endpoint_override=127.0.0.1:{port}&region=us-east-1&allow_bucket_creation=true"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    draw = Draw(CATALOG.versions(POLICY)[-1], CATALOG.vocabulary, 67)
    tables.write_cases(tmp_path / "tables", ((f"Patient/{n}", draw.case()) for n in range(COUNT)), in_bucket=5)
    return tmp_path / "tables"


def sent(folder: Path, address: str) -> None:
    """Copy tables into the store."""
    place = storage.place(address)
    assert isinstance(place, Remote)
    store, path = place.store()
    store.create_dir(path.partition("/")[0])
    for name, data in held(folder).items():
        storage.put(place, name, data)


def test_a_folder_is_read_where_it_is(folder: Path) -> None:
    with fetch.outline(folder) as place:
        assert place == folder
        parts = [(0, 1), (2,), (3, 4)]
        found = list(
            fetch.each(place, parts, lambda one: one.execute("SELECT count(*) FROM member").fetchall(), zipped)
        )
    assert found == [(0, 10), (1, 5), (2, 10)]


def zipped(number: int, rows: list[tuple[int]]) -> tuple[int, int]:
    return number, rows[0][0]


@pytest.mark.slow
def test_tables_in_a_store_are_decided_into_a_store_as_in_a_folder(
    folder: Path, asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(workers, "AT_ONCE", 5)
    monkeypatch.setattr(fetch, "AT_ONCE", 2)
    (tmp_path / "copies").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "copies"))
    sent(folder, f"s3://one/tables{asked}")
    words = ["--policy", POLICY, "--suppose", "request_kind=initial"]
    assert main(["population", "run", str(folder), *words, "--out", str(tmp_path / "rows")]) == 0
    said = capsys.readouterr().out
    for _ in range(2):  # the second begins anew where the first has finished
        assert main(["population", "run", f"s3://one/tables{asked}", *words, "--out", f"s3://one/rows{asked}"]) == 0
        assert capsys.readouterr().out == said
    out = storage.place(f"s3://one/rows{asked}")
    assert {name: storage.read(out, name) for name in storage.sizes(out)} == held(tmp_path / "rows")
    assert dataset.opened(out) == dataset.opened(tmp_path / "rows")
    assert dataset.rows(out).to_table() == dataset.rows(tmp_path / "rows").to_table()
    readings = [*words, "--reading", "hba1c_age=3 months"]
    assert main(["population", "compare", str(folder), *readings]) == 0
    said = capsys.readouterr().out
    assert main(["population", "compare", f"s3://one/tables{asked}", *readings]) == 0
    assert capsys.readouterr().out == said
    assert list((tmp_path / "copies").iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_executors_read_and_write_a_store(
    folder: Path, asked: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    need(importlib.util.find_spec("pyspark"), "pip install 'priorauth[spark]'")
    need(shutil.which("java"), "Spark runs on Java 17")
    monkeypatch.setenv("PYTHONPATH", str(Path(priorauth.__file__).parents[1]))
    monkeypatch.setattr(workers, "AT_ONCE", 10)
    sent(folder, f"s3://two/tables{asked}")
    words = ["--policy", POLICY, "--verdicts"]
    assert main(["population", "run", str(folder), *words, "--out", str(tmp_path / "rows")]) == 0
    store = [f"s3://two/tables{asked}", *words, "--out", f"s3://two/rows{asked}"]
    asked_of = ["population", "run", *store, "--spark", "local-cluster[2,1,1200]"]
    alone = "from priorauth.population import workers; from priorauth.cli.main import main; workers.AT_ONCE = 10"
    # a process of its own: Java, once started, and so its executors, keep the environment they were started in
    done = subprocess.run(
        [sys.executable, "-c", f"{alone}; raise SystemExit(main({asked_of!r}))"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    out = storage.place(f"s3://two/rows{asked}")
    assert {name: storage.read(out, name) for name in storage.sizes(out)} == held(tmp_path / "rows")


@pytest.mark.slow
def test_a_store_without_finished_tables_is_refused_by_its_address(
    asked: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "tables").mkdir()
    sent(tmp_path / "tables", f"s3://three/tables{asked}")
    with pytest.raises(PopulationError, match=r"^s3://three/tables: expected the tables of a population and the"):
        fetch.outline(storage.place(f"s3://three/tables{asked}")).__enter__()
    tables.write_cases(tmp_path / "tables", [("Patient/1", asking.case("motivated: yes"))])
    (tmp_path / "tables/manifest.json").write_text('{"format": 99, "vocabulary": ""}', "utf-8")
    sent(tmp_path / "tables", f"s3://three/tables{asked}")
    words = [f"s3://three/tables{asked}", "--policy", POLICY, "--out", str(tmp_path / "rows")]
    assert main(["population", "run", *words]) == 2
    said = capsys.readouterr().err
    assert said.startswith("s3://three/tables: was ingested by another version of the program")
    assert (
        main(
            ["population", "run", f"s3://nothing/tables{asked.replace('&allow_bucket_creation=true', '')}", *words[1:]]
        )
        == 2
    )
    assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.slow
def test_several_may_copy_at_once_and_what_is_copied_goes(folder: Path, asked: str) -> None:
    sent(folder, f"s3://four/tables{asked}")
    with fetch.some(storage.place(f"s3://four/tables{asked}"), (1, 3)) as place:
        assert tables.buckets(place) == (1, 3)
        assert {name: data for name, data in held(folder).items() if "=1/" in name or "=3/" in name} == held(place)
    assert not place.exists()
