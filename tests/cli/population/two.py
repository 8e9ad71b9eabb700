"""A population of two members, of whom a small policy approves one and a strict one neither."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.main import main
from priorauth.population import tables
from tests import asking
from tests.policy import files


@pytest.fixture
def place(tmp_path: Path) -> Path:
    given = ("hba1c: [{on: 2026-10-02, value: 8.1 %}]", "hba1c: [{on: 2026-10-02, value: 7.0 %}]")
    tables.write_cases(tmp_path / "tables", [(f"Patient/{n}", asking.case(rows)) for n, rows in enumerate(given)])
    files.folder(tmp_path / "policies")
    strict = files.SMALL.replace("payer-x/pumps", "payer-x/strict").replace("> 7.0 %", "> 8.5 %")
    files.folder(tmp_path / "policies", strict, "payer-x/strict")
    files.ordered(tmp_path / "policies", "payer-x", "pumps", "strict")
    return tmp_path


def population(place: Path, command: str, *words: str, policy: str = "payer-x/pumps") -> int:
    shared = ["--policy", policy, "--policies", str(place / "policies"), "--as-of", asking.AS_OF]
    return main(["population", command, str(place / "tables"), *shared, *words])
