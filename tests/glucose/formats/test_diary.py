import pytest

from priorauth.glucose.formats import diary
from tests.glucose.logs import fixture, left_out, lines, read, refusal


def test_the_makers_name_says_what_measured() -> None:
    table = "Date,Time,Glucose (mg/dL)\n2026-03-14,07:10,120\n"
    assert lines(read("Contour app\n" + table), "meter") == [(3, "2026-03-14 07:10", 120, "")]
    assert lines(read("Eversense\n" + table), "cgm") == [(3, "2026-03-14 07:10", 120, "")]
    assert "format not recognised" in refusal("A diary\n" + table)
    assert "format not recognised" in refusal("Contour and Eversense\n" + table)


def test_a_diary_of_contour_has_meals_and_control_tests() -> None:
    log = fixture("formats/contour_en.csv")
    assert [row[2:] for row in lines(log, "meter")] == [
        (131, "BEFORE_MEAL"),
        (188, "AFTER_MEAL"),
        (55, ""),
        (112, "FASTING"),
    ]
    assert left_out(log) == [(7, "control-solution")]


def test_calibrations_and_alerts_of_eversense_are_no_readings() -> None:
    assert left_out(fixture("formats/eversense.csv")) == [(14, "copy-of-fingerstick"), (15, "no-value")]


def test_the_unit_stands_in_the_header_in_a_column_or_above() -> None:
    for text in (
        "Contour\nTime,Reading [mmol/L]\n2026-03-14 07:10,6.7\n",
        "Contour\nDate and Time,Reading,Unit\n2026-03-14 07:10,6.7,mmol/L\n",
        "Contour,mmol/L\nDate and Time,Reading\n2026-03-14 07:10,6.7\n",
    ):
        assert [row[2] for row in lines(read(text), "meter")] == [121]
    assert "states no unit" in refusal("Contour\nDate and Time,Reading\n2026-03-14 07:10,6.7\n")


@pytest.mark.parametrize("maker", diary.MAKERS, ids=lambda maker: maker.name)
def test_each_maker_is_known_by_its_own_name(maker: diary.Maker) -> None:
    log = read(f"{maker.words[0]}\nDate and Time,Glucose (mg/dL)\n2026-03-14 07:10,120\n")
    assert [(found.format, found.device) for found in log.streams] == [(maker.name, maker.device)]
