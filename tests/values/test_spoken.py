"""Days on pages: ``20 Nov 2026``; what only looks like a day stays as it is."""

from __future__ import annotations

from priorauth.values.spoken import spoken


def test_every_day_in_a_text_is_written_as_people_write_it() -> None:
    assert spoken("from 2026-01-02 to 2026-11-20.") == "from 2 Jan 2026 to 20 Nov 2026."


def test_ids_and_months_that_are_none_stay() -> None:
    assert spoken("note-2026-11-06, 2026-13-01, 2026-11-0612") == "note-2026-11-06, 2026-13-01, 2026-11-0612"


def test_every_month_has_its_name() -> None:
    names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    assert [spoken(f"2026-{month:02}-09") for month in range(1, 13)] == [f"9 {name} 2026" for name in names]
