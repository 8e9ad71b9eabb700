"""Ingest: what comes of an export, whole or damaged, read once or in two goes."""

from __future__ import annotations

import contextlib
import gzip
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from priorauth.facts import vocabulary
from priorauth.facts.rows import Row
from priorauth.population import ingest as room
from priorauth.population.ingest import IngestRefused, Summary, ingest
from priorauth.population.synthesize import Plan, synthesize
from priorauth.population.tables import SCHEMAS, TABLE_OF
from priorauth.record.read import read_bundle
from priorauth.values import dates, units
from priorauth.values.dates import EPOCH

AS_OF = "2026-11-20"
CASES = sorted((Path(__file__).parent.parent / "cases").glob("*/*.json"))

Resource = dict[str, Any]


def patient(name: str = "p1", **more: Any) -> Resource:  # JSON
    return {"resourceType": "Patient", "id": name, "birthDate": "1980-01-01", "gender": "female", **more}


def hba1c(name: str, whose: str = "Patient/p1", value: float = 8.1, **more: Any) -> Resource:  # JSON
    return {
        "resourceType": "Observation",
        "id": name,
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}]},
        "subject": {"reference": whose},
        "effectiveDateTime": "2026-10-02",
        "valueQuantity": {"value": value, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"},
        **more,
    }


def lines(*resources: Resource) -> bytes:
    return b"".join(json.dumps(resource).encode() + b"\n" for resource in resources)


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    def write(**files: bytes) -> Path:
        folder = tmp_path / "export"
        for name, data in files.items():
            place = folder / name.replace("__", "/").replace("_", ".")
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(data)
        return folder

    return write


def read(source: Path, **options: Any) -> tuple[Summary, Path]:  # passed on
    out = source.parent / "out"
    return ingest(source, out, jobs=1, **{"as_of": AS_OF, **options}), out


def rejects(out: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (out / "rejects.ndjson").read_bytes().splitlines()]


def table(out: Path, name: str) -> list[dict[str, Any]]:
    found = pa.concat_tables(pq.read_table(path) for path in sorted(out.glob(f"{name}/*/*.parquet")))
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def facts(out: Path, patient_id: str) -> set[tuple[Any, ...]]:
    """Give every row of a member as it stands in the tables."""
    (member,) = (row["member"] for row in table(out, "member") if row["patient"] == patient_id)
    found = set()
    for name in TABLE_OF.values():
        for row in table(out, name):
            if row.pop("member") == member:
                found.add((name, *row.values()))
    return found


def shown(row: Row) -> tuple[Any, ...]:
    """Give a row as it stands in the tables."""
    name = TABLE_OF[type(row)]
    values = []
    for part in list(SCHEMAS[name])[1:]:
        value = getattr(row, part.name)
        is_day = part.type == pa.date32()
        values.append(pa.scalar(value - EPOCH, pa.int32()).cast(part.type).as_py() if is_day else value)
    return (name, *values)


@pytest.mark.parametrize("case", CASES, ids=[path.stem for path in CASES])
def test_a_member_of_an_export_has_the_rows_that_the_case_alone_has(case: Path, tmp_path: Path) -> None:
    bundle = json.loads(case.read_bytes())["bundle"]
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
    bundle = json.loads(CASES[0].read_bytes())["bundle"]
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


def test_references_by_uuid_hold_within_their_bundle(export: Callable[..., Path]) -> None:
    uuid = "urn:uuid:6c1e4d0a-54aa-4f0e-9f1c-0d1f0a6f1c11"
    nameless = patient()
    del nameless["id"]
    bundle = {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [{"fullUrl": uuid, "resource": nameless}, {"resource": hba1c("a1", uuid)}],
    }
    summary, out = read(export(bundle_json=json.dumps(bundle).encode()))
    assert (summary.members, summary.rejects) == (1, 0)
    assert [row["fact"] for row in table(out, "measurement")] == ["hba1c"]


def test_parquet_of_the_same_resources_gives_the_same_rows(tmp_path: Path) -> None:
    resources = [patient(), hba1c("a1"), hba1c("a2", value=7.0, effectiveDateTime="2026-01-05")]
    (tmp_path / "lines").mkdir()
    (tmp_path / "lines" / "all.ndjson").write_bytes(lines(*resources))
    (tmp_path / "texts").mkdir()
    pq.write_table(pa.table({"resource": [json.dumps(one) for one in resources]}), tmp_path / "texts" / "all.parquet")
    (tmp_path / "columns").mkdir()
    for kind, found in (("Patient", resources[:1]), ("Observation", resources[1:])):
        bare = [{key: value for key, value in one.items() if key != "resourceType"} for one in found]
        pq.write_table(pa.Table.from_pylist(bare), tmp_path / "columns" / f"{kind}.000.parquet")
    outs = []
    for name in ("lines", "texts", "columns"):
        outs.append(tmp_path / f"out-{name}")
        assert ingest(tmp_path / name, outs[-1], as_of=AS_OF, jobs=1).rejects == 0
    assert facts(outs[0], "p1") == facts(outs[1], "p1") == facts(outs[2], "p1")
    assert len(table(outs[0], "measurement")) == 2


def test_the_day_of_the_manifest_counts_where_none_is_given(export: Callable[..., Path]) -> None:
    manifest = {"transactionTime": "2026-03-04T10:00:00Z", "request": "x", "output": []}
    summary, _ = read(export(p_ndjson=lines(patient()), manifest_json=json.dumps(manifest).encode()), as_of=None)
    assert summary.as_of == "2026-03-04"


def test_without_any_day_the_ingest_asks_for_one(export: Callable[..., Path]) -> None:
    with pytest.raises(IngestRefused, match="expected --as-of"):
        read(export(p_ndjson=lines(patient())), as_of=None)


def test_a_corrupt_gzip_file_gives_what_came_before_the_damage(export: Callable[..., Path]) -> None:
    whole = gzip.compress(lines(patient(), *(hba1c(f"a{n}") for n in range(8_000))), mtime=0)
    summary, out = read(export(all_ndjson_gz=whole[: len(whole) // 2]))
    (found,) = rejects(out)
    assert "gzip stream ends too early" in found["reason"]
    assert found["file"] == "all.ndjson.gz"
    assert 1_000 < summary.read["Observation"] < 8_000
    assert summary.members == 1


def test_a_file_that_only_claims_to_be_gzip_is_named(export: Callable[..., Path]) -> None:
    summary, out = read(export(p_ndjson=lines(patient()), q_ndjson_gz=b"no gzip at all"))
    assert summary.members == 1
    assert [found["file"] for found in rejects(out)] == ["q.ndjson.gz"]


def test_half_a_line_is_rejected_with_its_line_and_byte_and_the_rest_is_read(export: Callable[..., Path]) -> None:
    first, last = lines(patient(), hba1c("a1")), lines(hba1c("a3"))
    half = lines(hba1c("a2"))[:200] + b"\n"
    summary, out = read(export(all_ndjson=first + half + last))
    (found,) = rejects(out)
    assert (found["line"], found["byte"]) == (3, len(first))
    assert summary.read["Observation"] == 2
    assert summary.rows["measurement"] == 2


def test_one_poison_resource_leaves_the_others_of_its_member(export: Callable[..., Path]) -> None:
    poison = hba1c("bad", status=["final"])
    summary, out = read(export(all_ndjson=lines(patient(), hba1c("a1"), poison, hba1c("a2"))))
    (found,) = rejects(out)
    assert (found["line"], found["resource"], found["reason"]) == (
        3,
        "Observation/bad",
        "status: Expected `str`, got `array`",
    )
    assert summary.rows["measurement"] == 2


def test_json_that_nests_without_end_is_rejected(export: Callable[..., Path]) -> None:
    deep = b'{"resourceType":"Observation","subject":{"reference":"Patient/p1"},"x":' + b"[" * 100_000 + b"\n"
    summary, out = read(export(all_ndjson=lines(patient()) + deep + lines(hba1c("a1"))))
    assert [found["line"] for found in rejects(out)] == [2]
    assert summary.rows["measurement"] == 1


def test_two_people_of_one_id_are_named_and_left_out_and_the_rest_is_read(export: Callable[..., Path]) -> None:
    one = patient(identifier=[{"system": "urn:a", "value": "1"}])
    two = patient(identifier=[{"system": "urn:b", "value": "9"}], birthDate="1955-05-05")
    summary, out = read(
        export(
            a__p_ndjson=lines(one, hba1c("a1"), patient("p2")),
            b__p_ndjson=lines(two, hba1c("b1"), hba1c("b2", "Patient/p2")),
        )
    )
    found = rejects(out)
    assert [row["patient"] for row in table(out, "member")] == ["p2"]
    assert summary.members == 1
    assert {row["file"] for row in found} == {"a/p.ndjson", "b/p.ndjson"}
    assert all("two different patients" in row["reason"] for row in found)
    assert [row["resources"] for row in found if "resources" in row] == [4]


def test_the_same_patient_in_two_files_is_one_member(export: Callable[..., Path]) -> None:
    summary, _ = read(export(a_ndjson=lines(patient(), hba1c("a1")), b_ndjson=lines(patient(), hba1c("a2"))))
    assert (summary.members, summary.rejects, summary.rows["measurement"]) == (1, 0, 2)


def test_results_of_nobody_and_of_strangers_are_rejected_by_name(export: Callable[..., Path]) -> None:
    nobody = hba1c("n1")
    del nobody["subject"]
    summary, out = read(
        export(
            all_ndjson=lines(
                patient(), nobody, hba1c("s1", "Patient/gone"), hba1c("s2", "Patient/gone"), hba1c("l", "#x")
            )
        )
    )
    found = {row.get("resource") or row["member"]: row for row in rejects(out)}
    assert found["Observation/n1"]["reason"] == "names no patient"
    assert found["Observation/l"]["reason"] == "expected a reference to a Patient by its id"
    assert found["gone"]["reason"] == "its Patient is not in the export"
    assert found["gone"]["resources"] == 2
    assert summary.members == 1


def test_rejects_hold_no_values(export: Callable[..., Path]) -> None:
    secret = hba1c("bad", status=["Rosa Almeida"], note=[{"text": "Rosa Almeida"}])
    _, out = read(export(all_ndjson=lines(patient(), secret) + lines(hba1c("half", note="Rosa Almeida"))[:-40]))
    assert len(rejects(out)) == 2
    assert b"Rosa" not in (out / "rejects.ndjson").read_bytes()


def test_a_refused_request_leaves_the_member_without_one(export: Callable[..., Path]) -> None:
    claim = {
        "resourceType": "Claim", "id": "c1", "use": "preauthorization", "status": "active", "created": "2026-11-01",
        "patient": {"reference": "Patient/p1"}, "insurance": [], "item": [{"sequence": 1}],
    }  # fmt: skip
    summary, out = read(export(all_ndjson=lines(patient(), claim, hba1c("a1"))))
    (found,) = rejects(out)
    assert "expected insurance with a coverage" in found["reason"]
    assert found["line"] == 2
    assert (summary.members, summary.rows["measurement"]) == (1, 1)
    assert table(out, "member")[0]["as_of"].isoformat() == AS_OF


def test_types_that_are_not_read_are_counted(export: Callable[..., Path]) -> None:
    shot = {"resourceType": "Immunization", "id": "i", "patient": {"reference": "Patient/p1"}}
    place = {"resourceType": "Location", "id": "l", "subject": [1, 2]}
    summary, _ = read(export(all_ndjson=lines(patient(), shot, shot, place), notes_txt=b"x"))
    assert summary.not_read == {"Immunization": 2, "Location": 1}
    assert summary.other_files == ["notes.txt"]
    assert summary.rejects == 0


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(export: Callable[..., Path]) -> None:
    data = b"\xef\xbb\xbf" + lines(patient(), hba1c("a1")).replace(b"\n", b"\r\n") + b"\r\n\n"
    summary, _ = read(export(all_ndjson=data))
    assert (summary.members, summary.rows["measurement"], summary.rejects) == (1, 1, 0)


def test_a_number_beyond_all_measure_harms_nobody(export: Callable[..., Path]) -> None:
    summary, out = read(export(all_ndjson=lines(patient(), hba1c("a1"), hba1c("a2", value=1e25))))
    assert summary.members == 1
    assert len(table(out, "measurement")) == 2


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "export").mkdir()
    with pytest.raises(IngestRefused, match="there are none"):
        read(tmp_path / "export")


def test_an_export_without_members_is_refused(export: Callable[..., Path]) -> None:
    with pytest.raises(IngestRefused, match="no member could be read"):
        read(export(all_ndjson=lines(hba1c("a1"))))


def test_a_folder_that_holds_something_else_is_refused(export: Callable[..., Path]) -> None:
    source = export(all_ndjson=lines(patient()))
    (source.parent / "out").mkdir()
    (source.parent / "out" / "thesis.txt").write_text("years of work")
    with pytest.raises(IngestRefused, match="expected an empty folder"):
        read(source)
    assert (source.parent / "out" / "thesis.txt").exists()


def test_a_second_run_over_the_same_input_only_says_what_is_there(export: Callable[..., Path]) -> None:
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
    monkeypatch.setattr("priorauth.population.sources.TASK", 1_000_000)
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
            ingest(tmp_path / "export", tmp_path / "pieces", jobs=1, progress=stop)
    assert killed_after > 6
    assert files(tmp_path / "pieces") == wanted


def test_an_unfinished_run_of_other_input_is_refused(export: Callable[..., Path]) -> None:
    source = export(all_ndjson=lines(patient()))

    def stop(stage: str, done: int, of: int) -> None:  # noqa: ARG001
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read(source, progress=stop)
    (source / "more.ndjson").write_bytes(lines(patient("p2")))
    with pytest.raises(IngestRefused, match="unfinished ingest of other input"):
        read(source)


@pytest.mark.slow
def test_the_number_of_processes_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synthesize(Plan(80, tmp_path / "export", seed=6), jobs=1)
    monkeypatch.setattr(room, "BUCKET", 1_000_000)
    for jobs in (1, 2):
        ingest(tmp_path / "export", tmp_path / f"out{jobs}", jobs=jobs)
    assert files(tmp_path / "out1") == files(tmp_path / "out2")
    assert len(list((tmp_path / "out1" / "member").iterdir())) > 4


def test_the_pieces_of_a_large_file_hold_each_line_once(
    export: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    data = lines(patient(), *(hba1c(f"a{n}", value=5 + n / 100) for n in range(60)))
    source = export(all_ndjson=data)
    first, out = read(source)
    wanted = table(out, "measurement")
    shutil.rmtree(out)
    for size in (1_009, 2_503, 50_000):
        monkeypatch.setattr("priorauth.population.sources.TASK", size)
        again, out = read(source)
        assert again.read == first.read
        assert table(out, "measurement") == wanted
        shutil.rmtree(out)


def test_days_are_those_of_the_rows(export: Callable[..., Path]) -> None:
    _, out = read(export(all_ndjson=lines(patient(), hba1c("a1"))))
    (row,) = table(out, "measurement")
    assert row["first"].toordinal() == dates.day("2026-10-02")
    assert (row["low"], row["high"], row["ref"]) == (81, 81, "Observation/a1")
