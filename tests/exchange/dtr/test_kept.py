"""The items of a form as they are given out: none is taken away, some are closed, some are opened again."""

from __future__ import annotations

import copy

import pytest

from priorauth.exchange.dtr.carried import words_for
from priorauth.exchange.dtr.filled import Sheet
from priorauth.exchange.dtr.groups import Group, Groups
from priorauth.exchange.dtr.kept import GATES, Kept
from priorauth.export.items import question
from priorauth.policy.catalog import open_catalog
from tests.exchange.dtr.desk import VOCABULARY, Json, walked

WORDS = words_for(open_catalog(), "https://plan.example/fhir", ("hba1c", "motivated"))
WHEN = [{"question": "form.way.2", "operator": "=", "answerCoding": {"code": "hba1c"}}]
OPTIONS = [{"valueCoding": {"code": "hba1c"}}, {"valueCoding": {"code": "none"}}]


def form() -> list[Json]:
    """A group that asks for a fact, one that lets choose, and one that is there for the way that was chosen."""
    return [
        {"linkId": "form.ask.1", "type": "group", "item": question("motivated", WORDS, required=True)},
        {
            "linkId": "form.ask.2",
            "type": "group",
            "item": [
                {"linkId": "form.ask.2.file.1", "type": "display", "text": "On file: nothing."},
                {"linkId": "form.way.2", "type": "choice", "required": True, "answerOption": OPTIONS},
            ],
        },
        {"linkId": "form.ask.3", "type": "group", "enableWhen": WHEN, "item": question("hba1c", WORDS)},
    ]


def groups(items: list[Json]) -> tuple[Group, ...]:
    return Groups(Sheet({"item": items}, {}, lambda _: None), VOCABULARY).all


def questions(item: Json) -> list[Json]:
    return [one for one in walked([item]) if one["type"] not in ("group", "display")]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_group_that_is_closed_stays_where_it_is_and_can_only_be_read(place: int) -> None:
    items = form()
    kept = Kept(items, gated=True)
    kept.close(groups(items)[place])
    assert [one["linkId"] for one in kept.items] == [one["linkId"] for one in items]
    assert [one for other, one in enumerate(kept.items) if other != place] == [
        one for other, one in enumerate(items) if other != place
    ]
    shut = kept.items[place]
    assert [one["linkId"] for one in walked([shut])] == [one["linkId"] for one in walked([items[place]])]
    assert all(one["readOnly"] is True for one in questions(shut))
    assert not any(one.get("required") or "initialExpression" in str(one) for one in walked([shut]))
    assert not kept.open(groups(items)[place])
    assert not kept.reopened


def test_what_a_closed_question_bears_beside_what_fills_it_in_stays() -> None:
    unit = {"url": "http://hl7.org/fhir/StructureDefinition/questionnaire-unit", "valueCoding": {"code": "%"}}
    fills = {"url": "http://hl7.org/fhir/StructureDefinition/x-initialExpression", "valueExpression": {}}
    items = [{"linkId": "form.ask.1", "type": "group", "item": [{"linkId": "hba1c", "type": "quantity"}]}]
    items[0]["item"][0]["extension"] = [unit, fills]  # type: ignore[index]
    kept = Kept(items, gated=True)
    kept.close(groups(items)[0])
    assert kept.items[0]["item"][0]["extension"] == [unit]


@pytest.mark.parametrize("place", [0, 2])
def test_a_group_that_is_opened_again_asks_for_its_facts_as_they_are_asked(place: int) -> None:
    items = form()
    shut = Kept(items, gated=True)
    shut.close(groups(items)[place])
    kept = Kept(shut.items, gated=True)
    group = groups(shut.items)[place]
    kept.reopen(group, WORDS)
    (fact,) = group.facts
    assert kept.items[place]["item"] == question(fact, WORDS)
    assert (kept.open(group), kept.reopened) == (True, True)


def test_a_choice_that_is_opened_again_has_the_ways_that_it_had_and_has_to_be_made() -> None:
    items = form()
    shut = Kept(items, gated=True)
    shut.close(groups(items)[1])
    kept = Kept(shut.items, gated=True)
    kept.reopen(groups(shut.items)[1], WORDS)
    assert kept.items == items


def test_a_group_that_is_opened_again_is_open_whichever_way_was_chosen() -> None:
    items = form()
    kept = Kept(items, gated=True)
    kept.reopen(groups(items)[2], WORDS)
    assert not set(GATES) & set(kept.items[2])


def test_where_answers_close_no_items_nothing_that_is_added_or_opened_says_that_they_do() -> None:
    nested = [{"linkId": "a", "type": "group", "item": [{"linkId": "b", "type": "date", "enableWhen": WHEN}]}]
    added = {"linkId": "form.ask.4", "type": "group", "enableWhen": WHEN, "enableBehavior": "all", "item": nested}
    for gated in (True, False):
        kept = Kept(form(), gated=gated)
        kept.add(copy.deepcopy(added))
        assert (kept.items[-1] == added) is gated
        assert any(set(GATES) & set(one) for one in walked([kept.items[-1]])) is gated
    kept.reopen(groups(form())[2], WORDS)
    assert not any(set(GATES) & set(one) for one in walked([kept.items[2]]))


def test_what_came_is_left_as_it_was() -> None:
    items = form()
    kept = Kept(items, gated=False)
    kept.add({"linkId": "form.ask.4", "type": "group", "item": []})
    kept.close(groups(items)[0])
    kept.reopen(groups(items)[2], WORDS)
    assert items == form()


def test_a_group_of_which_nothing_was_done_is_open_as_it_came() -> None:
    items = form()
    assert [Kept(items, gated=True).open(one) for one in groups(items)] == [True, True, False]
