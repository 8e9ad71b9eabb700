"""The full page: the brief one, and every criterion with its evidence."""

from __future__ import annotations

import pytest
from msgspec import structs

from priorauth.decide.decided import Refused
from priorauth.decide.page.tree import tree
from tests.pages import EXAMPLES, decided, of_case, shown, together


@pytest.mark.parametrize("name", ["approve", "ask", "conflict", "not-yet", "review", "replacement", "medicare"])
def test_the_full_page_begins_with_the_brief_one_and_adds_every_criterion(name: str) -> None:
    brief, full = shown(name), shown(name, full=True)
    assert full.startswith(brief[: brief.rindex("Receipt")])
    assert full.rstrip().splitlines()[-1].startswith("Receipt       ")
    found = decided(EXAMPLES / f"{name}.json")[0]
    said = together(full)
    assert [one.title for one in found.criteria if one.title and together(one.title) not in said] == []


def test_ways_that_are_not_needed_are_counted() -> None:
    assert "other ways not needed" in shown("approve", full=True)


def test_an_exclusion_that_applies_has_the_mark_against_and_a_criterion_that_is_shown_the_one_for() -> None:
    lines = of_case("anthem/upgrade-in-warranty", full=True).splitlines()
    (excluded,) = [line for line in lines if "Working, warranted pump replaced" in line and line.endswith("applies")]
    assert excluded.startswith("x ")
    criteria = shown("approve", full=True).split("\nCriteria\n")[1].split("\n\n")[0].splitlines()
    assert criteria[0].startswith("+ ")


@pytest.mark.parametrize(("count", "listed", "more"), [(3, 3, None), (4, 3, 1), (10, 3, 7)])
def test_of_rows_that_do_not_count_three_are_listed_and_the_others_counted(
    count: int, listed: int, more: int | None
) -> None:
    found = decided(EXAMPLES / "ask.json")[0]
    place = next(n for n, one in enumerate(found.criteria) if one.status == "unknown")
    rows = tuple(
        Refused(f"Observation/{n}", f"2024-01-{n + 1:02}", f"{n}.0 %", "too old", None, "laboratory result", "HbA1c")
        for n in range(count)
    )
    criteria = list(found.criteria)
    criteria[place] = structs.replace(criteria[place], refused=rows, parts=())
    text = "\n".join(tree(structs.replace(found, criteria=tuple(criteria))))
    assert sum(f"Observation/{n})" in text for n in range(count)) == listed
    assert (f"and {more} more that do not count" in text) if more else "more that do not count" not in text
