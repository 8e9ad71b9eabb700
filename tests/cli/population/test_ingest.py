"""``priorauth population ingest``: what it prints, and the code it ends with."""

from __future__ import annotations

from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, refusal
from tests.exports import hba1c, lines, patient, rejects

INGEST = ("population", "ingest")
DAY = ("--as-of", "2026-11-20", "--jobs", "1")


def test_what_was_read_is_told_and_the_code_is_nought(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "all.ndjson").write_bytes(lines(patient(), hba1c("a1")))
    code, out, err = asked(capsys, *INGEST, tmp_path / "in", tmp_path / "out", *DAY)
    assert (code, err) == (0, "")
    assert out.splitlines()[0] == "1 members, 1 requests or members without one, as of 2026-11-20"
    assert "0 rejects, 0 warnings" in out


def test_rejects_are_told_by_the_code_and_on_standard_error(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "all.ndjson").write_bytes(lines(patient()) + b"{half\n")
    out = tmp_path / "out"
    code, _, err = asked(capsys, *INGEST, tmp_path / "all.ndjson", out, *DAY)
    assert (code, err) == (3, f"1 pieces of input were rejected: see {out / 'rejects.ndjson'}\n")
    assert len(rejects(out)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("gone", "out"), "expected a file or a folder"),
        (("empty", "out"), "there are none"),
        (("empty", "out", "--as-of", "soon"), "--as-of: expected a FHIR date"),
        (("empty", "out", "--jobs", "0"), "--jobs: expected at least 1, found 0"),
        (("empty", "out", "--jobs", "many"), "--jobs: expected a whole number, found 'many'"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_one_line(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    assert said in refusal(capsys, *INGEST, *words)


def test_codes_of_no_use_and_deletions_are_told(tmp_path: Path, capsys: Capture) -> None:
    code = {"coding": [{"system": "urn:oid:1.2.3", "code": "HBA1C\x1b[2J"}]}
    gone = {"resourceType": "Bundle", "entry": [{"request": {"method": "DELETE", "url": "Observation/a1"}}]}
    (tmp_path / "all.ndjson").write_bytes(lines(patient(), hba1c("a1"), hba1c("h1", code=code), gone))
    _, out, _ = asked(capsys, *INGEST, tmp_path / "all.ndjson", tmp_path / "out", *DAY)
    assert "1 deletions; 1 resources no longer count\n" in out
    assert "1 observations are used by no fact; their codes:\n  urn:oid:1.2.3 HBA1C?[2J: 1\n" in out


def test_a_process_that_was_ended_from_outside_is_one_line_and_the_code_is_one(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr("priorauth.population.ingest.ingest.ingest", killed)
    assert asked(capsys, *INGEST, tmp_path, tmp_path / "out") == (
        1, "", "a process was ended from outside; run the same command again to go on\n",
    )  # fmt: skip


def test_processes_and_executors_are_not_both_asked(tmp_path: Path, capsys: Capture) -> None:
    code, out, err = asked(capsys, *INGEST, tmp_path, tmp_path / "out", "--jobs", "2", "--spark", "local[1]")
    assert (code, out) == (2, "")
    assert err.startswith("--jobs: expected --jobs or --spark, not both")
    assert err.count("\n") == 1
    assert not (tmp_path / "out").exists()
