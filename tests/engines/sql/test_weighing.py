"""The tree of a policy as gates: what has to be known for it has the names of the columns of leaves."""

from __future__ import annotations

from priorauth.engines.sql.compile import compile_policy
from priorauth.engines.sql.conditions import Choice, Null, Truth, Words
from priorauth.engines.sql.weighing import STATUSES, gates_of, truths, word_of
from priorauth.policy.catalog import open_catalog
from tests.population.small import VOCABULARY, policy, step

HBA1C = "latest hba1c within 6 months > 7.0 %"


def test_a_result_has_the_columns_that_are_promised_and_statuses_are_of_five() -> None:
    query = compile_policy(policy(step(HBA1C, "A"), step("motivated", "B")), VOCABULARY)
    shown = query.weighing.shown
    assert [*shown] == ["pathway", "outcome", "decide_after", "questions", "A", "B"]
    assert query.weighing.statuses == {"A", "B"}
    for name in ("A", "B"):
        value = shown[name]
        assert isinstance(value, Choice)
        assert value.gates.keys() <= set(STATUSES)
    assert isinstance(shown["questions"], Words)


def test_what_has_to_be_known_is_what_leaves_and_clinicians_say() -> None:
    query = compile_policy(policy(step(HBA1C, "A"), step("motivated", "B")), VOCABULARY)
    weighing = query.weighing
    told = {f"{leaf.name}_{end}" for leaf in weighing.leaves.values() for end in (*truths(leaf), "conflict")}
    words = {(word_of(name), said) for name in weighing.words for said in (True, False)}
    assert weighing.words == ("A", "B")
    assert weighing.needed <= told | words
    assert words <= weighing.needed
    assert word_of("A.1 (b)") == "word_a_1__b_"


def test_the_gates_of_a_value_are_all_that_it_is_made_of() -> None:
    assert gates_of(Truth(3, 4)) == (3, 4)
    assert gates_of(Choice({"a": 5, "b": 6})) == (5, 6)
    assert gates_of(Null()) == ()


def test_every_version_of_every_policy_is_read() -> None:
    catalog = open_catalog()
    for name in catalog.files:
        for version in catalog.versions(name):
            query = compile_policy(version, catalog.vocabulary, catalog.common)
            assert query.weighing.wanted
            assert query.weighing.statuses == query.statuses.keys()
