from tests.glucose.forms import FORMS
from tests.glucose.logs import count, fixture, left_out, lines, read, refusal

TEXT = (FORMS / "tconnect.csv").read_text()


def test_the_sensor_and_a_typed_fingerstick_are_read_and_a_bolus_repeats_one() -> None:
    log = fixture("formats/tconnect.csv")
    assert count(log, "cgm") == 10
    assert lines(log, "meter") == [(18, "2026-03-14 07:10", 131, "MANUAL")]
    assert left_out(log) == [(24, "copy-of-fingerstick")]
    assert log.patients == ("Erika Muster 1/1/1990",)


def test_values_in_mmol_are_refused_for_the_file_names_no_unit() -> None:
    text = TEXT
    for value in (120, 118, 66, 62):
        text = text.replace(f'"{value}",', f'"{value / 18:.1f}",')
    assert "cannot be in the unit" in refusal(text)


def test_two_patients_are_refused_without_a_name() -> None:
    said = refusal(TEXT + TEXT.replace("Erika", "Eva"))
    assert said == "log, row 27: a second patient; expected one patient in a file"


def test_two_exports_of_one_patient_are_one_log() -> None:
    assert count(read(TEXT + TEXT), "cgm") == 10
