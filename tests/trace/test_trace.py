"""Traces: read strictly, held to the rules of their version, and written as they are read."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.policy.catalog import SHIPPED, Catalog
from priorauth.policy.tree import Policy
from priorauth.trace import trace
from tests.trace.invented import ID, POLICIES, policy, traced

GOOD = '{at: 1, hash: "0123456789abcdef", letters: 12, is: heading}'
HEAD = f"policy: {ID}\nversion: 2025-01-01\nsentences:\n"
TRACED = sorted(path.relative_to(SHIPPED).as_posix() for path in SHIPPED.rglob("*.trace.yaml"))


def faults(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "x.trace.yaml"
    path.write_text(text, "utf-8")
    with pytest.raises(PolicyFaults) as refused:
        trace.load(path)
    return [str(fault).removeprefix(f"{tmp_path}/") for fault in refused.value.faults]


def laid(tmp_path: Path, change: tuple[str, str]) -> Policy:
    """Give the invented policy in a folder of its own, its trace changed."""
    shutil.copytree(POLICIES, tmp_path / "policies")
    found = Catalog.open(tmp_path / "policies").versions(ID)[-1]
    path = trace.beside(found)
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change), "utf-8")
    return found


def test_a_trace_is_read_as_it_is_written() -> None:
    found = traced()
    text = trace.beside(policy()).read_text("utf-8")
    assert trace.written(found.policy, found.version, found.rows) == text


def test_a_trace_carries_every_rule() -> None:
    assert traced().without(policy()) == ()
    assert len(traced().rows) == 50


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (GOOD.replace("at: 1", "at: 2"), "expected `at: 1`: sentences are counted from 1, none left out"),
        (GOOD.replace("letters: 12", "letters: few"), "sentence 1: expected `letters:` with how many it has"),
        (GOOD.replace("abcdef", "abcdeg"), "sentence 1: expected `hash:` with 16 hexadecimal digits"),
        (GOOD.replace("heading", "noise"), "sentence 1: expected `is:` one of heading, background, definition"),
        (GOOD.replace(", is: heading", ""), "sentence 1: expected `rules:` or `is:`, one of the two"),
        (GOOD.replace("is:", "rules: [II], is:"), "sentence 1: expected `rules:` or `is:`, one of the two"),
        (GOOD.replace("is:", "running: no, is:"), "sentence 1: expected `running: yes`, or nothing"),
        (GOOD.replace("is:", "words: some, is:"), "a sentence has no key 'words'; expected at, hash, is"),
        ("text", "expected a sentence: a mapping of at, hash, letters, and rules or is"),
    ],
)
def test_a_fault_of_a_sentence_is_said_with_its_line(tmp_path: Path, row: str, said: str) -> None:
    (fault,) = faults(tmp_path, f"{HEAD}  - {row}\n")
    assert fault.startswith(f"x.trace.yaml:4: {said}")


def test_all_faults_are_said_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, f"sentences:\n  - {GOOD.replace('at: 1', 'at: 7')}\n  - {GOOD}\nnoise: 1\n")
    assert len(found) == 5
    assert faults(tmp_path, f"{HEAD}  []\n") == ["x.trace.yaml:3: expected a list of 1 to 20,000 under `sentences:`"]


def test_a_rule_that_is_gone_is_a_fault_with_its_line(tmp_path: Path) -> None:
    changed = laid(tmp_path, ("rules: [II.E]", "rules: [II.G]"))
    with pytest.raises(PolicyFaults) as refused:
        trace.of(changed)
    assert re.search(r"trace\.yaml:\d+: sentence 20: fernhill/insulin-pumps has no rule 'II\.G'$", str(refused.value))


def test_a_trace_of_another_version_is_a_fault(tmp_path: Path) -> None:
    changed = laid(tmp_path, ("version: 2025-01-01", "version: 2024-01-01"))
    with pytest.raises(
        PolicyFaults, match="expected `version: 2025-01-01`, as the file's place says, found 2024-01-01"
    ):
        trace.of(changed)


def test_a_rule_without_a_sentence_is_listed(tmp_path: Path) -> None:
    found = trace.of(laid(tmp_path, ("rules: [II.E]", "is: background")))
    assert found is not None
    assert [rule.name for rule in found.without(policy())] == ["II.E"]


def test_a_policy_without_a_trace_has_none() -> None:
    assert trace.of(Catalog.open().versions("medicare/ncd-280-14")[-1]) is None


def test_the_five_texts_have_their_traces() -> None:
    assert len(TRACED) == 5


@pytest.mark.parametrize("name", TRACED)
def test_a_shipped_trace_is_whole_and_quotes_nothing(name: str) -> None:
    payer, folder, file = name.split("/")
    (version,) = [one for one in Catalog.open().versions(f"{payer}/{folder}") if file.startswith(Path(one.file).stem)]
    found = trace.of(version)
    assert found is not None
    assert all(row.rules or row.otherwise for row in found.rows)
    assert [rule.kind for rule in found.without(version) if rule.kind != "note"] == []
