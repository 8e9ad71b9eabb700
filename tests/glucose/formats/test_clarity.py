from priorauth.glucose.stream import Flag
from tests.glucose.logs import count, fixture, flagged, left_out, lines, local_times, read, refusal, stream, values

HEADER = (
    "Index,Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Event Subtype,Patient Info,Device Info,Source Device ID,"
    "Glucose Value (mg/dL),Insulin Value (u),Carb Value (grams),Duration (hh:mm:ss),"
    "Glucose Rate of Change (mg/dL/min),Transmitter Time (Long Integer),Transmitter ID\n"
)


def row(time: str, kind: str, glucose: object = "", *, person: str = "", source: str = "iOS G7") -> str:
    return f"9,{time},{kind},,{person},,{source},{glucose},,,,,,\n"


def test_the_synthetic_export_gives_every_reading_it_holds() -> None:
    log = fixture("Clarity_Export_synthetic.csv")
    cgm = stream(log, "cgm")
    assert len(cgm) == 3922
    assert (local_times(cgm)[0], local_times(cgm)[-1]) == ("1961-04-12 00:56", "1961-04-25 18:52")
    assert flagged(cgm, Flag.LOW) == [39] * 5
    assert cgm.rows[0] == 12  # below the header and ten rows of names and settings
    assert log.counts == {}
    assert log.patients == ("Gagarin",)


def test_no_reading_is_lost_whatever_the_number_of_settings_above() -> None:
    for settings in range(15):
        log = read(HEADER + row("", "Alert", 65) * settings + row("2024-01-05 08:00:00", "EGV", 120))
        assert values(log, "cgm") == [120]


def test_an_export_in_german_and_mmol_is_read_by_place() -> None:
    log = fixture("clarity_german_mmol.csv")
    assert values(log, "cgm") == [180, 70, 39, 401, 250]
    assert local_times(stream(log, "cgm"))[0] == "2024-03-31 01:50"
    assert log.counts == {"no-value": 1, "copy-of-fingerstick": 1}
    assert log.unit == "mmol/L"


def test_a_calibration_is_a_copy_of_a_fingerstick_and_no_test() -> None:
    log = read(HEADER + row("2024-01-05 08:00:00", "EGV", 120) + row("2024-01-05 08:01:00", "Calibration", 118))
    assert (count(log, "cgm"), count(log, "meter")) == (1, 0)
    assert log.counts["copy-of-fingerstick"] == 1


def test_a_fasting_glucose_typed_into_the_app_is_a_fingerstick_typed_by_hand() -> None:
    log = read(HEADER + row("2024-01-05 08:00:00", "EGV", 120) + row("2024-01-05 07:01:00", "Fasting Glucose", 96))
    assert values(log, "meter") == [96]
    assert stream(log, "meter").flags[0] == Flag.MANUAL | Flag.FASTING | Flag.ZONELESS


def test_columns_in_another_order_are_found_by_name() -> None:
    log = read(
        "Event Type,Glucose Value (mg/dL),Timestamp (YYYY-MM-DDThh:mm:ss),Patient Info,Source Device ID\n"
        "FirstName,,,Erika,\nEGV,120,2024-01-05T08:00:00,,iOS\n"
    )
    assert (values(log, "cgm"), log.patients) == ([120], ("Erika",))


def test_a_second_patient_in_the_file_is_refused_without_naming_either() -> None:
    people = row("", "FirstName", person="Erika") + row("2024-01-05 08:00:00", "EGV", 120)
    said = refusal(HEADER + people + row("", "FirstName", person="Max"))
    assert said == "log, row 4: a second patient; expected one patient in a file"


def test_two_exports_of_one_patient_in_one_file_are_one_log() -> None:
    part = row("", "FirstName", person="Erika") + row("2024-01-05 08:00:00", "EGV", 120)
    log = read(HEADER + part + HEADER + part + row("2024-01-06 08:00:00", "EGV", 130))
    assert (values(log, "cgm"), log.counts) == ([120, 130], {"duplicate": 1})


def test_two_exports_in_two_units_in_one_file_are_refused() -> None:
    reading = row("2024-01-05 08:00:00", "EGV", 120)
    assert "another unit" in refusal(HEADER + reading + HEADER.replace("(mg/dL)", "(mmol/L)") + reading)


def test_a_header_without_a_unit_is_refused() -> None:
    said = refusal(HEADER.replace("Glucose Value (mg/dL)", "Glucose Value") + row("2024-01-05 08:00:00", "EGV", 120))
    assert said == "log: the glucose column states no unit; expected mg/dL or mmol/L"


def test_a_download_of_one_device_is_whole_between_its_first_and_last_day() -> None:
    days = [row(f"2024-01-0{day} 08:00:00", "EGV", 120) for day in (1, 2, 5)]
    [span] = read(HEADER + "".join(days)).whole
    assert (span.device, span.until_day - span.from_day) == ("cgm", 2)  # the 2nd to the 4th


def test_readings_shown_by_two_devices_prove_nothing_whole() -> None:
    days = [row(f"2024-01-0{day} 08:00:00", "EGV", 120, source=source) for day, source in ((1, "iOS"), (5, "Receiver"))]
    assert read(HEADER + "".join(days)).whole == ()


def test_a_row_of_a_reading_that_breaks_off_is_counted() -> None:
    log = read(HEADER + "9,2024-01-05 08:00:00,EGV,,,\n" + row("2024-01-05 08:05:00", "EGV", 120))
    assert (values(log, "cgm"), log.counts) == ([120], {"truncated-line": 1})


def test_a_file_saved_again_by_a_spreadsheet_is_read() -> None:
    log = read(HEADER + row("1/15/2024 8:05", "EGV", 120) + row("1/2/2024 20:05", "EGV", 130))
    assert local_times(stream(log, "cgm")) == ["2024-01-02 20:05", "2024-01-15 08:05"]


def test_an_export_cut_down_to_three_columns_is_read() -> None:
    log = read("Timestamp (YYYY-MM-DDThh:mm:ss),Event Type,Glucose Value (mg/dL)\n2026-01-14T08:00:00,EGV,112\n")
    assert (values(log, "cgm"), log.patients, log.whole) == ([112], (), ())


def test_every_kind_of_row_goes_where_it_belongs() -> None:
    rows = [
        row("", "FirstName", person="Erika"),
        row("", "DateOfBirth", person="1990-01-01"),
        row("", "Alert", 65),
        row("2024-01-05 08:00:00", "EGV", 120),
        row("2024-01-05 08:05:00", "EGV", "Low"),
        row("2024-01-05 08:10:00", "EGV", "High"),
        row("2024-01-05 08:15:00", "EGV"),
        row("2024-01-05 08:20:00", " egv ", 121),
        row("2024-01-05 08:25:00", "Calibration", 118),
        row("2024-01-05 08:30:00", "Kalibrierung", 118),
        row("2024-01-05 08:35:00", "Blood Glucose", 131),
        row("2024-01-05 08:40:00", "fasting glucose", 96),
        row("2024-01-05 08:45:00", "Insulin", 4),
        row("2024-01-05 08:50:00", "Carbs", 40, person="late"),
    ]
    log = read(HEADER + "".join(rows))
    assert lines(log, "cgm") == [
        (5, "2024-01-05 08:00", 120, ""),
        (6, "2024-01-05 08:05", 39, "LOW"),
        (7, "2024-01-05 08:10", 401, "HIGH"),
    ]
    assert lines(log, "meter") == [
        (12, "2024-01-05 08:35", 131, "MANUAL"),
        (13, "2024-01-05 08:40", 96, "FASTING MANUAL"),
    ]
    assert left_out(log) == [
        (8, "no-value"),
        (9, "truncated-line"),
        (10, "copy-of-fingerstick"),
        (11, "copy-of-fingerstick"),
    ]
    assert log.patients == ("Erika 1990-01-01",)


def test_the_first_column_may_be_the_source_or_the_person() -> None:
    names = "Event Type,Glucose Value (mg/dL),Timestamp (YYYY-MM-DDThh:mm:ss)"
    two = "a,EGV,120,2024-01-05T08:00:00\nb,EGV,120,2024-01-05T08:01:00\n"
    assert read(f"Source Device ID,{names}\n{two}").counts == {"duplicate": 1}  # shown by two devices
    people = read(f"Patient Info,{names}\nErika,FirstName,,\n,EGV,120,2024-01-05T08:00:00\n")
    assert (people.patients, values(people, "cgm")) == (("Erika",), [120])


def test_a_header_is_looked_for_in_the_first_ten_rows() -> None:
    reading = row("2024-01-05 08:00:00", "EGV", 120)
    assert values(read("x,y\n" * 9 + HEADER + reading), "cgm") == [120]
    assert "format not recognised" in refusal("x,y\n" * 10 + HEADER + reading)


def test_a_reading_of_the_sensor_by_a_translated_name_is_known_by_its_transmitter() -> None:
    log = fixture("formats/clarity_translated_de.csv")
    assert values(log, "cgm") == [120, 118, 66, 62, 58, 68, 95, 140, 39, 401]
    assert lines(log, "meter") == [(15, "2026-03-14 07:10", 131, "MANUAL")]
    assert log.counts == {"copy-of-fingerstick": 1}


def test_a_glucose_of_an_event_that_is_not_known_is_counted() -> None:
    log = read(HEADER + row("2024-01-05 08:00:00", "EGV", 120) + row("2024-01-05 08:05:00", "Mittauksen arvo", 121))
    assert left_out(log) == [(3, "device-unknown")]


def test_an_event_by_an_unknown_name_that_comes_often_is_the_sensor() -> None:
    often = "".join(row(f"2024-01-05 08:{5 * n:02}:00", "VGE", 120 + n) for n in range(6))
    assert values(read(HEADER + often), "cgm") == [120, 121, 122, 123, 124, 125]
    seldom = "".join(row(f"2024-01-05 {8 + n:02}:00:00", "VGE", 120 + n) for n in range(6))
    assert refusal(HEADER + seldom) == "log: no readings (6 device-unknown); expected at least one"
