"""A fault that speaks of arguments is printed with the options that give them."""

from __future__ import annotations

import pytest

from priorauth.cli.options import option, option_line
from priorauth.errors import ARGUMENTS, Fault


@pytest.mark.parametrize(
    ("fault", "line"),
    [
        (Fault.of_argument("as_of", "expected YYYY-MM-DD"), "--as-of: expected YYYY-MM-DD"),
        (Fault.of_argument("columns", "expected pairs", "a.csv"), "a.csv: --columns: expected pairs"),
        (Fault("a.csv", None, "expected zone= for this log"), "a.csv: expected --zone for this log"),
        (Fault("a.csv", None, "dates='dmy' or dates='mdy'"), "a.csv: --dates dmy or --dates mdy"),
        (Fault("a.json", "Claim/1: status", "draft=True checks it"), "a.json: Claim/1: status: --draft checks it"),
        (Fault(None, None, "expected as_of='YYYY-MM-DD'"), "expected --as-of YYYY-MM-DD"),
        (Fault(None, None, "master= needs pyspark"), "--spark needs pyspark"),
        (Fault.of_argument("suppose", "no fact is named 'x'"), "--suppose: no fact is named 'x'"),
    ],
)
def test_every_argument_of_a_fault_is_printed_as_its_option(fault: Fault, line: str) -> None:
    assert option_line(fault) == line


def test_what_is_no_argument_stays_as_it_is() -> None:
    fault = Fault.at_line("a.yaml", 2, "expected `unit=mg/dL`, found when=now")
    assert option_line(fault) == str(fault)


OF_ARGUMENTS = {
    "policy": "--policy",
    "as_of": "--as-of",
    "judgments": "--judgments",
    "readings": "--reading",
    "policies": "--policies",
    "logs": "--log",
    "columns": "--columns",
    "zone": "--zone",
    "dates": "--dates",
    "draft": "--draft",
    "day": "--day",
    "suppose": "--suppose",
    "master": "--spark",
}


def test_every_argument_has_its_option() -> None:
    assert {name: option(name) for name in ARGUMENTS} == OF_ARGUMENTS
