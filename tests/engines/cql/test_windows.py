"""The windows of a leaf as CQL: each distinct one has one name, and what is met together is written together."""

from __future__ import annotations

import pytest

from priorauth.engines.cql.windows import frame, said
from priorauth.language import contents
from tests.engines.cql.written import form, view


def framed(line: str) -> tuple[str, str]:
    """Give the name of the windows of a line and what stands under it."""
    into = view()
    name = frame(contents.windows_of(form(line)), into)
    return name, into.defines[name.strip('"')]


@pytest.mark.parametrize(
    ("windows", "name", "text"),
    [
        ("", "up to the request", 'PA.Until("as of")'),
        ("within 6 months", "within 6 months", """PA.Within(6, 'month', "day of request")"""),
        ("since enrollment", "since enrollment", 'PA.Since("day of enrollment", "as of")'),
        ("before pump_start", "before pump_start", 'PA.Before("day of pump_start")'),
        (
            "since enrollment within 6 months",
            "since enrollment within 6 months",
            """PA.Meet(PA.Since("day of enrollment", "as of"), PA.Within(6, 'month', "day of request"))""",
        ),
        (
            "while insulin_injections >= 3 /d",
            "while insulin_injections >= 3 /d",
            'PA.During(PA.Until("as of"), {"while insulin_injections >= 3 /d"})',
        ),
    ],
)
def test_windows_are_named_by_their_words(windows: str, name: str, text: str) -> None:
    assert framed(f"no hypoglycemia {windows}") == (f'"in: {name}"', text)


def test_a_window_is_said_with_its_anchor_where_that_is_not_the_request() -> None:
    (window,) = contents.windows_of(form("no hypoglycemia within 6 months before service"))
    assert said(window) == "within 6 months before service"
