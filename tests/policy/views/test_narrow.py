"""A tree narrowed by what a request settles: settled parts fall away, and nothing of the patient is guessed."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.facts import vocabulary as vocabularies
from priorauth.language.forms import Is, Stated
from priorauth.policy import document
from priorauth.policy.tree import Criterion, Group, Kind, Leaf, leaves
from priorauth.policy.views.narrow import narrow, of_condition, of_request
from priorauth.values import units
from tests.policy.files import folder, require

VOCABULARY = vocabularies.load()
KNOWN = {"product_code": "E0784", "request_kind": "initial"}
YES, NO = "product_code is E0784", "product_code is E0787"


def left(place: Path, lines: str, inside: Kind = "all") -> str:
    """Give what is left of a tree: its leaves, or how it is settled."""
    policy = document.load(folder(place, require(lines)), VOCABULARY, units.load())
    found = narrow(policy.pathways[0].require, KNOWN, inside)
    return str(found) if isinstance(found, bool) else ", ".join(leaf.text for leaf in leaves(found))


@pytest.mark.parametrize(
    ("lines", "remains"),
    [
        (f"when: {YES}", "True"),
        (f"when: {NO}", "False"),
        ("when: diabetes", "diabetes"),
        (f"all: [{YES}, diabetes]", "diabetes"),
        (f"all: [{NO}, diabetes]", "False"),
        (f"all: [{YES}, {YES}]", "True"),
        (f"any: [{YES}, diabetes]", "True"),
        (f"any: [{NO}, diabetes]", "diabetes"),
        (f"any: [{NO}, {NO}]", "False"),
        (f"none of: [{YES}, diabetes]", "False"),
        (f"none of: [{NO}, diabetes]", "diabetes"),
        (f"none of: [{NO}]", "True"),
        (f"at least: 2\nof: [{YES}, diabetes, motivated]", "diabetes, motivated"),
        (f"at least: 2\nof: [{NO}, {NO}, motivated]", "False"),
        (f"at least: 1\nof: [{YES}, diabetes]", "True"),
        (f"ways: [{NO}, motivated]", "motivated"),
        (f"all: [{{when: diabetes, only when: {NO}}}, motivated]", "motivated"),
        (f"any: [{{when: diabetes, only when: {NO}}}, motivated]", "motivated"),
        (f"all: [{{when: diabetes, only when: {YES}}}, motivated]", "diabetes, motivated"),
        (f"any: [{{when: {YES}, only when: age < 21 years}}, motivated]", f"{YES}, age < 21 years, motivated"),
    ],
)
def test_what_is_settled_falls_away(tmp_path: Path, lines: str, remains: str) -> None:
    assert left(tmp_path, lines) == remains


def test_of_at_least_two_where_one_is_settled_one_is_left_to_show(tmp_path: Path) -> None:
    text = require(f"at least: 2\nof: [{YES}, diabetes, motivated]")
    policy = document.load(folder(tmp_path, text), VOCABULARY, units.load())
    found = narrow(policy.pathways[0].require, KNOWN)
    assert isinstance(found, Criterion)
    assert isinstance(found.test, Group)
    assert found.test.k == 1


def test_a_product_settles_the_kind_of_pump_that_it_codes_for() -> None:
    assert of_request(VOCABULARY, "E0784", "initial") == {**KNOWN, "pump_category": "durable"}


def test_a_condition_settles_only_what_must_hold(tmp_path: Path) -> None:
    def settled(lines: str) -> dict[str, str]:
        return of_condition(
            document.load(folder(tmp_path, require(lines)), VOCABULARY, units.load()).pathways[0].require
        )

    assert settled("when: request_kind is initial") == {"request_kind": "initial"}
    assert settled("when: request_kind is one of initial, repair") == {}
    assert settled(f"all: [request_kind is initial, {YES}]") == KNOWN
    assert settled(f"any: [request_kind is initial, {YES}]") == {}
    assert of_condition(None) == {}


def test_nothing_known_leaves_the_tree_as_it_is() -> None:
    tree = Criterion(Leaf("motivated", Stated("motivated")))
    assert narrow(tree, {}) == tree


def test_an_attribute_that_may_have_several_values_settles_what_all_of_them_settle() -> None:
    tree = Criterion(Leaf("", Is("request_kind", ("initial", "repair"))))
    assert narrow(tree, {"request_kind": frozenset({"initial", "repair"})}) is True
    assert narrow(tree, {"request_kind": frozenset({"upgrade"})}) is False
    assert narrow(tree, {"request_kind": frozenset({"initial", "upgrade"})}) == tree
