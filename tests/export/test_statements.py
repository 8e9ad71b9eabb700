import pytest

from priorauth.decide.statements import Shown, Statement
from priorauth.export.statements import DAYS, MARK, WIDTH, footnotes, lines, section

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
    assert "and 2 more" in section([many], "2026-06-15")


def test_no_line_of_a_statement_is_too_wide() -> None:
    long = Statement("any low " * 40, ("masshealth",), "not-met", None, None, ())
    assert max(map(len, lines([long]))) <= WIDTH


@pytest.mark.parametrize(("one", "spoken"), [(MET, "shown"), (OPEN, "open")])
def test_a_mark_is_spoken_too(one: Statement, spoken: str) -> None:
    assert f'<b aria-label="{spoken}">{MARK[one.status]}</b>' in section([one], "2026-06-15")


def test_what_a_file_is_called_cannot_become_markup() -> None:
    found = footnotes(["<script>.csv: 1 rows left out"])
    assert "<script>" not in found
    assert "&lt;script&gt;.csv" in found
