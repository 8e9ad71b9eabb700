"""A small policy whose steps rest on what a day can change; the rows of a watch, and of a full run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

from priorauth.engines.sql.compile import compile_policy
from priorauth.population import dataset, run
from priorauth.population.ingest.ingest import ingest
from priorauth.population.watch.deciding import Policy
from priorauth.population.watch.state import CURRENT, DAYS
from priorauth.population.watch.watch import watch
from tests.exports import AS_OF, files
from tests.population.small import VOCABULARY, policy, step

STEPS = (
    ("latest hba1c > 7.0 %", "A", "HbA1c"),
    ("count of prescriber_visit within 12 months >= 3", "B", "Visits"),
    ("insulin_treatment", "C", "Insulin"),
    ("coverage_payer is anthem", "D", "Payer"),
)
QUERY = compile_policy(policy(*(step(*one) for one in STEPS)), VOCABULARY, evidence=True)
POLICY = Policy(QUERY)

Rows = dict[str, dict[str, Any]]


def watched(exports: Path, state: Path, **options: Any) -> list[dict[str, Any]]:
    """Watch; gives each day as JSON."""
    found = watch(exports, state, POLICY, **{"as_of": AS_OF, "jobs": 1, **options})
    return [one.as_json() for one in found]


def current(state: Path) -> Rows:
    """Give the rows of everybody by patient, each with the evidence of the day on which it was decided."""
    by_day = {day.name: _by_patient(day / "decided") for day in (state / DAYS).iterdir()}
    found = _by_patient(state / CURRENT)
    return {name: {**by_day[row.pop("decided_on")][name], **row} for name, row in found.items()}


def _by_patient(folder: Path) -> Rows:
    rows = [row for path in dataset.paths(folder) for row in pq.read_table(path).to_pylist()]
    found = {row["patient"]: row for row in rows}
    assert len(found) == len(rows)
    return found


def at_once(exports: Path, work: Path, as_of: str = AS_OF) -> Rows:
    """Give the rows of everybody from all days ingested at once."""
    ingest(exports, work / "tables", as_of=as_of, jobs=1)
    run.run(work / "tables", QUERY, work / "rows.parquet")
    rows = pq.read_table(work / "rows.parquet").drop_columns(["member"]).to_pylist()
    return {row["patient"]: row for row in rows}


def kept(state: Path) -> dict[str, bytes]:
    """Give every file that people look for."""
    return files(state)
