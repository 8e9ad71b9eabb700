"""A finding is explained by its name and kind; a file of explanations at fault is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.assurance import findings
from priorauth.assurance.prove import Found
from priorauth.errors import PolicyFaults
from priorauth.policy.tree import Policy
from tests.assurance.planted import SOUND, catalog

HEAD = "policy: payer-x/monitors\nversion: 2020-01-01\nfindings:\n"
REDUNDANT = Found("A.2", "redundant", "the rest brings it with it")
DEAD = Found("A.2", "dead", "it never changes the result")


def written(folder: Path, text: str) -> Policy:
    policy = catalog(folder, d2020=SOUND).versions("payer-x/monitors")[0]
    findings.beside(policy).write_text(text, encoding="utf-8")
    return policy


def test_a_version_without_a_file_explains_nothing(tmp_path: Path) -> None:
    policy = catalog(tmp_path, d2020=SOUND).versions("payer-x/monitors")[0]
    assert findings.beside(policy).name == "2020-01-01.findings.yaml"
    assert findings.explained(policy) == ()


def test_an_explanation_of_one_kind_does_not_explain_another(tmp_path: Path) -> None:
    said = findings.explained(written(tmp_path, HEAD + "  - {criterion: A.2, finding: dead, why: As it stands.}\n"))
    assert findings.unexplained([REDUNDANT, DEAD], said) == (REDUNDANT,)
    assert (findings.why(DEAD, said), findings.why(REDUNDANT, said)) == ("As it stands.", None)


def test_an_explanation_of_what_is_mended_is_stale(tmp_path: Path) -> None:
    said = findings.explained(written(tmp_path, HEAD + "  - {criterion: A.2, finding: dead, why: As it stands.}\n"))
    assert list(findings.stale([DEAD], said)) == []
    assert [(one.name, one.line) for one in findings.stale([REDUNDANT], said)] == [("A.2", 4)]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("{criterion: A.2, finding: odd, why: So.}", "expected a finding, one of contradictory"),
        ("{criterion: A.2, finding: dead}", "expected `criterion:`, `finding:` and `why:`"),
    ],
)
def test_an_explanation_at_fault_is_refused_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    policy = written(tmp_path, f"{HEAD}  - {{criterion: A.1, finding: dead, why: So.}}\n  - {row}\n")
    with pytest.raises(PolicyFaults, match=said) as fault:
        findings.explained(policy)
    assert fault.value.faults[0].place == "line 5"
