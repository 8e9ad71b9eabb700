import datetime as dt

from tests.glucose.forms import FORMS
from tests.glucose.logs import fixture, left_out, lines, read, refusal


def test_control_tests_are_no_readings_and_meal_marks_are_kept() -> None:
    log = fixture("formats/accuchek_guide_en.csv")
    assert lines(log, "meter") == [
        (4, "2026-03-14 07:10", 131, "BEFORE_MEAL"),
        (5, "2026-03-14 12:05", 96, "BEFORE_MEAL"),
        (6, "2026-03-14 14:10", 188, "AFTER_MEAL"),
        (7, "2026-03-14 21:40", 20, "LOW"),
        (9, "2026-03-17 07:00", 112, ""),
    ]
    assert left_out(log) == [(8, "control-solution")]


def test_the_memory_of_one_meter_is_whole_between_its_first_and_last_day() -> None:
    (span,) = fixture("formats/accuchek_guide_en.csv").whole
    days = [dt.date.fromordinal(day) for day in (span.from_day, span.until_day)]
    assert (span.device, days) == ("meter", [dt.date(2026, 3, 15), dt.date(2026, 3, 16)])


def test_a_german_memory_in_mmol_is_read() -> None:
    log = fixture("formats/accuchek_mobile_de.csv")
    assert [row[2:] for row in lines(log, "meter")] == [(132, "BEFORE_MEAL"), (187, "AFTER_MEAL")]


def test_each_row_states_its_unit() -> None:
    text = (FORMS / "accuchek_guide_en.csv").read_text().replace("96;mg/dl", "5,3;mmol/l").replace("188;mg/dl", "188;")
    log = read(text)
    assert [row[2] for row in lines(log, "meter")] == [131, 95, 20, 112]
    assert log.counts == {"unit-unknown": 1, "control-solution": 1}


def test_the_memories_of_two_meters_are_refused_and_of_one_twice_are_not() -> None:
    text = (FORMS / "accuchek_guide_en.csv").read_text()
    assert "the memory of a second meter" in refusal(text + text.replace("U100", "U999"))
    assert read(text + text).counts == {"duplicate": 5, "control-solution": 2, "backwards": 1}
