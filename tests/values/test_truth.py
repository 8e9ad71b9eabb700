"""Truth is what can hold and what can fail; its connectives are those of all the worlds that are still possible."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.values.truth import (
    MET,
    NOT_MET,
    UNKNOWN,
    Truth,
    all_of,
    any_of,
    at_least,
    negate,
    none_of,
    pair,
    verdict,
)

truths = st.sampled_from([MET, NOT_MET, UNKNOWN])
WORLDS = {MET: (True,), NOT_MET: (False,), UNKNOWN: (True, False)}


def over_worlds(k: int, parts: list[Truth]) -> Truth:
    """Ask in every possible world whether at least k hold."""
    found = {sum(world) >= k for world in product(*(WORLDS[part] for part in parts))}
    return Truth(can_hold=True in found, can_fail=False in found)


@given(st.lists(truths, max_size=6), st.integers(0, 7))
def test_at_least_k_is_what_every_possible_world_says(parts: list[Truth], k: int) -> None:
    assert at_least(k, parts) == over_worlds(k, parts)


@given(st.lists(truths, max_size=6))
def test_any_is_one_and_all_is_every_one(parts: list[Truth]) -> None:
    assert any_of(parts) == over_worlds(1, parts)
    assert all_of(parts) == over_worlds(len(parts), parts)
    assert none_of(parts) == negate(any_of(parts))
    assert none_of(parts) == all_of([negate(part) for part in parts])


@given(st.lists(truths, max_size=6), st.integers(0, 7))
def test_nothing_is_ever_neither_true_nor_false(parts: list[Truth], k: int) -> None:
    assert any(at_least(k, parts))


@given(st.lists(truths, min_size=1, max_size=6), st.integers(0, 7), st.data())
def test_to_learn_more_never_turns_what_was_settled(parts: list[Truth], k: int, data: st.DataObject) -> None:
    before = at_least(k, parts)
    learned = [data.draw(st.sampled_from([MET, NOT_MET])) if part == UNKNOWN else part for part in parts]
    if before.settled:
        assert at_least(k, learned) == before


@given(st.lists(truths, min_size=1, max_size=6), st.integers(0, 7), st.data())
def test_at_least_is_monotone(parts: list[Truth], k: int, data: st.DataObject) -> None:
    """A part that comes out better never makes the whole worse, and neither does asking for one less."""
    rank = {NOT_MET: 0, UNKNOWN: 1, MET: 2}
    place = data.draw(st.integers(0, len(parts) - 1))
    better = data.draw(st.sampled_from([one for one in rank if rank[one] >= rank[parts[place]]]))
    before = rank[at_least(k, parts)]
    assert rank[at_least(k, [*parts[:place], better, *parts[place + 1 :]])] >= before
    assert before >= rank[at_least(k + 1, parts)]


def test_of_no_parts_all_hold_and_none_does() -> None:
    assert all_of([]) == MET
    assert any_of([]) == NOT_MET
    assert none_of([]) == MET


def test_the_parts_may_come_one_by_one() -> None:
    assert all_of(part for part in (MET, UNKNOWN)) == UNKNOWN


@pytest.mark.parametrize(("truth", "settled"), [(MET, True), (NOT_MET, True), (UNKNOWN, False)])
def test_only_met_and_not_met_are_settled(truth: Truth, settled: bool) -> None:  # noqa: FBT001 - the table of a test
    assert truth.settled is settled
    assert negate(negate(truth)) == truth


def test_a_verdict_is_met_where_it_holds() -> None:
    assert verdict(holds=True) == MET
    assert verdict(holds=False) == NOT_MET


@pytest.mark.parametrize("truth", [MET, NOT_MET, UNKNOWN])
def test_a_verdict_is_one_object_whoever_makes_it(truth: Truth) -> None:
    assert pair(truth.can_hold, truth.can_fail) is truth
    assert negate(negate(truth)) is truth
