"""The days that count, from a determination and its policy; with the rows of the run those of every anchor."""

from __future__ import annotations

import pytest

from priorauth.decide.determination import Determination
from priorauth.decide.determine import decided, determine
from priorauth.facts.case import Case
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy
from priorauth.values.dates import day
from priorauth.workbench.pictures.lanes import rows
from priorauth.workbench.pictures.windows import Window, lines, policy_of, windows
from tests.pages import EXAMPLES, walk
from tests.workbench.pictures import seen


def example(name: str) -> tuple[Determination, Policy, Case]:
    found = decided((EXAMPLES / f"{name}.json").read_bytes())[0]
    policy = policy_of(found.determination, open_catalog())
    assert policy is not None
    return found.determination, policy, found.case


def test_the_window_of_a_criterion_has_its_two_dates() -> None:
    made, policy, _ = example("ask")
    (hba1c,) = (one for one, _ in walk(made.criteria) if one.id == "II.A.T.7")
    placed = windows(made, policy, open_catalog().vocabulary)
    found = {placed[line] for line in lines(hba1c) if line in placed}
    assert found == {Window(day("2025-11-21"), day("2026-11-20"))}


def test_a_window_whose_first_day_is_not_known_says_from_what_it_counts() -> None:
    made, policy, case = example("medicare")
    found = windows(made, policy, open_catalog().vocabulary)
    assert "enrollment in Medicare" in {one.counts_from for one in found.values()}
    with_rows = windows(made, policy, open_catalog().vocabulary, case)
    known, all_known = (sum(one.counts_from is None for one in each.values()) for each in (found, with_rows))
    assert known < all_known


@pytest.mark.parametrize("seed", range(5))
def test_what_was_refused_as_too_old_lies_before_a_window_that_is_named(seed: int) -> None:
    """A determination's own bounds are those of the windows: two ways to the same day."""
    for policy in seen.policies():
        made, case = seen.drawn(policy, seed)
        placed = windows(made, policy, open_catalog().vocabulary, case)
        for one, _ in walk(made.criteria):
            starts = {found.first for line in lines(one) if (found := placed.get(line)) is not None}
            for row in rows(one):
                if getattr(row, "ground", "") == "too old":
                    assert day(str(getattr(row, "bound", ""))) + 1 <= max(first for first in starts if first)


def test_the_policy_is_the_version_that_was_applied_with_its_readings() -> None:
    made = determine((EXAMPLES / "ask.json").read_bytes(), readings={"testing_window": "14 days"})[0]
    policy = policy_of(made, open_catalog())
    assert policy is not None
    assert policy.sha256 == made.policy.sha256  # type: ignore[union-attr]  # there is one
    found = windows(made, policy, open_catalog().vocabulary)
    assert Window(day("2026-11-07"), day("2026-11-20")) in found.values()
    assert Window(day("2026-10-22"), day("2026-11-20")) not in found.values()


def test_a_version_that_is_no_longer_there_is_none() -> None:
    (made,) = determine((EXAMPLES / "ask.json").read_bytes())
    changed = made.as_json()
    changed["policy"]["sha256"] = "0" * 64
    assert policy_of(Determination.from_json(changed), open_catalog()) is None
