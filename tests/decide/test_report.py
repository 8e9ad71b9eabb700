"""A determination says why: exclusions, misses and hand-offs by paragraph, and what was read into the text."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth import determine
from priorauth.decide.determination import Determination
from tests.casebook.kept import case_of
from tests.decide.own import HBA1C, decided
from tests.policy.files import SMALL, require
from tests.record.building import form, item, on, yes

EXAMPLES = Path(__file__).parent.parent.parent / "examples"
CASES = Path(__file__).parent.parent / "cases" / "masshealth"


def found(name: str) -> Determination:
    return determine((EXAMPLES / f"{name}.json").read_bytes())[0]


def test_a_miss_is_named_by_its_deepest_paragraph() -> None:
    assert [reason.criterion for reason in found("review").reasons] == ["D.I.A.1", "D.I.A.2", "D.I.F"]


def test_nothing_is_asked_where_a_person_decides() -> None:
    assert found("review").questions == ()
    assert found("conflict").questions == ()


def test_an_approval_names_each_criterion_met() -> None:
    reasons = {reason.criterion: reason.text for reason in found("approve").reasons}
    assert "8.4 %" in reasons["II.A.T.7"]
    assert "II.A.T.9" in reasons


def test_an_exception_that_is_possible_is_said() -> None:
    assert any("exception possible" in reason.text for reason in found("ask").reasons if reason.criterion == "II.A.T.7")


def test_a_text_that_its_payer_may_have_replaced_is_said() -> None:
    assert any("superseded-candidate" in note for note in found("approve").notes)


def test_roles_part_criteria_from_exclusions_and_documents() -> None:
    roles = {part.id: part.role for part in found("approve").criteria}
    assert (roles["II.A.T.7"], roles["II.B.4"], roles["III.0.2"]) == ("criterion", "exclusion", "document")


def test_a_child_missing_a_criterion_is_told_of_epsdt() -> None:
    bundle = json.loads((EXAMPLES / "approve.json").read_text("utf-8"))
    for entry in bundle["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            resource["birthDate"] = "2012-05-05"
        if resource["resourceType"] == "QuestionnaireResponse":
            next(item for item in resource["item"] if item["linkId"] == "motivated")["answer"][0]["valueBoolean"] = (
                False
            )
    young = determine(bundle)[0]
    assert young.outcome == "clinical-review"
    assert any("EPSDT" in reason.text for reason in young.reasons)


def test_a_child_who_needs_an_exception_is_told_of_epsdt_and_an_adult_is_not() -> None:
    bundle = json.loads((EXAMPLES / "approve.json").read_text("utf-8"))
    for entry in bundle["entry"]:
        if entry["resource"]["id"] == "a1c-3":
            entry["resource"]["valueQuantity"]["value"] = 6.5
    adult = determine(bundle)[0]
    next(e["resource"] for e in bundle["entry"] if e["resource"]["resourceType"] == "Patient")["birthDate"] = (
        "2012-05-05"
    )
    child = determine(bundle)[0]
    assert adult.outcome == child.outcome == "clinical-review"
    assert not any("EPSDT" in reason.text for reason in adult.reasons)
    assert any("EPSDT" in reason.text for reason in child.reasons)


def test_a_hand_off_that_a_clinician_has_answered_is_no_longer_shown() -> None:
    def shown(name: str) -> tuple[str, list[str]]:
        case = case_of(f"own/{name}")
        made = determine(case["bundle"], judgments=case["judgments"])[0]
        return made.outcome, [part.status for part in made.criteria if part.role == "hand-off"]

    assert shown("caresource-albuminuria-301") == ("clinical-review", ["met"])
    assert shown("caresource-albuminuria-301-judged") == ("approve", [])


def test_what_a_policy_says_of_a_miss_is_not_said_of_what_nobody_mentioned() -> None:
    bundle = json.loads((EXAMPLES / "replacement.json").read_bytes())
    for entry in bundle["entry"]:
        if entry["resource"]["resourceType"] == "QuestionnaireResponse":
            items = entry["resource"]["item"]
            entry["resource"]["item"] = [one for one in items if one["linkId"] != "warranty_ends_on"]
    (open_,) = determine(bundle)
    assert "warranty_ends_on" in [question.fact for question in open_.questions]
    assert not any("maker" in reason.text for reason in open_.reasons)


GRANTS = SMALL.replace("    title: The only way\n", "    title: The only way\n    grants: {months: 3}\n")


def test_a_grant_stands_only_on_an_approval_and_elsewhere_what_an_approval_would_grant(tmp_path: Path) -> None:
    approved, asked = decided(tmp_path / "a", GRANTS, HBA1C), decided(tmp_path / "b", GRANTS)
    assert (approved.outcome, approved.grants, approved.would_grant) == ("approve", {"months": 3}, {"months": 3})
    assert (asked.outcome, asked.grants, asked.would_grant) == ("request-information", None, {"months": 3})


TWO_PARTS = """\
id: "1"
title: Both
all:
  - {when: motivated, says: an exception for the willing}
  - {when: follows_diet_and_exercise, says: an exception for the hasty}
"""


@pytest.mark.parametrize(
    ("motivated", "diet", "said"),
    [(True, False, "an exception for the hasty"), (False, True, "an exception for the willing")],
)
def test_only_what_is_not_met_says_its_exception(tmp_path: Path, motivated: bool, diet: bool, said: str) -> None:  # noqa: FBT001  # drawn
    answers = form(item("motivated", yes(motivated)), item("follows_diet_and_exercise", yes(diet)))
    found = decided(tmp_path, require(TWO_PARTS.rstrip()), answers)
    assert [reason.text.rpartition("; ")[2] for reason in found.reasons] == [said]


def test_an_effective_date_that_is_assumed_is_said_to_be(tmp_path: Path) -> None:
    note = "Effective date assumed: the text bears no date"
    assumed = SMALL.replace("by: request date}", "by: request date, assumed: the text bears no date}")
    assert note in decided(tmp_path / "a", assumed, HBA1C).notes
    assert not any("assumed" in one for one in decided(tmp_path / "b", SMALL, HBA1C).notes)


def test_a_paper_that_is_stated_and_not_on_file_is_said_not_to_have_been_seen(tmp_path: Path) -> None:
    papers = "documents:\n  - id: D\n    title: Signed\n    when: documented prescription_signed_on\n"
    stated = form(item("prescription_signed_on", on("2026-06-01")))
    found = decided(tmp_path, SMALL + papers, HBA1C, stated)
    assert found.outcome == "approve"
    assert "prescription_signed_on: stated, not seen" in found.notes


def test_what_scope_decides_keeps_the_paragraph_of_its_rule() -> None:
    away = determine(json.loads((CASES / "member-of-an-mco.json").read_text("utf-8"))["bundle"])[0]
    assert (away.outcome, [reason.criterion for reason in away.reasons]) == ("not-applicable", ["0.3"])


def test_what_scope_does_not_know_is_asked_for_its_paragraph(tmp_path: Path) -> None:
    text = SMALL.replace(
        "  products: [E0784]\n",
        '  products: [E0784]\n  unless:\n    - {id: "0.3", when: current_pump_works, sends_to: the MCO}\n',
    )
    made = decided(tmp_path, text, HBA1C)
    assert [reason.criterion for reason in made.reasons] == ["0.3"]
    assert [(one.fact, one.criteria) for one in made.questions] == [("current_pump_works", ("0.3",))]
