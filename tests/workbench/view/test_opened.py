"""For how long a case may be put off: never past half of what is left of its clock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from priorauth.workbench.view import opened
from tests.ledger.house import NOW


@pytest.mark.parametrize(
    ("left", "hours"), [(None, (2, 4, 24)), (47, (2, 4)), (48, (2, 4, 24)), (8, (2, 4)), (4, (2,)), (3, ()), (-1, ())]
)
def test_a_case_is_put_off_never_past_half_of_what_is_left(left: int | None, hours: tuple[int, ...]) -> None:
    due = None if left is None else NOW + timedelta(hours=left)
    assert tuple(one for one, _ in opened.later(due, NOW)) == hours
