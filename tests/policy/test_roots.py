"""The trees of a policy by what they stand for: each once, in the order of the file."""

from __future__ import annotations

from priorauth.policy.catalog import open_catalog
from priorauth.policy.roots import SPOKEN, roots

CATALOG = open_catalog()


def test_every_tree_of_a_policy_is_a_root_once() -> None:
    for policy in CATALOG.all():
        assert [root.criterion for root in roots(policy)] == list(policy.roots())


def test_hand_offs_under_every_policy_stand_behind_its_own() -> None:
    policy = CATALOG.versions("husky/ambulatory-infusion-pumps")[-1]
    listed = [root.criterion for root in roots(policy, CATALOG.common) if root.role == "hand-off"]
    assert listed == [*policy.reserved, *CATALOG.common]


def test_trees_are_numbered_through_and_placed_within_their_role() -> None:
    policy = CATALOG.versions("masshealth/insulin-pumps")[-1]
    listed = list(roots(policy, CATALOG.common))
    assert [root.path for root in listed] == [(number,) for number in range(len(listed))]
    places = [root.place for root in listed if root.role == "exclusion"]
    assert places == list(range(1, len(places) + 1))


def test_what_fails_is_missing_in_documents_alone_and_exclusions_and_hand_offs_stand_apart() -> None:
    for policy in CATALOG.all():
        for root in roots(policy, CATALOG.common):
            assert root.document is (root.role == "document")
            assert (root.inside == "none of") is (root.role in ("exclusion", "hand-off"))


def test_the_trees_of_a_pathway_say_which_it_is() -> None:
    policy = CATALOG.versions("masshealth/insulin-pumps")[-1]
    for root in roots(policy):
        assert (root.pathway >= 0) is (root.role in ("pathway", "criterion"))
    required = [root for root in roots(policy) if root.role == "criterion"]
    assert [policy.pathways[root.pathway].require for root in required] == [root.criterion for root in required]


def test_what_is_only_said_stands_last() -> None:
    for policy in CATALOG.all():
        said = [root.role in SPOKEN for root in roots(policy, CATALOG.common)]
        assert said == sorted(said)
