"""Answers: what is typed becomes a form that the reader of forms takes; what is wrong is said beside its field."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.facts.vocabulary import load
from priorauth.workbench.drafts import answers
from priorauth.workbench.forms import Form
from tests.ledger import house

VOCABULARY = load()
CLAIM = {"patient": {"reference": "Patient/ask"}}
AUTHOR = {"display": "Clinic"}


def made(**typed: tuple[str, ...]) -> list[dict[str, Any]]:
    said = {f"a-{name}": values for name, values in typed.items()}
    form = answers.response(said, VOCABULARY, CLAIM, AUTHOR, house.NOW)
    return [] if form is None else form["item"]


def form(**fields: str | tuple[str, ...]) -> Form:
    return Form({name: (value,) if isinstance(value, str) else value for name, value in fields.items()})


def test_each_kind_of_fact_is_answered_in_its_own_shape() -> None:
    assert made(motivated=("yes",)) == [{"linkId": "motivated", "answer": [{"valueBoolean": True}]}]
    assert made(request_kind=("initial",)) == [
        {"linkId": "request_kind", "answer": [{"valueCoding": {"code": "initial"}}]}
    ]
    assert made(clinical_notes_dated=("2026-11-12",))[0]["answer"] == [{"valueDate": "2026-11-12"}]
    assert made(rental_months_used=("3",))[0]["answer"] == [{"valueInteger": 3}]
    two = {"hba1c": ("", "8,4"), "hba1c.date": ("", "2026-11-20")}
    (item,) = made(**two)
    (answer,) = item["answer"]
    assert answer["valueQuantity"] == {"value": 8.4, "unit": "%", "system": "http://unitsofmeasure.org", "code": "%"}
    assert answer["item"] == [{"linkId": "hba1c.date", "answer": [{"valueDate": "2026-11-20"}]}]
    (item,) = made(**{"insulin_injections.value": ("4",), "insulin_injections.from": ("2026-01-02",)})
    assert [one["linkId"] for one in item["item"]] == ["insulin_injections.value", "insulin_injections.from"]
    assert made(**{"hba1c.none": ("yes",)}) == [{"linkId": "hba1c.none", "answer": [{"valueBoolean": True}]}]


def test_nothing_answered_is_no_form() -> None:
    assert made() == []
    assert made(motivated=("",)) == []


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"a-hba1c": "high", "a-hba1c.date": "2026-11-20"}, "a-hba1c", "Write a number."),
        ({"a-hba1c": "8.4"}, "a-hba1c.date", "Write the day of the result."),
        ({"a-hba1c.date": "2026-11-20"}, "a-hba1c", "Write the result that was taken on this day."),
        ({"a-hba1c": "8.4", "a-hba1c.date": "20 Nov"}, "a-hba1c.date", "Write the day as in 2026-11-27."),
        ({"a-clinical_notes_dated": "2026-02-30"}, "a-clinical_notes_dated", "Write the day as in 2026-11-27."),
        ({"a-request_kind": "gift"}, "a-request_kind", "Choose one of the list."),
        ({"a-motivated": "perhaps"}, "a-motivated", "Choose one of the list."),
        ({"a-rental_months_used": "1.5"}, "a-rental_months_used", "Write a whole number."),
        ({"a-cgm_use.from": "2026-01-01"}, "a-cgm_use", "Answer this too: the days alone say nothing."),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_kept(typed: dict[str, str], field: str, says: str) -> None:
    fact = field.removeprefix("a-").partition(".")[0]
    sent = form(**typed, **{"of-1-1-1": fact})
    found = answers.typed(sent, VOCABULARY, {})
    assert sent.wrong == {field: says}
    assert found == {name: (value,) for name, value in typed.items()}
    assert answers.sound(found, VOCABULARY) == {}


def test_of_several_ways_only_the_chosen_one_is_read() -> None:
    ways = {"of-1-2-1": "glucose_tests_per_day", "of-1-2-2": "cgm_use"}
    both = {"a-glucose_tests_per_day.value": "5", "a-cgm_use": "yes"}
    chosen = answers.typed(form(**ways, **both, **{"way-1-2": "1-2-2"}), VOCABULARY, {})
    assert chosen == {"a-cgm_use": ("yes",)}
    assert set(answers.typed(form(**ways, **both), VOCABULARY, {})) == set(both)


def test_what_was_answered_before_stays_unless_it_is_shown_or_taken_back() -> None:
    before = {"a-hba1c": ("8.4",), "a-motivated": ("yes",), "a-cgm_use": ("no",)}
    found = answers.typed(form(**{"of-1-1-1": "hba1c", "a-hba1c": "", "unsay": "cgm_use"}), VOCABULARY, before)
    assert found == {"a-motivated": ("yes",)}


def test_a_field_that_the_form_did_not_show_is_not_read() -> None:
    assert answers.typed(form(**{"of-1-1-1": "hba1c", "a-motivated": "yes", "a-nothing": "1"}), VOCABULARY, {}) == {}


def test_answers_are_read_over_in_words() -> None:
    said = {
        "a-hba1c": ("", "8.4"),
        "a-hba1c.date": ("", "2026-11-20"),
        "a-cgm_use": ("yes",),
        "a-cgm_use.from": ("2026-01-02",),
        "a-request_kind": ("initial",),
    }
    spoken = {one.fact: one.says for one in answers.spoken(said, VOCABULARY)}
    assert spoken["hba1c"] == "8.4 % on 20 Nov 2026"
    assert spoken["cgm_use"] == "yes, since 2 Jan 2026"
    assert spoken["request_kind"] == "initial"
