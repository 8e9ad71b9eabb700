"""What a response says of the result: the same until the result is another."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from priorauth.exchange.subscriptions.result import responses, result_of
from priorauth.ledger.store import Store
from tests.exchange.subscriptions.test_notify import result, sent
from tests.ledger.house import furnish

Json = dict[str, Any]


@pytest.fixture
def told(store: Store) -> Json:
    furnish(store)
    return result(store, sent(store))


@pytest.mark.parametrize(
    "change",
    [lambda made: made.update(timestamp="2030-01-01T00:00:00Z", id="x", identifier={"value": "y"}),
     lambda made: made["entry"][0]["resource"].update(created="2030-01-01", id="x", identifier=[]),
     lambda made: made["entry"].append({"fullUrl": "urn:x", "resource": {"resourceType": "Patient"}}),
     lambda made: made["entry"].append({"fullUrl": "urn:x"})],
)  # fmt: skip
def test_when_and_by_which_ids_it_is_said_makes_no_other_result(told: Json, change: Any) -> None:
    other = copy.deepcopy(told)
    change(other)
    assert result_of(other) == result_of(told)


@pytest.mark.parametrize(
    "change",
    [lambda one: one["item"][0].update(adjudication=[]), lambda one: one["item"].pop(),
     lambda one: one.update(addItem=[{"itemSequence": [1]}]), lambda one: one.update(preAuthRef="7"),
     lambda one: one.update(processNote=[{"number": 1, "text": "another"}]), lambda one: one.update(error=[{}])],
)  # fmt: skip
def test_what_is_decided_said_and_asked_makes_the_result(told: Json, change: Any) -> None:
    other = copy.deepcopy(told)
    change(next(responses(other))["resource"])
    assert result_of(other) != result_of(told)
    asked = copy.deepcopy(told)
    asked["entry"] = [one for one in asked["entry"] if one["resource"]["resourceType"] != "CommunicationRequest"]
    assert result_of(asked) != result_of(told)
