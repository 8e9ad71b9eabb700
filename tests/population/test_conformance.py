"""DuckDB answers every conformance file as it was written by hand: one query for all leaves of a file."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from priorauth.facts import vocabulary as vocabularies
from priorauth.policy.tree import Criterion, Leaf, Pathway, Policy, Silence, Span
from priorauth.values import strict_yaml
from priorauth.values.strict_yaml import Mapping as Map
from tests.asking import conformance, silence
from tests.population.held import decided

HERE = Path(__file__).parent.parent / "conformance"
VOCABULARY = vocabularies.load()
FILES = sorted(HERE.glob("*.yaml"))


def policy_of(criteria: list[Criterion], silence: tuple[Silence, ...] = ()) -> Policy:
    """Put criteria side by side, each as a pathway of its own."""
    pathways = tuple(Pathway(f"p{place}", "", None, one, {}) for place, one in enumerate(criteria))
    return Policy("t/t", "", "1", Span(1, None), 1, {}, (), "current", "t.yaml", "", pathways=pathways, silence=silence)


def _cases(path: Path) -> tuple[Map, list[Map]]:
    top = strict_yaml.read_file(path)
    return top, [case for case in top["cases"] if isinstance(case, Map)]


OF_LEAVES = [path for path in FILES if any("leaf" in case for case in _cases(path)[1])]


@pytest.mark.parametrize("path", OF_LEAVES, ids=[path.stem for path in OF_LEAVES])
def test_duckdb_answers_the_leaves_of_a_file_as_written_by_hand(path: Path) -> None:
    top, listed = _cases(path)
    listed = [case for case in listed if "leaf" in case]
    criteria, cases = [], []
    for place, case in enumerate(listed):
        criterion, rows = conformance(path, top, case)
        assert isinstance(criterion.test, Leaf)
        leaf = replace(criterion.test, text=f"{criterion.test.text} ({place})")  # one text may have two readings
        criteria.append(replace(criterion, test=leaf, id=f"case-{place}"))
        cases.append(rows)
    found = decided(policy_of(criteria, silence(top)), cases, VOCABULARY)
    said = {str(case["name"]): found[place][f"case-{place}"] for place, case in enumerate(listed)}
    assert said == {str(case["name"]): str(case["verdict"]) for case in listed}


TREES = [
    pytest.param(path, case, id=f"{path.stem}: {case['name']}")
    for path in FILES
    for case in _cases(path)[1]
    if "tree" in case
]


@pytest.mark.parametrize(("path", "case"), TREES)
def test_duckdb_answers_a_tree_as_written_by_hand(path: Path, case: Map) -> None:
    top, _ = _cases(path)
    criterion, rows = conformance(path, top, case)
    criterion = criterion if criterion.id else replace(criterion, id="case")
    found = decided(policy_of([criterion], silence(top)), [rows], VOCABULARY)
    assert found[0][str(criterion.id)] == case["verdict"]
