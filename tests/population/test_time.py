"""What is not met for lack of time alone: Python and DuckDB say the same of periods drawn around a beginning."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

import numpy as np
import pytest

from priorauth.engines.python.outcome import decide
from priorauth.facts.case import Case, by_fact
from priorauth.facts.rows import Answer, Period, Row, Source, Whole
from priorauth.language import forms as f
from priorauth.policy.tree import Leaf
from priorauth.values import dates
from priorauth.values.dates import FIRST_DAY, LAST_DAY
from tests import asking
from tests.draw import AS_OF
from tests.population.held import decided
from tests.population.small import VOCABULARY, policy, step

INJECTIONS = "insulin_injections >= 3 /d throughout 6 months"
ADJUSTING = "frequent_dose_self_adjustment throughout 6 months before pump_start"
TESTS = "glucose_tests_per_day >= 4 /d throughout 30 days before service"
TREES = {
    "all of them": f"{{all: [{INJECTIONS}, {ADJUSTING}, {TESTS}]}}",
    "one of them": f"{{any: [{INJECTIONS}, {ADJUSTING}, {TESTS}, motivated]}}",
    "two of them": f"{{at least: 2, of: [{INJECTIONS}, {ADJUSTING}, {TESTS}, motivated]}}",
    "ways": f"{{ways: [{INJECTIONS}, {ADJUSTING}]}}",
    "none of what is not met": f"{{all: [{INJECTIONS}, {{none of: [{ADJUSTING}, motivated]}}]}}",
    "none of none": f"{{none of: [{{none of: [{INJECTIONS}]}}, motivated]}}",
    "only where": f"{{any: [{{when: {ADJUSTING}, only when: {INJECTIONS}}}, motivated]}}",
    "only where, all": f"{{all: [{{when: {ADJUSTING}, only when: {INJECTIONS}}}, {TESTS}]}}",
    "a bar that fails": f"{{all: [{{any: [{{all: [{INJECTIONS}, motivated]}}, {ADJUSTING}]}}, {TESTS}]}}",
}
FORMS = [
    form
    for line in (INJECTIONS, ADJUSTING, TESTS)
    if isinstance(test := asking.criterion(line).test, Leaf) and isinstance(form := test.form, f.Throughout)
]
EACH = 350


def periods(form: f.Throughout, rng: np.random.Generator) -> Iterator[Row]:
    """Draw what is on file of a fact: mostly a stated beginning, with something or nothing said of the days before."""
    name, length = form.fact, AS_OF - dates.minus(AS_OF, form.length.duration)
    start = AS_OF - int(rng.integers(-1, length + 4))
    least = int(form.compare.amount.number) if form.compare else 1
    good, bad = least + (int(rng.integers(0, 2)) if form.compare else 0), least - 1
    source = Source.ANSWER if rng.random() < 0.85 else Source.RECORD
    end = LAST_DAY if rng.random() < 0.9 else AS_OF - int(rng.integers(0, 40))
    doubt = 4 if rng.random() < 0.08 else 0
    if start <= end:
        yield Period(name, source, f"{name}-begun", start, start + doubt, end, end, good, good)
    for place in range(int(rng.choice((0, 1, 1, 2)))):
        first = FIRST_DAY if rng.random() < 0.4 else start - int(rng.integers(1, 120))
        last = max(start + int(rng.choice((-1, -1, -1, -1, -12, 0, 5))), first)
        low, high = ((bad, bad), (bad, bad), (bad, bad), (good, good), (bad, good))[int(rng.integers(0, 5))]
        source = (Source.ANSWER, Source.ANSWER, Source.RECORD)[int(rng.integers(0, 3))]
        doubt = 3 if rng.random() < 0.08 else 0
        yield Period(name, source, f"{name}-{place}", first, first, last, last + doubt, low, high)
    if form.compare is None and rng.random() < 0.1:
        yield Whole(name, Source.ANSWER, f"{name}-whole", start - 90, start - 1)


def drawn(rng: np.random.Generator) -> Case:
    rows: list[Row] = []
    for form in FORMS:
        if rng.random() < 0.9:
            rows += periods(form, rng)
    if rng.random() < 0.5:
        rows.append(Answer("motivated", Source.ANSWER, "m", "no" if rng.random() < 0.8 else "yes", AS_OF, AS_OF))
    if rng.random() < 0.1:
        rows.append(Period("insulin_pump_use", Source.RECORD, "pump", AS_OF - 20, AS_OF - 20, low=1, high=1))
    if rng.random() < 0.1:
        day = AS_OF - 3
        rows.append(Answer("service_on", Source.RECORD, "s", dates.iso(day), AS_OF, AS_OF, None, day, day))
    return Case(AS_OF, by_fact(rows))


@pytest.mark.parametrize("name", TREES)
def test_python_and_duckdb_say_the_same_of_what_lacks_time_alone(name: str) -> None:
    rng = np.random.default_rng(len(name) + 400)
    made = policy(step(TREES[name], "one"))
    cases = [drawn(rng) for _ in range(EACH)]
    rows = decided(made, cases, VOCABULARY, as_of=AS_OF)
    seen = Counter[str]()
    for case, row in zip(cases, rows, strict=True):
        found = decide(made, case, VOCABULARY)
        assert found.required is not None
        after = None if found.decide_after is None else dt.date.fromordinal(found.decide_after)
        status = found.required.parts[0].status
        wanted = (status, found.outcome, after)
        assert (row["one"], row["outcome"], row["decide_after"]) == wanted, case.rows
        assert row["questions"] == "" or not found.short_of_time
        seen[f"{found.outcome}, {'waiting' if found.short_of_time else 'not waiting'}"] += 1
    print(name, dict(seen))
    waiting = seen["not-yet, waiting"]
    assert waiting == 0 if name == "none of none" else waiting >= EACH // 25  # through two negations a person decides


def test_a_beginning_with_less_before_waits_and_one_that_may_be_more_is_asked() -> None:
    line = "insulin_injections >= 3 /d throughout 6 months"
    since = "{value: 4 /d, from: 2026-06-20, source: answer}"
    before = [
        "{value: 2 /d, until: 2026-06-19}",
        "{value: 2 /d, until: 2026-06-01}",
        "{value: 5 /d, until: 2026-06-01}",
    ]
    given = [f"insulin_injections: [{since}, {one}]" for one in before]
    given.append("insulin_injections: [{value: 4 /d, from: 2026-06-20}, {value: 2 /d, until: 2026-06-19}]")
    rows = decided(policy(step(line, "one")), [asking.case(one) for one in given], VOCABULARY)
    assert [str(row["one"]) for row in rows] == ["not-met", "not-met", "unknown", "not-met"]
    assert [row["outcome"] for row in rows] == [
        "not-yet",
        "not-yet",
        "request-information",
        "clinical-review",
    ]
    assert str(rows[0]["decide_after"]) == "2026-12-19"
    assert [row["questions"] for row in rows] == ["", "", "insulin_injections", ""]
