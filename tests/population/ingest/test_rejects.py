"""Rejects say where and why, and nothing of what was said."""

from __future__ import annotations

import json

from tests.exports import Export, hba1c, lines, patient, read, rejects


def test_rejects_hold_no_values(export: Export) -> None:
    secret = hba1c("bad", status=["Rosa Almeida"], note=[{"text": "Rosa Almeida"}])
    _, out = read(export(all_ndjson=lines(patient(), secret) + lines(hba1c("half", note="Rosa Almeida"))[:-40]))
    assert len(rejects(out)) == 2
    assert b"Rosa" not in (out / "rejects.ndjson").read_bytes()


def test_half_a_line_is_rejected_with_its_line_and_byte_and_the_rest_is_read(export: Export) -> None:
    first, last = lines(patient(), hba1c("a1")), lines(hba1c("a3"))
    half = lines(hba1c("a2"))[:200] + b"\n"
    summary, out = read(export(all_ndjson=first + half + last))
    (found,) = rejects(out)
    assert (found["line"], found["byte"]) == (3, len(first))
    assert summary.read["Observation"] == 2
    assert summary.rows["measurement"] == 2


def test_an_entry_of_a_bundle_is_counted_from_one(export: Export) -> None:
    entries = [patient(), hba1c("a1"), hba1c("bad", status=["x"]), hba1c("a2")]
    made = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": one} for one in entries]}
    _, out = read(export(all_json=json.dumps(made).encode()))
    (found,) = rejects(out)
    assert found["entry"] == 3
