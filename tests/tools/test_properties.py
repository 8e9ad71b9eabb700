"""The table of properties says what the tests say today."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools import properties


def test_the_table_in_the_docs_is_not_stale() -> None:
    text = properties.PAGE.read_text("utf-8")
    assert properties.filled(text) == text


def test_a_property_whose_test_is_gone_is_a_fault() -> None:
    gone = properties.listed()[0]._replace(test="test_of_nothing")
    with pytest.raises(SystemExit, match="has no test test_of_nothing"):
        properties.table([gone])


def test_a_number_that_its_test_no_longer_names_is_a_fault() -> None:
    unnamed = properties.listed()[0]._replace(many="{NOTHING} cases")
    with pytest.raises(SystemExit, match="does not name the number"):
        properties.table([unnamed])


def test_cases_are_counted(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("cases: [{}, {}]\n", "utf-8")
    assert properties.cases([tmp_path / "one.yaml"]) == 2
