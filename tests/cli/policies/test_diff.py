"""``priorauth policies diff``: what changed, by outline id and by meaning."""

from __future__ import annotations

import json
from pathlib import Path

from priorauth.cli.main import main
from tests.assurance.planted import SOUND, catalog
from tests.cli.running import Capture, refusal

ID = "payer-x/monitors"
OLD = f"{ID}@2020-01-01"
LOOSER = SOUND.replace("> 7.0 %", "> 6.5 %")


def test_a_diff_as_json_says_of_each_change_whether_it_means_the_same(tmp_path: Path, capsys: Capture) -> None:
    catalog(tmp_path, d2020=SOUND, d2024=LOOSER.replace("title: Motivated", "title: Willing"))
    assert main(["policies", "diff", OLD, ID, "--json", "--policies", str(tmp_path)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert {change["id"]: (change["kind"], change["same"]) for change in made["changes"]} == {
        "A.1": ("test changed", False),
        "A.2": ("title changed", True),
    }


def test_a_diff_of_a_version_with_itself_is_no_change(tmp_path: Path, capsys: Capture) -> None:
    catalog(tmp_path, d2020=SOUND)
    assert main(["policies", "diff", ID, ID, "--policies", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    assert said.splitlines() == [f"{OLD} to {OLD}", "pathway first: equivalent", "no change by outline id"]


def test_a_version_that_is_not_there_is_refused(capsys: Capture) -> None:
    assert "no policy is named 'none'" in refusal(capsys, "policies", "diff", "medicare/ncd-280-14", "none")


def test_what_a_text_that_was_not_read_changes_is_not_known(capsys: Capture) -> None:
    assert main(["policies", "diff", "masshealth/insulin-pumps", "masshealth/insulin-pumps@2026-11-28"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith("masshealth/insulin-pumps@2026-11-28: the text is known and was not read: a person decides")
