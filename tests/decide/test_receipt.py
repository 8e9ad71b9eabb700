"""The receipt repeats bit for bit, and moves when anything it pins moves."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import msgspec

from priorauth import determine
from priorauth.decide.receipt import canonical, receipt, rows_sha256
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Source
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


def test_the_hash_is_of_each_row_as_json_after_its_kind_the_rows_of_a_fact_sorted_one_a_line() -> None:
    read = case("hypoglycemia: [2026-10-02, 2026-10-01, {whole: true, from: 2026-01-01, until: 2026-11-21}]")
    odd = Answer("drug", Source.ANSWER, "a\r\nb\u2028\x0b", "x\ny")
    found = Case(read.as_of, {**read.rows, "drug": (odd,)})
    lines = [
        line
        for fact in sorted(found.rows)
        for line in sorted(type(row).__name__.encode() + msgspec.json.encode(row) for row in found.rows[fact])
    ]
    assert rows_sha256(found) == sha256(b"".join(line + b"\n" for line in lines)).hexdigest()


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


def test_the_same_row_twice_is_not_the_same_as_once() -> None:
    once, twice = (case(f"hypoglycemia: [{', '.join(['{on: 2026-10-01, ref: a}'] * n)}]") for n in (1, 2))
    assert rows_sha256(once) != rows_sha256(twice)


def test_the_seal_moves_with_the_result_and_with_each_thing_that_is_pinned() -> None:
    pinned = {"policy": "a", "common": "b", "vocabulary": "c", "rows": "d"}
    seals = {str(receipt(pinned, {"x": value})["sha256"]) for value in (1, 2)}
    seals |= {str(receipt({**pinned, name: "other"}, {"x": 1})["sha256"]) for name in pinned}
    assert len(seals) == 2 + len(pinned)
    assert receipt(pinned, {"x": 1}) == receipt(dict(reversed(pinned.items())), {"x": 1})
