"""Damage on purpose: each kind is found, in its line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.population.ingest.ingest import ingest
from priorauth.synthetic import damage
from priorauth.synthetic.write import Plan, synthesize


@pytest.mark.parametrize("kind", damage.KINDS)
def test_every_kind_of_damage_is_rejected_in_one_line(kind: str, tmp_path: Path) -> None:
    plan = Plan(30, tmp_path / "export", seed=9)
    synthesize(plan, jobs=1)
    path = tmp_path / "export" / "Observation.00000.ndjson"
    listed = path.read_bytes().splitlines()
    listed[20] = damage.broken(listed[20], kind)
    path.write_bytes(b"\n".join(listed) + b"\n")
    summary = ingest(tmp_path / "export", tmp_path / "out", jobs=1)
    found = [json.loads(line) for line in (tmp_path / "out" / "rejects.ndjson").read_bytes().splitlines()]
    (mine,) = (one for one in found if one["file"] == path.name)
    assert mine["line"] == 21
    assert summary.members == 30
