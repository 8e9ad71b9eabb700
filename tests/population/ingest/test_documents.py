"""Bundles, manifests and Parquet files give the rows that NDJSON gives."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from priorauth.population.ingest.ingest import ingest
from tests.exports import AS_OF, Export, facts, hba1c, lines, patient, read, table


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


def test_the_day_of_the_manifest_counts_where_none_is_given(export: Export) -> None:
    manifest = {"transactionTime": "2026-03-04T10:00:00Z", "request": "x", "output": []}
    summary, _ = read(export(p_ndjson=lines(patient()), manifest_json=json.dumps(manifest).encode()), as_of=None)
    assert summary.as_of == "2026-03-04"


def test_references_by_uuid_hold_within_their_bundle(export: Export) -> None:
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
