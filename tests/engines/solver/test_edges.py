"""Next to every threshold there is a number on each side of it, and next to every gap the day that breaks it."""

from __future__ import annotations

from typing import get_args

import pytest

from priorauth.engines.solver import edges
from priorauth.engines.solver.edges import chain, points
from priorauth.engines.solver.measures import passes
from priorauth.engines.solver.pair import MET, NOT_MET
from priorauth.engines.solver.windows import Span, close
from priorauth.language import forms as f
from priorauth.values.dates import day, iso
from priorauth.values.interval import Op
from tests.assurance.one_line import form


@pytest.mark.parametrize("op", get_args(Op))
def test_of_two_neighbouring_points_one_passes_and_one_fails(op: Op) -> None:
    (known,) = edges.tests(form("any hba1c >= 7.0 %"), "hba1c")
    compare = f.Compare(op, known.amount)
    near = sorted(points(compare))
    assert 70 in near
    assert near == list(range(near[0], near[-1] + 1))
    assert {passes(point, compare) for point in near} == {MET, NOT_MET}


def test_between_two_numbers_has_the_edges_of_both() -> None:
    line = "count of urine_albumin_creatinine_ratio between 30 mg/g and 300 mg/g within 6 months >= 2"
    found = edges.tests(form(line), "urine_albumin_creatinine_ratio")
    assert [compare.op for compare in found] == [">=", "<="]
    low, high = (passes(number, found[0]) for number in sorted(points(found[0])))
    assert (low, high) == (NOT_MET, MET)


def test_a_fact_that_a_line_does_not_test_has_no_edges_there() -> None:
    assert edges.tests(form("latest hba1c > 7.0 %"), "fasting_glucose") == []


def test_each_step_of_a_chain_is_the_longest_that_a_gap_allows() -> None:
    gap = form("longest gap between prescriber_visit within 12 months <= 3 months")
    assert isinstance(gap, f.Gap)
    span = Span(day("2025-11-20"), day("2026-11-20"))
    days = sorted(chain(span, gap))
    assert [iso(on) for on in days[::2]] == ["2026-02-20", "2026-05-20", "2026-08-20", "2026-11-20"]
    reached = [span.start, *days[::2]]
    for last, longest, broken in zip(reached, days[::2], days[1::2], strict=False):
        assert close(last, longest, gap.length.duration, strict=False)
        assert not close(last, broken, gap.length.duration, strict=False)


def test_days_that_lie_just_so_far_apart_are_counted_back_from_the_last() -> None:
    spaced = form("at least 2 of hypoglycemia within 12 months at least 3 months apart")
    assert isinstance(spaced, f.Spaced)
    span = Span(day("2025-11-20"), day("2026-11-20"))
    days = sorted(edges.apart(span, spaced))
    assert [iso(on) for on in days] == ["2026-05-20", "2026-05-21", "2026-08-20", "2026-08-21", "2026-11-20"]
    assert not close(days[2], days[4], spaced.apart.duration, strict=True)
    assert close(days[3], days[4], spaced.apart.duration, strict=True)
