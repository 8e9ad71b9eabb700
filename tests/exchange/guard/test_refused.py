"""Why somebody is not let in: a status to each code."""

from __future__ import annotations

import pytest

from priorauth.exchange.guard.refused import STATUS, Code, NotAdmitted


@pytest.mark.parametrize("code", STATUS)
def test_each_code_has_its_status_and_says_why(code: Code) -> None:
    found = NotAdmitted(code, "because")
    assert (found.status, found.why, str(found), found.wait) == (STATUS[code], "because", "because", 0)
