"""The solver's pairs obey the laws of the evaluator's, over every small combination."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import get_args

import pytest
import z3

from priorauth.engines.solver.pair import Pair, at_least, compare, if_, negate
from priorauth.values import truth
from priorauth.values.interval import Op
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth

THREE = (MET, NOT_MET, UNKNOWN)
CONDITION = z3.Bool("condition")


def unknowns(count: int) -> list[Pair]:
    return [Pair(z3.Bool(f"{place}+"), z3.Bool(f"{place}-")) for place in range(count)]


def constants(parts: tuple[Truth, ...]) -> list[Pair]:
    return [Pair(z3.BoolVal(part.can_hold), z3.BoolVal(part.can_fail)) for part in parts]


def read(made: Pair, parts: tuple[Truth, ...], *, condition: bool = False) -> Truth:
    """Put verdicts in the place of the unknowns."""
    swaps = [(CONDITION, z3.BoolVal(condition))]
    for unknown, known in zip(unknowns(len(parts)), constants(parts), strict=True):
        swaps += [(unknown.hold, known.hold), (unknown.fail, known.fail)]
    hold, fail = (z3.is_true(z3.simplify(z3.substitute(term, *swaps))) for term in made)
    return Truth(can_hold=hold, can_fail=fail)


def combinations() -> Iterator[tuple[Truth, ...]]:
    for count in range(4):
        yield from product(THREE, repeat=count)


def test_at_least_says_of_every_combination_what_the_evaluator_says() -> None:
    for parts in combinations():
        for k in range(len(parts) + 2):
            made = at_least(k, unknowns(len(parts)))
            assert read(made, parts) == truth.at_least(k, parts), (k, parts)


def test_to_negate_is_to_swap_met_and_not_met() -> None:
    for part in THREE:
        assert read(negate(unknowns(1)[0]), (part,)) == truth.negate(part)


def test_a_choice_has_the_verdict_of_the_side_chosen() -> None:
    for parts in product(THREE, repeat=2):
        made = if_(CONDITION, *unknowns(2))
        assert [read(made, parts, condition=side) for side in (True, False)] == list(parts)


@pytest.mark.parametrize("op", get_args(Op))
def test_a_number_known_in_part_is_judged_by_all_that_it_can_be(op: Op) -> None:
    relation = {">": int.__gt__, ">=": int.__ge__, "<": int.__lt__, "<=": int.__le__, "=": int.__eq__}[op]
    far = 9
    for low, high, bounded in [*((1, high, True) for high in (1, 2, 3)), (1, 1, False), (3, 3, False)]:
        for limit in range(5):
            can_be = range(low, high + 1 if bounded else far)
            seen = {relation(number, limit) for number in can_be}
            made = compare(z3.IntVal(low), z3.IntVal(high), z3.BoolVal(bounded), op, z3.IntVal(limit))
            assert read(made, ()) == Truth(can_hold=True in seen, can_fail=False in seen), (low, high, bounded, limit)
