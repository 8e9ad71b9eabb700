from tests.glucose.forms import FORMS
from tests.glucose.logs import fixture, lines, read


def test_entries_with_a_blood_sugar_are_tests_and_the_others_are_not() -> None:
    log = fixture("formats/mysugr_en.csv")
    assert lines(log, "meter") == [
        (2, "2026-03-14 07:10", 131, "BEFORE_MEAL"),
        (4, "2026-03-14 21:41", 55, ""),
        (5, "2026-03-15 07:00", 210, "FASTING"),
    ]
    assert log.counts == {}
    assert log.whole == ()


def test_a_german_diary_in_mmol_is_read() -> None:
    assert [row[1:] for row in lines(fixture("formats/mysugr_de.csv"), "meter")] == [
        ("2026-03-14 07:10", 132, "BEFORE_MEAL"),
        ("2026-03-14 21:41", 56, ""),
    ]


def test_a_month_in_german_words_is_read() -> None:
    text = (FORMS / "mysugr_de.csv").read_text("utf-8").replace("14.03.2026", "14. März 2026")
    assert lines(read(text), "meter")[0][1] == "2026-03-14 07:10"
