"""The rules of a version by the names that a trace gives them."""

from __future__ import annotations

from pathlib import Path

from priorauth.policy.catalog import Catalog
from priorauth.trace.rules import HEAD, rules, wanted
from tests.trace.invented import policy


def test_every_outline_id_is_a_rule_with_its_kind_and_line() -> None:
    found = rules(policy())
    assert found["II.B"].kind == "criterion"
    assert found["III.1"].kind == "exclusion"
    assert found["IV.1"].kind == "document"
    assert found["V.2"].kind == "hand-off"
    assert found["I.1"].kind == "not encoded"
    lines = Path(policy().file).read_text("utf-8").splitlines()
    assert "II.B" in lines[found["II.B"].line - 1]


def test_the_head_is_named_by_its_keys_and_wants_no_sentence() -> None:
    assert set(HEAD) <= set(rules(policy()))
    assert not {rule.name for rule in wanted(policy())} & set(HEAD)


def test_what_no_outline_numbers_is_named_by_its_title_or_by_what_it_says() -> None:
    found = rules(Catalog.open().versions("caresource/insulin-infusion-pump")[-1])
    assert found["A clinician found a cheaper alternative that serves as well"].kind == "hand-off"
    assert found["hba1c_age"].kind == "reading"
    assert "hba1c_age" in found["D.I.I.1"].readings
    said = next(name for name in found if name.startswith("No assessment by an equipment specialist"))
    assert found[said].kind == "note"


def test_rules_of_an_imported_policy_are_those_of_its_own_file() -> None:
    found = rules(Catalog.open().versions("uhc-medicare-advantage/infusion-pump-therapy")[-1])
    assert not [name for name in found if name.startswith("NCD.")]
