"""What an adaptive form asks next: in which order, of alternatives which, and how the group looks that is added."""

from __future__ import annotations

from typing import Any

from msgspec import structs

from priorauth.decide.decided import Ask
from priorauth.decide.page.asked import facts
from priorauth.exchange.dtr.carried import words_for
from priorauth.exchange.dtr.filled import Sheet
from priorauth.exchange.dtr.following import (
    CHOICE,
    MORE,
    NONE_OF_THEM,
    Choice,
    Following,
    One,
    askable,
    ways_system,
)
from priorauth.exchange.dtr.groups import NONE, Chosen, Groups
from priorauth.export.items import question
from priorauth.policy.catalog import open_catalog
from tests.exchange.dtr.desk import VOCABULARY, Json, missing, requested

BASE = "https://plan.example/fhir"
WORDS = words_for(open_catalog(), BASE, VOCABULARY)
MADE = requested(missing(), None)
"""A first pump, of which all that the practice knows is still to be shown."""
NOTHING: frozenset[str] = frozenset()
SIGNS = Ask(any=("recurring_hypoglycemia", Ask(all=("dawn_phenomenon", "fasting_glucose")), "ketoacidosis"))
WAY = "dawn_phenomenon+fasting_glucose"
JUDGMENT = next(one.name for one in VOCABULARY.facts.values() if one.kind == "judgment")


def chosen(*codes: str) -> tuple[list[Json], list[Json]]:
    """Choices of a form, each with the code that was chosen, and the answers."""
    items, answers = [], []
    for number, code in enumerate(codes, 1):
        way = {"linkId": f"form.way.{number}", "type": "choice"}
        every = ("recurring_hypoglycemia", WAY, "ketoacidosis", NONE)
        way["answerOption"] = [{"valueCoding": {"code": one}} for one in every]  # type: ignore[assignment]
        items.append({"linkId": f"form.ask.{number}", "type": "group", "item": [way]})
        said = {"linkId": f"form.way.{number}", "answer": [{"valueCoding": {"code": code}}]}
        answers.append({"linkId": f"form.ask.{number}", "item": [said]})
    return items, answers


def following(ask: Ask | None, *codes: str, **changed: Any) -> Following:
    """What is asked next where this is asked; ``changed`` says of a fact's question what is otherwise."""
    items, answers = chosen(*codes)
    groups = Groups(Sheet({"item": items}, {"item": answers}, lambda _: None), VOCABULARY)
    questions = tuple(structs.replace(one, **changed.get(one.fact, {})) for one in MADE.questions)
    return Following(structs.replace(MADE, ask=ask, questions=questions), groups, VOCABULARY)


def asked(found: Following, shown: frozenset[str] = NOTHING) -> list[str]:
    return [one.fact for one in found.steps(shown) if isinstance(one, One)]


def test_neither_a_judgment_nor_what_the_payer_knows_is_asked_of_a_practice() -> None:
    no = {one.name for one in VOCABULARY.facts.values() if not askable(one)}
    assert no == {one.name for one in VOCABULARY.facts.values() if one.kind == "judgment" or one.asked_of == "payer"}
    assert JUDGMENT in no
    judged = structs.replace(MADE.questions[0], fact=JUDGMENT, of="prescriber")
    made = structs.replace(MADE, ask=Ask(all=(JUDGMENT, "motivated")), questions=(judged, *MADE.questions))
    found = Following(made, Groups(Sheet({}, {}, lambda _: None), VOCABULARY), VOCABULARY)
    assert asked(found) == ["motivated"]
    assert JUDGMENT not in found.wanted


def test_the_facts_of_what_is_asked_are_those_of_all_its_parts() -> None:
    assert list(facts(Ask(all=("motivated", SIGNS)))) == [
        *("motivated", "recurring_hypoglycemia", "dawn_phenomenon", "fasting_glucose", "ketoacidosis"),
    ]


def test_what_is_not_asked_has_no_next_step() -> None:
    assert following(None).steps(NOTHING) == ()
    assert following(Ask(all=("motivated",))).steps(frozenset({"motivated"})) == ()


def test_the_practice_is_asked_before_the_supplier_and_in_the_order_of_the_payers_text() -> None:
    order = Ask(all=("prescription_complete", "hba1c", "motivated"))
    assert asked(following(order)) == ["motivated", "hba1c", "prescription_complete"]


def test_what_may_exclude_is_asked_before_all_else() -> None:
    order = Ask(all=("motivated", "hba1c"))
    found = following(order, hba1c={"criteria": ("II.B.4",)})
    assert asked(found) == ["hba1c", "motivated"]
    assert (found.role(found.questions["hba1c"]), found.role(found.questions["motivated"])) == (
        "exclusion",
        "criterion",
    )


def test_of_alternatives_it_is_asked_once_which_can_be_shown() -> None:
    (step,) = following(SIGNS).steps(NOTHING)
    assert step == Choice(SIGNS.any)


def test_of_the_way_that_was_chosen_all_facts_are_asked_and_of_the_others_none() -> None:
    found = following(SIGNS, WAY)
    way = Chosen("form.way.1", WAY, frozenset({"dawn_phenomenon", "fasting_glucose"}))
    assert set(found.steps(NOTHING)) == {One("dawn_phenomenon", way), One("fasting_glucose", way)}
    assert asked(found, frozenset({"dawn_phenomenon"})) == ["fasting_glucose"]


def test_where_what_was_chosen_is_not_enough_it_is_asked_which_of_the_others_can_be_shown_beside_it() -> None:
    (step,) = following(SIGNS, "ketoacidosis").steps(frozenset({"ketoacidosis"}))
    assert step == Choice(SIGNS.any[:2], more=True)


def test_where_none_of_the_ways_can_be_shown_it_is_not_asked_again() -> None:
    assert following(SIGNS, NONE).steps(NOTHING) == ()
    assert asked(following(Ask(all=("motivated", SIGNS)), NONE)) == ["motivated"]


def test_what_alone_can_show_a_thing_is_asked_without_a_choice() -> None:
    assert following(Ask(any=("motivated",))).steps(NOTHING) == (One("motivated"),)
    more = Ask(any=("dawn_phenomenon", Ask(all=("dawn_phenomenon", "fasting_glucose"))))
    assert following(more).steps(NOTHING) == (One("dawn_phenomenon"),)


def test_where_a_clinician_could_decide_it_otherwise_the_one_way_of_the_practice_may_still_be_declined() -> None:
    (step,) = following(Ask(any=("motivated", JUDGMENT))).steps(NOTHING)
    assert step == Choice(("motivated",))


def test_what_is_due_are_single_facts_and_the_facts_of_choices() -> None:
    assert following(Ask(all=("motivated", "hba1c", SIGNS))).due() == (
        frozenset({"motivated", "hba1c"}),
        (frozenset({"recurring_hypoglycemia", "dawn_phenomenon", "fasting_glucose", "ketoacidosis"}),),
    )


def group(found: Following, *, gated: bool = True) -> Json:
    return found.group(found.steps(NOTHING), WORDS, gated=gated)


def links(made: Json) -> list[str]:
    return [one["linkId"] for one in made["item"]]


def test_a_group_asks_for_the_facts_of_one_criterion_of_one_person() -> None:
    same = {"criteria": ("II.A.T.2",)}
    found = following(
        Ask(all=("motivated", "able_to_operate_pump", "follows_diet_and_exercise", "prescription_complete")),
        follows_diet_and_exercise=same, prescription_complete=same,
    )  # fmt: skip
    made = group(found)
    assert (made["linkId"], made["type"], made["prefix"]) == ("form.ask.1", "group", "II.A.T.2")
    assert made["text"] == "Motivated to keep glucose under good control"
    assert made["item"] == [*question("motivated", WORDS), *question("follows_diet_and_exercise", WORDS)]


def test_a_group_of_no_criterion_is_headed_by_its_first_question() -> None:
    made = group(following(Ask(all=("motivated",)), motivated={"criteria": ()}))
    assert "prefix" not in made
    assert made["text"] == next(one.ask for one in MADE.questions if one.fact == "motivated")


def test_the_number_of_a_group_follows_on_those_that_are_there() -> None:
    assert group(following(Ask(all=("motivated", SIGNS)), "ketoacidosis"))["linkId"] == "form.ask.2"


def test_a_group_says_which_days_are_missing() -> None:
    made = group(following(Ask(all=("hba1c",))))
    assert links(made)[0] == "form.ask.1.file.1"
    assert made["item"][0] | {"linkId": ""} == {
        "linkId": "", "type": "display", "text": "Days missing: 25 Nov 2025 to 24 Nov 2026.",
    }  # fmt: skip
    assert made["item"][1:] == question("hba1c", WORDS)


def test_only_a_fact_of_listed_values_that_is_asked_for_alone_has_to_be_answered() -> None:
    listed = structs.replace(MADE.questions[0], fact="request_kind", of="prescriber", criteria=())
    for ask, must in ((Ask(all=("request_kind",)), True), (Ask(all=("request_kind", "motivated")), False)):
        made = structs.replace(MADE, ask=ask, questions=(listed, *MADE.questions))
        found = Following(made, Groups(Sheet({}, {}, lambda _: None), VOCABULARY), VOCABULARY)
        steps = tuple(one for one in found.steps(NOTHING) if one == One("request_kind"))
        assert found.group(steps, WORDS, gated=True)["item"] == question("request_kind", WORDS, required=must)


def test_a_choice_offers_each_way_by_its_facts_and_last_that_there_is_none() -> None:
    made = group(following(SIGNS))
    (item,) = [one for one in made["item"] if one["type"] == "choice"]
    assert (item["linkId"], item["text"], item["required"]) == ("form.way.1", CHOICE, True)
    options = [one["valueCoding"] for one in item["answerOption"]]
    assert [one["code"] for one in options] == ["recurring_hypoglycemia", WAY, "ketoacidosis", NONE]
    assert {one["system"] for one in options} == {ways_system(BASE)} == {f"{BASE}/CodeSystem/ways"}
    assert options[-1]["display"] == NONE_OF_THEM
    assert all(one["display"][0].isupper() for one in options)
    assert " and " in options[1]["display"]


def test_a_choice_that_comes_after_something_was_given_says_so() -> None:
    found = following(SIGNS, "ketoacidosis")
    made = found.group(found.steps(frozenset({"ketoacidosis"})), WORDS, gated=True)
    assert next(one["text"] for one in made["item"] if one["type"] == "choice") == MORE


def test_the_questions_of_a_way_are_closed_where_another_is_chosen_if_answers_may_close_items() -> None:
    found = following(SIGNS, "ketoacidosis")
    assert group(found)["enableWhen"] == [
        {
            "question": "form.way.1",
            "operator": "=",
            "answerCoding": {"system": ways_system(BASE), "code": "ketoacidosis"},
        }
    ]
    assert "enableWhen" not in group(found, gated=False)
    assert "enableWhen" not in group(following(Ask(all=("motivated",))))
