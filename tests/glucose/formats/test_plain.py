import pytest

from priorauth.glucose.formats.columns import device_in
from priorauth.glucose.stream import Device, Flag
from tests.glucose.logs import count, fixture, flagged, left_out, lines, local_times, read, refusal, stream, values

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
        ("time=When,glucose=Sugar,unit=mg/dL,device=meter", "a column that columns= names is not in the header"),
        ("time=When,glucose=9,unit=mg/dL,device=meter", "a column that columns= names is not in the header"),
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


NAMES = {
    "time": "timestamp, time stamp, datetime, date time, date/time, date and time, local time",
    "unit": "unit, units, glucose unit, glucose units",
    "device": "device class, device type, device, source, type, kind",
    "meal": "meal, meal tag, tag, tags, meal context, relation to meal, timing",
    "manual": "manual, manual reading, entered by hand",
    "patient": "patient, patient id, patient name, subject, subject id, mrn, member id",
    "glucose": "glucose, bg, blood glucose, sensor glucose, cgm, smbg, sgv, reading, value",
}


@pytest.mark.parametrize(
    ("key", "name"), [(key, name) for key, names in NAMES.items() for name in names.upper().split(", ")]
)
def test_a_column_is_known_by_each_of_its_names(key: str, name: str) -> None:
    header = {each: name if each == key else names.partition(",")[0] for each, names in NAMES.items()}
    cells = ["2024-01-15 08:00", "mg/dL", "meter", "fasting", "yes", "Erika", "120"]
    log = read(",".join(header.values()) + "\n" + ",".join(cells) + "\n")
    device: Device = "cgm" if name in {"CGM", "SENSOR GLUCOSE"} else "meter"  # what the glucose column says goes first
    assert lines(log, device) == [(2, "2024-01-15 08:00", 120, "FASTING MANUAL")]
    assert log.patients == ("Erika",)


@pytest.mark.parametrize("date", ["date", "day"])
@pytest.mark.parametrize("clock", ["time", "clock", "time of day"])
def test_date_and_clock_may_stand_in_two_columns(date: str, clock: str) -> None:
    log = read(f"{clock},glucose (mg/dL),{date},device\n08:05,120,2024-01-15,meter\n")
    assert lines(log, "meter") == [(2, "2024-01-15 08:05", 120, "")]


def test_a_column_called_time_may_hold_both_date_and_clock() -> None:
    log = read("time,meter glucose (mg/dL)\n2024-01-15 08:05,120\n")
    assert lines(log, "meter") == [(2, "2024-01-15 08:05", 120, "")]


@pytest.mark.parametrize("header", ["date,glucose (mg/dL)", "clock,day,hour", "time,glucose,value", "timestamp,note"])
def test_a_header_without_one_time_and_one_glucose_is_not_recognised(header: str) -> None:
    assert "format not recognised" in refusal(header + "\n2024-01-15 08:05,120,121\n")


@pytest.mark.parametrize(
    ("words", "device"),
    [
        *((word, "cgm") for word in ("CGM", "sensor", "Interstitial fluid", "continuous", "cbg")),
        *((word, "meter") for word in ("meter", "fingerstick", "finger stick", "finger_stick", "capillary", "smbg")),
        ("test strip", "meter"),
        ("pump", None),
        ("", None),
        ("sensor strip", None),
    ],
)
def test_words_name_one_class_of_device_or_none(words: str, device: str | None) -> None:
    assert device_in(words) == device
    log = read(f"timestamp,value (mg/dL),device\n2024-01-15 08:00,120,{words}\n2024-01-15 09:00,130,meter\n")
    assert count(log, "meter") == (2 if device == "meter" else 1)
    assert log.counts == ({} if device else {"not-glucose": 1})


def test_every_kind_of_row_goes_where_it_belongs() -> None:
    rows = [
        "2024-01-15 08:00,120,meter,before meal,\n",
        "2024-01-15 08:10,121,meter,,yes\n",
        "2024-01-15 08:20,122,meter,fasting,No\n",
        "2024-01-15 08:30,123,meter,control,yes\n",
        "2024-01-15 08:40,124,pump,control,\n",
        "2024-01-15 08:50,125,pump,,\n",
        "2024-01-15 09:00,126,sensor,after meal,\n",
        "2024-01-15 09:10\n",
        "2024-01-15 09:20,127,sensor\n",
        "never,128,sensor,,\n",
        "2024-01-15 09:30,Low,sensor,,n\n",
    ]
    log = read("timestamp,glucose (mg/dL),device,tag,manual\n" + "".join(rows))
    assert lines(log, "meter") == [
        (2, "2024-01-15 08:00", 120, "BEFORE_MEAL"),
        (3, "2024-01-15 08:10", 121, "MANUAL"),
        (4, "2024-01-15 08:20", 122, "FASTING"),
    ]
    assert lines(log, "cgm") == [
        (8, "2024-01-15 09:00", 126, "AFTER_MEAL"),
        (10, "2024-01-15 09:20", 127, ""),
        (12, "2024-01-15 09:30", 39, "LOW"),
    ]
    assert left_out(log) == [
        (5, "control-solution"),
        (6, "control-solution"),
        (7, "not-glucose"),
        (9, "truncated-line"),
        (11, "unreadable-time"),
    ]


@pytest.mark.parametrize(
    ("columns", "read_as"),
    [
        ("time=1,glucose=2,unit=mg/dL,device=meter", (2, "2024-01-15 08:00", 120, "")),
        ("time=When,glucose=BG,unit=mmol/L,device=meter", None),
        ("date=Day,clock=Hour,glucose=BG,unit=mg/dL,device=meter", (2, "2024-01-16 09:00", 120, "")),
        ("time=When,glucose=BG,unit=Unit,device=Made by", (2, "2024-01-15 08:00", 120, "")),
        (
            "time=When,glucose=BG,unit=mg/dL,device=meter,meal=Said,manual=Hand",
            (2, "2024-01-15 08:00", 120, "FASTING MANUAL"),
        ),
        (" time = When , glucose = BG , unit = mg/dl , device = meter ", (2, "2024-01-15 08:00", 120, "")),
        ("time=0,glucose=2,unit=mg/dL,device=meter", "not in the header"),
        ("time=10,glucose=2,unit=mg/dL,device=meter", "not in the header"),
        ("clock=Hour,glucose=BG,unit=mg/dL,device=meter", "expected glucose, and time or both date and clock"),
        ("date=Day,glucose=BG,unit=mg/dL,device=meter", "expected glucose, and time or both date and clock"),
        ("time=When,unit=mg/dL,device=meter", "expected glucose, and time or both date and clock"),
        ("time=When,glucose=,unit=mg/dL,device=meter", "expected pairs key=column"),
    ],
)
def test_columns_are_named_by_number_or_by_name(columns: str, read_as: tuple[int, str, int, str] | str | None) -> None:
    text = (
        "When,BG,Day,Hour,Unit,Made by,Said,Hand,Who\n"
        "2024-01-15 08:00,120,2024-01-16,09:00,mg/dL,fingerstick,fasting,yes,E\n"
    )
    if isinstance(read_as, tuple):
        assert lines(read(text, columns=columns), "meter") == [read_as]
    elif read_as is None:
        assert "1 other-unit" in refusal(text, columns=columns)
    else:
        assert read_as in refusal(text, columns=columns)


def test_a_unit_in_the_header_of_a_named_column_is_the_unit() -> None:
    text = "When,BG mmol/L\n2024-01-15 08:00,6.7\n"
    assert values(read(text, columns="time=When,glucose=2,device=meter"), "meter") == [121]


def test_a_patient_left_blank_is_the_one_that_was_named() -> None:
    rows = "".join(f"{who},2024-01-15 {hour}:00,120\n" for who, hour in (("", "08"), ("A", "09"), ("", "10")))
    text = "patient,timestamp,meter glucose (mg/dL)\n" + rows
    assert (count(read(text), "meter"), read(text).patients) == (3, ("A",))


def test_one_id_in_all_rows_is_one_patient() -> None:
    text = "id,timestamp,meter glucose (mg/dL)\n7,2024-01-15 08:00,120\n7,2024-01-15 09:00,121\n"
    assert count(read(text), "meter") == 2


@pytest.mark.parametrize("mark", ["", "false", "No", "n", "0"])
def test_a_reading_is_not_typed_where_the_column_says_no(mark: str) -> None:
    log = read(f"timestamp,meter glucose (mg/dL),manual\n2024-01-15 08:00,120,{mark}\n")
    assert lines(log, "meter") == [(2, "2024-01-15 08:00", 120, "")]


def test_a_header_below_other_lines_is_taken_where_it_says_everything() -> None:
    table = "timestamp,{}\n2024-01-15 08:00,120\n"
    log = read("A diary\nof January\n" + table.format("sensor glucose (mg/dL)"))
    assert lines(log, "cgm") == [(4, "2024-01-15 08:00", 120, "")]
    assert "format not recognised" in refusal("A diary\n" + table.format("glucose (mg/dL)"))
