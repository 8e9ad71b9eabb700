"""The tree of a policy and the walks over it."""

from __future__ import annotations

from priorauth.facts import vocabulary
from priorauth.language import forms as f
from priorauth.language.parse import parse
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Criterion, Group, Leaf, denied_by_silence, leaves, reads, walk

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


VOCABULARY = vocabulary.load()
SILENT = Leaf("only_for_convenience", f.Judged("only_for_convenience"))
SPOKEN = Leaf("motivated", f.Stated("motivated"))


def test_silence_denies_a_criterion_only_where_it_denies_every_leaf_of_it() -> None:
    assert VOCABULARY["only_for_convenience"].silent_no
    assert not VOCABULARY["motivated"].silent_no
    assert denied_by_silence(Criterion(SILENT), VOCABULARY)
    assert not denied_by_silence(Criterion(SPOKEN), VOCABULARY)
    assert denied_by_silence(Criterion(Group("any", (Criterion(SILENT), Criterion(SILENT)))), VOCABULARY)
    for mode in ("any", "all"):
        assert not denied_by_silence(Criterion(Group(mode, (Criterion(SILENT), Criterion(SPOKEN)))), VOCABULARY)
    assert not denied_by_silence(Criterion(SILENT, guard=Criterion(SPOKEN)), VOCABULARY)


def test_silence_denies_nothing_of_a_fact_that_is_none_and_nothing_that_measures() -> None:
    unknown = Leaf("nowhere", f.Stated("nowhere"))
    assert not denied_by_silence(Criterion(unknown), VOCABULARY)
    measured = Leaf("latest", parse("latest hba1c > 7 %"))
    assert not denied_by_silence(Criterion(measured), VOCABULARY)


def test_a_policy_takes_its_own_products_and_others_only_where_it_says_what_becomes_of_them() -> None:
    husky = open_catalog().versions("husky/ambulatory-infusion-pumps")[-1]
    masshealth = open_catalog().versions("masshealth/insulin-pumps")[-1]
    assert husky.unlisted != ""
    assert masshealth.unlisted == ""
    for policy in (husky, masshealth):
        assert policy.takes("E0784")
        assert policy.takes(None)
        assert "E1399" not in policy.products
    assert husky.takes("E1399")
    assert not masshealth.takes("E1399")


def test_what_is_said_where_the_criteria_are_missed_is_a_root_too() -> None:
    found = [policy for policy in open_catalog().all() if policy.missed]
    assert found
    for policy in found:
        roots = list(policy.roots())
        assert all(any(root is route.when for root in roots) for route in (*policy.notes, *policy.missed))


def test_the_paragraphs_of_a_rule_of_scope_are_those_of_its_condition() -> None:
    policy = open_catalog().versions("masshealth/insulin-pumps")[-1]
    (away, *_) = policy.elsewhere
    assert policy.paragraphs(away.when) == (str(away.id), *away.also)
    assert policy.paragraphs(policy.pathways[0].require) == ()


def test_the_facts_that_a_policy_reads_are_those_of_every_line_of_it() -> None:
    policy = open_catalog().versions("medicare/ncd-280-14")[-1]
    assert {"c_peptide_percent_of_lower_limit", "fasting_glucose_with_c_peptide"} <= reads(policy)
    assert "motivated" not in reads(policy)
