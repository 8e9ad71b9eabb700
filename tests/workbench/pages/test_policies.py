"""The pages of the policies: what each asks, readings changed by two people, versions and payers held side by side."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from sqlalchemy import select

from priorauth.ledger import tables as t
from priorauth.ledger.events import Who
from priorauth.policy import inventory
from tests.ledger.house import COORDINATOR, DIRECTOR, NURSE, TENANT, example
from tests.workbench.analyst import ANALYST, MANAGER, NEW, POLICY, READING, TRY, analysed
from tests.workbench.house import Desk, hidden, plain


@pytest.fixture
def desk(migrated: Path, tmp_path: Path) -> Iterator[Desk]:
    with analysed(migrated, tmp_path) as found:
        yield found


def settings(desk: Desk) -> dict[str, Any]:
    with desk.store.reading(TENANT) as connection:
        return dict(connection.execute(select(t.tenant.c.settings)).scalar_one())


def told(desk: Desk, what: str) -> list[dict[str, object]]:
    with desk.store.reading(TENANT) as connection:
        query = select(t.event.c.data).where(t.event.c.what == what)
        return [dict(row.data["say"]) for row in connection.execute(query)]


def test_everybody_who_is_signed_in_reads_the_policies_and_none_but_the_plan_s_staff_tries_changes(desk: Desk) -> None:
    for who in (COORDINATOR, NURSE, ANALYST):
        answer = desk.get("/policies", who)
        assert answer.status_code == 200
        assert "Every version of every policy" in answer.text
        assert ("Cases here" in answer.text) == (who is ANALYST)
    assert desk.get(TRY, COORDINATOR).status_code == 403
    assert "Try a change" not in desk.get(POLICY, COORDINATOR).text


def test_a_policy_s_page_has_its_outline_its_readings_and_where_each_rule_stands(desk: Desk) -> None:
    page = desk.get(POLICY, COORDINATOR).text
    assert "II.A.T.7 Most recent HbA1c above 7.0 percent" in page
    assert 'href="#c-II.A.T.5"' in page
    assert 'id="c-II.A.T.5"' in page
    assert "14 days to 90 days" in page
    counts = re.findall(r"<strong>(\d+)</strong> (?:a criterion|part of a criterion|not encoded)", page)
    assert sum(map(int, counts)) == sum(one.text == "masshealth" for one in inventory.load())
    assert "may be superseded" in page


def test_each_policy_has_its_page_in_each_version(desk: Desk) -> None:
    for policy in ("anthem/cg-dme-01", "uhc-medicare-advantage/infusion-pump-therapy", "medicare/ncd-280-14"):
        assert desk.get(f"/p/{policy}", NURSE).status_code == 200
    old = desk.get("/p/caresource/insulin-infusion-pump?version=2025-02-26", NURSE)
    assert "revised 02/26/2025" in old.text


@pytest.mark.parametrize(
    "path",
    [
        "/p/x/y", "/p/1", f"{POLICY}?version=1999-01-01", f"{POLICY}/diff/1999-01-01", f"{POLICY}/readings/x",
        "/compare/X0000", "/p/x/y/readings/x", "/p/x/y/diff/2016-01-01",
    ],
)  # fmt: skip
def test_what_is_not_there_is_said_to_be_not_there(desk: Desk, path: str) -> None:
    assert desk.get(path, NURSE).status_code == 404


def test_two_versions_are_held_against_each_other_with_a_patient_for_each_difference(desk: Desk) -> None:
    page = desk.get("/p/husky/ambulatory-infusion-pumps/diff/2024-02-01", NURSE).text
    assert "What changed from 1 Feb 2024 to 27 Dec 2024" in page
    assert "By whom it approves" in page
    same = desk.get(f"{POLICY}/diff/2016-01-01", NURSE)
    assert "These are one version" in same.text


def test_payers_are_compared_for_a_product_and_a_kind_of_request(desk: Desk) -> None:
    page = desk.get("/compare/E0784", COORDINATOR).text
    assert "Who asks what for E0784, first request" in page
    assert "InterQual" in page
    assert "continued use" in desk.get("/compare/E0784?kind=continued", COORDINATOR).text
    assert desk.get("/compare/E0784?kind=x", COORDINATOR).status_code == 422


def test_an_analyst_proposes_a_reading_and_a_director_publishes_it(desk: Desk) -> None:
    answer = desk.send(READING, f"{READING}/propose", ANALYST, **NEW)
    assert answer.status_code == 303, answer.text
    waits = desk.get(READING, ANALYST).text
    assert "Proposed: 90 days in place of 30 days, from 26 Nov 2026" in waits
    assert f"{READING}/publish" not in waits
    assert "90 days" in desk.get("/policies", DIRECTOR).text
    answer = desk.send(READING, f"{READING}/publish", DIRECTOR, why="I agree")
    assert answer.status_code == 303, answer.text
    told_later = plain(desk.get(READING, NURSE).text)
    assert "published by Dora Director" in told_later
    assert "I agree" in told_later
    assert "Published: 90 days from 26 Nov 2026 on." in told_later
    (entry,) = settings(desk)["published"]
    assert (entry["value"], entry["from"]) == ("90 days", "2026-11-26")


def test_a_page_shows_the_published_value_once_its_day_has_come(desk: Desk) -> None:
    desk.send(READING, f"{READING}/propose", ANALYST, **{**NEW, "first": "2026-11-24"})
    desk.send(READING, f"{READING}/publish", DIRECTOR, why="I agree")
    page = desk.get(READING, NURSE).text
    assert "Testing window: 90 days" in page
    assert "The file has" in page


def test_a_director_refuses_with_a_reason_and_an_analyst_takes_back_her_own(desk: Desk) -> None:
    desk.send(READING, f"{READING}/propose", ANALYST, **NEW)
    marks = desk.send(READING, f"{READING}/publish", DIRECTOR, why="")
    assert marks.status_code == 422
    assert "Say why" in marks.text
    refuse = _other(desk, DIRECTOR, f"{READING}/publish", f"{READING}/refuse")
    assert refuse(why="too long").status_code == 303
    assert "refused by Dora Director" in desk.get(READING, ANALYST).text
    desk.send(READING, f"{READING}/propose", ANALYST, **NEW)
    assert desk.send(READING, f"{READING}/withdraw", ANALYST).status_code == 303
    assert "published" not in settings(desk)


def _other(desk: Desk, who: Who, form: str, address: str) -> Callable[..., httpx2.Response]:
    """Return what sends a form of the page to another address of its buttons."""

    def sent(**fields: str) -> httpx2.Response:
        headers = desk.sign_in(who)
        page = desk.running.client.get(READING, headers=headers).text
        assert f'formaction="{address}"' in page
        return desk.post(address, headers, {**hidden(page, form), **fields})

    return sent


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("value", "91 days", "Reading testing_window: expected 14 days..90 days"),
        ("value", "", "Write the value"),
        ("first", "", "Choose the day"),
        ("first", "2026-11-01", "Choose today or a later day"),
        ("why", "", "Say why"),
    ],
)
def test_a_proposal_with_a_fault_is_shown_again_with_what_was_typed(
    desk: Desk, field: str, typed: str, said: str
) -> None:
    answer = desk.send(READING, f"{READING}/propose", ANALYST, **{**NEW, field: typed})
    assert answer.status_code == 422
    assert said in answer.text
    for name, kept in NEW.items():
        if name != field:
            assert kept in answer.text


def test_an_analyst_sees_how_many_past_cases_a_change_would_change_and_no_names(desk: Desk) -> None:
    for name in ("approve", "ask"):
        desk.receive(name)
    page = desk.get(TRY, ANALYST).text
    assert "<strong>2 of 2</strong> cases read" in page
    assert "Ready to approve" in page
    assert "Something is missing" in page
    for secret in ("26-0001", "Rivera", "member-1"):
        assert secret not in page
    assert told(desk, "cases-named") == []


def test_the_numbers_of_the_cases_are_shown_on_request_which_is_recorded_once(desk: Desk) -> None:
    desk.receive("approve")
    first = desk.send(TRY, f"{POLICY}/whatif/cases", ANALYST)
    assert "26-0001" in first.text
    assert 'href="/c/26-0001"' not in first.text  # an analyst opens no case
    assert told(desk, "cases-named")[0]["cases"] == ["26-0001"]
    assert 'href="/c/26-0001"' in desk.send(TRY, f"{POLICY}/whatif/cases", MANAGER).text
    assert len(told(desk, "cases-named")) == 2


def test_a_value_that_the_policy_does_not_take_is_said_beside_its_field(desk: Desk) -> None:
    answer = desk.get(f"{POLICY}/whatif?reading=testing_window&value=never", ANALYST)
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert desk.get(f"{POLICY}/whatif?version=1999-01-01", ANALYST).status_code == 404
    assert "No case was decided" in desk.get(TRY, ANALYST).text


def test_a_clinic_s_check_before_sending_uses_what_is_published_as_a_run_would(desk: Desk) -> None:
    def checked() -> str:
        headers = desk.sign_in(COORDINATOR)
        marks = hidden(desk.running.client.get("/clinic/check", headers=headers).text, "/clinic/check")
        bundle = {"files": ("request.json", example("approve"), "application/fhir+json")}
        answer = desk.post("/clinic/check", headers, marks, files=bundle)
        assert answer.status_code == 200, answer.text
        return plain(answer.text)

    before = checked()
    desk.send(READING, f"{READING}/propose", ANALYST, **{**NEW, "first": "2026-11-24"})
    desk.send(READING, f"{READING}/publish", DIRECTOR, why="I agree")
    after = checked()
    assert "NOT YET COMPLETE" not in before.upper()
    assert "NOT YET COMPLETE" in after.upper()
