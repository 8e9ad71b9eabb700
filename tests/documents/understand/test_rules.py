"""The files of rules: what they hold, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.documents.understand import rules
from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary


def refused(tmp_path: Path, text: str) -> str:
    file = tmp_path / "notes.yaml"
    file.write_text(text, "utf-8")
    with pytest.raises(PolicyFaults) as fault:
        rules.load(file)
    return str(fault.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("lists: {}\nfacts:\n  no_such_fact: {stated: [a b]}\n", "notes.yaml:3: no fact 'no_such_fact'"),
        (
            "lists: {}\nfacts:\n  only_for_convenience: {stated: [a b]}\n",
            "notes.yaml:3: only_for_convenience: a judgment",
        ),
        ("lists: {}\nfacts:\n  ketoacidosis:\n    sated: [dka]\n", "notes.yaml:4: ketoacidosis: no such key 'sated'"),
        (
            "lists: {}\nfacts:\n  ketoacidosis:\n    stated:\n      - '<dka> now'\n",
            "notes.yaml:5: ketoacidosis: the shape",
        ),
        (
            "lists: {}\nfacts:\n  infusion_route:\n    values:\n      nasal: [spray]\n",
            "notes.yaml:5: infusion_route: 'nasal'",
        ),
        ("lists: {}\nfacts:\n  ketoacidosis:\n    dated: never\n", "notes.yaml:4: ketoacidosis: expected dated"),
    ],
)
def test_a_fault_names_its_line(tmp_path: Path, text: str, wanted: str) -> None:
    assert wanted in refused(tmp_path, text)


def test_every_fault_is_found_at_once(tmp_path: Path) -> None:
    said = refused(tmp_path, "lists: {}\nfacts:\n  nothing_one: {}\n  nothing_two: {}\n")
    assert "nothing_one" in said
    assert "nothing_two" in said


def test_no_judgment_is_among_the_rules() -> None:
    known = vocabulary.load()
    assert {name for name in rules.load().facts if known[name].kind == "judgment"} == set()


def test_no_shape_takes_long_over_a_text_that_almost_matches() -> None:
    text = "a1c " + "a1c was about the same as before, " * 200
    for rule in rules.load().facts.values():
        for said in rule.shapes:
            said.shape.find.search(text)
