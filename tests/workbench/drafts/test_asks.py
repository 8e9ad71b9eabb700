"""What is asked: alternatives as ways, each with fields of its kind; a fact has its fields once on a page."""

from __future__ import annotations

from priorauth.workbench.drafts import check
from priorauth.workbench.drafts.draft import Draft
from tests.workbench.drafts.hand import ANSWERS, AT, TYPED, example


def test_alternatives_are_ways_and_one_of_them_is_enough() -> None:
    tests = check.checked(example(), AT).things[1]
    assert tests.several
    assert "meter download" in [way.says for way in tests.ways]
    assert tests.done(ANSWERS)
    assert not tests.done({"a-hba1c": ("8.4",)})


def test_a_way_is_chosen_by_the_form_or_by_what_was_answered() -> None:
    tests = check.checked(example(), AT).things[1]
    assert tests.chosen("", {}) == ""
    stated = next(way.key for way in tests.ways if way.facts == {"glucose_tests_per_day"})
    assert tests.chosen("", ANSWERS) == stated
    assert tests.chosen(tests.ways[0].key, ANSWERS) == tests.ways[0].key


def test_what_a_file_shows_is_not_typed() -> None:
    tests = check.checked(example(), AT).things[1]
    logs = [one for way in tests.ways for one in way.fields if one.log]
    assert logs
    assert all(one.inputs == () for one in logs)


def test_a_fact_has_its_fields_once_on_a_page() -> None:
    found = check.checked(Draft(fields=TYPED), AT)
    names = [
        (each.name, each.line)
        for thing in found.things
        for way in thing.ways
        for one in way.fields
        for each in one.inputs
    ]
    assert len(names) == len(set(names))


def test_things_of_one_title_say_what_each_is() -> None:
    titles = [one.title for one in check.checked(Draft(fields=TYPED), AT).things]
    assert len(titles) == len(set(titles))
