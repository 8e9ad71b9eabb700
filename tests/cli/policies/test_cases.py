"""``priorauth policies cases``: cases on each side of every threshold."""

from __future__ import annotations

import json
from pathlib import Path

from tests.assurance.planted import SOUND, catalog
from tests.cli.running import Capture, misuse, printed, refusal

ID = "payer-x/monitors"


def test_a_case_is_a_file_in_the_folder_of_its_payer(tmp_path: Path, capsys: Capture) -> None:
    catalog(tmp_path / "p", d2020=SOUND)
    out = tmp_path / "out"
    said = printed(capsys, "policies", "cases", ID, "--out", out, "--policies", tmp_path / "p")
    written = sorted((out / "payer-x").iterdir())
    assert said == f"{ID}@2020-01-01: {len(written)} cases in {out}/payer-x\n"
    assert json.loads(written[0].read_text("utf-8"))["policy"]


def test_without_a_place_to_write_them_they_are_refused(capsys: Capture) -> None:
    said = misuse(capsys, "policies", "cases", "medicare/ncd-280-14")
    assert said == "priorauth policies cases: error: expected --out DIR"


def test_a_folder_of_policies_is_not_written_into(tmp_path: Path, capsys: Capture) -> None:
    catalog(tmp_path, d2020=SOUND)
    words = ("policies", "cases", ID, "--policies", tmp_path, "--out", tmp_path / "out")
    assert "expected an output" in refusal(capsys, *words)
