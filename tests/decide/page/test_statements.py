from priorauth.decide.page.statements import DAYS, WIDTH, beside, lines
from priorauth.decide.statements import Shown, Statement
from priorauth.glucose.page import report
from priorauth.glucose.page.report import Beside

DAY = Shown("2026-06-01", "51 mg/dL", "log.csv lines 3 to 5")
MET = Statement("any low", ("masshealth",), "met", "51 mg/dL", None, (DAY,))
OPEN = Statement("tests \u2265 4 a day", ("anthem", "masshealth"), "unknown", None, "nothing on file", ())


def test_a_statement_stands_above_its_days_with_their_places() -> None:
    assert list(lines([MET])) == [
        "+ any low: shown, 51 mg/dL [masshealth]",
        "      2026-06-01  51 mg/dL  (log.csv lines 3 to 5)",
    ]


def test_what_is_open_says_why() -> None:
    assert list(lines([OPEN])) == ["? tests \u2265 4 a day: nothing on file [anthem, masshealth]"]


def test_more_days_than_have_room_are_counted() -> None:
    many = Statement("any low", ("masshealth",), "met", None, None, (DAY,) * (DAYS + 2))
    *_, last = lines([many])
    assert last.strip() == "and 2 more"
    assert [(len(one.days), one.more) for one in beside([many], "2026-06-15").statements] == [(DAYS, 2)]


def test_no_line_of_a_statement_is_too_wide() -> None:
    long = Statement("any low " * 40, ("masshealth",), "not-met", None, None, ())
    assert max(map(len, lines([long]))) <= WIDTH


def test_a_statement_beside_the_pictures_has_its_mark_spoken_and_its_days() -> None:
    refuted = Statement("any low", ("masshealth",), "not-met", None, None, ())
    assert beside([MET, OPEN, refuted], "2026-06-15") == Beside(
        "2026-06-15",
        (
            report.Statement("+", "shown", "any low", "shown, 51 mg/dL", ("2026-06-01 51 mg/dL",), 0),
            report.Statement("?", "open", "tests \u2265 4 a day", "nothing on file", (), 0),
            report.Statement("-", "not so", "any low", "not so", (), 0),
        ),
    )
