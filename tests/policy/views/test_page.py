"""The reviewer's page: every criterion in plain English with its test, its reading and its citation."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.policy import document
from priorauth.policy.catalog import open_catalog
from priorauth.policy.tree import Policy, leaves, walk
from priorauth.policy.views.page import page
from tests.policy.files import folder, require

CATALOG = open_catalog()
ALL = [pytest.param(policy, id=f"{policy.id} {policy.version}") for policy in CATALOG.all()]


def of(policy: Policy) -> str:
    return page(policy, CATALOG.vocabulary, CATALOG.common)


@pytest.mark.parametrize("policy", ALL)
def test_every_id_every_title_and_every_test_of_a_version_stands_on_its_page(policy: Policy) -> None:
    text = of(policy)
    shown = [part for pathway in policy.pathways for part in walk(pathway.require)]
    shown += [part for root in (*policy.excluded, *policy.documents, *policy.reserved) for part in walk(root)]
    assert [node.id for node in shown if node.id and f"**{node.id}**" not in text] == []
    assert [node.title for node in shown if node.id and node.title and node.title not in text] == []
    tests = [leaf.text for pathway in policy.pathways for leaf in leaves(pathway.require)]
    guards = {leaf.text for node in shown if node.guard for leaf in leaves(node.guard)}
    assert [test for test in tests if test not in guards and f"`{test}`" not in text] == []


@pytest.mark.parametrize("policy", ALL)
def test_every_reading_stands_on_the_page_with_its_value_and_its_reason(policy: Policy) -> None:
    text = of(policy)
    for reading in (policy.readings or {}).values():
        assert f"| {reading.name} | {reading.text} |" in text
        assert reading.why.replace("|", "\\|") in text
    assert [node.reading for root in policy.roots() for node in walk(root) if node.reading and node.id] == [
        node.reading
        for root in policy.roots()
        for node in walk(root)
        if node.reading and node.id and node.reading in text
    ]


@pytest.mark.parametrize("policy", ALL)
def test_every_rule_that_is_not_encoded_stands_on_the_page_with_its_reason(policy: Policy) -> None:
    text = of(policy)
    assert [rule.id for rule in policy.not_encoded if f"- **{rule.id}** {rule.reason}" not in text] == []


def test_the_page_begins_with_what_the_policy_is_and_since_when() -> None:
    text = of(CATALOG.versions("masshealth/insulin-pumps")[-1])
    assert text.startswith("# Ambulatory infusion pumps (insulin pumps)\n\n`masshealth/insulin-pumps`, undated. ")
    assert "In force from 1 Jan 2016 on, without an end, by the request date. Assumed: The text bears no date." in text
    assert "May be superseded; every determination under it says so." in text


def test_a_criterion_reads_as_its_title_its_sentence_and_its_line() -> None:
    text = of(CATALOG.versions("masshealth/insulin-pumps")[-1])
    assert "**II.A.T.7** Most recent HbA1c above 7.0 percent (also III.A.7): at least one of" in text
    assert (
        "    - the newest HbA1c within the 12 months before the request is above 7.0 %\n"
        "      `latest hba1c within hba1c_age > 7.0 %` (reading: hba1c_age = 12 months)\n"
    ) in text


def test_the_page_says_where_a_product_is_sent() -> None:
    text = of(CATALOG.versions("husky/ambulatory-infusion-pumps")[-1])
    assert "- **PA.4** where the product is E0784: goes to InterQual" in text


def test_the_hand_offs_that_hold_everywhere_stand_on_every_page() -> None:
    assert all("**common.quantity**" in of(policy) for policy in CATALOG.all())


BARE = """\
id: "1"
title: Two of three
says: a clinician may make an exception
at least: 2
of: [motivated, diabetes, follows_diet_and_exercise]
"""


def test_how_many_of_a_group_what_is_said_and_that_authorization_is_always_asked_stand_on_the_page(
    tmp_path: Path,
) -> None:
    text = of(document.load(folder(tmp_path, require(BARE.rstrip())), CATALOG.vocabulary, CATALOG.units))
    assert "- **1** Two of three: at least 2 of\n" in text
    assert "  - *said in the reasons:* a clinician may make an exception\n" in text
    assert "\nPrior authorization: always.\n" in text


def test_a_policy_that_asks_for_authorization_only_of_some_does_not_say_always() -> None:
    husky = CATALOG.versions("husky/ambulatory-infusion-pumps")[-1]
    assert "Prior authorization: always." not in of(husky)
    assert "Prior authorization is required where:" in of(husky)


def test_the_page_of_a_text_that_was_not_read_says_so_above_the_older_one() -> None:
    found = CATALOG.at("masshealth/insulin-pumps")["2026-11-28"]
    head, _, rest = of(found).partition("## Scope")
    assert "A newer text, Guidelines for Medical Necessity Determination for Diabetes Management, is known" in head
    assert "Every request from that day on goes to a person: The payer has a newer text" in head
    assert "**II.A.T.7**" in rest
    assert "was not read" not in of(CATALOG.versions("masshealth/insulin-pumps")[-1])


def test_what_is_said_where_the_criteria_are_missed_stands_on_the_page() -> None:
    policy = CATALOG.versions("masshealth/insulin-pumps")[-1]
    _, _, said = of(policy).partition("## Where the criteria are missed\n")
    assert all(f": say {route.to}" in said for route in policy.missed)
    assert policy.missed
    assert "Where the criteria are missed" not in of(CATALOG.versions("medicare/ncd-280-14")[-1])


def test_a_criterion_for_some_products_alone_says_for_which(tmp_path: Path) -> None:
    text = require(
        "all:\n  - diabetes\n  - {only for: E0784, when: motivated}\n"
        "  - {only for: E0784, only when: pregnancy, when: motivated}"
    )
    shown = page(document.load(folder(tmp_path, text), CATALOG.vocabulary, CATALOG.units), CATALOG.vocabulary)
    assert "- only for E0784\n" in shown
    assert "- only for E0784, and where pregnancy on the day of the request\n" in shown
    several = of(CATALOG.versions("medicare/lcd-l33794")[-1])
    assert "- only for E0779, E0780, E0781, E0791 or K0455\n" in several


def test_a_criterion_for_kinds_of_product_says_where(tmp_path: Path) -> None:
    text = require("all:\n  - diabetes\n  - {only for: [E0784, implantable], when: motivated}")
    shown = page(document.load(folder(tmp_path, text), CATALOG.vocabulary, CATALOG.units), CATALOG.vocabulary)
    assert "- only where the product is E0784, or the kind of pump is implantable\n" in shown
