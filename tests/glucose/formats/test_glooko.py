import pytest

from priorauth.glucose.stream import Flag
from tests.glucose.logs import fixture, flagged, left_out, lines, local_times, read, refusal, stream, values

NAME = "Name:Erika Muster,Date Range:2024-01-01 - 2024-01-31\n"
TESTS = "Timestamp,Glucose Value (mg/dl),Manual Reading,Serial Number\n"


def test_sensor_readings_in_mmol_fall_on_the_thresholds_of_mg() -> None:
    log = fixture("glooko_cgm.csv")
    assert values(log, "cgm") == [250, 39, 52, 54, 70, 401, 178, 180]
    assert local_times(stream(log, "cgm"))[0] == "2024-03-14 07:35"
    assert log.patients == ("Erika Muster",)


def test_fingersticks_carry_their_meals_and_control_solution_is_none() -> None:
    log = fixture("glooko_bg.csv")
    meter = stream(log, "meter")
    assert meter.glucose.tolist() == [401, 90, 122, 131, 101, 188]
    assert flagged(meter, Flag.FASTING) == [131]
    assert flagged(meter, Flag.BEFORE_MEAL) == [101]
    assert flagged(meter, Flag.AFTER_MEAL) == [188]
    assert log.counts == {"duplicate": 1, "control-solution": 1}


def test_twelve_in_the_morning_is_midnight() -> None:
    assert "2024-03-14 00:00" in local_times(stream(fixture("glooko_bg.csv"), "meter"))


def test_a_manual_reading_is_flagged_and_proves_nothing_whole() -> None:
    rows = "2024-01-05 08:00,120,true,\n2024-01-15 08:00,130,false,M1\n2024-01-25 08:00,140,,M1\n"
    log = read(NAME + TESTS + rows)
    assert flagged(stream(log, "meter"), Flag.MANUAL) == [120]
    assert log.whole == ()


def test_one_meters_memory_is_whole_between_its_first_and_last_day() -> None:
    rows = "".join(f"2024-01-{day:02} 08:00,120,,M1\n" for day in (5, 15, 25))
    [span] = read(NAME + TESTS + rows).whole
    assert (span.device, span.until_day - span.from_day) == ("meter", 18)


def test_two_meters_may_have_been_read_on_different_days_and_prove_nothing() -> None:
    log = read(NAME + TESTS + "2024-01-05 08:00,120,,M1\n2024-01-25 08:00,130,,M2\n")
    assert log.whole == ()


def test_one_test_that_a_second_device_repeats_counts_once() -> None:
    log = read(NAME + TESTS + "2024-01-05 08:00,120,,M1\n2024-01-05 08:01,120,true,\n2024-01-05 08:05,121,,M1\n")
    assert (values(log, "meter"), log.counts) == ([120, 121], {"copy-of-fingerstick": 1})
    assert flagged(stream(log, "meter"), Flag.MANUAL) == []


def test_a_german_export_is_read() -> None:
    log = read(
        "Name:Erika Muster;Datumsbereich:01.03.2024 - 31.03.2024\n"
        "Zeitstempel;CGM-Glukosewert (mg/dl);Seriennummer\n"
        "05.03.2024 08:00;120;S1\n"
    )
    assert local_times(stream(log, "cgm")) == ["2024-03-05 08:00"]


def test_a_second_patient_in_the_file_is_refused_without_a_name() -> None:
    part = NAME + TESTS + "2024-01-05 08:00,120,,M1\n"
    said = refusal(part + part.replace("Erika", "Max"))
    assert said == "log, row 4: a second patient; expected one patient in a file"


def test_a_second_table_in_another_unit_is_refused() -> None:
    part = NAME + TESTS + "2024-01-05 08:00,120,,M1\n"
    assert "another unit" in refusal(part + part.replace("mg/dl", "mmol/l"))


def test_a_row_without_a_time_is_counted() -> None:
    log = read(NAME + TESTS + "2024-01-05 08:00,120,,M1\nyesterday,130,,M1\n2024-01-06\n")
    assert (values(log, "meter"), log.counts) == ([120], {"unreadable-time": 1, "truncated-line": 1})


def test_every_kind_of_row_goes_where_it_belongs() -> None:
    header = "Timestamp,Glucose Value (mg/dl),Manual Reading,Meal Tag,Serial Number\n"
    rows = [
        "2024-01-05 08:00,120,,,M1\n",
        "2024-01-05 08:10,Low,no,Fasting,M1\n",
        "2024-01-05 08:20,High,false,Before meal,M1\n",
        "2024-01-05 08:30,130,n,After meal,M1\n",
        "2024-01-05 08:40,131,0,,M1\n",
        "2024-01-05 08:50,132,No,Control solution,M1\n",
        "2024-01-05 09:00,133,yes,Before lunch,M1\n",
        "2024-01-05 09:10,134,1,,M1\n",
        "2024-01-05 09:20,,,,M1\n",
        "later,135,,,M1\n",
        "2024-01-05\n",
        ",,,,\n",
        header,
        "2024-01-05 09:30,136\n",
    ]
    log = read(NAME + header + "".join(rows))
    assert lines(log, "meter") == [
        (3, "2024-01-05 08:00", 120, ""),
        (4, "2024-01-05 08:10", 39, "LOW FASTING"),
        (5, "2024-01-05 08:20", 401, "HIGH BEFORE_MEAL"),
        (6, "2024-01-05 08:30", 130, "AFTER_MEAL"),
        (7, "2024-01-05 08:40", 131, ""),
        (9, "2024-01-05 09:00", 133, "BEFORE_MEAL MANUAL"),
        (10, "2024-01-05 09:10", 134, "MANUAL"),
        (16, "2024-01-05 09:30", 136, ""),
    ]
    assert left_out(log) == [
        (8, "control-solution"),
        (11, "test-without-value"),
        (12, "unreadable-time"),
        (13, "truncated-line"),
    ]


def test_columns_stand_in_any_order() -> None:
    log = read(
        NAME + "Manual Reading,Serial Number,Tag,CGM Glucose Value (mmol/l),Timestamp\n"
        "yes,S1,before meal,6.7,2024-01-05 08:00\n,S2,,6.7,2024-01-05 08:01\n"
    )
    assert lines(log, "cgm") == [(4, "2024-01-05 08:01", 121, "")]  # the one that a device wrote is kept
    assert log.counts == {"duplicate": 1}
    first = read(NAME + "Serial,Glucose (mg/dl),Timestamp\nS1,120,2024-01-05 08:00\nS2,120,2024-01-05 08:01\n")
    assert first.counts == {"copy-of-fingerstick": 1}
    tagged = read(NAME + "Meal,Glucose (mg/dl),Timestamp\nfasting,120,2024-01-05 08:00\n")
    assert lines(tagged, "meter") == [(3, "2024-01-05 08:00", 120, "FASTING")]


@pytest.mark.parametrize(
    ("heading", "known"),
    [
        ("Name:Erika Muster,Date Range:2024-01-01 - 2024-01-31\n", True),
        ("Name:,Date Range:2024-01-01-2024-01-31\n", True),
        ("Name:Erika Muster,,Zeitraum: 1/1/24 - 1/31/24\n", True),
        ("Erika Muster,Date Range:2024-01-01 - 2024-01-31\n", False),
        ("Name:Erika Muster\n", False),
        ("Name:Erika Muster,2024-01-01 - 2024-01-31\n", False),
        ("Name:Erika Muster,Date Range:2024-01-01\n", False),
    ],
)
def test_the_line_above_the_table_tells_glooko(heading: str, known: bool) -> None:  # noqa: FBT001  (a table of it)
    text = heading + TESTS + "2024-01-05 08:00,120,,M1\n"
    if known:
        log = read(text)
        assert {found.format for found in log.streams} == {"glooko"}
        assert log.patients == (("Erika Muster",) if "Erika" in heading else ())
    else:
        assert "glooko" not in refusal(text).casefold().partition("expected")[0]


def test_the_dates_of_the_heading_settle_day_and_month() -> None:
    text = "Name:E,Date Range:01/05/2024 - 30/05/2024\n" + TESTS + "03/05/2024 08:00,120,,M1\n"
    assert local_times(stream(read(text), "meter")) == ["2024-05-03 08:00"]


@pytest.mark.parametrize(
    ("unit", "low", "high"), [("mg/dl", "1", "2001"), ("mmol/l", "0.1", "111.1"), ("mmol/l", "0.06", "111.06")]
)
def test_what_camaps_writes_for_low_and_high_is_low_and_high(unit: str, low: str, high: str) -> None:
    header = f"Timestamp,CGM Glucose Value ({unit}),Serial Number\n"
    rows = f"2024-01-05 08:00,{low},S1\n2024-01-05 08:05,{high},S1\n"
    assert lines(read(NAME + header + rows), "cgm") == [
        (3, "2024-01-05 08:00", 39, "LOW"),
        (4, "2024-01-05 08:05", 401, "HIGH"),
    ]


def test_the_glucose_of_a_bolus_is_no_fingerstick() -> None:
    header = "Timestamp,Insulin Type,Blood Glucose Input (mg/dl),Insulin Delivered (U)\n"
    assert "format not recognised" in refusal(NAME + header + "2024-01-05 08:00,Normal,131,4\n")
