from tests.glucose.logs import fixture, left_out, lines, read

HEADER = "Item Type,Date and Time,Value,Unit,Manual,Additional Value,Notes\n"


def test_readings_are_told_from_carbohydrates_by_their_unit() -> None:
    log = fixture("formats/onetouch_en.csv")
    assert lines(log, "meter") == [
        (2, "2026-03-14 07:10", 131, "BEFORE_MEAL"),
        (3, "2026-03-14 09:12", 188, "AFTER_MEAL"),
        (4, "2026-03-14 21:41", 55, "MANUAL"),
    ]
    assert left_out(log) == [(7, "test-without-value")]


def test_a_german_export_in_mmol_is_read() -> None:
    assert [row[2:] for row in lines(fixture("formats/onetouch_de.csv"), "meter")] == [
        (132, "BEFORE_MEAL"),
        (56, "MANUAL"),
    ]


def test_ketones_share_a_unit_and_are_no_glucose() -> None:
    rows = 'Blood Sugar Reading,"3/14/26, 7:10 AM",7.3,mmol/L,No,,\nKetone,"3/14/26, 7:11 AM",0.3,mmol/L,No,,\n'
    assert [row[2] for row in lines(read(HEADER + rows), "meter")] == [132]


def test_control_solution_is_counted() -> None:
    made = 'Blood Sugar Reading,"3/14/26, 7:1{} AM",{},mg/dL,No,{},\n'
    log = read(HEADER + made.format(0, 131, "") + made.format(1, 99, "Control Solution"))
    assert log.counts == {"control-solution": 1}
