"""A member is found by every word of what was typed; what is a case number is none."""

from __future__ import annotations

import pytest

from priorauth.workbench.view import found


@pytest.mark.parametrize(
    ("text", "number"),
    [("26", True), ("26-", True), ("26-0117", True), ("M-26", False), ("Rivera", False), ("260", False), ("", False)],
)
def test_the_beginning_of_a_case_number_is_known(text: str, number: bool) -> None:  # noqa: FBT001 - what is so of it
    assert found.is_number(text) is number
