"""What a person sets for herself: one thing at a time, hers alone, on both databases."""

from __future__ import annotations

from tests.ledger import house
from tests.workbench.house import Desk


def test_a_filter_that_is_kept_twice_stands_once_and_another_beside_it(desk: Desk) -> None:
    for title in ("A", "B", "A"):
        assert desk.send("/queue", "/queue/nurse/save", house.NURSE, title=title).status_code == 303
    page = desk.get("/queue", house.NURSE).text
    assert [page.count(f">{title}</a>") for title in ("A", "B")] == [1, 1]
