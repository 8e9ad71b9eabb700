"""Signs of layout."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.pages import Page
from priorauth.documents.understand.plain import plain


def said(text: str) -> str:
    return plain(Page(number=1, text=text)).text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("A1c | 8.4 % | 9/1/2026", "A1c   8.4 %   9/1/2026"),
        ("HbA1c __8.9__ %", "HbA1c   8.9   %"),
        ("C-peptide ______ ng/mL", "C-peptide ______ ng/mL"),
        ("_X_ broken   __ lost", "_X_ broken   __ lost"),
        ("name: J. Roe  ·  dob 2 Mar 1997", "name: J. Roe     dob 2 Mar 1997"),
        ("• first point", "• first point"),
    ],
)
def test_what_only_parts_columns_is_space(text: str, wanted: str) -> None:
    assert said(text) == wanted


@given(st.text(max_size=80))
def test_a_page_stays_as_long_as_it_was(text: str) -> None:
    assert len(said(text)) == len(text)
