from priorauth.decide.page.statements import DAYS, PRINTED, WIDTH, beside, lines, standing_beside, standing_lines
from priorauth.decide.standing import Days, Held, Standing, Standings
from priorauth.decide.statements import Shown, Statement
from priorauth.glucose.page import report
from priorauth.glucose.page.report import Beside
from priorauth.values.dates import day

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
    (one,) = beside([many], "2026-06-15").statements
    assert (len(one.days), one.more) == (PRINTED, DAYS + 2 - PRINTED)


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


JUNE = Days(day("2026-05-17"), day("2026-06-15"))
SHORT = Standing(
    ("II.A.T.5",), OPEN, JUNE, Held("readings", 64, 16), Held("self-tests of glucose", 64, 16), None, 12,
    ("readings on 14 of the 30 days: 2026-05-17..2026-05-30",),
)  # fmt: skip


def test_a_statement_of_one_policy_says_its_days_its_readings_and_what_is_missing() -> None:
    assert list(standing_lines(Standings("p/q", "2016", day("2026-06-15"), (SHORT,), 2))) == [
        "p/q, version 2016, by these readings alone (as of 2026-06-15; + shown, - not so, ? open)",
        "? tests \u2265 4 a day: nothing on file [II.A.T.5]",
        "      days      2026-05-17..2026-06-15, 30 days",
        "      readings  64 readings on 16 of 30 days",
        "      missing   readings on 14 of the 30 days: 2026-05-17..2026-05-30",
        "      left out  12 self-tests of glucose outside these days",
        "      counts    64 self-tests of glucose on 16 of 30 days",
        "  2 further statements of this version rest on other facts than glucose readings",
    ]


def test_what_passes_is_said_beside_what_counts_and_the_days_stand_below() -> None:
    found = Standing((), MET, JUNE, Held("readings", 9, 1), Held("episodes", 3, 1), 1, 0, ())
    *_, counts, shown, others = standing_lines(Standings("p/q", "2016", day("2026-06-15"), (found,), 1))
    assert counts == "      counts    3 episodes on 1 of 30 days, 1 of them pass"
    assert shown == "                2026-06-01  51 mg/dL  (log.csv lines 3 to 5)"
    assert others == "  1 further statement of this version rests on other facts than glucose readings"


def test_a_statement_whose_day_to_count_from_is_not_known_has_no_days() -> None:
    found = Standing((), OPEN, None, Held("readings", 9, 1), Held("episodes", 3, 1), None, 0, ("the day",))
    assert list(standing_lines(Standings("p/q", "2016", day("2026-06-15"), (found,), 0)))[1:3] == [
        "? tests \u2265 4 a day: nothing on file",
        "      missing   the day",
    ]


def test_on_a_page_of_one_policy_a_statement_says_what_is_missing() -> None:
    made = standing_beside(Standings("p/q", "2016", day("2026-06-15"), (SHORT,), 2))
    assert (made.as_of, made.whose) == ("2026-06-15", "p/q asks")
    (one,) = made.statements
    assert (one.says, one.missing) == ("tests \u2265 4 a day", SHORT.missing)
