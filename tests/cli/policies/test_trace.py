"""``priorauth policies trace``: a copy of a text beside the rules."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.policy.catalog import Catalog
from priorauth.trace import trace
from tests.cli.running import Capture, asked, printed, refusal
from tests.trace.invented import ID, OLD, POLICIES, TEXTS, edited

COPY = TEXTS / "fernhill-2025.txt"
ASK = ("policies", "trace", ID)
OURS = ("--policies", POLICIES)


def test_the_copy_is_laid_beside_the_rules(capsys: Capture) -> None:
    out = printed(capsys, *ASK, COPY, *OURS)
    assert "50 of 50 sentences found, 0 missing, 0 that the trace does not know" in out
    assert "**II.B**\n  The newest hemoglobin A1c" in out


def test_a_copy_that_differs_ends_with_1(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "copy.txt").write_text(edited(("is above 8.0", "is above 8.5")), "utf-8")
    code, out, err = asked(capsys, *ASK, tmp_path / "copy.txt", *OURS, "--json")
    assert (code, err, json.loads(out)["missing"]) == (1, "", [16])


def test_a_page_of_html_is_written(tmp_path: Path, capsys: Capture) -> None:
    out = printed(capsys, *ASK, COPY, *OURS, "--html", tmp_path / "page.html")
    assert out.count("\n") == 1
    assert "<table>" in (tmp_path / "page.html").read_text("utf-8")


def test_a_trace_is_begun_and_says_what_is_left(tmp_path: Path, capsys: Capture) -> None:
    out = printed(capsys, *ASK, COPY, *OURS, "--draft", tmp_path / "begun.yaml")
    assert out == f"{tmp_path / 'begun.yaml'}: 50 sentences, 0 of them wait for `rules:` or `is:`\n"
    found = trace.load(tmp_path / "begun.yaml")
    assert [row.rules for row in found.rows] == [row.rules for row in trace.load(_trace()).rows]


def _trace() -> Path:
    return trace.beside(Catalog.open(POLICIES).versions(ID)[-1])


def test_a_text_of_another_policy_is_refused_in_one_line(tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "other.txt").write_text("A notice about wheelchairs. It has two sentences.", "utf-8")
    said = refusal(capsys, *ASK, tmp_path / "other.txt", *OURS)
    assert said.endswith(
        "other.txt: expected a text of fernhill/insulin-pumps@2025-01-01: 0 of its 50 sentences stand there\n"
    )


def test_a_policy_without_a_trace_is_told_how_one_begins(capsys: Capture) -> None:
    said = refusal(capsys, "policies", "trace", "medicare/ncd-280-14", COPY)
    assert "--draft FILE begins one" in said


@pytest.mark.parametrize("option", ["--html", "--draft"])
def test_an_output_over_the_copy_is_refused(tmp_path: Path, capsys: Capture, option: str) -> None:
    copy = tmp_path / "copy.txt"
    copy.write_text(OLD, "utf-8")
    refusal(capsys, *ASK, copy, *OURS, option, copy)
    assert copy.read_text("utf-8") == OLD


def test_a_draft_is_given_alone(tmp_path: Path, capsys: Capture) -> None:
    said = refusal(capsys, *ASK, COPY, *OURS, "--draft", tmp_path / "a", "--json")
    assert said == "--draft: give it alone\n"
