import pytest

from priorauth.glucose.stream import Flag
from tests.glucose.logs import fixture, flagged, local_times, read, refusal, stream, values

BARE = "When,BG\n2024-01-15 08:00,120\n2024-01-15 12:00,130\n"


def test_a_meter_log_with_meals_is_read() -> None:
    meter = stream(fixture("plain_meter.csv"), "meter")
    assert meter.glucose.tolist() == [131, 102, 245, 96]
    assert local_times(meter)[0] == "2024-03-25 07:10"
    assert flagged(meter, Flag.BEFORE_MEAL) == [131, 102]
    assert flagged(meter, Flag.AFTER_MEAL) == flagged(meter, Flag.MANUAL) == [245]
    assert flagged(meter, Flag.FASTING) == [96]
    assert fixture("plain_meter.csv").counts == {"no-value": 1, "control-solution": 1}


def test_a_sensor_log_with_a_zone_parted_by_tabs_is_read() -> None:
    log = fixture("plain_sensor.csv")
    assert (values(log, "cgm"), local_times(stream(log, "cgm"))[0]) == ([130, 135, 142], "2024-03-25 07:10")
    assert not stream(log, "cgm").zoneless


def test_a_table_without_a_unit_is_refused_and_never_guessed() -> None:
    said = refusal("timestamp,sensor glucose\n2024-01-15 08:00,120\n")
    assert said.startswith("log: no unit is stated; expected mg/dL or mmol/L")


def test_a_table_that_does_not_say_what_measured_is_refused() -> None:
    said = refusal("timestamp,glucose (mg/dL)\n2024-01-15 08:00,120\n")
    assert said.startswith("log: nothing says whether a sensor or a meter measured")


def test_columns_that_the_sender_names_are_read() -> None:
    log = read(BARE, columns="time=When,glucose=BG,unit=mg/dL,device=meter")
    assert values(log, "meter") == [120, 130]


def test_columns_named_by_number_need_no_header() -> None:
    log = read("2024-01-15 08:00,120\n2024-01-15 12:00,130\n", columns="time=1,glucose=2,unit=mg/dL,device=cgm")
    assert values(log, "cgm") == [120, 130]


def test_columns_named_by_number_skip_a_header_that_is_there() -> None:
    assert values(read(BARE, columns="time=1,glucose=2,unit=mg/dL,device=cgm"), "cgm") == [120, 130]


@pytest.mark.parametrize(
    ("columns", "why"),
    [
        ("time=When,glucose=Sugar,unit=mg/dL,device=meter", "a column that --columns names is not in the header"),
        ("time=When,glucose=9,unit=mg/dL,device=meter", "a column that --columns names is not in the header"),
        ("glucose=BG,unit=mg/dL,device=meter", "expected glucose, and time or both date and clock"),
        ("time=When,colour=BG", "expected pairs key=column"),
        ("time=When,time=BG", "expected pairs key=column"),
        ("time=When,glucose=BG,device=meter", "no unit is stated"),
        ("time=When,glucose=BG,unit=mg/dL", "nothing says whether a sensor or a meter measured"),
    ],
)
def test_columns_named_wrongly_are_refused_with_what_was_expected(columns: str, why: str) -> None:
    assert why in refusal(BARE, columns=columns)


def test_a_column_of_units_holds_row_by_row() -> None:
    log = read("timestamp,value,unit,device\n2024-01-15 08:00,6.7,mmol/L,meter\n2024-01-15 09:00,120,mg/dL,meter\n")
    assert (values(log, "meter"), log.unit) == ([121, 120], "mmol/L, mg/dL")


def test_a_row_whose_unit_contradicts_the_header_is_counted() -> None:
    log = read("timestamp,meter glucose (mg/dL),unit\n2024-01-15 08:00,6.7,mmol/L\n2024-01-15 09:00,120,\n")
    assert (values(log, "meter"), log.counts) == ([120], {"unit-unknown": 1})


def test_a_column_of_devices_parts_sensor_and_meter() -> None:
    log = read(
        "timestamp,glucose (mg/dL),device type\n"
        "2024-01-15 08:00,120,CGM\n2024-01-15 08:01,131,fingerstick\n2024-01-15 08:05,121,ketone strip tester cgm\n"
    )
    assert (values(log, "cgm"), values(log, "meter"), log.counts) == ([120], [131], {"not-glucose": 1})


def test_values_in_two_units_in_one_column_are_refused() -> None:
    rows = "".join(f"2024-01-15 0{hour}:00,{value}\n" for hour, value in enumerate((120, 5.6, 130, 7.2, 8.1)))
    assert "cannot be in the unit" in refusal("timestamp,meter glucose (mg/dL)\n" + rows)


def test_a_year_of_zeros_is_counted_and_then_refused() -> None:
    days = [f"2024-{month:02}-{day:02}" for month in range(1, 13) for day in range(1, 29)]
    said = refusal("timestamp,meter glucose (mg/dL)\n" + "".join(f"{day} 08:00,0\n" for day in days))
    assert said == "log: no readings (336 out-of-range); expected at least one"


def test_two_patients_in_the_table_are_refused_without_a_name() -> None:
    text = "patient,timestamp,meter glucose (mg/dL)\nA,2024-01-15 08:00,120\nB,2024-01-15 08:00,120\n"
    assert refusal(text) == "log, row 3: a second patient; expected one patient in a file"


def test_an_id_that_changes_from_patient_to_patient_is_refused_and_a_row_number_is_not() -> None:
    header = "id,timestamp,meter glucose (mg/dL)\n"
    rows = [(1, "08"), (1, "09"), (2, "08")]
    assert "more than one id" in refusal(header + "".join(f"{who},2024-01-15 {at}:00,120\n" for who, at in rows))
    numbered = header + "".join(f"{n},2024-01-15 {n:02}:00,120\n" for n in range(5))
    assert values(read(numbered), "meter") == [120] * 5


def test_midnight_without_a_clock_is_midnight_where_other_rows_have_one() -> None:
    log = read("timestamp,sensor glucose (mg/dL)\n2000-02-07 23:55:00,120\n2000-02-08,121\n2000-02-08 00:05:00,122\n")
    assert local_times(stream(log, "cgm"))[1] == "2000-02-08 00:00"


def test_a_log_of_dates_without_any_clock_is_refused() -> None:
    said = refusal("timestamp,sensor glucose (mg/dL)\n2000-02-07,120\n2000-02-08,121\n")
    assert said == "log: no readings (2 unreadable-time); expected at least one"


def test_a_table_by_hand_proves_nothing_whole() -> None:
    assert fixture("plain_meter.csv").whole == ()


def test_a_date_that_a_spreadsheet_wrote_as_its_midnight_is_a_date() -> None:
    log = read("date,time,meter glucose (mg/dL)\n2024-01-15 00:00:00,08:05:00,120\n")
    assert local_times(stream(log, "meter")) == ["2024-01-15 08:05"]
