"""The blank checklist: what a clinic sends, by who answers, alternatives together."""

from __future__ import annotations

from priorauth.policy.catalog import open_catalog
from priorauth.policy.views.checklist import Wanted, checklist, scope, wanted
from priorauth.policy.views.compare import concepts

CATALOG = open_catalog()
MASSHEALTH = CATALOG.versions("masshealth/insulin-pumps")[-1]
KNOWN = concepts().known(CATALOG.vocabulary, "E0784", None)


def of(pathway: int) -> dict[str, Wanted]:
    listed = wanted(MASSHEALTH, MASSHEALTH.pathways[pathway], CATALOG.vocabulary, KNOWN)
    return {one.fact.name: one for one in listed}


def test_a_fact_is_asked_once_with_every_criterion_that_it_bears_on() -> None:
    assert of(0)["insulin_injections"].criteria == ("I.1", "II.A.T.4")


def test_what_alone_would_do_stands_with_its_alternatives() -> None:
    signs = {name for name, one in of(0).items() if one.one_of == "II.A.T.8"}
    assert {"hypoglycemia", "premeal_daily_range", "dawn_phenomenon", "severe_glycemic_excursions"} <= signs


def test_what_is_needed_anyway_is_no_alternative() -> None:
    assert of(0)["motivated"].one_of is None
    assert of(0)["insulin_injections"].one_of is None


def test_what_the_product_settles_is_not_asked() -> None:
    assert "pump_category" not in of(0)
    assert "product_code" not in of(0)


def test_continued_use_asks_for_the_trial_and_a_first_request_does_not_ask_for_compliance() -> None:
    assert "trial_compliance" in of(1)
    assert "trial_compliance" not in of(0)


def test_papers_stand_apart_and_judgments_and_payers_facts_are_not_asked() -> None:
    facts = of(0)
    assert facts["ma_review_form_on_file"].part == "paper"
    assert facts["unable_to_monitor_glucose"].part == "silent"
    assert facts["prescription_complete"].part == "supplier"
    assert facts["hba1c_exception_granted"].part == ""


def test_the_list_has_a_box_for_every_question_of_the_pathway() -> None:
    text = checklist(MASSHEALTH, CATALOG.vocabulary, {**KNOWN, "request_kind": "initial"})
    assert "## Three-month trial" in text
    assert "Continued use after the trial" not in text
    for one in of(0).values():
        assert (f"- [ ] {one.fact.ask}" in text) is bool(one.part)
    assert "- one or more of these, for At least one sign of unstable glucose (II.A.T.8):\n  - [ ] " in text


def test_an_id_stands_on_the_list_only_after_its_title() -> None:
    text = checklist(MASSHEALTH, CATALOG.vocabulary, {**KNOWN, "request_kind": "initial"})
    assert (
        "- [ ] What is the most recent HbA1c in %, and when was the sample taken?\n"
        "  Most recent HbA1c above 7.0 percent (II.A.T.7)\n"
    ) in text
    assert "exclusion: Trial failed or no motivation, and another trial would not help (II.B.2)" in text
    assert "hba1c" not in text


def test_every_policy_has_a_checklist_with_boxes() -> None:
    for policy in CATALOG.all():
        assert checklist(policy, CATALOG.vocabulary, {}).count("- [ ] ") > 2


def test_what_only_the_payer_knows_is_no_question_of_the_providers() -> None:
    for fact in ("plan_type", "enrolled_on", "no_cheaper_equivalent", "hba1c_exception_granted"):
        assert Wanted(CATALOG.vocabulary[fact], ("1",), None).part == "", fact
    for fact, part in (("motivated", "prescriber"), ("request_channel", "supplier"), ("clinical_notes_dated", "paper")):
        assert Wanted(CATALOG.vocabulary[fact], ("1",), None).part == part, fact


def test_what_decides_scope_and_the_pathway_is_asked_before_all_else() -> None:
    text = checklist(MASSHEALTH, CATALOG.vocabulary, KNOWN)
    before, _, rest = text.partition("## Three-month trial")
    kind = CATALOG.vocabulary["request_kind"].ask
    assert "## Before all else\n\nWhether this policy decides the request" in before
    assert f"- [ ] {kind}\n" in before
    assert f"- [ ] {kind}\n" not in rest
    assert {one.fact.name for one in scope(MASSHEALTH, CATALOG.vocabulary, KNOWN)} >= {"plan_type", "request_kind"}
    assert CATALOG.vocabulary["plan_type"].ask not in before, "the payer knows that itself"


def test_a_list_whose_scope_is_settled_asks_nothing_before() -> None:
    settled = {name: frozenset({"initial"}) if name == "request_kind" else frozenset() for name in ("request_kind",)}
    assert "request_kind" not in {one.fact.name for one in scope(MASSHEALTH, CATALOG.vocabulary, {**KNOWN, **settled})}
