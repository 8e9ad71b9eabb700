from datetime import date

import pytest

from priorauth.glucose.definitions import definitions
from priorauth.glucose.formats.reading import Flag
from priorauth.glucose.metrics.series import Device
from priorauth.glucose.metrics.summary import Summary, share, summary
from tests.glucose.drawn import MIDNIGHT, sensor

NEW_YEAR = date(2024, 1, 1)


def of(
    device: Device,
    *rows: tuple[int, int],
    offset: int = 0,
    flags: int = 0,
    from_day: date | None = None,
    until_day: date | None = None,
) -> Summary:
    minutes, glucose = [MIDNIGHT + minute for minute, _ in rows], [value for _, value in rows]
    notes, offsets = [flags] * len(rows), [offset] * len(rows)
    return summary(device, minutes, offsets, glucose, notes, from_day=from_day, until_day=until_day)


def days(count: int) -> list[tuple[int, int]]:
    return [(5 * place, 100 + place % 80) for place in range(288 * count)]


def test_the_printed_form_is_what_the_command_promises() -> None:
    printed = of("cgm", *days(1)).as_json(format="clarity", rejected=3)
    assert list(printed) == ["device", "format", "readings", "rejected", "from", "until", "metrics"]
    assert (printed["device"], printed["format"], printed["readings"], printed["rejected"]) == (
        "cgm",
        "clarity",
        288,
        3,
    )
    assert (printed["from"], printed["until"]) == ("2024-01-01", "2024-01-01")
    assert list(printed["metrics"]) == [  # type: ignore[call-overload]  # JSON
        "mean_mg_dl",
        "sd_mg_dl",
        "cv_percent",
        "gmi_percent",
        "time_70_180_percent",
        "time_below_70_percent",
        "time_below_54_percent",
        "time_above_180_percent",
        "time_above_250_percent",
        "mage_mg_dl",
        "hypo_level_1_events",
        "hypo_level_2_events",
        "active_percent",
        "tests_per_day",
    ]


def test_unknown_is_none_with_a_reason_and_never_zero() -> None:
    found = of("cgm")
    assert {each.value for each in found.evidence.values()} == {None}
    assert all(each.why for each in found.evidence.values())
    assert (found.first_day, found.last_day) == (None, None)


def test_every_metric_comes_with_its_definition_n_and_window() -> None:
    found = of("cgm", *days(2))
    for name, each in found.evidence.items():
        assert each.definition == definitions().metrics[name].id
        assert (each.first_day, each.last_day) == (NEW_YEAR, date(2024, 1, 2))
    assert found.evidence["mean_mg_dl"].n == 576


def test_events_and_days_are_whole_numbers() -> None:
    found = of("cgm", *days(2))
    assert type(found.value("hypo_level_1_events")) is int
    assert type(found.value("mean_mg_dl")) is float


def test_a_value_over_too_few_days_is_given_and_marked() -> None:
    each = of("cgm", *days(13)).evidence["time_70_180_percent"]
    assert (each.value, each.sufficient) == (100, False)
    assert "14 days" in each.why


def test_fourteen_days_suffice() -> None:
    each = of("cgm", *days(14)).evidence["time_70_180_percent"]
    assert (each.sufficient, each.why) == (True, "")


def test_what_takes_a_meter_says_so_of_a_sensor() -> None:
    each = of("cgm", *days(1)).evidence["tests_per_day"]
    assert (each.value, each.why) == (None, "takes a meter")


def test_what_takes_a_sensor_says_so_of_a_meter() -> None:
    each = of("meter", (480, 100)).evidence["gmi_percent"]
    assert (each.value, each.why) == (None, "takes a sensor")


def test_swings_before_meals_told_by_the_time_of_day_are_an_indication_only() -> None:
    each = of("meter", (420, 100), (720, 180)).evidence["premeal_range_mg_dl"]
    assert (each.value, each.by, each.sufficient) == (80, "windows", False)
    each = of("meter", (420, 100), (720, 180), flags=int(Flag.BEFORE_MEAL)).evidence["premeal_range_mg_dl"]
    assert (each.value, each.by, each.sufficient) == (80, "tags", True)


def test_a_window_keeps_its_local_days_both_ends_included() -> None:
    rows = [(-1, 90), (0, 100), (1439, 110), (1440, 120)]
    found = of("meter", *rows, from_day=NEW_YEAR, until_day=NEW_YEAR)
    assert (found.readings, found.value("mean_mg_dl")) == (2, 105)
    west = of("meter", *rows, offset=-60, from_day=NEW_YEAR, until_day=NEW_YEAR)
    assert (west.readings, west.value("mean_mg_dl")) == (2, 115)


def test_tests_per_day_are_over_the_days_asked_for() -> None:
    found = of("meter", (480, 100), (720, 110), from_day=NEW_YEAR, until_day=date(2024, 1, 4))
    assert found.value("tests_per_day") == 0.5


def test_an_open_end_of_the_window_is_the_streams_own() -> None:
    found = of("meter", (480, 100), (1440 + 480, 110), from_day=date(2023, 12, 31))
    assert (found.first_day, found.last_day, found.value("tests_per_day")) == (
        date(2023, 12, 31),
        date(2024, 1, 2),
        2 / 3,
    )


def test_a_window_without_readings_leaves_all_unknown_and_keeps_its_days() -> None:
    found = of("meter", (480, 100), from_day=date(2024, 2, 1), until_day=date(2024, 2, 3))
    assert (found.readings, found.value("tests_per_day")) == (0, None)
    assert (found.first_day, found.last_day) == (date(2024, 2, 1), date(2024, 2, 3))


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="until_day: expected 2024-01-01 or later, found 2023-12-31"):
        of("cgm", from_day=NEW_YEAR, until_day=date(2023, 12, 31))


def test_the_same_readings_give_the_same_summary() -> None:
    assert of("cgm", *days(3)) == of("cgm", *days(3))


def test_the_share_of_a_range_of_ones_own_is_evidence_like_any_other() -> None:
    trace = sensor([62, 63, 140, 141])
    found = summary("cgm", trace.minutes, trace.offsets, trace.glucose, trace.flags)
    each = share(found, trace, 63, 140)
    assert (each.name, each.definition) == ("time_63_140_percent", "glucose.share-63-140.1")
    assert (each.value, each.n, each.sufficient) == (50, 4, False)


def test_the_share_of_no_readings_is_unknown() -> None:
    trace = sensor([])
    found = summary("cgm", trace.minutes, trace.offsets, trace.glucose, trace.flags)
    assert share(found, trace, 63, 140).value is None


def test_thirteen_worn_days_of_fourteen_do_not_suffice() -> None:
    rows = days(14)
    worn_13 = [row for row in rows if row[0] // 1440 != 6]  # 93 % of all readings, but nothing on the seventh day
    each = of("cgm", *worn_13).evidence["mean_mg_dl"]
    assert (each.n, each.last_day, each.sufficient) == (13 * 288, date(2024, 1, 14), False)
    assert each.why == "less than 14 days of a sensor with 70 percent of the readings"


def test_seventy_percent_of_the_readings_suffice_and_less_does_not() -> None:
    # 202 of 288 readings a day are 70.1 %, 201 are 69.8 %.
    for a_day, enough in ((202, True), (201, False)):
        rows = [row for row in days(14) if row[0] % 1440 < 5 * a_day]
        assert of("cgm", *rows).evidence["mean_mg_dl"].sufficient is enough


def test_a_window_that_is_longer_than_what_was_worn_does_not_suffice() -> None:
    found = of("cgm", *days(14), from_day=NEW_YEAR, until_day=date(2024, 1, 20))
    assert found.evidence["active_window_percent"].value == 70
    assert found.evidence["mean_mg_dl"].sufficient is True
    longer = of("cgm", *days(14), from_day=NEW_YEAR, until_day=date(2024, 1, 21))
    assert longer.evidence["mean_mg_dl"].sufficient is False


def test_a_meter_never_suffices_for_the_consensus() -> None:
    assert of("meter", *days(14)).evidence["mean_mg_dl"].sufficient is False


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("mean_mg_dl", "no readings in the window"),
        ("active_percent", "no readings in the window"),
        ("premeal_range_mg_dl", "fewer than two readings before meals"),
        ("dawn_days", "no readings in the window"),
        ("tests_per_day", "takes a meter"),
    ],
)
def test_an_empty_stream_says_why_each_metric_is_unknown(name: str, why: str) -> None:
    assert of("cgm").evidence[name].why == why


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("sd_mg_dl", "fewer than two readings"),
        ("hypo_level_1_events", "no uncut stretch of 15 minutes"),
        ("active_percent", "the time between readings cannot be told"),
        ("premeal_wide_days", "no day with two readings before meals"),
    ],
)
def test_one_reading_says_why_each_metric_is_unknown(name: str, why: str) -> None:
    assert of("cgm", (720, 100)).evidence[name].why == why
