"""A case begun on the ground of another: the record is taken over, the first reviewer is not, the approval is known."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.again import Appeal, Reauthorize
from priorauth.ledger.acts.calls import Read
from priorauth.ledger.acts.decisions import Approve, DecideAdversely, EndApproval
from priorauth.ledger.acts.files import File, FileDocument, FileInError
from priorauth.ledger.acts.intake import Answer, Receive, Withdraw
from priorauth.ledger.acts.queues import RouteToDirector, Take
from priorauth.ledger.acts.words import Judge, Settle
from priorauth.ledger.events import Who
from priorauth.ledger.runs import FHIR
from priorauth.ledger.store import Store
from tests.casebook.kept import case_of
from tests.ledger.house import (
    APPEALS,
    COORDINATOR,
    DIRECTOR,
    LICENCE,
    NOW,
    NURSE,
    OTHER_CLINIC,
    REASON,
    SYSTEM,
    TENANT,
    done,
    example,
    furnish,
    received,
    refused,
)
from tests.ledger.standing import ANSWERS, case, rows, sent

PAPER = File(title="letter.pdf", media="application/pdf", content=b"%PDF-1.7")
BROKEN = File(title="lab.json", media=FHIR, content=b"{", kind="lab")
NO_LOG = File(title="meter.csv", media="text/csv", content=b"nothing of a meter", kind="glucose-log")
COLLEAGUE = Who(TENANT, "otto", "coordinator", "clinic")


@pytest.fixture
def plan(store: Store) -> Store:
    furnish(store)
    return store


def document(store: Store, number: str) -> list[tuple[int, str, str]]:
    return [(row["number"], row["kind"], row["name"]) for row in rows(store, t.document, case_no=number)]


# ---- appeals


def adverse(plan: Store, *files: File) -> str:
    number = received(plan, "ask", files=files)
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, Judge(case=number, fact="hba1c_exception_granted", value=False, why="no ground"), DIRECTOR)
    done(plan, DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    return number


def test_an_appeal_takes_the_record_over_without_the_first_reviewers_words(plan: Store) -> None:
    number = received(plan, "ask", files=(PAPER, BROKEN))
    done(plan, Answer(case=number, response=ANSWERS), COORDINATOR)
    done(plan, FileDocument(case=number, file=File(title="x.pdf", media="application/pdf", content=b"x")), COORDINATOR)
    done(plan, FileInError(case=number, document=3, why="another member's"), COORDINATOR)
    done(plan, RouteToDirector(case=number), NURSE)
    done(plan, Judge(case=number, fact="hba1c_exception_granted", value=False, why="no ground"), DIRECTOR)
    done(plan, DecideAdversely(case=number, licence=LICENCE, reasons=(REASON,)), DIRECTOR)
    before = rows(plan, t.run, case_no=number)
    new = File(title="new.pdf", media="application/pdf", content=b"new")
    appeal = str(done(plan, Appeal(case=number, fast=True, files=(new, BROKEN)), COORDINATOR).case)
    found = case(plan, appeal)
    assert (found["kind"], found["base"], found["priority"]) == ("appeal", number, "expedited")
    assert (found["state"], found["queue"], found["closed_at"]) == ("with-director", "appeals", None)
    assert [name for _, _, name in document(plan, appeal)] == ["letter.pdf", "lab.json", "new.pdf", "lab.json"]
    assert [row["kind"] for row in rows(plan, t.submission, case_no=appeal)] == ["request", "answers"]
    assert rows(plan, t.word, case_no=appeal) == []
    assert {one["part"] for one in rows(plan, t.run, case_no=appeal)[0]["inputs"]} == {"request", "answers"}
    assert (case(plan, number)["state"], rows(plan, t.run, case_no=number)) == ("adverse", before)


def test_an_appeal_is_decided_by_somebody_who_was_not_there(plan: Store) -> None:
    appeal = str(done(plan, Appeal(case=adverse(plan)), COORDINATOR).case)
    for act in (
        Settle(case=appeal, criterion="II.A.T.7", value=True, why="so"),
        Judge(case=appeal, fact="hba1c_exception_granted", value=False, why="so"),
        Approve(case=appeal),
        DecideAdversely(case=appeal, licence=LICENCE, reasons=(REASON,)),
    ):
        assert refused(plan, act, DIRECTOR).code == "no-right"
    done(plan, Judge(case=appeal, fact="hba1c_exception_granted", value=True, why="severe lows"), APPEALS)
    assert done(plan, Approve(case=appeal), APPEALS).state == "approved"


def test_the_appeal_that_a_staff_member_enters_belongs_to_the_clinic_that_asked(plan: Store) -> None:
    number = adverse(plan)
    appeal = str(done(plan, Appeal(case=number), APPEALS._replace(behalf="clinic")).case)
    assert case(plan, appeal)["organisation"] == "clinic"
    done(plan, Read(case=appeal, what="case"), COORDINATOR)


def test_nobody_enters_an_appeal_for_a_clinic_that_did_not_ask(plan: Store) -> None:
    number = adverse(plan)
    found = refused(plan, Appeal(case=number), NURSE._replace(behalf="other-clinic"))
    assert (found.code, found.reason) == ("no-right", f"appeal: case {number} is of clinic, not of other-clinic")
    appeal = str(done(plan, Appeal(case=number), NURSE._replace(behalf="clinic")).case)
    assert refused(plan, Read(case=appeal, what="case"), OTHER_CLINIC).code == "not-found"


def test_a_second_appeal_is_refused_while_the_first_is_open_and_admitted_when_it_is_decided(plan: Store) -> None:
    number = adverse(plan)
    first = str(done(plan, Appeal(case=number), COORDINATOR).case)
    found = refused(plan, Appeal(case=number, fast=True), COORDINATOR)
    assert (found.code, found.reason) == (
        "invalid",
        f"an appeal of case {number} is open: {first}; file there what is new",
    )
    done(plan, Withdraw(case=first), COORDINATOR)
    second = str(done(plan, Appeal(case=number), COORDINATOR).case)
    assert (case(plan, second)["base"], case(plan, second)["kind"]) == (number, "appeal")


def test_an_appeal_stays_with_its_reviewers_whatever_comes(plan: Store) -> None:
    appeal = str(done(plan, Appeal(case=adverse(plan)), COORDINATOR).case)
    done(plan, Take(case=appeal), APPEALS)
    found = done(plan, Answer(case=appeal, response=ANSWERS), COORDINATOR)
    assert (found.state, found.more["outcomes"]) == ("with-director", {"1": "request-information"})
    kept = case(plan, appeal)
    assert (kept["queue"], kept["owner"]) == ("appeals", "apu")


# ---- continued use


def continued(*, claim_on: str | None = None, service_on: str | None = None) -> bytes:
    """A request for continued use that does not bring the payer's own answer of the trial; or the one for the trial."""
    made: dict[str, Any] = case_of("masshealth/continued-approve")["bundle"]
    made["entry"] = [one for one in made["entry"] if one["resource"]["resourceType"] != "ClaimResponse"]
    for entry in made["entry"]:
        claim = entry["resource"]
        if claim["resourceType"] == "QuestionnaireResponse":  # nor does the clinic say when that was
            claim["item"] = [one for one in claim["item"] if not one["linkId"].startswith(("prior_", "current_auth"))]
        if claim["resourceType"] == "Claim" and claim_on is not None:
            claim["created"] = claim_on
            claim["item"][0].pop("servicedPeriod", None)
            claim["item"][0]["servicedDate"] = service_on
    return json.dumps(made).encode()


TRIAL = datetime(2026, 7, 24, 15, 0, tzinfo=UTC)
ASKED = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)


def trial(plan: Store) -> str:
    number = sent(plan, continued(claim_on="2026-07-24", service_on="2026-08-25"), TRIAL)
    done(plan, RouteToDirector(case=number), NURSE, TRIAL)
    done(plan, Approve(case=number), DIRECTOR, TRIAL)
    return number


def test_the_approval_of_the_trial_is_known_when_continued_use_is_asked(plan: Store) -> None:
    base = trial(plan)
    (approval,) = rows(plan, t.approval)
    assert approval["valid_from"].isoformat() == "2026-08-25"
    without = done(plan, Receive(bundle=continued()), COORDINATOR, ASKED)
    assert without.state != "approved"
    found = done(plan, Reauthorize(case=base, bundle=continued()), COORDINATOR, ASKED)
    row = rows(plan, t.run, case_no=found.case)[0]
    assert [one["part"] for one in row["inputs"]] == ["request", "approval"]
    made = json.loads(row["determinations"])[0]
    status = _statuses(made["criteria"])
    assert "unknown" not in {status[one] for one in ("II.A.C.6", "II.A.C.7", "II.A.C.8")}
    assert case(plan, str(found.case))["base"] == base
    assert (found.state, status) == ("approved", status)


def _statuses(criteria: list[dict[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for one in criteria:
        found |= {one["id"]: one["status"]} | _statuses(one["parts"])
    return found


def test_an_approval_that_was_given_back_is_in_force_only_until_then(plan: Store) -> None:
    base = trial(plan)
    ended = EndApproval(case=base, approval=f"{base}-1", because="asked", ends=datetime(2026, 9, 30, tzinfo=UTC).date())
    done(plan, ended, COORDINATOR, TRIAL)
    found = done(plan, Reauthorize(case=base, bundle=continued()), COORDINATOR, ASKED)
    row = rows(plan, t.run, case_no=found.case)[0]
    sha = next(one["sha256"] for one in row["inputs"] if one["part"] == "approval")
    answer = json.loads(rows(plan, t.blob, sha256=sha)[0]["bytes"])
    assert answer["created"] == "2026-07-24"
    assert answer["preAuthPeriod"] == {"start": "2026-08-25", "end": "2026-09-30"}
    assert found.state != "approved"


def test_an_approval_filed_in_error_counts_for_nothing(plan: Store) -> None:
    base = trial(plan)
    ended = EndApproval(
        case=base, approval=f"{base}-1", because="filed-in-error", ends=datetime(2026, 9, 30, tzinfo=UTC).date()
    )
    done(plan, ended, DIRECTOR, TRIAL)
    found = done(plan, Reauthorize(case=base, bundle=continued()), COORDINATOR, ASKED)
    assert [one["part"] for one in rows(plan, t.run, case_no=found.case)[0]["inputs"]] == ["request"]


def test_continued_use_is_asked_for_the_same_member_and_stays_the_clinics(plan: Store) -> None:
    base = received(plan, "approve")
    assert refused(plan, Reauthorize(case=base, bundle=example("ask")), COORDINATOR).code == "invalid"
    found = done(plan, Reauthorize(case=base, bundle=example("approve")), SYSTEM, NOW)
    assert case(plan, str(found.case))["organisation"] == "clinic"
