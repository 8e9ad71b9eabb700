"""Synthetic results: missing and faulty at about the rates that are stated."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from priorauth.synthetic import numbers as synthesize_numbers
from priorauth.synthetic.lines import Lines
from priorauth.synthetic.write import CHUNK, Plan, resources


def texts(part: Lines | bytes) -> bytes:
    return part if isinstance(part, bytes) else b"".join(bytes(block) for block in part.blocks())


def test_what_is_missing_and_faulty_is_there_at_about_its_rate() -> None:
    numbers = synthesize_numbers.load()
    found = [
        json.loads(line)
        for part in resources(Plan(CHUNK, Path(), seed=11), 0)["Observation"]
        for line in texts(part).splitlines()
        if b'"4548-4"' in line or b'"59261-8"' in line
    ]
    rates = {
        "missing.hba1c_value": sum("valueQuantity" not in one for one in found),
        "missing.hba1c_day": sum("effectiveDateTime" not in one for one in found),
        "faults.ifcc_units": sum(one["code"]["coding"][0]["code"] == "59261-8" for one in found),
        "faults.in_error": sum(one["status"] == "entered-in-error" for one in found),
    }
    for name, count in rates.items():
        expected = numbers.one(name) * len(found)
        assert abs(count - expected) < 5 * np.sqrt(expected) + 3, name
