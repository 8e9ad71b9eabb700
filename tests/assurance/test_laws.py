"""The laws of the facts speak of facts that there are, and a faulty file is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.assurance.laws import PATH, load
from priorauth.facts.vocabulary import load as load_vocabulary
from priorauth.values.strict_yaml import YamlFault


def test_every_fact_that_a_law_names_is_in_the_vocabulary() -> None:
    laws, facts = load(), load_vocabulary().facts
    named = laws.known | laws.fixed.keys() | laws.shown_by.keys() | laws.months_of.keys() | {laws.log[0]}
    named |= {name for pair in (*laws.implies, *laws.part_of) for name in pair}
    named |= {*laws.shown_by.values(), *laws.months_of.values()}
    assert named - facts.keys() == set()


def test_type_1_diabetes_is_diabetes_and_not_the_other_way_round() -> None:
    implied = load().implies
    assert ("type_1_diabetes", "diabetes") in implied
    assert ("diabetes", "type_1_diabetes") not in implied


def test_a_law_that_nobody_knows_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "laws.yaml"
    text = PATH.read_text(encoding="utf-8")
    path.write_text(f"{text.rstrip()}\ngravity: 9\n", encoding="utf-8")
    with pytest.raises(YamlFault, match="no law is named 'gravity'") as fault:
        load(path)
    assert fault.value.line == len(text.rstrip().splitlines()) + 1


def test_a_file_without_one_of_the_laws_is_refused_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "laws.yaml"
    kept = [line for line in PATH.read_text(encoding="utf-8").splitlines() if not line.startswith("grown:")]
    path.write_text("\n".join(kept) + "\n", encoding="utf-8")
    with pytest.raises(YamlFault, match="expected `grown:`"):
        load(path)
