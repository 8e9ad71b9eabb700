"""What to ask, as a tree of all and any: the fewest answers first, and nothing that is asked anyway."""

from __future__ import annotations

from priorauth.decide.asking import NOTHING, Asking, Want, ask, both, either, keys, wanted
from priorauth.decide.asking import _plain as plain  # the tree as it is given, from wants as they are found
from priorauth.decide.decided import Ask
from priorauth.engines.python.finding import Why
from priorauth.engines.python.outcome import decide
from tests.answering import CATALOG
from tests.asking import case, finding, view

Tree = str | dict[str, list[object]] | None


def tree(want: Want) -> object:
    return shape(ask(want))


def shape(one: str | Ask | None) -> object:
    if one is None or isinstance(one, str):
        return one
    return {"any": [shape(part) for part in one.any]} if one.any else {"all": [shape(part) for part in one.all]}


def asked(text: str, given: str = "{}", *, met: bool = True, inside: str = "all") -> object:
    """Ask for what would settle a tree of criteria."""
    return tree(wish(text, given, met=met, inside=inside))


def wish(text: str, given: str = "{}", *, met: bool = True, inside: str = "all") -> Want:
    """Say what would settle a tree of criteria."""
    asking = Asking(view(given), frozenset({Why.TIME, Why.JUDGMENT}))
    return plain(both([asking.want(finding(text, given), met=met, inside=inside)]))


def test_all_parts_that_are_open_are_wanted_of_all() -> None:
    text = "all: [motivated, follows_diet_and_exercise, injections_ineffective]"
    assert asked(text, "motivated: yes") == {"all": ["follows_diet_and_exercise", "injections_ineffective"]}


def test_one_part_is_wanted_of_any_and_the_fewest_answers_come_first() -> None:
    text = "any: [{all: [motivated, follows_diet_and_exercise]}, latest hba1c > 7.0 %]"
    assert asked(text) == {"any": ["hba1c", {"all": ["motivated", "follows_diet_and_exercise"]}]}


def test_an_exclusion_is_wanted_not_met_so_its_parts_change_sides() -> None:
    every = "all: [motivated, follows_diet_and_exercise]"
    one = "any: [motivated, follows_diet_and_exercise]"
    assert asked(every, met=False) == {"any": ["motivated", "follows_diet_and_exercise"]}
    assert asked(one, met=False) == {"all": ["motivated", "follows_diet_and_exercise"]}


def test_none_of_wants_every_part_not_met() -> None:
    text = "none of: [current_pump_works, {all: [motivated, follows_diet_and_exercise]}]"
    assert asked(text) == {"all": ["current_pump_works", {"any": ["motivated", "follows_diet_and_exercise"]}]}


def test_an_alternative_that_a_clinician_has_to_judge_stands_back() -> None:
    text = "any: [motivated, {all: [follows_diet_and_exercise, judged other_indication_accepted]}]"
    assert asked(text) == {"all": ["motivated"]}


def test_where_no_alternative_is_settled_by_answers_all_of_them_are_asked() -> None:
    judged = "judged other_indication_accepted"
    text = f"any: [{{all: [motivated, {judged}]}}, {{all: [follows_diet_and_exercise, {judged}]}}]"
    assert asked(text) == {"all": ["motivated", "follows_diet_and_exercise"]}


def test_a_judgment_alone_asks_nobody() -> None:
    assert asked("judged other_indication_accepted") is None


def test_an_alternative_that_is_asked_anyway_takes_the_others_with_it() -> None:
    text = "all: [motivated, {any: [motivated, follows_diet_and_exercise]}]"
    assert asked(text) == {"all": ["motivated"]}


def test_an_alternative_that_needs_more_than_another_is_left_out() -> None:
    text = "any: [{all: [motivated, follows_diet_and_exercise]}, motivated]"
    assert asked(text) == {"all": ["motivated"]}


def test_alternatives_with_a_fact_in_common_are_that_fact_or_all_the_rest() -> None:
    text = "all: [{any: [diabetes, motivated]}, {any: [motivated, follows_diet_and_exercise]}]"
    assert asked(text) == {"any": ["motivated", {"all": ["diabetes", "follows_diet_and_exercise"]}]}


def test_two_of_three_are_any_two() -> None:
    text = "{at least: 2, of: [motivated, follows_diet_and_exercise, injections_ineffective]}"
    pairs = {"any": [{"all": list(pair)} for pair in (
        ("motivated", "follows_diet_and_exercise"), ("motivated", "injections_ineffective"),
        ("follows_diet_and_exercise", "injections_ineffective"),
    )]}  # fmt: skip
    assert asked(text) == pairs
    assert asked(text, "motivated: yes") == {"any": ["follows_diet_and_exercise", "injections_ineffective"]}


def test_what_opens_a_branch_is_asked_with_the_branch_and_before_it() -> None:
    text = "{when: motivated, only when: current_pump_works}"
    assert asked(text) == {"all": ["current_pump_works", "motivated"]}
    assert asked(text, met=False, inside="none of") == {"any": ["current_pump_works", "motivated"]}


def test_a_regimen_on_file_is_asked_again_only_where_its_gap_decides() -> None:
    line = "latest hba1c within 12 months while insulin_injections >= 3 /d > 7.0 %"
    on_it = "insulin_injections: [{value: 4 /d, from: 2026-08-01}]"
    assert asked(line) == {"all": ["hba1c", "insulin_injections"]}
    assert asked(line, on_it) == {"all": ["hba1c"]}
    before = f"{on_it}\nhba1c: [{{on: 2026-05-01, value: 8 %}}]"
    assert asked(line, before) == {"all": ["hba1c", "insulin_injections"]}
    low = f"{on_it}\nhba1c: [{{on: 2026-05-01, value: 6 %}}]"
    assert asked(line, low) == {"all": ["hba1c"]}


def test_the_drug_that_several_uses_turn_on_is_asked_alone_first() -> None:
    policy = next(one for one in CATALOG.all() if one.id.startswith("uhc-medicare"))
    given = "product_code: E0781\nrequest_kind: initial"
    want = wanted(decide(policy, case(given), CATALOG.vocabulary, CATALOG.common))
    assert (tree(want), want.alone) == ({"all": ["infusion_drug"]}, True)
    want = wanted(decide(policy, case(f"{given}\ninfusion_drug: deferoxamine"), CATALOG.vocabulary, CATALOG.common))
    assert not want.alone
    assert "chronic_iron_overload" in set(want.every())
    assert "cancer" not in set(want.every())


def test_who_never_used_a_pump_is_not_asked_when_medicare_began() -> None:
    policy = next(one for one in CATALOG.all() if one.id.startswith("uhc-medicare"))
    given = "product_code: E0784\nrequest_kind: initial\ninfusion_drug: insulin\ncare_setting: home"
    open_, never = (
        set(wanted(decide(policy, case(f"{given}{more}"), CATALOG.vocabulary, CATALOG.common)).every())
        for more in ("", "\ninsulin_pump_use: no")
    )
    assert "medicare_enrolled_on" in open_
    assert "medicare_enrolled_on" not in never


def test_every_fact_stands_once_with_the_criterion_whose_alternatives_it_is_one_of() -> None:
    want = both([Want(("a",)), either([Want(("b",)), Want(("c",)), Want(("a", "d"))], "1#7")])
    assert keys(want) == {"a": None, "b": "1#7", "c": "1#7", "d": None}
    assert tree(NOTHING) is None


def test_of_several_ways_that_differ_what_is_open_is_asked_and_a_conflict_alone_asks_nobody() -> None:
    text = "ways: [motivated, follows_diet_and_exercise, injections_ineffective]"
    two = "{motivated: yes, follows_diet_and_exercise: no}"
    assert asked(text, two) == {"all": ["injections_ineffective"]}
    assert asked("ways: [motivated, follows_diet_and_exercise]", two) is None


def test_alternatives_share_a_key_and_a_lone_question_has_none() -> None:
    both_ = list(keys(wish("any: [motivated, latest hba1c > 7.0 %]")).values())
    assert len(set(both_)) == 1
    assert both_[0] is not None
    assert list(keys(wish("any: [motivated, judged high_risk_of_complications]")).values()) == [None]


def test_of_alternatives_the_one_with_the_fewest_answers_comes_first() -> None:
    long, short = Want(("a", "b", "c")), Want(("d", "e"))
    for ways in ([long, short], [short, long]):
        assert tree(either(ways, "1")) == {"any": [{"all": ["d", "e"]}, {"all": ["a", "b", "c"]}]}


def test_an_alternative_of_which_one_way_is_asked_anyway_takes_the_others_with_it() -> None:
    way = Want((), (Want(("a", "b"), any=True), Want(("a", "c"), any=True)))
    want = Want(("a",), (Want(("d",), (way,), any=True),))
    assert tree(plain(want)) == {"all": ["a"]}
    other = Want(
        ("e",), (Want(("d",), (Want((), (Want(("a", "b"), any=True), Want(("b", "c"), any=True))),), any=True),)
    )
    assert tree(plain(other)) != {"all": ["e"]}
