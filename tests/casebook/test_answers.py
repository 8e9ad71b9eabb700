"""Answers: each notation gives the item it says."""

from __future__ import annotations

from typing import Any

import pytest

from tests.casebook.answers import answer, item, items


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("yes", {"valueBoolean": True}),
        ("no", {"valueBoolean": False}),
        ("2026", {"valueDate": "2026"}),
        ("2026-10", {"valueDate": "2026-10"}),
        ("2026-10-06", {"valueDate": "2026-10-06"}),
        ("4", {"valueDecimal": 4}),
        ("3.97", {"valueDecimal": 3.97}),
        ("initial", {"valueCoding": {"code": "initial"}}),
        ("disposable-wireless", {"valueCoding": {"code": "disposable-wireless"}}),
    ],
)
def test_an_answer_has_the_type_that_its_text_has(text: str, made: dict[str, Any]) -> None:
    assert answer(text) == made


def test_a_number_with_a_unit_is_a_quantity() -> None:
    found = answer("8.4 %")["valueQuantity"]
    assert (found["value"], found["unit"], found["code"]) == (8.4, "%", "%")


def test_parts_stand_under_their_fact() -> None:
    (made,) = item("insulin_injections", {"value": "4", "from": "2025-06-10"})
    assert [one["linkId"] for one in made["item"]] == ["insulin_injections.value", "insulin_injections.from"]


def test_a_result_has_its_day_under_its_answer() -> None:
    (made,) = item("hba1c", {"value": "8.4 %", "date": "2026-10-06"})
    assert made["answer"][0]["item"] == [{"linkId": "hba1c.date", "answer": [{"valueDate": "2026-10-06"}]}]


def test_a_list_of_answers_is_one_item_and_a_list_of_results_is_several() -> None:
    assert len(items({"prescriber_visit": ["2026-06-25", "2026-08-13"]})) == 1
    result = {"value": "140 mg/dL", "date": "2026-06-14"}
    assert len(items({"fasting_glucose": [result, result]})) == 2


def test_any_other_type_is_named_and_any_other_item_is_fhir() -> None:
    assert item("months", {"valueInteger": "4"}) == [{"linkId": "months", "answer": [{"valueInteger": 4}]}]
    assert item("kind", {"valueString": "yes"}) == [{"linkId": "kind", "answer": [{"valueString": "yes"}]}]
    assert item("x", {"fhir": '{"answer": []}'}) == [{"linkId": "x", "answer": []}]


def test_a_fact_may_stand_twice() -> None:
    assert [one["linkId"] for one in items({"a": "yes", "b": "no", "a (2)": "no"})] == ["a", "b", "a"]
