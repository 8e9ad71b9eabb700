import msgspec

from priorauth.fhir.forms import Item, ItemAnswer
from priorauth.record.answers.scopes import Scope, Token, scopes, split
from tests.record.building import VOCABULARY, item, on, quantity, yes


def read(*items: dict[str, object]) -> list[tuple[str, list[str]]]:
    reading = scopes(msgspec.json.decode(msgspec.json.encode(list(items)), type=list[Item]), VOCABULARY)
    return [(scope.fact, [token.part for token in scope.tokens]) for scope in reading.scopes]


def unknown(*items: dict[str, object]) -> list[str]:
    return scopes(msgspec.json.decode(msgspec.json.encode(list(items)), type=list[Item]), VOCABULARY).unknown


A1C = {"valueQuantity": quantity(8, "%")}


def test_a_link_is_a_fact_or_a_part_that_its_kind_has() -> None:
    assert split("hba1c", VOCABULARY) == ("hba1c", "")
    assert split("hba1c.date", VOCABULARY) == ("hba1c", "date")
    assert split("hba1c.until", VOCABULARY) is None
    assert split("pregnancy.until", VOCABULARY) == ("pregnancy", "until")
    assert split("nonsense", VOCABULARY) is None


def test_parts_stand_under_the_item_under_the_answer_or_beside() -> None:
    date = item("hba1c.date", on("2026-05-01"))
    under_item = item("hba1c", A1C, parts=[date])
    under_answer = item("hba1c", {**A1C, "item": [date]})
    for items in ([under_item], [under_answer], [item("hba1c", A1C), date], [date, item("hba1c", A1C)]):
        ((fact, parts),) = read(*items)
        assert (fact, sorted(parts)) == ("hba1c", ["date", "value"])


def test_facts_inside_a_group_of_another_name_are_read_and_the_group_is_listed() -> None:
    group = item("section-1", parts=[item("motivated", yes())])
    assert read(group) == [("motivated", ["value"])]
    assert unknown(group) == ["section-1"]


def test_headings_and_choices_of_a_form_made_here_are_not_listed() -> None:
    group = item("form.II.A", parts=[item("motivated", yes()), item("form.choice", {"valueString": "1"})])
    assert read(group) == [("motivated", ["value"])]
    assert unknown(group) == []


def test_a_fact_under_another_fact_is_read_on_its_own() -> None:
    nested = item("diabetes", parts=[item("diabetes.from", on("2020-01-01")), item("motivated", yes())])
    assert sorted(read(nested)) == [("diabetes", ["from"]), ("motivated", ["value"])]


def test_equal_numbers_go_together_by_place() -> None:
    tokens = [Token("value", ItemAnswer(value_integer=1)), Token("value", ItemAnswer(value_integer=2)),
              Token("date", ItemAnswer(value_date="a")), Token("date", ItemAnswer(value_date="b"))]  # fmt: skip
    found = Scope("x", tokens).groups("value", "date")
    assert [(group["value"].value_integer, group["date"].value_date) for group in found] == [(1, "a"), (2, "b")]


def test_unequal_numbers_go_together_one_after_the_other() -> None:
    tokens = [Token(part, ItemAnswer()) for part in ("value", "from", "until", "value", "from")]
    assert [sorted(group) for group in Scope("x", tokens).groups("value", "from", "until")] == [
        ["from", "until", "value"], ["from", "value"],
    ]  # fmt: skip


def test_a_complete_group_has_from_and_until() -> None:
    group = item("hypoglycemia.complete", parts=[item("from", on("2026-01-01")), item("until", on("2026-02-01"))])
    reading = scopes(msgspec.json.decode(msgspec.json.encode([group]), type=list[Item]), VOCABULARY)
    assert [[token.part for token in span] for scope in reading.scopes for span in scope.spans] == [["from", "until"]]
    assert reading.unknown == []


PARTS_BY_HAND = {  # a fact of each kind, and the parts that a form may say of it beside its value
    "motivated": ["none"],
    "request_kind": [],
    "only_for_convenience": [],
    "hba1c": ["complete", "complete_from", "complete_until", "date", "none"],
    "ketoacidosis": ["complete", "complete_from", "complete_until", "none"],
    "insulin_injections": ["from", "none", "until", "value"],
    "pregnancy": ["from", "none", "until", "value"],
}


def test_each_kind_of_fact_has_its_own_parts() -> None:
    every = {part for listed in PARTS_BY_HAND.values() for part in listed} | {"start", "end", "low", "why"}
    for fact, listed in PARTS_BY_HAND.items():
        assert [part for part in sorted(every) if split(f"{fact}.{part}", VOCABULARY) is not None] == listed, fact
