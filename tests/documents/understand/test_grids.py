"""Questions with a mark under YES or NO."""

from __future__ import annotations

from priorauth.documents.pages import Page
from priorauth.documents.understand import boxes, grids, rules

FORM = """5. QUESTIONS                                  YES   NO    Comment
   5a  Hypoglycemia unawareness?                     X
   5b  Motivated?                               X           very
   5c  Dawn phenomenon?                                     did not assess
   5d  Tests glucose 4 or more times daily?          [X]    about 3
   5e  HbA1c > 7.0 %                            [X]   [ ]   8.1  (9/5/2026)

Thank you.
"""


def test_the_column_of_a_mark_is_the_answer() -> None:
    found = [(FORM[row.line :].split("\n", 1)[0][slice(*row.label)], row.yes) for row in grids.rows(FORM)]
    assert found == [
        ("5a  Hypoglycemia unawareness?", False),
        ("5b  Motivated?", True),
        ("5d  Tests glucose 4 or more times daily?", False),
        ("5e  HbA1c > 7.0 %", True),
    ]


def test_marks_and_comments_propose() -> None:
    found = boxes.ticks(Page(number=1, text=FORM), rules.load(), "payer-form")
    assert sorted((one.fact, one.value, one.polarity) for one in found) == [
        ("glucose_tests_per_day", "3 /d", "stated"),
        ("hba1c", "8.1 %", "stated"),
        ("hypoglycemia_unawareness", "no", "denied"),
        ("motivated", "yes", "stated"),
    ]


def test_a_question_is_no_prose() -> None:
    left = boxes.masked(FORM)
    assert len(left) == len(FORM)
    assert "unawareness" not in left
    assert "Dawn" not in left
    assert "Thank you." in left
