"""Why a case stands in a worklist: what its newest run says, in few words."""

from __future__ import annotations

import msgspec
import pytest

from priorauth.decide.determine import determine
from priorauth.workbench.view import why
from tests.ledger.house import example


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("approve", "ready to approve: 11 of 11 shown"),
        ("ask", "2 things are missing"),
        ("conflict", "two sides: At least four glucose tests a day"),
        ("review", "not shown: Type 1 diabetes and 2 more"),
        ("not-yet", "time has to pass, until "),
    ],
)
def test_a_case_says_in_a_line_what_is_open(name: str, says: str) -> None:
    data = msgspec.json.encode(list(determine(example(name))))
    assert why.said(why.read(data)).startswith(says)
