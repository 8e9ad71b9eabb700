"""The receipt repeats bit for bit, and moves when anything it pins moves."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth import determine
from priorauth.decide.receipt import canonical, receipt, rows_sha256
from priorauth.facts.case import Case
from tests.asking import case

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "approve.json"


def test_keys_are_sorted_and_nothing_is_padded() -> None:
    assert canonical({"b": 1, "a": ["é", None]}) == '{"a":["é",null],"b":1}'.encode()


def test_the_order_of_rows_does_not_move_the_hash() -> None:
    found = case("{hypoglycemia: [2026-10-01, 2026-10-02], motivated: yes}")
    turned = Case(found.as_of, {fact: tuple(reversed(rows)) for fact, rows in reversed(list(found.rows.items()))})
    assert rows_sha256(found) == rows_sha256(turned)


def test_one_row_more_moves_the_hash() -> None:
    assert rows_sha256(case("hypoglycemia: [2026-10-01]")) != rows_sha256(
        case("hypoglycemia: [2026-10-01, 2026-10-02]")
    )


def test_a_result_is_sealed_with_what_it_rests_on() -> None:
    one, two = receipt({"policy": "a"}, {"x": 1}), receipt({"policy": "b"}, {"x": 1})
    assert one["sha256"] != two["sha256"]
    assert one["policy"] == "a"


def test_the_receipt_of_a_request_repeats_and_pins_dates_policy_and_rows() -> None:
    raw = EXAMPLE.read_bytes()
    first, second = (determine(raw)[0].receipt for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert {"engine", "policy", "vocabulary", "common", "readings", "rows", "dates", "claim"} <= set(first)
    assert determine(raw, as_of="2026-11-19")[0].receipt["sha256"] != first["sha256"]
