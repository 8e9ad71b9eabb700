"""``priorauth policies show``: the reviewer's page."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, printed, refusal
from tests.policy.files import folder, require

HUSKY = "husky/ambulatory-infusion-pumps"


def test_it_takes_the_newest_version_or_the_one_of_a_day(capsys: Capture) -> None:
    assert "December 2024" in printed(capsys, "policies", "show", HUSKY)
    assert "December 2023" in printed(capsys, "policies", "show", f"{HUSKY}@2024-02-01")


@pytest.mark.parametrize(
    ("policy", "said"),
    [
        ("none", "no policy is named 'none'; expected one of anthem/cg-dme-01"),
        (f"{HUSKY}@2024-02-02", f"{HUSKY} has no version '2024-02-02'; expected one of 2024-02-01, 2024-12-27"),
    ],
)
def test_what_is_not_there_is_refused_in_one_line(policy: str, said: str, capsys: Capture) -> None:
    assert refusal(capsys, "policies", "show", policy).startswith(said)


def test_a_policy_at_fault_is_refused_with_all_its_faults(tmp_path: Path, capsys: Capture) -> None:
    folder(tmp_path, require("all: [x, y]"))
    code, out, err = asked(capsys, "policies", "show", "payer-x/pumps", "--policies", tmp_path)
    assert (code, out, err.count("2020-01-01.yaml:14: ")) == (2, "", 2)
