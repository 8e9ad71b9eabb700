"""Windows are laid on the calendar as the evaluator lays them: it counts the rows in them and no others."""

from __future__ import annotations

import pytest

from priorauth.engines.solver.windows import Span, anchor_names, close, spans_of
from priorauth.values.dates import Duration, day, iso
from priorauth.values.truth import MET, Truth
from tests.asking import ask
from tests.assurance.one_line import AS_OF, form

SERVICE = day("2026-08-31")


def verdict(line: str, on: int) -> Truth:
    given = f"hba1c: [{{on: {iso(on)}, value: 8.0 %}}]\nservice_on: {iso(SERVICE)}"
    return ask(line, given, iso(AS_OF)).truth


@pytest.mark.parametrize(
    "window",
    [
        "within 12 months",
        "within 6 months before service",
        "within 365 days",
        "since service",
        "before service",
        "before service within 12 months",
    ],
)
def test_a_row_counts_on_the_days_of_the_span_and_on_no_other(window: str) -> None:
    line = f"any hba1c >= 8.0 % {window}"
    (span,) = spans_of(form(line), {"service": SERVICE}, AS_OF)
    days = {edge + step for edge in (*span, SERVICE, AS_OF) if edge > 1 for step in (-1, 0, 1)}
    counted = {on: verdict(line, on) == MET for on in sorted(days) if on <= AS_OF}
    assert counted == {on: span.holds(on, on) for on in counted}
    assert set(counted.values()) == {True, False}


def test_no_worse_than_before_looks_at_as_many_days_after_as_before() -> None:
    anchor = AS_OF - 90
    before, after = spans_of(
        form("count of hypoglycemia no worse than before prior_approval"), {"prior_approval": anchor}, AS_OF
    )
    assert after == Span(anchor, AS_OF)
    assert before == Span(anchor - 90, anchor)


def test_the_request_is_no_anchor_whose_day_is_to_be_found() -> None:
    assert anchor_names(form("any hba1c >= 8.0 % within 6 months")) == ()
    assert anchor_names(form("any hba1c >= 8.0 % within 6 months before service")) == ("service",)


def test_a_visit_on_the_same_day_three_months_later_is_close_but_not_strictly() -> None:
    one, two, length = day("2026-08-20"), day("2026-11-20"), Duration(3, "month")
    assert close(one, two, length, strict=False)
    assert not close(one, two, length, strict=True)
    assert not close(one - 1, two, length, strict=False)
