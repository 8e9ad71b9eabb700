"""Ingest: what comes of an export, whole or damaged, read once or in two goes."""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from priorauth.errors import PopulationError
from priorauth.facts import vocabulary
from priorauth.facts.rows import Row
from priorauth.population.ingest import ingest as room
from priorauth.population.ingest.ingest import ingest
from priorauth.population.tables import SCHEMAS, TABLE_OF
from priorauth.record.read import read_bundle
from priorauth.synthetic.write import Plan, synthesize
from priorauth.values import dates, units
from priorauth.values.dates import EPOCH
from tests.casebook.kept import Kept, every
from tests.exports import AS_OF, Export, Resource, facts, files, hba1c, lines, patient, read, table

CASES = every()


def shown(row: Row) -> tuple[Any, ...]:
    """Give a row as it stands in the tables."""
    name = TABLE_OF[type(row)]
    values = []
    for part in list(SCHEMAS[name])[1:]:
        value = getattr(row, part.name)
        is_day = part.type == pa.date32()
        values.append(pa.scalar(value - EPOCH, pa.int32()).cast(part.type).as_py() if is_day else value)
    return (name, *values)


SOME = 15
"""Of the worked cases one in so many is always tried; the others are slow together."""


@pytest.mark.parametrize(
    "case",
    [pytest.param(one, marks=[] if not turn % SOME else pytest.mark.slow) for turn, one in enumerate(CASES)],
    ids=str,
)
def test_a_member_of_an_export_has_the_rows_that_the_case_alone_has(case: Kept, tmp_path: Path) -> None:
    bundle = case.load()["bundle"]
    (tmp_path / "export").mkdir()
    by_type: dict[str, list[Resource]] = {}
    for entry in bundle["entry"]:
        by_type.setdefault(entry["resource"]["resourceType"], []).append(entry["resource"])
    for kind, found in by_type.items():
        (tmp_path / "export" / f"{kind}.ndjson").write_bytes(lines(*found))
    summary, out = read(tmp_path / "export")
    alone = read_bundle(bundle, vocabulary=vocabulary.load(), units=units.load())
    assert summary.rejects == 0
    assert summary.seats == len(alone.requests)
    expected = {shown(row) for rows in alone.requests[0].rows.values() for row in rows}
    assert facts(out, alone.patient.removeprefix("Patient/")) == expected
    (day,) = {row["as_of"].toordinal() for row in table(out, "member")}
    assert day == alone.requests[0].requested_on


def test_a_bundle_gives_the_same_rows_as_its_resources_line_by_line(tmp_path: Path) -> None:
    bundle = CASES[0].load()["bundle"]
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "bundle.json").write_text(json.dumps(bundle))
    (tmp_path / "two").mkdir()
    (tmp_path / "two" / "all.ndjson").write_bytes(lines(*(entry["resource"] for entry in bundle["entry"])))
    (tmp_path / "three").mkdir()
    (tmp_path / "three" / "bundles.ndjson").write_bytes(lines(bundle))
    outs = [tmp_path / f"out-{name}" for name in ("one", "two", "three")]
    for name, out in zip(("one", "two", "three"), outs, strict=True):
        assert ingest(tmp_path / name, out, as_of=AS_OF, jobs=1).rejects == 0
    assert [row["patient"] for row in table(outs[0], "member")]
    assert (
        len({str(sorted(map(str, (row for name in TABLE_OF.values() for row in table(out, name))))) for out in outs})
        == 1
    )


def test_without_any_day_the_ingest_asks_for_one(export: Export) -> None:
    with pytest.raises(PopulationError, match="expected as_of="):
        read(export(p_ndjson=lines(patient())), as_of=None)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    with pytest.raises(PopulationError, match="there are none"):
        read(tmp_path / "export")


def test_an_export_without_members_is_refused(export: Export) -> None:
    with pytest.raises(PopulationError, match="no member could be read"):
        read(export(all_ndjson=lines(hba1c("a1"))))


def test_a_folder_that_holds_something_else_is_refused(export: Export) -> None:
    source = export(all_ndjson=lines(patient()))
    (source.parent / "out").mkdir()
    (source.parent / "out" / "thesis.txt").write_text("years of work")
    with pytest.raises(PopulationError, match="expected an empty folder"):
        read(source)
    assert (source.parent / "out" / "thesis.txt").exists()


def test_a_second_run_over_the_same_input_only_says_what_is_there(export: Export) -> None:
    source = export(all_ndjson=lines(patient(), hba1c("a1")))
    first, out = read(source)
    before = files(out)
    assert read(source)[0] == first
    assert files(out) == before


def test_a_run_that_was_killed_goes_on_and_ends_with_the_same_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synthesize(Plan(60, tmp_path / "export", seed=5, damage=True), jobs=1)
    monkeypatch.setattr(room, "BUCKET", 1_000_000)
    monkeypatch.setattr("priorauth.population.ingest.sources.TASK", 1_000_000)
    ingest(tmp_path / "export", tmp_path / "whole", jobs=1)
    wanted = files(tmp_path / "whole")
    killed_after = 0
    while not (tmp_path / "pieces" / "manifest.json").exists():
        killed_after += 3
        left = [killed_after]

        def stop(stage: str, done: int, of: int, left: list[int] = left) -> None:  # noqa: ARG001
            left[0] -= 1
            if left[0] < 0:
                raise KeyboardInterrupt

        with contextlib.suppress(KeyboardInterrupt):
            plain = killed_after % 2 == 1  # what one run sifted out and another did not goes together
            ingest(tmp_path / "export", tmp_path / "pieces", jobs=1, progress=stop, plain=plain)
    assert killed_after > 6
    assert files(tmp_path / "pieces") == wanted


def test_an_unfinished_run_of_other_input_is_refused(export: Export) -> None:
    source = export(all_ndjson=lines(patient()))

    def stop(stage: str, done: int, of: int) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(source, progress=stop)
    (source / "more.ndjson").write_bytes(lines(patient("p2")))
    with pytest.raises(PopulationError, match="unfinished ingest of other input"):
        read(source)


def edge() -> dict[str, Any]:
    return dict(json.loads((Path(__file__).parents[2] / "edge" / "ingest-incremental-corrected.json").read_bytes()))


def placed(folder: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


def lows(out: Path) -> list[int]:
    return sorted(row["low"] for row in table(out, "measurement"))


def test_a_later_file_corrects_a_result(tmp_path: Path) -> None:
    case = edge()
    files = {name: text.encode() for name, text in case["files"].items()}
    ingest(placed(tmp_path / "in", files), tmp_path / "out", as_of="2026-06-15", jobs=1)
    assert lows(tmp_path / "out") == [case["expect"]["ingest"]["low"]]


OLD: Resource = {"versionId": "9", "lastUpdated": "2026-05-01T00:00:00Z"}
NEW: Resource = {"versionId": "10", "lastUpdated": "2026-06-01T00:00:00Z"}


@pytest.mark.parametrize("element", ["versionId", "lastUpdated", "both"])
@pytest.mark.parametrize("newer_first", [True, False])
@pytest.mark.parametrize("files", [1, 2])
def test_the_newer_version_counts_wherever_it_stands(
    files: int,
    newer_first: bool,  # noqa: FBT001
    element: str,
    tmp_path: Path,
) -> None:
    def version(value: float, meta: Resource) -> bytes:
        kept = {name: text for name, text in meta.items() if element in ("both", name)}
        return lines(hba1c("a1", value=value, meta=kept))

    both = [version(8.4, OLD), version(6.1, NEW)]
    both = both[::-1] if newer_first else both
    given = dict(zip(("1.ndjson", "2.ndjson"), both, strict=True)) if files == 2 else {"1.ndjson": b"".join(both)}
    ingest(placed(tmp_path / "in", {"0.ndjson": lines(patient()), **given}), tmp_path / "out", as_of=AS_OF, jobs=1)
    assert lows(tmp_path / "out") == [61]


@pytest.mark.parametrize("files", [1, 2, 3])
def test_without_a_version_the_last_in_the_order_of_the_export_counts(files: int, tmp_path: Path) -> None:
    parts = [lines(patient()), lines(hba1c("a1", value=8.4)), lines(hba1c("a1", value=6.1))]
    names = {1: ["a"] * 3, 2: ["a", "a", "b"], 3: ["a", "b", "c/d"]}[files]
    given: dict[str, bytes] = {}
    for name, part in zip(names, parts, strict=True):
        given[f"{name}.ndjson"] = given.get(f"{name}.ndjson", b"") + part
    ingest(placed(tmp_path / "in", given), tmp_path / "out", as_of=AS_OF, jobs=1)
    assert lows(tmp_path / "out") == [61]


def test_entries_and_lines_stand_in_the_order_of_the_input(tmp_path: Path) -> None:
    entry = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": hba1c("a1", value=6.1)}]}
    first, second = lines(patient(), hba1c("a1", value=8.4)), lines(entry)
    ingest(placed(tmp_path / "1", {"a.ndjson": first + second}), tmp_path / "out1", as_of=AS_OF, jobs=1)
    ingest(placed(tmp_path / "2", {"a.ndjson": second + first}), tmp_path / "out2", as_of=AS_OF, jobs=1)
    assert (lows(tmp_path / "out1"), lows(tmp_path / "out2")) == ([61], [84])


def test_a_version_entered_in_error_withdraws_the_result_and_an_older_one_does_not(tmp_path: Path) -> None:
    good, bad = (hba1c("a1", meta=OLD), hba1c("a1", meta=NEW, status="entered-in-error"))
    back = hba1c("b1", meta=NEW)
    old = hba1c("b1", meta=OLD, status="entered-in-error")
    files = {"a.ndjson": lines(patient(), good, back), "b.ndjson": lines(bad, old)}
    ingest(placed(tmp_path / "in", files), tmp_path / "out", as_of=AS_OF, jobs=1)
    assert [row["ref"] for row in table(tmp_path / "out", "measurement")] == ["Observation/b1"]


def test_the_newer_patient_counts(tmp_path: Path) -> None:
    known = [{"system": "urn:mrn", "value": "1"}]
    new, old = (
        patient(identifier=known, birthDate=birth, meta=meta)
        for birth, meta in (("1981-01-01", NEW), ("1980-01-01", OLD))
    )
    files = {"a.ndjson": lines(new, hba1c("a1")), "b.ndjson": lines(old)}
    ingest(placed(tmp_path / "in", files), tmp_path / "out", as_of=AS_OF, jobs=1)
    (born,) = (row["low"] for row in table(tmp_path / "out", "answer") if row["fact"] == "birth_date")
    assert born == dates.day("1981-01-01")


@pytest.mark.parametrize("how", ["grown", "touched", "gone", "new"])
@pytest.mark.parametrize("stage", ["sorting by member", "reading members", "writing tables"])
def test_an_input_that_changes_while_it_is_read_is_refused_and_nothing_is_published(
    stage: str, how: str, tmp_path: Path
) -> None:
    place = placed(tmp_path / "in", {"a.ndjson": lines(patient(), hba1c("a1")), "b.ndjson": lines(hba1c("a2"))})

    def change(now: str, done: int, of: int) -> None:  # noqa: ARG001
        if now == stage:
            if how == "grown":
                with (place / "b.ndjson").open("ab") as file:
                    file.write(lines(hba1c("a3")))
            elif how == "touched":
                os.utime(place / "b.ndjson", ns=(1, 1))
            elif how == "gone":
                (place / "b.ndjson").unlink(missing_ok=True)
            else:
                (place / "b.ndjson.gz").write_bytes(gzip.compress(lines(hba1c("a3"))))

    with pytest.raises(PopulationError) as refused:
        ingest(place, tmp_path / "out", as_of=AS_OF, jobs=1, progress=change)
    assert str(refused.value).startswith("b.ndjson")
    assert "changed while it was read" in str(refused.value)
    assert not (tmp_path / "out" / "manifest.json").exists()
    assert stage != "sorting by member" or not (tmp_path / "out" / "member").exists()


def test_what_a_killed_run_left_half_written_is_gone_in_the_end_and_what_is_not_ours_stays(tmp_path: Path) -> None:
    place = placed(tmp_path / "in", {"a.ndjson": lines(patient(), hba1c("a1"))})
    out = tmp_path / "out"

    def stop(stage: str, done: int, of: int) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        ingest(place, out, as_of=AS_OF, jobs=1, progress=stop)
    half = [
        out / ".work" / "0.tables.n-1-0" / "x",
        out / ".work" / "shards" / "0.data.n-1-0",
        out / "manifest.json.n-1-0",
    ]
    for path in (*half, out / "notes.txt"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    ingest(place, out, as_of=AS_OF, jobs=1)
    assert {path.name for path in out.iterdir() if not path.is_dir()} == {
        "manifest.json", ".manifest.json.input", "rejects.ndjson", "warnings.ndjson", ".lock", "notes.txt",
    }  # fmt: skip
    assert not (out / ".work").exists()


def test_a_run_killed_after_its_last_word_is_finished_and_leaves_no_work(tmp_path: Path) -> None:
    place = placed(tmp_path / "in", {"a.ndjson": lines(patient(), hba1c("a1"))})
    out = tmp_path / "out"
    first = ingest(place, out, as_of=AS_OF, jobs=1)
    (out / ".work" / "shards").mkdir(parents=True)
    assert ingest(place, out, as_of=AS_OF, jobs=1) == first
    assert not (out / ".work").exists()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, 60), max_size=5), task=st.sampled_from([2_000, 50_000, 32_000_000]))
def test_the_same_lines_in_other_files_are_the_same_tables(cuts: list[int], task: int, tmp_path: Path) -> None:
    with TemporaryDirectory(dir=tmp_path) as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr("priorauth.population.ingest.sources.TASK", task)
        made = varied()
        ends = sorted({0, *(min(cut, len(made)) for cut in cuts), len(made)})
        parts = {f"{turn:03}.ndjson": b"".join(made[a:b]) for turn, (a, b) in enumerate(pairwise(ends))}
        whole = Path(folder) / "whole"
        ingest(placed(Path(folder) / "1", {"all.ndjson": b"".join(made)}), whole, as_of=AS_OF, jobs=1)
        ingest(placed(Path(folder) / "2", parts), Path(folder) / "parts", as_of=AS_OF, jobs=1)
        one, two = (
            {name: data for name, data in files(out).items() if name.endswith(".parquet")}
            for out in (whole, Path(folder) / "parts")
        )
        assert one == two


def varied() -> list[bytes]:
    """Give lines of which the order of the export matters: versions, copies, deletions, several members."""
    made = []
    for turn in range(8):
        whose = f"Patient/p{turn % 4}"
        made += [
            patient(f"p{turn % 4}"),
            hba1c(f"v{turn % 3}-{whose[-1]}", whose, 6 + turn / 10, meta={"versionId": str(11 - turn)}),
            hba1c(f"c{turn % 2}-{whose[-1]}", whose, 7 + turn / 10),
            {"resourceType": "Organization", "id": "o", "name": f"named {turn}"},
        ]
    made.append(
        {
            "resourceType": "Bundle",
            "entry": [{"request": {"method": "DELETE", "url": f"Observation/c1-{n}"}} for n in "13"],
        }
    )
    return [lines(one) for one in made]


KILLED: Final = (0.0, 0.3, 0.6, 0.9, 1.2, 1.6, 2.1)


@pytest.mark.slow
def test_a_program_that_is_killed_at_any_moment_goes_on_to_the_same_bytes(tmp_path: Path) -> None:
    synthesize(Plan(120, tmp_path / "in", seed=8, damage=True), jobs=1)
    code = (
        "import sys; from pathlib import Path; from priorauth.population.ingest import ingest as room;"
        "room.BUCKET = 1_000_000; room.ingest(Path(sys.argv[1]), Path(sys.argv[2]), jobs=2)"
    )

    def begin(out: Path) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "in"), str(out)], start_new_session=True)

    assert begin(tmp_path / "whole").wait() == 0
    wanted = files(tmp_path / "whole")
    out = tmp_path / "out"
    left = 0
    for wait in KILLED:
        running = begin(out)
        with contextlib.suppress(subprocess.TimeoutExpired):
            running.wait(1 + wait)
        running.kill()
        running.wait()
        left += (out / ".work").is_dir()
    assert left
    assert begin(out).wait() == 0
    assert files(out) == wanted
    assert {path.name for path in out.iterdir()} == {path.name for path in (tmp_path / "whole").iterdir()}


@pytest.mark.slow
def test_the_number_of_processes_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synthesize(Plan(80, tmp_path / "export", seed=6), jobs=1)
    monkeypatch.setattr(room, "BUCKET", 1_000_000)
    for jobs in (1, 2):
        ingest(tmp_path / "export", tmp_path / f"out{jobs}", jobs=jobs, plain=jobs > 1)
    assert files(tmp_path / "out1") == files(tmp_path / "out2")
    assert json.loads((tmp_path / "out1" / "manifest.json").read_bytes())["buckets"] > 4
