"""A form as it was filled in is held against its own rules: each fault names the item and what was expected."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.dtr.filled import Option, Sheet, Wrong
from tests.exchange.dtr.desk import Json

MG: Json = {"system": "http://unitsofmeasure.org", "code": "mg/dL", "display": "mg per dL"}
UNIT = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unitOption", "valueCoding": MG}
DRUGS = (Option("urn:drugs", "baclofen", "Baclofen"), Option("urn:drugs", "heparin", "Heparin"))


def item(link: str, kind: str, **more: Any) -> Json:
    return {"linkId": link, "type": kind, "text": link, **more}


FORM: Json = {
    "item": [
        item("g", "group", item=[item("yes", "boolean", required=True), item("day", "date"), item("when", "dateTime")]),
        item("result", "quantity", repeats=True, extension=[UNIT], item=[item("result.date", "date")]),
        item("many", "integer"),
        item("much", "decimal"),
        item("said", "string"),
        item("way", "choice", answerOption=[{"valueCoding": {"system": "urn:ways", "code": "a"}}]),
        item("drug", "choice", answerValueSet="urn:drug"),
        item("note", "display"),
        item("since", "date", enableWhen=[{"question": "yes", "operator": "=", "answerBoolean": True}]),
    ]
}


def sheet(*items: Json, form: Json = FORM) -> Sheet:
    return Sheet(form, {"item": list(items)}, lambda url: DRUGS if url == "urn:drug" else None)


def said(link: str, **value: Any) -> Json:
    return {"linkId": link, "answer": [value]}


def wrong(*items: Json) -> list[Wrong]:
    return sheet(*items).wrong(lambda _: False)


GOOD = (
    {"linkId": "g", "item": [said("yes", valueBoolean=False), said("day", valueDate="2026-11")]},
    said("result", valueQuantity={"value": 7.1, **MG}, item=[said("result.date", valueDate="2026-11-20")]),
    said("many", valueInteger=3),
    said("much", valueDecimal=3.5),
    said("much", valueInteger=3),
    said("way", valueCoding={"code": "a"}),
    said("drug", valueCoding={"system": "urn:drugs", "code": "heparin"}),
    said("said", valueString="as it was"),
    {"linkId": "note"},
)


@pytest.mark.parametrize("good", GOOD, ids=lambda one: str(one["linkId"]))
def test_an_answer_of_its_kind_is_not_wrong(good: Json) -> None:
    assert wrong(good) == []


BAD: dict[str, tuple[Json, str, str]] = {
    "another kind": (said("many", valueString="3"), "invalid", "many"),
    "a number as text": (said("many", valueInteger="3"), "invalid", "many"),
    "true as a number": (said("many", valueInteger=True), "invalid", "many"),
    "half a whole number": (said("many", valueInteger=3.5), "invalid", "many"),
    "a number without end": (said("much", valueDecimal=1e300), "invalid", "much"),
    "a day that is none": (
        {"linkId": "g", "item": [said("day", valueDate="2026-02-30")]}, "invalid", "day",
    ),
    "a day in words": ({"linkId": "g", "item": [said("day", valueDate="today")]}, "invalid", "day"),
    "a moment at 25": (
        {"linkId": "g", "item": [said("when", valueDateTime="2026-02-03T25:00:00Z")]}, "invalid", "when",
    ),
    "yes as text": ({"linkId": "g", "item": [said("yes", valueBoolean="true")]}, "invalid", "yes"),
    "an unknown code": (said("way", valueCoding={"code": "b"}), "code-invalid", "way"),
    "a code of another system": (said("way", valueCoding={"system": "urn:x", "code": "a"}), "code-invalid", "way"),
    "a code outside the ValueSet": (said("drug", valueCoding={"code": "aspirin"}), "code-invalid", "drug"),
    "a coding that is a text": (said("way", valueCoding="a"), "invalid", "way"),
    "an unknown unit": (said("result", valueQuantity={"value": 7, "code": "furlong"}), "code-invalid", "result"),
    "no unit": (said("result", valueQuantity={"value": 7}), "code-invalid", "result"),
    "a quantity of words": (said("result", valueQuantity={"value": "7", **MG}), "invalid", "result"),
    "two values in one": (said("many", valueInteger=3, valueString="3"), "invalid", "many"),
    "no value": (said("many"), "required", "many"),
    "two answers": ({"linkId": "many", "answer": [{"valueInteger": 1}, {"valueInteger": 2}]}, "invalid", "many"),
    "an item that the form has not": (said("other", valueInteger=1), "invalid", "other"),
    "an item in another place": (said("yes", valueBoolean=True), "invalid", "yes"),
    "an answer to a heading": ({"linkId": "g", "answer": [{"valueBoolean": True}]}, "invalid", "g"),
    "an answer to a text": (said("note", valueString="x"), "invalid", "note"),
    "a part beside its answer": (
        {"linkId": "result", "answer": [], "item": [said("result.date", valueDate="2026-11-20")]},
        "structure", "result",
    ),
    "a text without end": (said("said", valueString="x" * 10_001), "invalid", "said"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_told_with_the_item_and_what_was_expected(name: str) -> None:
    answer, code, link = BAD[name]
    (found,) = wrong(answer)
    assert found.code == code
    assert f"linkId='{link}'" in found.at
    assert found.said.startswith("expected")
    assert found.issue()["expression"] == [found.at]


def test_an_item_that_stands_twice_is_told_once() -> None:
    (found,) = wrong(said("many", valueInteger=1), said("many", valueInteger=2))
    assert (found.said, "many" in found.at) == ("expected the item once", True)


def test_each_result_may_have_a_day_of_its_own() -> None:
    results = [
        {"valueQuantity": MG | {"value": 7}, "item": [said("result.date", valueDate=day)]}
        for day in ("2026-11-01", "2026-11-02")
    ]
    assert wrong({"linkId": "result", "answer": results}) == []


def test_an_answer_that_is_wanted_is_told_only_where_it_is_needed() -> None:
    (found,) = sheet().wrong()
    assert (found.code, "yes" in found.at) == ("required", True)
    assert wrong() == []


@pytest.mark.parametrize(("yes", "kept"), [(True, True), (False, False)])
def test_an_answer_to_an_item_that_is_closed_is_none(*, yes: bool, kept: bool) -> None:
    given = [{"linkId": "g", "item": [said("yes", valueBoolean=yes)]}, said("since", valueDate="not a day")]
    found = sheet(*given)
    assert ("since" in [one["linkId"] for one in found.kept(given)]) is kept
    assert len(found.wrong(lambda _: False)) == int(kept)


def test_nothing_that_was_written_stands_in_what_is_told() -> None:
    name = "Jane Doe"
    told = [*wrong(said(name, valueString=name)), *wrong(said("many", valueString=name))]
    assert "Jane Doe" not in " ".join(f"{one.said} {one.at}" for one in told)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["linkId", "item", "answer", "valueCoding", "valueQuantity", "valueDate", "code", "value"]),
            inner | st.sampled_from(["g", "yes", "result", "result.date", "way", "since"]),
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(JSON, JSON)
def test_whatever_is_sent_is_read_without_a_fault_of_ours(form: Any, answered: Any) -> None:
    held = [{"item": one if isinstance(one, list) else [one]} for one in (form, answered)]
    for one in (FORM, held[0]):
        found = Sheet(one, held[1], lambda _: None)
        found.wrong()
        found.kept([part for part in held[1]["item"] if isinstance(part, dict)])
