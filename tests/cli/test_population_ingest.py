"""The commands that make a population: what they print, and the code they end with."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from priorauth.cli import population_ingest
from priorauth.cli.main import Refused
from tests.exports import hba1c, lines, patient, rejects


def run(*words: str) -> int:
    parser = argparse.ArgumentParser()
    population_ingest.add(parser.add_subparsers(required=True))
    args = parser.parse_args(words)
    code: int = args.run(args)
    return code


def test_a_population_is_made_and_read_and_the_code_is_nought(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "all.ndjson").write_bytes(lines(patient(), hba1c("a1")))
    assert run("ingest", str(tmp_path / "in"), str(tmp_path / "out"), "--as-of", "2026-11-20", "--jobs", "1") == 0
    said = capsys.readouterr()
    assert said.out.splitlines()[0] == "1 members, 1 requests or members without one, as of 2026-11-20"
    assert "0 rejects, 0 warnings" in said.out
    assert said.err == ""


def test_rejects_are_told_by_the_code_and_on_standard_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "all.ndjson").write_bytes(lines(patient()) + b"{half\n")
    out = tmp_path / "out"
    assert run("ingest", str(tmp_path / "all.ndjson"), str(out), "--as-of", "2026-11-20", "--jobs", "1") == 3
    assert capsys.readouterr().err == f"1 pieces of input were rejected: see {out / 'rejects.ndjson'}\n"
    assert len(rejects(out)) == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ingest", "{gone}", "{out}"], "expected a file or a folder"),
        (["ingest", "{empty}", "{out}"], "there are none"),
        (["ingest", "{empty}", "{out}", "--as-of", "soon"], "--as-of: expected a FHIR date"),
        (["ingest", "{empty}", "{out}", "--jobs", "0"], "--jobs: expected at least 1"),
        (["synthesize", "0", "{out}"], "expected 1 to"),
        (["synthesize", "5", "{out}", "--as-of", "2026-13"], "expected a date that exists"),
        (["synthesize", "5", "{full}"], "expected an empty folder"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_one_line(words: list[str], said: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "full" / "x").mkdir(parents=True)
    places = {name: str(tmp_path / name) for name in ("gone", "empty", "full", "out")}
    with pytest.raises(Refused) as refused:
        run(*(word.format(**places) for word in words))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_synthetic_population_is_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        run("synthesize", "20", str(tmp_path / "out"), "--seed", "4", "--jobs", "1", "--gzip", "--profile", "plan") == 0
    )
    assert capsys.readouterr().out.startswith("20 members, ")
    assert (tmp_path / "out" / "Patient.00000.ndjson.gz").exists()


def test_progress_is_shown_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    population_ingest.bar()("reading", 1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    show = population_ingest.bar()
    show("reading", 1, 2)
    show("reading", 2, 2)
    assert capsys.readouterr().err.endswith("[##############################] 2/2\n")
