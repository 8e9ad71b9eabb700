"""Results that go on behind the first one of a label."""

from __future__ import annotations

from priorauth.documents.understand import days, trends
from tests.documents.notes import proposed


def values(text: str) -> list[tuple[str, str]]:
    end = text.index("8.4") + 3
    return [(one.value, one.day.said) for one in trends.further(text, end, days.found(text, None))]


def test_each_further_value_has_its_own_day() -> None:
    assert values("A1c 8.4 (10/6/2026), 8.9 (7/1/2026), and 9.1 on 4/2/2026") == [
        ("8.9", "2026-07-01"),
        ("9.1", "2026-04-02"),
    ]


def test_words_between_end_the_row_of_values() -> None:
    assert values("A1c 8.4 on 10/6/2026, creatinine 1.1 on 7/1/2026") == []
    assert values("A1c 8.4 with weight down, seen 10/6/2026, 8.9 (7/1/2026)") == []


def test_further_values_are_proposed_with_their_days() -> None:
    assert proposed("A1C 8.4 on 9/6/26, 8.9 on 7/1/26") == [
        ("hba1c", "8.4 %", "2026-09-06", "stated"),
        ("hba1c", "8.9 %", "2026-07-01", "stated"),
    ]
