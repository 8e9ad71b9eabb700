from tests.glucose.forms import FORMS
from tests.glucose.logs import fixture, lines, read, refusal

TEXT = (FORMS / "dexcom_studio.txt").read_text()


def test_sensor_and_fingerstick_stand_in_one_row_by_the_clock_of_the_display() -> None:
    log = fixture("formats/dexcom_studio.txt")
    assert lines(log, "cgm")[0] == (2, "2026-03-14 00:00", 120, "")
    assert lines(log, "cgm")[-1] == (11, "2026-03-14 00:45", 401, "HIGH")
    assert lines(log, "meter") == [(2, "2026-03-14 07:10", 131, "MANUAL")]
    assert log.patients == ("Muster Erika P-17",)


def test_two_patients_are_refused_without_a_name() -> None:
    said = refusal(TEXT + TEXT.replace("Erika", "Eva"))
    assert said == "log, row 14: a second patient; expected one patient in a file"
    assert len(lines(read(TEXT + TEXT), "cgm")) == 10
