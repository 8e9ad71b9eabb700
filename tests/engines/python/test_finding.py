"""A finding shows its verdict in words, and which leaves below it can still change it."""

from __future__ import annotations

from tests.asking import finding


def test_a_criterion_whose_guard_fails_is_not_applicable() -> None:
    found = finding("{when: motivated, only when: age < 21 years}", "birth_date: 1980-01-01")
    assert found.status == "not-applicable"


def test_a_met_criterion_with_an_open_guard_is_met_inside_all() -> None:
    assert finding("{when: motivated, only when: age < 21 years}", "motivated: yes").status == "met"


def test_a_missed_criterion_with_an_open_guard_is_unknown() -> None:
    assert finding("{when: motivated, only when: age < 21 years}", "motivated: no").status == "unknown"


def test_a_conflict_is_named() -> None:
    given = "motivated: [{is: yes, source: answer}, {is: no, source: record}]"
    assert finding("motivated", given).status == "conflict"


def test_walking_gives_guards_and_parts() -> None:
    found = finding("{all: [motivated, diabetes], only when: age < 21 years}")
    assert len(list(found.walk())) == 4


def test_walking_goes_down_before_it_goes_on_and_a_guard_comes_before_parts() -> None:
    found = finding("{any: [{all: [motivated, diabetes]}, motivated], only when: diabetes}")
    first, second = found.parts
    assert list(found.walk()) == [found, found.guard, first, *first.parts, second]


def test_the_live_leaves_are_those_under_undecided_ancestors_alone() -> None:
    found = finding("all: [{any: [motivated, diabetes]}, follows_diet_and_exercise]", "motivated: yes")
    assert [leaf.criterion.line for leaf in found.live()] == [found.parts[1].criterion.line]
