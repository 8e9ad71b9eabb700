"""What is answered behind a label."""

from __future__ import annotations

import pytest

from priorauth.documents.understand import answers
from tests.documents.notes import proposed


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ketoacidosis ..... none", "denied"),
        ("Ketoacidosis\tno", "denied"),
        ("Ketoacidosis (past 12 mo): never", "denied"),
        ("Ketoacidosis? No", "denied"),
        ("Ketoacidosis: not asked", "unanswered"),
        ("Ketoacidosis: ____", "unanswered"),
        ("Ketoacidosis? unknown", "unanswered"),
        ("Ketoacidosis:", "unanswered"),
        ("Ketoacidosis in the past year?", "unanswered"),
        ("Ketoacidosis? Yes, once", None),
        ("Ketoacidosis in 2011, none since", None),
        ("Ketoacidosis was treated", None),
    ],
)
def test_a_label_has_its_answer_behind_it(text: str, says: str | None) -> None:
    found = answers.answer(text, 0, len("Ketoacidosis"))
    assert (None if found is None else found[0]) == says


def test_a_label_that_nobody_answered_proposes_nothing() -> None:
    assert proposed("Hypoglycemia unawareness: ______\nDialysis:   n/a") == []


def test_a_label_answered_with_no_is_a_denial() -> None:
    assert proposed("Hypoglycemia unawareness ....... No") == [
        ("hypoglycemia_unawareness", "no", "2026-10-06", "denied")
    ]
