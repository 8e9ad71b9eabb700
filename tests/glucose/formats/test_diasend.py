from tests.glucose.forms import FORMS
from tests.glucose.logs import fixture, lines, read, refusal


def test_the_title_of_a_sheet_says_what_measured_and_its_column_the_unit() -> None:
    assert [row[2] for row in lines(fixture("formats/diasend_meter.csv"), "meter")] == [132, 56]
    assert len(lines(fixture("formats/diasend_cgm.csv"), "cgm")) == 10


def test_low_and_high_of_camaps_are_told_in_the_sensors_sheet_alone() -> None:
    head = "{},\nPatient ID,1\nTime,mg/dL\n14/03/2026 07:10,1\n14/03/2026 07:15,2001\n14/03/2026 07:20,120\n"
    assert [row[2:] for row in lines(read(head.format("CGM")), "cgm")] == [(39, "LOW"), (401, "HIGH"), (120, "")]
    assert read(head.format("Name and glucose")).counts == {"other-unit": 1, "out-of-range": 1}


def test_a_sheet_without_a_title_is_not_recognised() -> None:
    assert "nothing says whether a sensor or a meter measured" in refusal("Time,mg/dL\n14/03/2026 07:10,120\n")


def test_two_patients_are_refused() -> None:
    text = (FORMS / "diasend_meter.csv").read_text()
    assert "a second patient" in refusal(text + text.replace("Patient ID,1", "Patient ID,2"))
