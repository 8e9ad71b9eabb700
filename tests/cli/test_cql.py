"""The command `priorauth policies cql`."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.main import Refused
from tests.cli.test_policies import run
from tests.policy.files import folder, require


def test_it_prints_the_newest_version(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("cql", "caresource/insulin-infusion-pump") == 0
    text = capsys.readouterr().out
    assert "\nlibrary CaresourceInsulinInfusionPump version '2026-05-01'\n" in text
    assert run("cql", "caresource/insulin-infusion-pump@2026-05-01") == 0
    assert capsys.readouterr().out == text


def test_into_a_folder_it_writes_all_that_an_engine_needs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("cql", "medicare/ncd-280-14", "--into", str(tmp_path / "new")) == 0
    named = {Path(line).name for line in capsys.readouterr().out.splitlines()}
    assert named == {"MedicareNcd28014.cql", "PriorAuth.cql", "CodedFacts.cql"}
    assert {path.name for path in (tmp_path / "new").iterdir()} == named


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Refused, match=r"--into: .*file"):
        run("cql", "medicare/ncd-280-14", "--into", str(tmp_path / "file"))


def test_a_policy_that_is_not_there_is_refused() -> None:
    with pytest.raises(Refused, match="no policy is named 'x/y'"):
        run("cql", "x/y")


def test_a_number_that_cql_cannot_hold_is_refused(tmp_path: Path) -> None:
    folder(tmp_path, require("id: '1'\ntitle: Often\nwhen: count of hypoglycemia > 3000000000"))
    with pytest.raises(Refused, match="payer-x/pumps: 3000000000: expected a whole number that fits"):
        run("cql", "payer-x/pumps", "--policies", str(tmp_path))
