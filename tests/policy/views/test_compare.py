"""Policies side by side: who asks what for the same pump."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.policy.catalog import open_catalog
from priorauth.policy.views.compare import asked, concepts, table

CATALOG = open_catalog()
FIVE = (
    "anthem/cg-dme-01",
    "caresource/insulin-infusion-pump",
    "husky/ambulatory-infusion-pumps",
    "masshealth/insulin-pumps",
    "uhc-medicare-advantage/infusion-pump-therapy",
)
SHOWN = (
    *FIVE,
    "mississippi-medicaid/insulin-pumps",
    "texas-medicaid/external-insulin-pumps",
    "uhc-commercial/cgm-insulin-delivery",
    "ohio-medicaid/insulin-pumps",
)
ON_THE_PAGE = (*SHOWN, "anthem/cg-dme-51", "anthem/cg-dme-50")
PAGE = Path(__file__).resolve().parents[3] / "docs" / "compare-E0784.md"


def rows(
    product: str | None = "E0784", kind: str = "initial", ids: tuple[str, ...] = SHOWN
) -> dict[str, dict[str, str]]:
    """Read the table back: row -> payer -> cell."""
    policies = [CATALOG.versions(name)[-1] for name in ids]
    lines = [line for line in table(policies, CATALOG.vocabulary, product, kind).splitlines() if line.startswith("| ")]
    cells = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]
    payers = [policy.payer for policy in policies]
    return {row[0].strip(): dict(zip(payers, row[1:], strict=True)) for row in cells[1:]}


@pytest.mark.parametrize(
    ("row", "payer", "words"),
    [
        ("HbA1c", "masshealth", "**must, II.A.T.7**: newest HbA1c > 7.0 % (12 months)"),
        ("HbA1c", "caresource", "**one way, D.I.I.1**: newest HbA1c > 7.0 % (12 months)"),
        ("Glucose tests or sensor", "masshealth", "self-tests of glucose \u2265 4 a day, average (30 days)"),
        ("Glucose tests or sensor", "uhc-medicare-advantage", "average (2 months before the start of the pump)"),
        ("Injections before the pump", "masshealth", "insulin injections \u2265 3 a day for 6 months before the start"),
        ("Education", "caresource", "any completed diabetes education program (12 months)"),
        ("Education", "anthem", "any completed diabetes education program (2 years)"),
        ("Swings before meals", "masshealth", "> 100 mg/dL"),
        ("Dawn phenomenon", "caresource", "of fasting glucose readings > 200 mg/dL"),
        ("Kidney failure or other end stage", "caresource", "**excluded if, D.II.A.1**"),
        ("C-peptide or antibodies", "uhc-medicare-advantage", "\u2264 110 %"),
        ("Decides here", "husky", "no: goes to InterQual"),
        ("Decides here", "uhc-commercial", "yes"),
        ("Prescription and orders", "masshealth", "**paper, III.0.2**: signed prescription (91 days)"),
        ("HbA1c", "texas-medicaid", "**one way, R.1**: newest HbA1c > 7.0 % (12 months)"),
        ("Team", "mississippi-medicaid", "**must, B.rx**: prescriber is endocrinologist"),
        ("Education", "ohio-medicaid", "**must, B.2.c**: any completed diabetes education program (24 months)"),
        ("Beside the written criteria", "ohio-medicaid", "unread criteria met"),
    ],
)
def test_the_matrix_says_who_asks_what(row: str, payer: str, words: str) -> None:
    assert words in rows()[row][payer]


@pytest.mark.parametrize(
    ("row", "payer"),
    [
        ("Education", "masshealth"),
        ("C-peptide or antibodies", "caresource"),
        ("HbA1c", "husky"),
        ("Pregnancy", "caresource"),
        ("C-peptide or antibodies", "mississippi-medicaid"),
        ("Education", "texas-medicaid"),
    ],
)
def test_a_dash_says_that_it_is_not_asked(row: str, payer: str) -> None:
    assert rows()[row][payer] == "-"


def test_a_rule_for_some_members_says_for_whom() -> None:
    assert "(only where the member is younger than 21 years old)" in str(
        rows()["Able to use the pump, or a caregiver is"]
    )


def test_a_product_that_a_policy_does_not_speak_about_is_said() -> None:
    assert rows("E0780")["Decides here"]["masshealth"] == "no: does not speak about this product"


def test_a_kind_of_request_without_a_pathway_is_said() -> None:
    assert rows(kind="upgrade")["Decides here"]["masshealth"] == "no pathway: a person decides"


def test_every_test_of_a_pathway_has_its_row() -> None:
    for name in FIVE:
        policy = CATALOG.versions(name)[-1]
        known = concepts().known(CATALOG.vocabulary, "E0784", "initial")
        told = {one.row for one in asked(policy, CATALOG.vocabulary, known)}
        assert name.startswith("husky") or told <= set(rows())


def test_the_facts_of_the_concepts_are_in_the_vocabulary() -> None:
    assert [fact for fact in (*concepts().of_fact, *concepts().given) if fact not in CATALOG.vocabulary] == []


def test_the_page_in_the_docs_is_what_the_command_writes() -> None:
    policies = [CATALOG.versions(name)[-1] for name in ON_THE_PAGE]
    assert PAGE.read_text(encoding="utf-8") == table(policies, CATALOG.vocabulary, "E0784", "initial")
