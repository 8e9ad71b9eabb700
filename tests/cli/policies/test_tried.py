"""``priorauth policies try``: what `policies cases` writes is run, and what does not come out is said."""

from __future__ import annotations

import json
from pathlib import Path

from tests.assurance.planted import SOUND, catalog
from tests.cli.running import Capture, asked, printed, refusal

ID = "payer-x/monitors"


def written(place: Path, capsys: Capture) -> Path:
    catalog(place / "p", d2020=SOUND)
    printed(capsys, "policies", "cases", ID, "--out", place / "out", "--policies", place / "p")
    return place / "out" / "payer-x"


def test_the_cases_that_are_written_come_out_when_they_are_tried(tmp_path: Path, capsys: Capture) -> None:
    made = written(tmp_path, capsys)
    said = printed(capsys, "policies", "try", ID, made, "--policies", tmp_path / "p")
    assert said == f"{ID}@2020-01-01: {len(list(made.iterdir()))} cases, all come out\n"


def test_a_case_that_does_not_come_out_is_named_and_the_code_is_one(tmp_path: Path, capsys: Capture) -> None:
    file = next(iter(sorted(written(tmp_path, capsys).iterdir())))
    case = json.loads(file.read_text("utf-8"))
    was = case["expect"]["outcome"]
    case["expect"] = {"outcome": "not-yet", "status": {"none": "met"}}
    file.write_text(json.dumps(case), "utf-8")
    code, out, err = asked(capsys, "policies", "try", f"{ID}@2020-01-01", file, "--policies", tmp_path / "p")
    assert (code, err) == (1, "")
    assert out.splitlines() == [
        f"{file}: the outcome is {was}, expected not-yet",
        f"{file}: none is not among the criteria that were weighed, expected met",
        f"{ID}@2020-01-01: 1 cases, 1 do not come out",
    ]


def test_what_is_no_case_is_one_line(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "case.json").write_text("{}", encoding="utf-8")
    said = refusal(capsys, "policies", "try", "medicare/ncd-280-14", tmp_path / "case.json")
    assert said.startswith(f"{tmp_path}/case.json: expected a case: JSON with `bundle` and `expect`")
    (tmp_path / "empty").mkdir()
    said = refusal(capsys, "policies", "try", "medicare/ncd-280-14", tmp_path / "empty")
    assert said == f"{tmp_path}/empty: expected cases, *.json; found none\n"
