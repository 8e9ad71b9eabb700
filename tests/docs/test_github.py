"""The workflows run pinned actions with no more rights than they need, and what they and the hooks call is there."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.docs.markdown import ROOT, place

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED = re.compile(r"^[\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")
TARGETS = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load(path.read_text("utf-8"), Loader=yaml.CSafeLoader)
    return found


def steps(path: Path) -> Iterator[dict[str, Any]]:
    for job in read(path)["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("path", WORKFLOWS, ids=place)
def test_every_action_is_pinned_to_a_commit_with_its_version_beside_it(path: Path) -> None:
    used = re.findall(r"uses: (.*)", path.read_text("utf-8"))
    assert used
    assert [one for one in used if not PINNED.match(one)] == []


@pytest.mark.parametrize("path", WORKFLOWS, ids=place)
def test_a_job_may_read_the_code_and_nothing_else(path: Path) -> None:
    assert read(path)["permissions"] == {}
    assert {str(job["permissions"]) for job in read(path)["jobs"].values()} == {"{'contents': 'read'}"}
    checkouts = [step for step in steps(path) if step.get("uses", "").startswith("actions/checkout@")]
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)


@pytest.mark.parametrize("path", WORKFLOWS, ids=place)
def test_what_a_workflow_runs_is_there(path: Path) -> None:
    for step in steps(path):
        if command := step.get("run"):
            words = command.split()
            assert (words[0] == "make" and words[-1] in TARGETS) or (ROOT / words[0]).is_file()


def test_every_python_that_is_supported_is_tested_on_both_systems() -> None:
    matrix = read(ROOT / ".github" / "workflows" / "test.yml")["jobs"]["test"]["strategy"]["matrix"]
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = re.findall(r":: (3\.\d+)$", "\n".join(project["classifiers"]), re.MULTILINE)
    assert set(named) <= set(matrix["python"])
    assert {system.partition("-")[0] for system in matrix["system"]} == {"ubuntu", "macos"}


def test_the_hooks_use_the_tools_of_the_project() -> None:
    (local,) = read(ROOT / ".pre-commit-config.yaml")["repos"]
    assert local["repo"] == "local"
    tools = {hook["entry"].split()[0] for hook in local["hooks"]}
    assert tools == {".venv/bin/ruff", ".venv/bin/mypy", ".venv/bin/lint-imports"}


@pytest.mark.parametrize("path", sorted((ROOT / ".github" / "ISSUE_TEMPLATE").glob("*.yml")), ids=place)
def test_who_reports_a_fault_is_told_never_to_paste_a_record(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "Never paste a real patient's record" in text or path.name in {"config.yml", "policy.yml"}
