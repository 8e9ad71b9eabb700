"""The page on outsiders' tests has every row, and how a run came out is read as it was."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest

from tests.exchange.kit.rows import listed
from tools import kits

FAILED = '<failure message="assert 1 == 2&#10;more">text</failure>'
SKIPPED = '<skipped type="pytest.skip" message="not applicable: no card is sent">text</skipped>'
KNOWN = '<skipped type="pytest.xfail" message="not there yet">text</skipped>'


def came(**inside: str) -> dict[str, kits.Came]:
    """Read a report of one row on two databases."""
    cases = "".join(
        f'<testcase name="test_of_a_kit[{name}-PAS 1 1 one]">{text}</testcase>' for name, text in inside.items()
    )
    return kits.read(ET.fromstring(f"<suite>{cases}</suite>").iter("testcase"))  # noqa: S314 - it stands here


@pytest.mark.parametrize(
    ("inside", "wanted"),
    [
        ("", kits.Came("passed")),
        (FAILED, kits.Came("failed", "assert 1 == 2")),
        (SKIPPED, kits.Came("not applicable", "no card is sent")),
        (KNOWN, kits.Came("failed", "not there yet")),
    ],
)
def test_how_a_row_came_out_is_the_worst_of_both_databases(inside: str, wanted: kits.Came) -> None:
    assert came(sqlite="", postgresql=inside) == came(sqlite=inside, postgresql="") == {"PAS 1 1 one": wanted}


def test_a_row_is_called_as_its_test() -> None:
    assert [kits.name_of(row) for row in kits.rows()] == [one.name for one in listed()]


def test_a_row_that_did_not_run_is_said_not_to_have() -> None:
    assert list(kits.table({}))[-1] == "| all | 303 | 0 | 0 | 0 | 303 |"


def test_the_page_counts_every_row_and_says_which_are_known_not_to_be_asked() -> None:
    text = kits.PAGE.read_text("utf-8")
    assert "| all | 303 |" in text
    for row in kits.rows():
        for name in ("not_applicable", "fails"):
            assert row.get(name, "") in text
