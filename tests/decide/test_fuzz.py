"""Whatever happens to a request, a determination or a clean refusal comes out, and damage never proves anything."""

from __future__ import annotations

import copy
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from priorauth import determine
from priorauth.errors import InputRefused

EXAMPLES = sorted((Path(__file__).parent.parent.parent / "examples").glob("*.json"))
STRANGE: tuple[Any, ...] = (None, True, 0, -1, 10**30, 1e308, "", "x" * 300, [], {}, [[]], {"a": []})
STRANGE += ("2026-13-45", "9999-12-31T23:59:59Z", "0000", "\u0000", "\U0001f489")
STRANGE += ("Patient/nobody", "urn:uuid:0", "http://example.org/fhir/Patient/1/_history/2")


def damaged(bundle: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Change one or two places of a Bundle: drop, double, or replace a value by something strange."""
    made = copy.deepcopy(bundle)
    for _ in range(int(rng.integers(1, 3))):
        place: Any = made
        for _ in range(int(rng.integers(1, 12))):
            keys = list(place) if isinstance(place, dict) else list(range(len(place)))
            if not keys:
                break
            key = keys[int(rng.integers(len(keys)))]
            below = place[key]
            if isinstance(below, dict | list) and below and rng.random() < 0.85:
                place = below
                continue
            change(place, key, rng)
            break
    return made


def change(place: Any, key: Any, rng: np.random.Generator) -> None:
    roll = rng.random()
    if roll < 0.45:
        del place[key]
    elif roll < 0.6 and isinstance(place, list):
        place.append(copy.deepcopy(place[key]))
    else:
        place[key] = copy.deepcopy(STRANGE[int(rng.integers(len(STRANGE)))])


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_damaged_request_is_decided_or_refused_and_nothing_else(path: Path) -> None:
    bundle = json.loads(path.read_text("utf-8"))
    rng = np.random.default_rng(abs(sum(path.stem.encode())))
    seen: Counter[str] = Counter()
    faults: list[str] = []
    for _ in range(220):
        raw = json.dumps(damaged(bundle, rng)).encode("utf-8", "surrogatepass")
        try:
            found = determine(raw)
        except InputRefused as refused:
            seen["refused"] += 1
            faults.extend(map(str, refused.faults) if refused.faults else ["no fault was told"])
            continue
        seen["decided"] += 1
        assert found
        json.dumps([one.as_json() for one in found])
    print(path.stem, dict(seen))
    assert all(fault and "\n" not in fault and "Traceback" not in fault for fault in faults)
    assert seen["decided"] >= seen.total() // 3  # a status, a quantity, a subject that is damaged is refused


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_truncated_request_is_refused_with_one_line(path: Path) -> None:
    raw = path.read_bytes()
    for cut in (0, 1, len(raw) // 3, len(raw) - 3):
        with pytest.raises(InputRefused) as refused:
            determine(raw[:cut])
        assert all("\n" not in str(fault) for fault in refused.value.faults)


def test_taking_evidence_away_never_approves_more() -> None:
    """Without any one resource of an approved chart the request is approved still, asked about, or reviewed."""
    bundle = json.loads((EXAMPLES[0].parent / "ask.json").read_text("utf-8"))
    kept = ("Claim", "Patient", "Coverage", "Organization")
    for place, entry in enumerate(bundle["entry"]):
        if entry["resource"]["resourceType"] in kept:
            continue
        less = {**bundle, "entry": [other for at, other in enumerate(bundle["entry"]) if at != place]}
        assert determine(json.dumps(less).encode())[0].outcome != "approve"
