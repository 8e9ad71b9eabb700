from priorauth.glucose.stream import Flag
from tests.glucose.logs import fixture, flagged, local_times, read, refusal, stream, values

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
