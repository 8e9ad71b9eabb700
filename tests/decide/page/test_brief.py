"""The page of 25 to 40 lines: what follows first, then what it rests on."""

from __future__ import annotations

import json

import pytest
from msgspec import structs

from priorauth.decide.decided import ReasonGiven
from priorauth.decide.determine import determine
from priorauth.decide.page.text import page
from tests.pages import EXAMPLES, ROOT, decided, of_case, shown, together


def test_an_approval_says_so_and_what_it_grants_with_the_evidence_of_each_criterion() -> None:
    text = shown("approve")
    assert text.startswith("APPROVE for 3 months: every criterion is shown\n")
    assert "Most recent HbA1c above 7.0 percent (II.A.T.7): 8.4 %, 6 Oct 2026, laboratory result" in text
    assert "Missing" not in text


def test_the_head_says_who_what_by_which_policy_and_when() -> None:
    lines = shown("ask").splitlines()
    assert lines[0] == "REQUEST INFORMATION: 2 things are missing"
    assert (
        lines[1] == "E0784, initial request (initial trial) · Patient/ask, 27 years old · item 1 of Claim/request-ask"
    )
    assert lines[2].startswith("MassHealth: Ambulatory infusion pumps (insulin pumps) (undated; may be superseded)")
    assert lines[2].endswith("asked 20 Nov 2026")


def test_the_receipt_day_stands_only_where_it_is_another() -> None:
    found = decided(EXAMPLES / "ask.json")[0]
    assert "received" not in page([found])
    later = structs.replace(found, request=structs.replace(found.request, received_on="2026-11-23"))
    assert "asked 20 Nov 2026 · received 23 Nov 2026" in together(page([later]))


def test_waiting_shows_the_first_day_on_which_it_can_be_decided() -> None:
    text = shown("not-yet")
    assert text.startswith("NOT YET: time has to pass first; can be decided on 14 Dec 2026\n")
    assert "The trial ran for three months (I.4): it has not run long enough yet" in text


def test_a_check_before_sending_says_that_nothing_is_decided() -> None:
    case = json.loads((EXAMPLES / "approve.json").read_text("utf-8"))
    for entry in case["entry"]:
        if entry["resource"]["resourceType"] == "Claim":
            entry["resource"]["status"] = "draft"
    assert page(determine(case, draft=True)).splitlines()[1].startswith("A check before the request is sent")


def test_both_sides_of_a_conflict_stand_on_the_page_with_their_kind_and_day() -> None:
    text = together(shown("conflict"))
    assert text.startswith("CLINICAL REVIEW: a clinician decides (1 with two sides)")
    assert "on average: not shown (meter reading, 22 Oct 2026)" in text
    assert "every day of the 30 days before the request: shown (form answer, since 15 Jan 2026)" in text


def test_what_is_not_shown_stands_with_what_was_found() -> None:
    text = shown("review")
    assert "Three or more injections a day, often self-adjusted, for six months (D.I.F)\n    found: 0.0 a day" in text
    assert "or a clinician accepts: Necessary by the definition of medical necessity" in text


def test_an_exclusion_that_applies_says_why_and_the_others_are_counted() -> None:
    text = of_case("anthem/upgrade-in-warranty")
    assert "Excluded\n  Working, warranted pump replaced only for newer technology (NM.upgrade)\n    found: " in text
    assert "Not excluded  1 because nobody mentioned it, 2 by the record, 1 applies (above)" in text


def test_what_does_not_count_stands_below_its_criterion_with_its_reason() -> None:
    found = decided(ROOT / "tests" / "edge" / "hba1c-newest-in-valueString.json")
    assert "on file: HbA1c, " in page(found)
    assert "valueString cannot be read as a result" in together(page(found))
    assert "does not count: " in page(found, full=True)


def test_what_is_not_for_this_policy_says_once_where_it_goes() -> None:
    text = of_case("own/uhc-csii-disposable")
    assert text.count("Medicare Part D drug plan") == 1
    assert text.count("\n") <= 9


def test_supplies_beside_a_pump_say_whom_to_ask_and_which_item_is_the_pump() -> None:
    text = of_case("own/masshealth-with-supplies").partition("\n\nNOT APPLICABLE")[2]
    assert text.count("no policy of this payer speaks about product A4230") == 1
    assert "ask MassHealth which rules it falls under" in text
    assert "Item 1        E0784 of the same request has a page of its own" in text


def test_the_day_from_which_is_counted_stands_where_it_is_another() -> None:
    found = decided(EXAMPLES / "ask.json")[0]
    assert "counted from" not in page([found])
    assert "asked 20 Nov 2026 · counted from 1 Dec 2026" in together(page([structs.replace(found, as_of="2026-12-01")]))


@pytest.mark.parametrize(
    ("grants", "said"),
    [
        ({"months": 1}, "APPROVE for 1 month:"),
        ({"months": 3}, "APPROVE for 3 months:"),
        ({"days": 1}, "APPROVE for 1 day:"),
        ({"years": 2}, "APPROVE for 2 years:"),
        (None, "APPROVE:"),
    ],
)
def test_what_an_approval_grants_is_said_in_one_or_in_many(grants: dict[str, int | str] | None, said: str) -> None:
    found = structs.replace(decided(EXAMPLES / "approve.json")[0], grants=grants)
    assert page([found]).startswith(said)


@pytest.mark.parametrize(
    ("reasons", "listed", "more"), [(12, 12, None), (13, 12, "  and 1 more: --full"), (40, 12, "  and 28 more: --full")]
)
def test_twelve_open_criteria_are_listed_and_the_others_counted(reasons: int, listed: int, more: str | None) -> None:
    many = tuple(ReasonGiven(None, f"reason number {n} for a person") for n in range(reasons))
    lines = page([structs.replace(decided(EXAMPLES / "review.json")[0], reasons=many)]).splitlines()
    assert sum("for a person" in line for line in lines) == listed
    assert (more in lines) if more else not any(line.startswith("  and ") and line.endswith("--full") for line in lines)
