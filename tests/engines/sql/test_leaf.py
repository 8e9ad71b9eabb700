"""Each form of the language has SQL, says what may keep it open, and knows who can answer it."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.engines.sql.leaf import LeafSql, Leaves
from priorauth.engines.sql.pieces import NOT_MET, UNKNOWN
from priorauth.engines.sql.view import Sources
from priorauth.engines.sql.windows import Anchors
from priorauth.policy.tree import Leaf
from priorauth.values import strict_yaml
from priorauth.values.strict_yaml import Mapping
from tests import asking
from tests.population.small import VOCABULARY, said

CONFORMANCE = Path(__file__).parents[2] / "conformance"


def made(line: str) -> LeafSql:
    test = asking.criterion(line).test
    assert isinstance(test, Leaf)
    return Leaves(Sources(VOCABULARY, Anchors(None, {}), frozenset())).leaf("leaf_01", line, test.form)


@pytest.mark.parametrize(
    ("line", "columns", "sided"),
    [
        ("latest hba1c > 7.0 %", {"conflict"}, False),
        ("any ketoacidosis within 6 months before enrollment", {"lost", "quiet"}, True),
        ("latest hba1c no worse than before pump_start", {"lost"}, True),
        ("pump_trial lasts 3 months", {"wait"}, True),
        ("motivated", {"conflict"}, True),
        ("trial_outcome is completed", {"conflict", "pending"}, True),
        ("judged hba1c_exception_granted", {"conflict"}, False),
    ],
)
def test_a_leaf_tells_what_may_keep_it_open(line: str, columns: set[str], *, sided: bool) -> None:
    leaf = made(line)
    assert leaf.columns >= columns
    assert leaf.sided is sided
    assert (leaf.seen is None) is bool(leaf.ctes)


def test_a_judgment_is_asked_of_nobody_outside_the_payer() -> None:
    assert made("motivated").asked
    assert not made("judged hba1c_exception_granted").asked


def test_no_word_of_refusal_is_no_refusal_and_no_word_of_anything_else_is_unknown() -> None:
    assert made("refused no_cheaper_equivalent").default == NOT_MET
    assert made("motivated").default == UNKNOWN
    assert said("refused no_cheaper_equivalent", "{}") == ["not-met"]
    assert said("motivated", "{}") == ["unknown"]


def test_only_what_is_measured_over_rows_has_a_measure() -> None:
    measured = [line for line in ("count of hypoglycemia within 6 months >= 2", "motivated") if made(line).measured]
    assert measured == ["count of hypoglycemia within 6 months >= 2"]


def test_the_first_line_of_every_conformance_file_has_sql() -> None:
    lines = []
    for path in sorted(CONFORMANCE.glob("*.yaml")):
        cases = strict_yaml.read_file(path)["cases"]
        lines += [str(case["leaf"]) for case in cases if isinstance(case, Mapping) and "leaf" in case][:1]
    assert len(lines) > 20
    for line in lines:
        assert made(line).text == line
