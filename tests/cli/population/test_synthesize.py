"""``priorauth population synthesize``: a population, counted; the same options give the same bytes."""

from __future__ import annotations

import json
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path

import pytest

from tests.cli.running import Capture, asked, printed, refusal

SYNTHESIZE = ("population", "synthesize")


def test_a_synthetic_population_is_counted(tmp_path: Path, capsys: Capture) -> None:
    more = ("--seed", "4", "--jobs", "1", "--gzip", "--profile", "plan")
    assert printed(capsys, *SYNTHESIZE, "20", tmp_path / "out", *more).startswith("20 members, ")
    assert (tmp_path / "out" / "Patient.00000.ndjson.gz").exists()


def made(capsys: Capture, out: Path, *more: str, members: int = 12) -> dict[str, bytes]:
    printed(capsys, *SYNTHESIZE, members, out, "--jobs", "1", *more)
    return {path.name: path.read_bytes() for path in out.iterdir()}


def test_another_seed_day_or_profile_is_another_population(tmp_path: Path, capsys: Capture) -> None:
    plain = made(capsys, tmp_path / "0")
    assert made(capsys, tmp_path / "1", "--seed", "0", "--as-of", "2026-11-20", "--profile", "registry") == plain
    for number, more in enumerate((("--seed", "1"), ("--profile", "plan"), ("--as-of", "2025-11-20"))):
        assert made(capsys, tmp_path / f"other-{number}", *more) != plain
    manifest = next(json.loads(text) for name, text in plain.items() if name.startswith("manifest"))
    assert manifest["transactionTime"].startswith("2026-11-20")


def test_damage_breaks_some_lines(tmp_path: Path, capsys: Capture) -> None:
    whole = made(capsys, tmp_path / "whole", "--seed", "5", members=60)
    broken = made(capsys, tmp_path / "broken", "--seed", "5", "--damage", members=60)
    assert {name for name in whole if whole[name] != broken[name]} == {"Observation.00000.ndjson"}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("0", "out"), "expected 1 to"),
        (("ten", "out"), "N: expected a whole number, found 'ten'"),
        (("5", "out", "--as-of", "2026-13"), "--as-of: expected a date that exists"),
        (("5", "out", "--seed", "x"), "--seed: expected a whole number, found 'x'"),
        (("5", "out", "--profile", "all"), "--profile: expected one of registry, plan, found 'all'"),
        (("5", "full"), "expected an empty folder"),
    ],
)
def test_what_cannot_be_begun_is_refused_in_one_line(
    words: tuple[str, ...], said: str, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "full" / "x").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert said in refusal(capsys, *SYNTHESIZE, *words)


def test_a_process_that_was_ended_from_outside_is_one_line_and_the_code_is_one(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise BrokenProcessPool

    monkeypatch.setattr("priorauth.synthetic.write.synthesize", killed)
    assert asked(capsys, *SYNTHESIZE, "5", tmp_path / "out") == (
        1, "", "a process was ended from outside; run the same command again in an empty folder\n",
    )  # fmt: skip
