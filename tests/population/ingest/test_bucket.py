"""Buckets: every member in one of them, rows as the tables want them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from priorauth.population.ingest import bucket
from priorauth.population.ingest.shard import ROW
from priorauth.values import dates
from tests.exports import Export, hba1c, lines, patient, read, table, written


@pytest.mark.parametrize("buckets", [1, 2, 8])
def test_the_highest_bits_of_a_key_name_its_bucket(buckets: int, tmp_path: Path) -> None:
    keys = np.sort(np.random.default_rng(3).integers(0, 2**64, 200, dtype=np.uint64))
    index = np.zeros(len(keys), dtype=ROW)
    index["key"] = keys
    index.tofile(tmp_path / "0.index")
    (tmp_path / "1.index").touch()
    first, empty = bucket.bounds(tmp_path, 2, buckets).tolist()
    assert (first[0], first[-1], set(empty)) == (0, 200, {0})
    for number in range(buckets):
        part = keys[first[number] : first[number + 1]]
        assert {int(key) >> (64 - bucket.bits(buckets)) for key in part} <= {number}


def test_a_member_with_two_items_has_two_seats_in_order(tmp_path: Path) -> None:
    case = json.loads((Path(__file__).parents[2] / "cases/caresource/c-missing.json").read_bytes())["bundle"]
    (claim,) = (entry["resource"] for entry in case["entry"] if entry["resource"]["resourceType"] == "Claim")
    claim["item"].append({**claim["item"][0], "sequence": 2})
    _, out = read(written(tmp_path / "export", {"bundle_json": json.dumps(case).encode()}))
    one, two = table(out, "member")
    assert two["patient"] == f"{one['patient']}#2"
    assert two["member"] == one["member"] + 1


def test_a_number_beyond_all_measure_harms_nobody(export: Export) -> None:
    summary, out = read(export(all_ndjson=lines(patient(), hba1c("a1"), hba1c("a2", value=1e25))))
    assert summary.members == 1
    assert len(table(out, "measurement")) == 2


def test_days_are_those_of_the_rows(export: Export) -> None:
    _, out = read(export(all_ndjson=lines(patient(), hba1c("a1"))))
    (row,) = table(out, "measurement")
    assert row["first"].toordinal() == dates.day("2026-10-02")
    assert (row["low"], row["high"], row["ref"]) == (81, 81, "Observation/a1")
