import pytest

from priorauth.glucose.stream import Flag
from tests.glucose.logs import DATA, fixture, flagged, lines, local_times, read, refusal, stream, values

HEADER = (
    "Index;Date;Time;New Device Time;BG Reading (mg/dL);Linked BG Meter ID;Alarm;Sensor Calibration BG (mg/dL);"
    "Sensor Glucose (mg/dL);ISIG Value;Event Marker\n"
)
PUMP, SENSOR = "-------;MiniMed;Pump;S1;-------\n", "-------;MiniMed;Sensor;S1;-------\n"
NAMES = "Last Name;First Name;Patient ID;System ID;Start Date;End Date\n"


def sensed(time: str, glucose: object) -> str:
    return f"0,00000;2024/01/15;{time};;;;;;{glucose};20,1;\n"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("carelink_semicolon.csv", [70, 69, 70, 71, 138, 141, 146, 150]),
        ("carelink_comma.csv", [70, 68, 70, 70, 139, 141, 146, 150]),
    ],
)
def test_sensor_readings_are_read_from_both_regions_oldest_first(name: str, expected: list[int]) -> None:
    log = fixture(name)
    cgm = stream(log, "cgm")
    assert cgm.glucose.tolist() == expected
    assert (local_times(cgm)[0], local_times(cgm)[-1]) == ("2024-03-14 23:40", "2024-03-15 08:15")
    assert "backwards" not in log.counts  # newest first is a direction, not a disorder


@pytest.mark.parametrize("name", ["carelink_semicolon.csv", "carelink_comma.csv"])
def test_a_fingerstick_counts_once_and_its_calibration_is_a_copy(name: str) -> None:
    log = fixture(name)
    assert len(stream(log, "meter")) == 4
    assert log.counts == {"copy-of-fingerstick": 2}


def test_a_fingerstick_without_a_linked_meter_was_typed_by_hand() -> None:
    assert flagged(stream(fixture("carelink_semicolon.csv"), "meter"), Flag.MANUAL) == [95]


def test_the_patient_is_named_once_by_the_heading() -> None:
    assert fixture("carelink_semicolon.csv").patients == ("Muster Erika P-17",)


def test_dashes_hold_the_place_of_nothing() -> None:
    log = read(SENSOR + HEADER + sensed("08:00:00", "-------") + sensed("08:05:00", 120))
    assert (values(log, "cgm"), log.counts) == ([120], {})


def test_a_dutch_header_is_read_by_the_words_that_are_never_translated() -> None:
    header = (
        "Index,Datum,Tijd,Nieuwe apparaattijd,BG-meetwaarde (mmol/l),ID gekoppelde BG-meter,Alarm,"
        "Sensorkalibratie BG (mmol/l),Sensorglucose (mmol/l),ISIG-waarde,Gebeurtenis\n"
    )
    rows = "0,25-01-24,08:00:00,,6.7,,,,,,\n1,25-01-24,08:05:00,,,,,6.7,,,\n2,25-01-24,08:10:00,,,,,,10.0,20.1,\n"
    log = read("-------,MiniMed,Pomp,S1,-------\n" + header + rows)
    assert (values(log, "cgm"), values(log, "meter"), log.counts) == ([180], [121], {"copy-of-fingerstick": 1})
    assert flagged(stream(log, "meter"), Flag.MANUAL) == [121]


def test_the_columns_of_each_section_are_its_own() -> None:
    sensor = "Index;Date;Time;a;b;c;Sensor Calibration BG (mg/dL);Sensor Glucose (mg/dL);ISIG Value\n"
    log = read(
        PUMP + HEADER + "0;2024/01/15;08:00:00;;131;M1;;;;;\n" + SENSOR + sensor + "1;2024/01/15;08:05:00;;;;;120;20\n"
    )
    assert (values(log, "cgm"), values(log, "meter")) == ([120], [131])


def test_a_second_patient_in_the_file_is_refused_without_a_name() -> None:
    part = NAMES + '"{}";"Erika";"";"";"";""\n\n' + SENSOR + HEADER + sensed("08:00:00", 120)
    said = refusal(part.format("Muster") + part.format("Doe"))
    assert said == "log, row 8: a second patient; expected one patient in a file"


def test_two_exports_of_one_patient_in_one_file_are_one_log() -> None:
    part = NAMES + '"Muster";"Erika";"";"";"";""\n\n' + SENSOR + HEADER + sensed("08:00:00", 120)
    log = read(part + part)
    assert (values(log, "cgm"), log.counts) == ([120], {"duplicate": 1})


def test_a_sensor_column_without_a_unit_is_refused() -> None:
    text = SENSOR + HEADER.replace("Sensor Glucose (mg/dL)", "Sensor Glucose") + sensed("08:00:00", 120)
    assert "states no unit" in refusal(text)


def test_the_pumps_memory_proves_its_sensor_whole_and_never_the_meter() -> None:
    rows = "".join(f"0;2024/01/{day};08:00:00;;131;M1;;;120;20;\n" for day in (20, 15, 10))
    assert [span.device for span in read(PUMP + HEADER + rows).whole] == ["cgm"]


def test_the_fixture_keeps_the_forty_eight_columns_of_the_vendor() -> None:
    header = (DATA / "carelink_semicolon.csv").read_text("utf-8-sig").splitlines()[6]
    assert len(header.split(";")) == 48


@pytest.mark.parametrize(
    ("serials", "whole"),
    [
        (("S1", "S1"), ["cgm"]),
        ((" S1", "S1 "), ["cgm"]),
        (("S1", "S2"), []),  # two pumps: one may have been read and the other not
        (("S1", ""), []),
    ],
)
def test_the_memory_of_one_pump_is_whole_and_that_of_two_is_not(serials: tuple[str, str], whole: list[str]) -> None:
    parts = [
        f"-------;MiniMed;Sensor;{serial};-------\n{HEADER}0;2024/01/{day};08:00:00;;;;;;120;20;\n"
        for serial, day in zip(serials, (20, 10), strict=True)
    ]
    assert [span.device for span in read("".join(parts)).whole] == whole


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ('"Muster";"Erika";"P1";"SYS-2";"";""', True),  # the system is not the person
        ('"Muster ";" Erika";"P1";"";"";""', True),
        ('"Doe";"Erika";"P1";"";"";""', False),
        ('"Muster";"Eva";"P1";"";"";""', False),
        ('"Muster";"Erika";"P2";"";"";""', False),
    ],
)
def test_a_person_is_told_by_names_and_patient_id(other: str, same: bool) -> None:  # noqa: FBT001  (a table of it)
    first, second = (
        f"{NAMES}{who}\n\n{SENSOR}{HEADER}{sensed(time, 120)}"
        for who, time in (('"Muster";"Erika";"P1";"";"";""', "08:00:00"), (other, "09:00:00"))
    )
    if same:
        assert values(read(first + second), "cgm") == [120, 120]
    else:
        assert "a second patient" in refusal(first + second)


def test_every_column_of_an_event_is_read_from_its_own_place() -> None:
    rows = [
        "1;2024/01/15;08:00:00;;131;M1;;;;;\n",  # a test that a linked meter sent
        "2;2024/01/15;08:05:00;;132;;;;;;\n",  # one typed in
        "3;2024/01/15;08:10:00;;;;;133;;;\n",  # a calibration: a copy
        "4;2024/01/15;08:15:00;;;;;;134;20,1;\n",  # the sensor
        "5;2024/01/15;08:20:00;;135;M1;;136;137;20,1;x\n",  # all at once
        "6;2024/01/15;08:25:00;;;;alarm;;;;x\n",  # none
        "7;2024/01/15\n",  # cut short
    ]
    log = read(PUMP + HEADER + "".join(rows) + sensed("08:30:00", "Low"))
    cgm, meter = stream(log, "cgm"), stream(log, "meter")
    assert list(zip(local_times(cgm), cgm.glucose.tolist(), cgm.rows.tolist(), strict=True)) == [
        ("2024-01-15 08:15", 134, 6),
        ("2024-01-15 08:20", 137, 7),
        ("2024-01-15 08:30", 39, 10),
    ]
    assert list(zip(local_times(meter), meter.glucose.tolist(), meter.rows.tolist(), strict=True)) == [
        ("2024-01-15 08:00", 131, 3),
        ("2024-01-15 08:05", 132, 4),
        ("2024-01-15 08:20", 135, 7),
    ]
    assert flagged(meter, Flag.MANUAL) == [132]
    assert flagged(cgm, Flag.LOW) == [39]
    assert [(reject.row, str(reject.reason)) for reject in log.rejects] == [
        (5, "copy-of-fingerstick"),
        (7, "copy-of-fingerstick"),
    ]


def test_one_test_that_two_meters_sent_is_one_and_a_retest_of_one_meter_is_another() -> None:
    def sent(time: str, meter: str) -> str:
        return f"0;2024/01/15;{time};;131;{meter};;;;;\n"

    two = read(PUMP + HEADER + sent("08:00:00", "M1") + sent("08:01:00", "M2"))
    one = read(PUMP + HEADER + sent("08:00:00", "M1") + sent("08:01:00", "M1"))
    assert (values(two, "meter"), two.counts) == ([131], {"copy-of-fingerstick": 1})
    assert (values(one, "meter"), one.counts) == ([131, 131], {})


def test_the_bolus_calculators_glucose_is_no_fingerstick() -> None:
    header = HEADER.replace("New Device Time;", "BWZ BG Input (mg/dL);")
    assert values(read(PUMP + header + "0;2024/01/15;08:00:00;111;131;M1;;;;;\n"), "meter") == [131]


def test_a_translated_header_has_the_meter_beside_its_reading() -> None:
    header = (
        "Index,Datum,Tijd,Nieuwe apparaattijd,BG-meetwaarde (mmol/l),ID gekoppelde BG-meter,Alarm,"
        "Sensorkalibratie BG (mmol/l),Sensorglucose (mmol/l),ISIG-waarde\n"
    )
    log = read("-------,MiniMed,Pomp,S1,-------\n" + header + "0,25-01-24,08:00:00,,6.7,M1,,,,\n")
    assert lines(log, "meter") == [(3, "2024-01-25 08:00", 121, "")]


@pytest.mark.parametrize(
    "header", [HEADER.replace("Index", "Number"), HEADER.replace("ISIG", "Other"), "Index;Date;ISIG\n"]
)
def test_a_header_without_its_fixed_words_is_no_export_of_carelink(header: str) -> None:
    assert "format not recognised" in refusal(SENSOR + header + sensed("08:00:00", 120))


def test_a_pump_without_a_meter_column_has_a_sensor_alone() -> None:
    header = "Index;Date;Time;a;b;c;d;Sensor Calibration (mg);Sensor Glucose (mg/dL);ISIG Value\n"
    log = read(SENSOR + header + "1;2024/01/15;08:05:00;;;;;;120;20\n")
    assert ([found.device for found in log.streams], values(log, "cgm")) == (["cgm"], [120])


def test_a_fingerstick_typed_at_the_pump_counts_where_nothing_repeats_it() -> None:
    log = fixture("formats/carelink_us_typed.csv")
    assert values(log, "meter") == [131, 96, 188, 55, 140]
    assert flagged(stream(log, "meter"), Flag.MANUAL) == [131, 96, 188, 55, 140]


@pytest.mark.parametrize(
    ("time", "glucose", "copied"),
    [("08:15:00", 131, True), ("08:16:00", 131, False), ("07:45:00", 132, True), ("08:05:00", 133, False)],
)
def test_a_calibration_is_a_copy_of_a_test_of_the_same_quarter_of_an_hour(
    time: str,
    glucose: int,
    copied: bool,  # noqa: FBT001  (a column of the table)
) -> None:
    rows = f"1;2024/01/15;08:00:00;;131;M1;;;;;\n2;2024/01/15;{time};;;;;{glucose};;;\n"
    log = read(PUMP + HEADER + rows)
    assert log.counts == ({"copy-of-fingerstick": 1} if copied else {} if time > "08:00" else {"backwards": 1})


def test_an_american_export_of_two_people_is_refused_without_a_name() -> None:
    text = (DATA / "formats" / "carelink_us_typed.csv").read_text()
    said = refusal(text + text.replace("Erika", "Eva"))
    assert "a second patient" in said
    assert "Eva" not in said
