import pytest

from priorauth.facts.rows import Source
from priorauth.record.derived import whole_months
from tests.record.building import Json, condition, day, form, item, on, quantity, rows, yes


def trial(start: str = "2026-02-03", end: str | None = "2026-05-15") -> Json:
    parts = [item("pump_trial.value", yes()), item("pump_trial.from", on(start))]
    parts += [item("pump_trial.until", on(end))] if end else []
    return form(item("pump_trial", parts=parts))


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [("2026-02-03", "2026-05-03", 3), ("2026-02-03", "2026-05-02", 2), ("2026-01-31", "2026-02-28", 1),
     ("2026-01-31", "2026-01-31", 0), ("2016-01-01", "2026-01-01", 120)],
)  # fmt: skip
def test_months_are_whole_calendar_months(start: str, end: str, months: int) -> None:
    assert whole_months(day(start), day(end)) == months


def test_a_trial_lasts_whole_months_until_its_end_or_the_request() -> None:
    (row,) = rows("pump_trial_months", trial())
    assert (row.low, row.high, row.first, row.source) == (30, 30, day("2026-05-15"), Source.ANSWER)
    (row,) = rows("pump_trial_months", trial(end=None))
    assert (row.low, row.first) == (40, day("2026-06-15"))


def test_a_trial_of_uncertain_start_lasts_between() -> None:
    (row,) = rows("pump_trial_months", trial("2026-02"))
    assert (row.low, row.high) == (20, 30)


def test_coded_harm_within_the_trial_is_a_yes_and_outside_it_says_nothing() -> None:
    inside, before = (condition("icd10:E10.10", on_day) for on_day in ("2026-03-01", "2026-01-01"))
    assert [row.text for row in rows("major_adverse_reaction", trial(), inside)] == ["yes"]
    assert rows("major_adverse_reaction", trial(), before) == ()
    assert rows("major_adverse_reaction", inside) == ()


def cost(fact: str, value: float, when: str | None) -> Json:
    parts = [] if when is None else [item(f"{fact}.date", on(when))]
    return item(fact, {"valueQuantity": quantity(value, "{USD}")}, parts=parts)


def test_a_repair_is_a_percent_of_a_replacement_dated_by_the_later() -> None:
    said = form(cost("repair_cost", 600, "2026-05-01"), cost("replacement_cost", 4000, "2026-05-20"))
    (row,) = rows("repair_cost_percent_of_replacement", said)
    assert (row.low, row.high, row.first, row.source) == (150, 150, day("2026-05-20"), Source.ANSWER)


def test_without_a_date_or_without_one_of_the_two_there_is_no_percent() -> None:
    for said in (
        form(cost("repair_cost", 600, None), cost("replacement_cost", 4000, "2026-05-20")),
        form(cost("repair_cost", 600, "2026-05-01")),
        form(cost("repair_cost", 600, "2026-05-01"), cost("replacement_cost", 0, "2026-05-20")),
    ):
        assert rows("repair_cost_percent_of_replacement", said) == ()


def test_two_costs_of_the_same_day_are_no_latest_cost() -> None:
    said = form(cost("repair_cost", 600, "2026-05-01"), cost("repair_cost", 700, "2026-05-01"),
                cost("replacement_cost", 4000, "2026-05-20"))  # fmt: skip
    assert rows("repair_cost_percent_of_replacement", said) == ()
