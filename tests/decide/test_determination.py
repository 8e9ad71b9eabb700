"""A determination as JSON has the shape of the contract, whole, in its order."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth import determine

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
ORDER = ["item", "policy", "pathway", "as_of", "outcome", "reasons", "criteria", "questions", "conflicts", "assumed"]
ORDER += ["notes", "decide_after", "grants", "receipt"]


def test_the_keys_stand_in_the_order_of_the_contract() -> None:
    for path in EXAMPLES.glob("*.json"):
        found = determine(path.read_bytes())[0].as_json()
        assert [key for key in found if key in ORDER] == ORDER
        assert set(found) <= {*ORDER, "warnings"}


def test_the_policy_is_pinned_by_version_dates_and_hash() -> None:
    policy = determine((EXAMPLES / "replacement.json").read_bytes())[0].as_json()["policy"]
    assert isinstance(policy, dict)
    assert policy["id"] == "anthem/cg-dme-01"
    assert policy["effective"] == {"from": "2015-07-07", "until": None}
    assert len(policy["sha256"]) == 64


def test_a_question_has_its_parts() -> None:
    asked = determine((EXAMPLES / "ask.json").read_bytes())[0].as_json()["questions"]
    assert isinstance(asked, list)
    assert all(list(question) == ["fact", "ask", "of", "criteria", "one_of"] for question in asked)


def test_a_criterion_has_its_parts_all_the_way_down() -> None:
    criteria = json.loads(json.dumps(determine((EXAMPLES / "approve.json").read_bytes())[0].as_json()))["criteria"]
    while criteria:
        part = criteria.pop()
        assert list(part)[:7] == ["id", "title", "status", "why", "value", "evidence", "parts"]
        assert part["status"] in {"met", "not-met", "unknown", "conflict", "not-applicable"}
        criteria.extend(part["parts"])
