"""Groups of criteria in SQL: for every mix of yes, no and silence, the same as Python."""

from __future__ import annotations

from itertools import product

import pytest

from priorauth.engines.sql.tree import Naming
from tests import asking
from tests.population.small import python, said

FACTS = ("motivated", "able_to_operate_pump", "works_with_pump_team")
SAID = ("yes", "no", None, "[{is: yes, on: 2026-10-01}, {is: no, on: 2026-10-01}]")
MIXES = [
    "{" + ", ".join(f"{fact}: {word}" for fact, word in zip(FACTS, words, strict=True) if word) + "}"
    for words in product(SAID, repeat=len(FACTS))
]


@pytest.mark.parametrize("kind", ["all", "any", "none of", "ways"])
def test_a_group_says_of_every_mix_what_python_says(kind: str) -> None:
    tree = f"{{{kind}: [{', '.join(FACTS)}]}}"
    found = said(tree, *MIXES)
    assert found == python(tree, *MIXES)
    assert {"met", "not-met", "unknown"} < set(found)


def test_two_of_three_are_met_by_two_and_lost_with_two() -> None:
    tree = f"{{at least: 2, of: [{', '.join(FACTS)}]}}"
    assert said(tree, *MIXES) == python(tree, *MIXES)
    lost = "{motivated: no, able_to_operate_pump: no}"
    open_ = "{motivated: yes, able_to_operate_pump: no}"
    assert said(tree, lost, open_, "{motivated: yes, works_with_pump_team: yes}") == ["not-met", "unknown", "met"]


def test_two_criteria_never_bear_one_name_and_none_begins_with_a_digit() -> None:
    naming = Naming({})
    assert [naming.name(wanted) for wanted in ("ii_a", "ii_a", "ii_a", "1_b")] == ["ii_a", "ii_a_2", "ii_a_3", "c_1_b"]


def test_a_guard_that_fails_leaves_the_criterion_out() -> None:
    tree = "{when: motivated, only when: able_to_operate_pump}"
    found = said(tree, *MIXES)
    assert found == python(tree, *MIXES)
    assert said(tree, "{motivated: no, able_to_operate_pump: no}") == ["not-applicable"]
    assert asking.criterion(tree).guard is not None
