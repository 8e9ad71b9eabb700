"""The table of formats in the docs is what is read of the files."""

import importlib.util

from priorauth.glucose.formats.workbook import EXTRA
from tests.parts import need
from tools import formats


def test_the_table_in_the_docs_is_not_stale() -> None:
    need(importlib.util.find_spec("openpyxl"), EXTRA)
    text = formats.PAGE.read_text("utf-8")
    assert formats.filled(text) == text


def test_every_file_of_the_tests_is_in_the_table() -> None:
    text = formats.PAGE.read_text("utf-8")
    assert [path.name for path in formats.files() if f"{path.relative_to(formats.FILES)} |" not in text] == []
