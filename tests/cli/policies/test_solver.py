"""What the commands of the solver share."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.cli.policies import solver
from priorauth.errors import InputRefused
from tests.assurance.planted import SOUND, catalog


def test_a_machine_without_the_solver_is_told_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "priorauth.assurance.replay", None)
    with pytest.raises(InputRefused, match=r"not installed: pip install 'priorauth\[assurance\]'"):
        solver.solving(lambda: 0)()


def test_where_solver_and_evaluator_differ_it_is_one_line_and_code_one(capsys: pytest.CaptureFixture[str]) -> None:
    from priorauth.assurance.replay import Contradicted

    def run(what: str, *, more: int) -> int:
        raise Contradicted(f"{what} {more}")

    assert solver.solving(run)("A.1", more=2) == 1
    assert capsys.readouterr() == ("", "priorauth: the evaluator contradicts the solver: A.1 2\n")


def test_a_world_has_the_policies_that_are_named(tmp_path: Path) -> None:
    known = catalog(tmp_path, d2020=SOUND)
    (policy,) = known.versions("payer-x/monitors")
    world = solver.laid((tmp_path,), policy)
    assert world.one.policy == policy
    assert solver.label(policy) == "payer-x/monitors@2020-01-01"


def test_nobody_between_two_policies_is_null_and_writes_nothing(tmp_path: Path) -> None:
    assert solver.between(None, 0) is None
    solver.write(tmp_path / "none", "x", None, "payer-x")
    assert not (tmp_path / "none").exists()


def test_files_of_patients_are_indented_by_one() -> None:
    assert solver.indented({"a": ["é"]}) == '{\n "a": [\n  "é"\n ]\n}\n'
    assert json.loads(solver.indented({"a": 1})) == {"a": 1}
