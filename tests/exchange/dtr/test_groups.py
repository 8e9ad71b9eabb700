"""The groups of an adaptive form as they stand: what each asks for, which way was chosen, what is closed."""

from __future__ import annotations

from typing import Any

from priorauth.exchange.dtr.filled import Sheet
from priorauth.exchange.dtr.groups import ASK, END, NONE, Chosen, Groups, answers_sha256
from priorauth.export.asked import LOGS
from priorauth.export.outline import MARK
from tests.exchange.dtr.desk import VOCABULARY, Json


def asks(link: str, kind: str = "boolean", **more: Any) -> Json:
    return {"linkId": link, "type": kind, **more}


def group(number: int, *items: Json, **more: Any) -> Json:
    return {"linkId": f"{ASK}{number}", "type": "group", "item": list(items), **more}


def choice(number: int, *codes: str, **more: Any) -> Json:
    options = [{"valueCoding": {"code": code}} for code in (*codes, NONE)]
    return asks(f"form.way.{number}", "choice", answerOption=options, **more)


def chose(number: int, code: str) -> Json:
    answer = {"linkId": f"form.way.{number}", "answer": [{"valueCoding": {"code": code}}]}
    return {"linkId": f"{ASK}{number}", "item": [answer]}


def said(number: int, link: str, **value: Any) -> Json:
    return {"linkId": f"{ASK}{number}", "item": [{"linkId": link, "answer": [value]}]}


def groups(items: list[Json], *answered: Json) -> Groups:
    return Groups(Sheet({"item": items}, {"item": list(answered)}, lambda _: None), VOCABULARY)


PUMP = "able_to_operate_pump"
BOTH = "recurring_hypoglycemia+hba1c"
FORM = [
    group(1, asks("motivated"), asks("hba1c", "quantity", item=[asks("hba1c.date", "date")])),
    group(2, choice(2, "glucose_tests_per_day", BOTH)),
    group(3, asks(PUMP), enableWhen=[{"question": "motivated", "operator": "=", "answerBoolean": False}]),
    {"linkId": f"{END}1", "type": "group", "item": [asks(f"{END}1.attest")]},
]


def test_a_group_asks_for_the_facts_of_its_items_and_is_about_those_of_its_ways() -> None:
    first, second, third, end = groups(FORM).all
    assert first.facts == first.about == {"motivated", "hba1c"}
    assert first.choice is None
    assert (second.facts, second.choice is not None) == (frozenset(), True)
    assert second.ways == (frozenset({"glucose_tests_per_day"}), frozenset({"recurring_hypoglycemia", "hba1c"}))
    assert second.about == {"glucose_tests_per_day", "recurring_hypoglycemia", "hba1c"}
    assert (third.facts, end.facts) == (frozenset({PUMP}), frozenset())


def test_of_a_log_that_a_form_only_says_is_sent_it_asks_as_well_and_of_its_own_texts_it_does_not() -> None:
    logs = [asks(f"{MARK}{log}") for log in sorted(LOGS)]
    (one,) = groups([group(1, *logs, asks(f"{MARK}motivated"), asks(f"{ASK}1.file.1", "display"))]).all
    assert one.facts == LOGS


def test_a_group_can_be_answered_unless_its_questions_may_only_be_read_or_another_answer_shuts_it() -> None:
    first, _, third, _ = groups(FORM).all
    assert (first.open, third.open, third.closed) == (True, False, False)
    assert groups(FORM, said(1, "motivated", valueBoolean=False)).all[2].open
    (half,) = groups([group(1, asks("motivated", readOnly=True), asks("hba1c", "quantity"))]).all
    assert half.open
    (shut,) = groups([group(1, asks("form.ask.1.file.1", "display"), asks("motivated", readOnly=True))]).all
    assert (shut.open, shut.closed, shut.enabled) == (False, True, True)


def test_a_group_that_only_says_something_is_answered_with_that_and_is_not_closed() -> None:
    (told,) = groups([group(1, asks("form.ask.1.file.1", "display"))]).all
    assert (told.answered, told.closed) == (True, False)
    assert not groups(FORM).all[0].answered


def test_given_are_the_facts_of_groups_that_are_answered_and_not_shut() -> None:
    assert groups(FORM).given == frozenset()
    assert groups(FORM, said(1, "hba1c", valueQuantity={"value": 8})).given == {"motivated", "hba1c"}
    shut = (said(1, "motivated", valueBoolean=True), said(3, PUMP, valueBoolean=True))
    assert groups(FORM, *shut).given == {"motivated", "hba1c"}


def test_a_fact_is_held_by_the_group_that_asks_for_it_not_by_one_that_lets_choose_it() -> None:
    found = groups(FORM)
    assert found.holding("hba1c") is found.all[0]
    assert found.holding("glucose_tests_per_day") is None


def test_the_ways_that_were_chosen_are_told_the_last_choice_first() -> None:
    form = [group(1, choice(1, "glucose_tests_per_day", BOTH)), group(2, choice(2, "cgm_use", "motivated"))]
    found = groups(form, chose(1, BOTH), chose(2, "cgm_use"))
    assert found.chosen == (
        Chosen("form.way.2", "cgm_use", frozenset({"cgm_use"})),
        Chosen("form.way.1", BOTH, frozenset({"recurring_hypoglycemia", "hba1c"})),
    )
    assert found.declined == ()


def test_a_way_that_is_none_of_those_offered_was_not_chosen() -> None:
    assert groups(FORM, chose(2, "motivated")).chosen == ()


def test_where_none_of_the_ways_can_be_shown_all_their_facts_are_declined() -> None:
    found = groups(FORM, chose(2, NONE))
    assert found.declined == (frozenset({"glucose_tests_per_day", "recurring_hypoglycemia", "hba1c"}),)
    assert found.chosen == ()


def test_a_choice_that_another_answer_shuts_neither_chooses_nor_declines() -> None:
    when = [{"question": "motivated", "operator": "=", "answerBoolean": False}]
    form = [FORM[0], group(2, choice(2, BOTH), enableWhen=when)]
    for code in (BOTH, NONE):
        found = groups(form, chose(2, code))
        assert (found.chosen, found.declined) == ((), ())


def test_only_a_last_group_that_stands_last_ends_the_form() -> None:
    found = groups(FORM)
    assert found.end is found.all[-1]
    assert groups([*FORM, group(4, asks("motivated"))]).end is None
    assert groups([]).end is None


def test_numbers_of_groups_go_on_from_the_highest_of_their_kind() -> None:
    form = [group(9, asks("motivated")), group(10, asks(PUMP)), group(2, asks("hba1c", "quantity"))]
    assert (groups(form).next_number(ASK), groups(form).next_number(END)) == (11, 1)
    assert groups(FORM).next_number(END) == 2


def test_whether_an_answer_was_changed_is_told_by_a_hash_of_all_groups_but_the_last() -> None:
    yes, end = said(1, "motivated", valueBoolean=True), {"linkId": f"{END}1", "item": []}
    found = groups(FORM)
    before = answers_sha256({"item": [yes]}, found)
    assert answers_sha256({"item": [yes, end]}, found) == before
    assert answers_sha256({"item": [said(1, "motivated", valueBoolean=False)]}, found) != before
    assert answers_sha256({}, found) != before
    assert answers_sha256({}, groups([])) == answers_sha256({"item": []}, groups([]))
