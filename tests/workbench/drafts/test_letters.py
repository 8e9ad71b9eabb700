"""Papers that a clinic prints of a draft, as PDF."""

from __future__ import annotations

import pytest

from priorauth.server.problem import Problem
from priorauth.workbench.drafts import check, letters
from priorauth.workbench.drafts.draft import Draft
from tests.workbench.drafts.hand import AT, example


@pytest.mark.parametrize("kind", letters.TITLES)
def test_the_checklist_and_the_draft_letter_are_printed(kind: str) -> None:
    draft = example()
    assert letters.printed(kind, draft, check.checked(draft, AT), AT).startswith(b"%PDF-")


def test_what_cannot_be_checked_cannot_be_printed() -> None:
    with pytest.raises(Problem, match="cannot be printed yet"):
        letters.printed("checklist", Draft(), check.checked(Draft(), AT), AT)
