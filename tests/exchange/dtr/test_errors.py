"""``$log-questionnaire-errors``: kept once for who writes the forms; nothing of it stands in the log."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from tests.exchange.house import Exchange, both
from tests.ledger import house

PATH = "/fhir/Questionnaire/$log-questionnaire-errors"
FORM = "https://plan.example/fhir/Questionnaire/masshealth.insulin-pumps.adaptive|2016-01-01-1"
SPELLINGS = {"2.2": ("questionnaire", "operationOutcome"), "2.0": ("Questionnaire", "OperationOutcome")}
OF_A_MEMBER = "Jane Doe, born 1970"


def report(names: tuple[str, str], *issues: dict[str, Any], forms: tuple[str, ...] = (FORM,)) -> dict[str, Any]:
    """The parameters of a call."""
    outcome = {"resourceType": "OperationOutcome", "issue": list(issues)}
    said = [{"name": names[0], "valueCanonical": one} for one in forms]
    return {"resourceType": "Parameters", "parameter": [*said, {"name": names[1], "resource": outcome}]}


BROKEN = {
    "severity": "error",
    "code": "exception",
    "details": {"coding": [{"code": "cql"}], "text": OF_A_MEMBER},
    "diagnostics": "PriorAuthHba1c: no value",
    "expression": ["Questionnaire.item.where(linkId='hba1c')"],
}


def kept(exchange: Exchange) -> list[dict[str, Any]]:
    return traffic.found(exchange.store, house.TENANT, t.form_error)


@both
@pytest.mark.parametrize("version", SPELLINGS)
@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@pytest.mark.shall("DTR 2.2.0/oper-1", "DTR 2.0.1/284")
def test_an_error_of_a_form_is_kept_once_in_either_spelling(
    exchange: Exchange, version: str, spelling: tuple[str, str]
) -> None:
    for _ in range(2):
        assert exchange.post(PATH, report(spelling, BROKEN), version).status_code == 200
    (row,) = kept(exchange)
    assert (row["questionnaire"], row["client"], row["version"]) == (FORM, "clinic-ehr", version)
    (found,) = row["data"]["issues"]
    assert found == {
        "severity": "error",
        "code": "exception",
        "diagnostics": "PriorAuthHba1c: no value",
        "text": OF_A_MEMBER,
        "coding": ["cql"],
        "at": ["Questionnaire.item.where(linkId='hba1c')"],
    }


def test_nothing_of_what_was_reported_stands_in_the_log_or_the_answer(exchange: Exchange) -> None:
    told = exchange.post(PATH, report(SPELLINGS["2.2"], BROKEN))
    assert told.json()["issue"][0]["severity"] == "information"
    said = exchange.running.out.getvalue()
    assert "log-questionnaire-errors" in said
    assert not {word for word in ("Jane", "1970", "Hba1c") if word in said + told.text}


def test_what_two_clients_report_alike_is_kept_of_each(exchange: Exchange) -> None:
    for client in ("clinic-ehr", "other-ehr"):
        assert exchange.post(PATH, report(SPELLINGS["2.2"], BROKEN), client=client).status_code == 200
    assert {row["client"] for row in kept(exchange)} == {"clinic-ehr", "other-ehr"}


def test_an_error_of_two_forms_is_kept_for_each(exchange: Exchange) -> None:
    forms = (FORM, FORM.replace("masshealth", "anthem"))
    assert exchange.post(PATH, report(SPELLINGS["2.2"], BROKEN, forms=forms)).status_code == 200
    assert {row["questionnaire"] for row in kept(exchange)} == set(forms)


def test_a_form_that_is_sent_whole_is_known_by_its_address(exchange: Exchange) -> None:
    body = report(SPELLINGS["2.2"], BROKEN)
    url, _, version = FORM.partition("|")
    body["parameter"][0] = {
        "name": "questionnaire",
        "resource": {"resourceType": "Questionnaire", "url": url, "version": version},
    }
    assert exchange.post(PATH, body).status_code == 200
    assert kept(exchange)[0]["questionnaire"] == FORM


@pytest.mark.parametrize(
    ("place", "change"),
    [
        ("resourceType", lambda body: body.update(resourceType="Bundle")),
        ("questionnaire", lambda body: body["parameter"].pop(0)),
        ("operationOutcome", lambda body: body["parameter"].pop(1)),
        ("operationOutcome", lambda body: body["parameter"][1].pop("resource")),
        ("issue", lambda body: body["parameter"][1]["resource"].update(issue=[])),
        ("questionnaire", lambda body: body["parameter"][0].pop("valueCanonical")),
    ],
)
def test_what_says_nothing_of_a_form_is_refused_with_the_place(exchange: Exchange, place: str, change: Any) -> None:
    body = report(SPELLINGS["2.2"], BROKEN)
    change(body)
    told = exchange.post(PATH, body)
    assert told.status_code == 400
    assert place in told.json()["issue"][0]["expression"][0]
    assert kept(exchange) == []


def test_of_a_flood_of_issues_only_so_many_are_kept_and_long_texts_are_cut(exchange: Exchange) -> None:
    long = {**BROKEN, "diagnostics": "x" * 3_000}
    assert exchange.post(PATH, report(SPELLINGS["2.2"], *[long] * 1_000)).status_code == 200
    (row,) = kept(exchange)
    assert len(row["data"]["issues"]) == 200
    assert len(row["data"]["issues"][0]["diagnostics"]) == 2_000
