"""The tree of a policy and the walks over it."""

from __future__ import annotations

from priorauth.language import forms as f
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Criterion, Group, Leaf, leaves, walk

YES = Leaf("motivated", f.Stated("motivated"))
OLD = Leaf("diabetes", f.On("diabetes"))
TREE = Criterion(
    Group("all", (Criterion(YES, id="1"), Criterion(Group("any", (Criterion(OLD), Criterion(YES))), id="2")), 2),
    id="0",
    guard=Criterion(OLD, id="g"),
)


def test_a_walk_visits_the_criterion_its_guard_and_then_its_parts_in_the_order_of_the_file() -> None:
    assert [node.id for node in walk(TREE)] == ["0", "g", "1", "2", None, None]


def test_the_leaves_of_a_guard_are_leaves_of_the_criterion() -> None:
    assert [leaf.text for leaf in leaves(TREE)] == ["diabetes", "motivated", "diabetes", "motivated"]


def test_the_payer_of_a_policy_is_the_first_part_of_its_id() -> None:
    assert open_catalog().versions("masshealth/insulin-pumps")[0].payer == "masshealth"


def test_the_roots_of_a_policy_hold_every_part_of_its_file() -> None:
    policy = open_catalog().versions("husky/ambulatory-infusion-pumps")[-1]
    ids = {node.id for root in policy.roots() for node in walk(root)}
    assert {"PR.0", "PA.2", "G.5", "DEF.7", "G.4", "DEF.6", "PR.1", "CD.E0780"} <= ids
    notes = [root for root in policy.roots() if any(root is note.when for note in policy.notes)]
    assert len(notes) == len(policy.notes)
