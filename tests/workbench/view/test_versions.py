"""Two versions held against each other: by id, by meaning, and with a patient for each difference."""

from __future__ import annotations

import sys

import pytest

from priorauth.policy.catalog import open_catalog
from priorauth.workbench.view import versions

NAME = "husky/ambulatory-infusion-pumps"


def test_each_difference_has_its_meaning_and_each_relation_its_patients() -> None:
    catalog = open_catalog()
    found = versions.difference(catalog, *catalog.versions(NAME)[-2:])
    assert found.changes
    assert {one.meaning for one in found.changes} <= {"", "another meaning", "the same for every patient"}
    for pathway in found.pathways:
        alike = pathway.says == versions.RELATION["equivalent"]
        assert bool(pathway.witnesses) != alike
        for witness in pathway.witnesses:
            assert witness.facts
            assert all(witness.hurdles)


def test_without_the_solver_that_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    catalog = open_catalog()
    with pytest.raises(versions.NoSolver):
        versions.difference(catalog, *catalog.versions(NAME)[-2:])
