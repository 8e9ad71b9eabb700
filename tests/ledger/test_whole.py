"""The structs of a case name columns of its tables, and are frozen."""

from __future__ import annotations

import pytest
from sqlalchemy import Table

from priorauth.ledger import tables as t
from priorauth.ledger import whole

OF = {
    whole.Head: t.cases,
    whole.Item: t.item,
    whole.Clock: t.clock,
    whole.Submission: t.submission,
    whole.Document: t.document,
    whole.Run: t.run,
    whole.Word: t.word,
    whole.Reason: t.reason,
    whole.Decision: t.decision,
    whole.Approval: t.approval,
    whole.Mailing: t.mailing,
    whole.Notice: t.notice,
    whole.Call: t.call,
    whole.Event: t.event,
}
BESIDE = {"wrong", "reasons", "ends", "end_why", "mailings", "say"}
"""What a struct has of another table."""


@pytest.mark.parametrize(("shape", "table"), OF.items(), ids=str)
def test_what_a_struct_names_is_a_column_of_its_table(shape: type, table: Table) -> None:
    fields: tuple[str, ...] = shape.__struct_fields__  # type: ignore[attr-defined]  # every shape here is a Struct
    assert set(fields) - BESIDE <= set(table.c.keys())
    assert shape.__struct_config__.frozen  # type: ignore[attr-defined]  # as above
