"""``priorauth policies facts``: facts by words, codes and units, as text and as JSON."""

from __future__ import annotations

import json

from tests.cli.running import Capture, asked, misuse, printed


def test_a_fact_stands_with_its_kind_its_code_and_its_question(capsys: Capture) -> None:
    said = printed(capsys, "policies", "facts", "4548-4").splitlines()
    assert said[:2] == [
        "hba1c  measurement (%)  [loinc 4548-4]",
        "    What is the most recent HbA1c in %, and when was the sample taken?",
    ]


def test_facts_as_json_say_all_that_a_policy_needs(capsys: Capture) -> None:
    found = json.loads(printed(capsys, "policies", "facts", "plan_type", "--json"))["facts"]
    assert [(one["fact"], one["kind"], one["values"], one["silence"], one["because"]) for one in found] == [
        ("plan_type", "attribute", ["payer-direct", "contracted-mco"], None, None)
    ]


def test_where_there_is_none_the_code_is_one(capsys: Capture) -> None:
    assert asked(capsys, "policies", "facts", "hba1c", "teapot") == (1, "no fact has hba1c and teapot\n", "")
    assert "expected WORD..." in misuse(capsys, "policies", "facts")
