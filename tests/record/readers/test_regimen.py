import pytest

from priorauth.values.dates import LAST_DAY
from tests.record.building import concept, day, order, request, rows, times

ASPART, LISPRO, GLARGINE = "rxnorm:51428", "rxnorm:86009", "rxnorm:274783"
BOLUS = order(ASPART, "2026-01-10", times(3))
BASAL = order(GLARGINE, "2026-01-10", times(1))


def injections(*resources: dict[str, object]) -> list[tuple[int, int, int | None, int | None]]:
    return [(row.start_first, row.end_last, row.low, row.high) for row in rows("insulin_injections", *resources)]


def test_injections_are_the_sum_of_basal_and_bolus() -> None:
    assert injections(BOLUS, BASAL) == [(day("2026-01-10"), LAST_DAY, 40, 40)]


def test_a_later_order_for_the_same_part_takes_the_place_of_the_earlier_one() -> None:
    later = order(LISPRO, "2026-03-01", times(4))
    assert injections(BOLUS, later) == [
        (day("2026-01-10"), day("2026-02-28"), 30, 30), (day("2026-03-01"), LAST_DAY, 40, 40),
    ]  # fmt: skip


def test_an_order_that_ended_is_followed_by_days_that_are_not_known() -> None:
    ended = order(
        ASPART,
        "2026-01-10",
        {**times(3), "boundsPeriod": {"start": "2026-01-10", "end": "2026-03-01"}},
        status="completed",
    )
    assert injections(ended) == [(day("2026-01-10"), day("2026-03-01"), 30, 30)]


def test_an_order_stopped_on_a_day_not_known_may_have_gone_on_until_the_request() -> None:
    stopped = order(ASPART, "2026-01-10", times(3), status="stopped")
    assert injections(stopped) == [
        (day("2026-01-10"), day("2026-01-10"), 30, 30), (day("2026-01-11"), day("2026-06-15"), 0, 30),
    ]  # fmt: skip


def test_an_order_without_a_computable_timing_makes_the_sum_a_lower_bound() -> None:
    assert injections(BASAL, order(ASPART, "2026-01-10")) == [(day("2026-01-10"), LAST_DAY, 10, None)]


def test_orders_as_needed_do_not_count() -> None:
    needed = order(ASPART, "2026-01-10", times(3))
    needed["dosageInstruction"][0]["asNeededBoolean"] = True
    assert injections(BASAL, needed) == [(day("2026-01-10"), LAST_DAY, 10, 10)]


def test_orders_in_hospital_do_not_count() -> None:
    inside = order(ASPART, "2026-01-10", times(3), category=[concept("x:inpatient")])
    assert injections(BASAL, inside) == [(day("2026-01-10"), LAST_DAY, 10, 10)]
    assert len(rows("insulin_treatment", inside)) == 0


@pytest.mark.parametrize("change", [
    {"status": "cancelled"}, {"status": "entered-in-error"}, {"status": "draft"}, {"intent": "plan"},
    {"intent": "proposal"}, {"doNotPerform": True},
])  # fmt: skip
def test_what_was_never_ordered_does_not_count(change: dict[str, object]) -> None:
    assert injections({**BOLUS, **change}) == []


def test_an_order_on_hold_leaves_the_sum_open() -> None:
    assert injections(BASAL, {**BOLUS, "status": "on-hold"}) == [(day("2026-01-10"), LAST_DAY, 10, None)]


def test_two_orders_for_one_part_of_the_same_day_are_one_or_both() -> None:
    again = {**BOLUS, "id": "again"}
    assert injections(BOLUS, again) == [(day("2026-01-10"), LAST_DAY, 30, 60)]


def test_an_order_of_only_a_month_may_have_begun_on_any_of_its_days() -> None:
    assert injections(order(ASPART, "2026-02", times(3))) == [
        (day("2026-02-01"), day("2026-02-27"), 0, 30), (day("2026-02-28"), LAST_DAY, 30, 30),
    ]  # fmt: skip


def test_a_mixed_insulin_counts_once_for_each_injection() -> None:
    assert injections(order("atc:A10AD05", "2026-01-10", times(2))) == [(day("2026-01-10"), LAST_DAY, 20, 20)]


def test_inhaled_insulin_is_no_injection_but_treatment() -> None:
    inhaled = order("atc:A10AF01", "2026-01-10", times(3))
    assert injections(inhaled) == []
    assert len(rows("insulin_treatment", inhaled)) == 1


def test_insulin_of_no_named_kind_beside_others_leaves_the_sum_open() -> None:
    unnamed = order("rxnorm:5856", "2026-01-10", times(4))
    assert injections(unnamed) == [(day("2026-01-10"), LAST_DAY, 40, 40)]
    assert injections(unnamed, BASAL) == [(day("2026-01-10"), LAST_DAY, 40, None)]


def test_an_order_that_only_its_words_call_insulin_leaves_the_sum_open() -> None:
    brand = order("rxnorm:999999", "2026-01-10", times(3))
    brand["medicationCodeableConcept"]["text"] = "NovoLog FlexPen 100 unit/mL"
    assert injections(BASAL, brand) == [(day("2026-01-10"), LAST_DAY, 10, None)]


def test_instructions_of_one_order_are_added_and_numbered_ones_may_follow_each_other() -> None:
    two = order(ASPART, "2026-01-10", times(1))
    two["dosageInstruction"] = [{"timing": {"repeat": times(1)}}, {"timing": {"repeat": times(2)}}]
    assert injections(two)[0][2:] == (30, 30)
    for place, dosage in enumerate(two["dosageInstruction"], 1):
        dosage["sequence"] = place
    assert injections(two)[0][2:] == (10, 30)


def test_instructions_with_periods_of_their_own_follow_each_other() -> None:
    stepped = order(ASPART, "2026-01-10")
    stepped["dosageInstruction"] = [
        {"timing": {"repeat": {**times(1), "boundsPeriod": {"start": "2026-01-10", "end": "2026-01-31"}}}},
        {"timing": {"repeat": {**times(3), "boundsPeriod": {"start": "2026-02-01"}}}},
    ]
    assert injections(stepped) == [
        (day("2026-01-10"), day("2026-01-31"), 10, 10),
        (day("2026-02-01"), LAST_DAY, 30, 30),
    ]


def test_every_order_of_a_sum_is_named() -> None:
    (row,) = rows("insulin_injections", BOLUS, BASAL)
    assert row.ref == f"MedicationRequest/{BASAL['id']}, MedicationRequest/{BOLUS['id']}"


def test_no_order_is_no_row() -> None:
    assert "insulin_injections" not in request(order("rxnorm:6809")).rows


def test_a_flood_of_orders_is_cut_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("priorauth.record.readers.regimen.MOST_LINES", 2)
    made = request(BOLUS, BASAL, order(LISPRO, "2026-03-01", times(4)))
    assert any("the newest are read" in warning for warning in made.warnings)


def test_what_runs_into_a_vein_or_at_a_rate_is_no_injection_but_treatment() -> None:
    into_a_vein = {
        **BOLUS,
        "dosageInstruction": [{"route": concept("snomed:47625008"), "timing": {"repeat": times(3)}}],
    }
    at_a_rate = {
        **BOLUS,
        "dosageInstruction": [{"doseAndRate": [{"rateQuantity": {"value": 1}}], "timing": {"repeat": times(24)}}],
    }
    for made in (into_a_vein, at_a_rate):
        assert injections(made) == []
        assert injections(made, BASAL) == [(day("2026-01-10"), LAST_DAY, 10, 10)]
        assert len(rows("insulin_treatment", made)) == 1


def test_an_order_in_doubt_leaves_the_sum_open() -> None:
    doubtful = {**BOLUS, "modifierExtension": [{"url": "urn:example:not"}]}
    assert injections(doubtful, BASAL) == [(day("2026-01-10"), LAST_DAY, 10, None)]
    assert injections({**BOLUS, "status": "nobody-knows"}, BASAL) == [(day("2026-01-10"), LAST_DAY, 10, None)]


def test_of_two_orders_of_one_day_with_unequal_rates_the_greater_is_the_least_and_both_are_the_most() -> None:
    for first, second in ((2, 5), (5, 2)):
        one = order(ASPART, "2026-01-10", times(first), id="one")
        two = order(ASPART, "2026-01-10", times(second), id="two")
        assert injections(one, two) == [(day("2026-01-10"), LAST_DAY, 50, 70)]
