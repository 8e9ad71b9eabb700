"""The question of a fact as items: shapes, units and parts that are read back as the fact that they name."""

from __future__ import annotations

import pytest

from priorauth.export.asked import LOGS, is_asked
from priorauth.export.items import MANY, Json, Words, question
from priorauth.export.questionnaire import walked
from priorauth.record.answers.scopes import split
from tests.export.filling import BASE, CATALOG

VOCABULARY = CATALOG.vocabulary
ASKED = [name for name in VOCABULARY if is_asked(name, VOCABULARY)]


def made(name: str) -> list[Json]:
    return question(name, Words(VOCABULARY, CATALOG.units, BASE))


@pytest.mark.parametrize("name", ASKED)
def test_every_link_is_the_fact_or_a_part_of_it(name: str) -> None:
    links = [one["linkId"] for one in walked(made(name)) if one["type"] != "display"]
    assert len(links) == len(set(links))
    assert all((split(link, VOCABULARY) or ("",))[0] == name for link in links)
    assert links or name in LOGS


def test_a_result_is_a_quantity_in_a_unit_of_its_fact_with_its_day_below_it() -> None:
    result, none = made("hba1c")
    assert (result["type"], result["repeats"]) == ("quantity", True)
    assert [one["valueCoding"]["code"] for one in result["extension"]] == ["%", "mmol/mol"]
    assert [(one["linkId"], one["type"]) for one in result["item"]] == [("hba1c.date", "date")]
    assert none["enableWhen"] == [{"question": "hba1c", "operator": "exists", "answerBoolean": False}]


def test_a_condition_asks_since_when_only_where_it_is_so() -> None:
    (group,) = made("diabetes")
    assert [one["linkId"] for one in group["item"]] == ["diabetes.value", "diabetes.from", "diabetes.until"]
    assert all(one["enableWhen"][0]["answerBoolean"] for one in group["item"][1:])


def test_a_log_is_sent_as_a_file_and_a_form_only_says_so() -> None:
    (said,) = made("glucose_self_test")
    assert said == {"linkId": "form.glucose_self_test", "text": VOCABULARY["glucose_self_test"].ask, "type": "display"}


@pytest.mark.parametrize("name", ASKED)
def test_many_values_come_from_a_value_set_with_its_version_and_few_stand_in_the_item(name: str) -> None:
    for item in made(name):
        if item["type"] == "choice":
            many = len(VOCABULARY[name].values) > MANY
            assert ("answerValueSet" in item) is many
            assert ("answerOption" in item) is not many
            assert "|" in item.get("answerValueSet", "|")


@pytest.mark.shall("DTR 2.2.0/sec-4", "DTR 2.0.1/338")
@pytest.mark.parametrize("name", ASKED)
def test_nothing_is_hidden_and_nothing_may_only_be_read(name: str) -> None:
    for item in walked(made(name)):
        assert not item.get("readOnly")
        assert not any(one["url"].endswith("questionnaire-hidden") for one in item.get("extension", ()))
