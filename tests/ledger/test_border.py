"""The tables of the border: none of them is history, and what is looked for by day or by case has an index."""

from __future__ import annotations

from priorauth.ledger import border
from priorauth.ledger import tables as t


def test_they_can_be_filled_in_the_order_in_which_they_are_listed() -> None:
    there = {*t.STATE, *t.APPENDED}
    for table in border.BORDER:
        named = {key.column.table for column in table.c for key in column.foreign_keys}
        assert named <= there | {table}, table.name
        there.add(table)


def test_what_has_a_time_to_go_is_found_by_it() -> None:
    for table, moment in ((border.used_token, "ends_at"), (border.context, "ends_at"), (border.hook_call, "at")):
        assert any(moment in index.columns for index in table.indexes), table.name


def test_what_bears_a_case_is_found_by_it() -> None:
    for table in border.BORDER:
        if "case_no" in table.c:
            assert any("case_no" in index.columns for index in table.indexes), table.name
