"""Small FHIR exports for the tests of a population, and what became of them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from priorauth.population.ingest.ingest import ingest
from priorauth.population.manifest import Summary
from priorauth.population.tables import TABLE_OF

AS_OF = "2026-11-20"

Resource = dict[str, Any]
Export = Callable[..., Path]


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


def written(folder: Path, files: dict[str, bytes]) -> Path:
    """Write files of an export; in their names `__` stands for a folder, `_` for a dot."""
    for name, data in files.items():
        place = folder / name.replace("__", "/").replace("_", ".")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    return folder


def read(source: Path, **options: Any) -> tuple[Summary, Path]:  # passed on
    """Read an export in into `out` beside it."""
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
