"""What was decided, as JSON, has the shape of the contract, whole, in its order."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth import determine

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
ORDER = [
    *("claim", "item", "sequence", "request", "policy", "pathway", "as_of", "outcome", "reasons", "criteria"),
    *("counts", "questions", "ask", "conflicts", "assumed", "notes", "decide_after", "grants", "would_grant"),
    "receipt",
]


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
    assert asked
    for question in asked:
        assert list(question) == ["fact", "ask", "of", "criteria", "one_of", "on_file", "gap", "or_none"]
    (result,) = asked[0]["on_file"]
    assert list(result) == ["reference", "date", "value", "ground", "bound", "kind", "display"]
    assert (result["date"], result["value"], result["ground"], result["bound"]) == (
        "2025-07-15", "8.7 %", "too old", "2025-11-20",
    )  # fmt: skip
    assert asked[0]["gap"] == {"from": "2025-11-21", "until": "2026-11-20"}
    assert asked[0]["or_none"] == "hba1c.none"


def test_a_criterion_has_its_parts_all_the_way_down() -> None:
    criteria = json.loads(json.dumps(determine((EXAMPLES / "approve.json").read_bytes())[0].as_json()))["criteria"]
    while criteria:
        part = criteria.pop()
        assert list(part)[:9] == ["id", "title", "status", "why", "value", "decisive", "evidence", "refused", "parts"]
        assert part["status"] in {"met", "not-met", "unknown", "conflict", "not-applicable"}
        criteria.extend(part["parts"])


def test_the_numbers_by_role_and_what_an_approval_would_grant_stand_beside_the_criteria() -> None:
    (found,) = determine((EXAMPLES / "ask.json").read_bytes())
    assert found.counts["criterion"] == {"met": 9, "unknown": 2}
    assert sum(found.counts["exclusion"].values()) == sum(one.role == "exclusion" for one in found.criteria)
    assert (found.grants, found.would_grant) == (None, {"months": 3})


def test_the_open_criteria_are_decisive_where_something_is_asked_and_the_met_ones_where_it_is_approved() -> None:
    asked, approved = (determine((EXAMPLES / name).read_bytes())[0] for name in ("ask.json", "approve.json"))
    roots = [one for one in asked.criteria if one.role == "criterion"]
    assert {one.id for one in roots if one.decisive} == {"II.A.T.5", "II.A.T.7"}
    assert all(one.decisive for one in approved.criteria if one.role == "criterion" and one.status == "met")
    assert not any(one.decisive for one in approved.criteria if one.role == "exclusion")


def test_the_request_says_whom_and_what_it_is_about() -> None:
    about = determine((EXAMPLES / "ask.json").read_bytes())[0].request
    assert (about.member, about.age, about.product, about.kind, about.payer) == (
        "Patient/ask", 27, "E0784", "initial", "MassHealth",
    )  # fmt: skip
