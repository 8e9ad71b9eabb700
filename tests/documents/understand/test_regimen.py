"""Injections a day, added up."""

from __future__ import annotations

import pytest

from tests.documents.notes import proposed


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Lantus qHS + Humalog TID AC.", "4 /d"),
        ("MDI: detemir BID, aspart TID with meals.", "5 /d"),
        ("Tresiba 16 units every morning; Fiasp 1:12 with meals (three times daily)", "4 /d"),
        ("Glargine 10 units daily.", "1 /d"),
        ("Humulin 70/30 twice a day.", "2 /d"),
        ("Glargine at bedtime plus lispro with meals, 5 injections a day in all.", "5 /d"),
    ],
)
def test_a_list_of_insulins_is_added_up(text: str, wanted: str) -> None:
    assert [value for fact, value, _, _ in proposed(text) if fact == "insulin_injections"] == [wanted]


@pytest.mark.parametrize(
    "text",
    [
        "Lantus 20 units at bedtime.\nHumalog per ratio.",
        "Inpatient insulin: drip, then glargine daily + lispro q6h sliding scale",
        "If needed Lantus qHS + Humalog TID.",
        "Humalog with meals.",
    ],
)
def test_what_is_not_whole_or_not_at_home_is_not(text: str) -> None:
    assert [fact for fact, _, _, _ in proposed(text) if fact == "insulin_injections"] == []
