"""What became of cards is kept."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from tests.exchange.crd.hooking import VERSIONS
from tests.exchange.house import Exchange, both
from tests.ledger import house

PATH = "/cds-services/order-sign-crd/feedback"
TOLD = {
    "card": "4e0a3a1e-3283-4575-ab82-028d55fe2719",
    "outcome": "overridden",
    "overrideReason": {"reason": {"code": "d7ecf885", "system": "https://e.example/r"}, "userComment": "done already"},
    "outcomeTimestamp": "2026-11-20T10:00:00Z",
}


@both
@pytest.mark.parametrize("version", VERSIONS)
def test_feedback_is_kept_as_it_came(exchange: Exchange, version: str) -> None:
    answer = exchange.post(PATH, {"feedback": [TOLD, {**TOLD, "outcome": "accepted"}]}, version)
    assert answer.status_code == 200
    kept = traffic.found(exchange.store, house.TENANT, t.feedback)
    assert sorted(one["data"]["outcome"] for one in kept) == ["accepted", "overridden"]
    assert {(one["client"], one["version"], one["service"]) for one in kept} == {
        ("clinic-ehr", version, "order-sign-crd")
    }


@pytest.mark.parametrize(
    "body",
    [
        {}, {"feedback": []}, {"feedback": {}}, {"feedback": ["x"]}, {"feedback": [{**TOLD, "outcome": "ignored"}]},
        {"feedback": [{key: value for key, value in TOLD.items() if key != "card"}]},
        {"feedback": [{key: value for key, value in TOLD.items() if key != "outcomeTimestamp"}]},
    ],
)  # fmt: skip
def test_what_is_no_feedback_is_refused_and_nothing_of_it_is_kept(exchange: Exchange, body: Any) -> None:
    assert exchange.post(PATH, body).status_code == 400
    assert traffic.found(exchange.store, house.TENANT, t.feedback) == []


def test_feedback_to_no_service_is_not_found(exchange: Exchange) -> None:
    assert exchange.post("/cds-services/other/feedback", {"feedback": [TOLD]}).status_code == 404


def test_more_feedback_than_can_be_is_refused(exchange: Exchange) -> None:
    assert exchange.post(PATH, {"feedback": [TOLD] * 201}).status_code == 413
