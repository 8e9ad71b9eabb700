"""A form filled in with what is on file."""

from __future__ import annotations

from typing import Any

from priorauth.export.answers import filled, on_file
from priorauth.export.items import Words, question
from priorauth.facts.case import Case
from priorauth.facts.rows import Answer, Source, mentioned
from tests.asking import AS_OF, case
from tests.export.filling import BASE, CATALOG

VOCABULARY = CATALOG.vocabulary


def answers(given: str, *facts: str) -> dict[str, list[Any]]:
    return on_file(case(given, AS_OF), facts, VOCABULARY, BASE)


def test_the_newest_result_is_filled_in_with_its_day() -> None:
    found = answers("hba1c: [{on: 2026-01-10, value: 8.9 %}, {on: 2026-10-06, value: 8.4 %}]", "hba1c")
    assert found["hba1c"][0]["valueQuantity"] | {"unit": "%"} == {
        "value": 8.4,
        "unit": "%",
        "system": "http://unitsofmeasure.org",
        "code": "%",
    }
    assert found["hba1c.date"] == [{"valueDate": "2026-10-06"}]


def test_what_is_stated_in_a_form_or_in_doubt_is_not_filled_in() -> None:
    assert answers("hba1c: [{on: 2026-10-06, value: 8.4 %, source: answer}]", "hba1c") == {}
    assert answers("hba1c: [{on: 2026-10-06, value: '> 8.4 %'}]", "hba1c") == {}


def test_a_statement_that_could_not_be_read_is_neither_yes_nor_no() -> None:
    row = Answer("severe_glycemic_excursions", Source.RECORD, "DocumentReference/1", "yes")
    said = {"severe_glycemic_excursions": [{"valueBoolean": True}]}
    for one, wanted in ((row, said), (mentioned(row, "a modifier extension that is not known"), {})):
        held = Case(0, {row.fact: (one,)})
        assert on_file(held, (row.fact,), VOCABULARY, BASE) == wanted


def test_of_what_lasts_the_first_beginning_and_of_what_is_over_the_last_end() -> None:
    lasting = answers("diabetes: [{from: 2012-05-08}, {from: 2024-09-17}]", "diabetes")
    assert lasting == {"diabetes.value": [{"valueBoolean": True}], "diabetes.from": [{"valueDate": "2012-05-08"}]}
    over = answers(
        "pregnancy: [{from: 2020-01-01, until: 2020-09-01}, {from: 2023-01-01, until: 2023-09-02}]", "pregnancy"
    )
    assert over["pregnancy.until"] == [{"valueDate": "2023-09-02"}]


def test_a_fact_that_is_not_asked_for_is_not_filled_in() -> None:
    assert answers("diabetes: [{from: 2012-05-08}]", "hba1c") == {}


def test_answers_stand_where_their_questions_stand() -> None:
    items = question("hba1c", Words(VOCABULARY, CATALOG.units, BASE)) + question(
        "diabetes", Words(VOCABULARY, CATALOG.units, BASE)
    )
    values: dict[str, list[Any]] = {
        "hba1c": [{"valueQuantity": {"value": 8.4}}],
        "hba1c.date": [{"valueDate": "2026-10-06"}],
        "diabetes.value": [{"valueBoolean": True}],
    }
    origin = {"url": "origin"}
    result, state = filled(items, values, [origin])
    assert result["answer"][0]["item"][0]["answer"][0] == {"extension": [origin], "valueDate": "2026-10-06"}
    assert [one["linkId"] for one in state["item"]] == ["diabetes.value"]
    assert filled(items, {}) == []
