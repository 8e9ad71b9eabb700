import pytest

from tests.glucose.logs import lines, read, refusal, values

GUIDE = (
    "Serial number;Download date;Download time;;;\n"
    "U1;24.03.2026;17:04;;;\n"
    "Date;Time;Result;Unit;Before meal;Control test\n"
    "14.03.2026;07:10;131;mg/dl;X; \n"
    "14.03.2026;21:50;108;mg/dl; ;X\n"
)
MARKED = (
    "when;bg;c;pre;post;nothing\n2026-03-14 07:10;131;no;x;;\n2026-03-14 09:10;188;;;1;\n2026-03-14 10:00;99;yes;;;\n"
)


def test_a_header_below_other_lines_is_found_by_its_names() -> None:
    log = read(
        "Diary of mine\n\nmade,2026\n" + "When,BG\n2026-03-14 07:10,131\n",
        columns="time=When,glucose=BG,unit=mg/dL,device=meter",
    )
    assert lines(log, "meter") == [(5, "2026-03-14 07:10", 131, "")]


def test_columns_by_number_begin_at_the_first_row_with_a_date_and_a_value() -> None:
    log = read(GUIDE, columns="date=1,clock=2,glucose=3,unit=4,device=meter")
    assert lines(log, "meter") == [(4, "2026-03-14 07:10", 131, "BEFORE_MEAL")]
    assert log.counts == {"control-solution": 1}  # the header names it, though the sender does not


def test_control_tests_and_meals_are_told_by_marks_of_their_columns() -> None:
    log = read(MARKED, columns="time=when,glucose=bg,unit=mg/dL,device=meter,control=c,before=pre,after=post")
    assert lines(log, "meter") == [
        (2, "2026-03-14 07:10", 131, "BEFORE_MEAL"),
        (3, "2026-03-14 09:10", 188, "AFTER_MEAL"),
    ]
    assert log.counts == {"control-solution": 1}


@pytest.mark.parametrize("name", ["id", "ID", "PtID", "patient", "Subject ID", "participant"])
def test_a_column_of_people_is_heeded_though_the_sender_does_not_name_it(name: str) -> None:
    rows = "".join(f"S{who},2026-03-14 0{hour}:00,120\n" for who in (1, 2) for hour in (7, 8))
    assert "one patient in a file" in refusal(
        f"{name},time,gl\n" + rows, columns="time=time,glucose=gl,unit=mg/dL,device=cgm"
    )


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        (
            "time=when,glucose=bg,unit=mg/dL,device=sensor",
            "device=sensor: expected cgm or meter, or a column of the header",
        ),
        (
            "time=when,glucose=bg,unit=mgdl/,device=cgm",
            "unit=mgdl/: expected mg/dL or mmol/L, or a column of the header",
        ),
        ("time=whenever,glucose=bg,unit=mg/dL,device=cgm", "not in the header: time=whenever"),
        ("time=when,glucose=12,unit=mg/dL,device=cgm", "not in the header: glucose=12"),
    ],
)
def test_a_wrong_value_of_a_key_is_told_as_such(columns: str, said: str) -> None:
    assert said in refusal(MARKED, columns=columns)


@pytest.mark.parametrize(
    ("date", "dates", "read_as"),
    [
        ("Mar 14, 2026", None, "2026-03-14"),
        ("14 March 2026", None, "2026-03-14"),
        ("14-Mar-26", None, "2026-03-14"),
        ("14. März 2026", None, "2026-03-14"),
        ("14 de marzo de 2026", None, "2026-03-14"),
        ("4 févr. 2026", None, "2026-02-04"),
        ("2026-Mar-14", None, "2026-03-14"),
        ("26-Mar-14", "ymd", "2026-03-14"),
        ("03/04/26", "mdy", "2026-03-04"),
        ("03/04/26", "dmy", "2026-04-03"),
        ("26-03-14", "ymd", "2026-03-14"),
    ],
)
def test_months_may_be_words_and_years_two_digits(date: str, dates: str | None, read_as: str) -> None:
    columns = "date=1,clock=2,glucose=3,unit=mg/dL,device=meter"
    log = read(f"day;hour;bg\n{date};07:10 PM;131\n", columns=columns, dates=dates)  # type: ignore[arg-type]
    assert lines(log, "meter") == [(2, f"{read_as} 19:10", 131, "")]
    stamped = read(f"when;bg\n{date}, 7:10 PM;131\n", columns="time=1,glucose=2,unit=mg/dL,device=meter", dates=dates)  # type: ignore[arg-type]
    assert lines(stamped, "meter") == [(2, f"{read_as} 19:10", 131, "")]


def test_years_of_two_digits_that_may_be_days_are_refused_until_the_order_is_said() -> None:
    text = "timestamp,meter glucose (mg/dL)\n" + "".join(f"26-03-{day} 07:10,131\n" for day in (14, 15, 16))
    assert "expected dates='dmy' or dates='ymd'" in refusal(text)
    assert len(values(read(text, dates="ymd"), "meter")) == 3
