"""What a caller chooses is done; what nobody knows is as if it were not said."""

from __future__ import annotations

import json
from typing import Any

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger import traffic
from priorauth.ledger.store import Store
from tests.exchange.crd.hooking import VERSIONS, Json, example, extensions, hooked, moment, said
from tests.exchange.house import Exchange, exchanging
from tests.ledger import house

SIGN = "/cds-services/order-sign-crd"
TERMS = {"terms": "https://plan.example/policies/{policy}"}


def answered(exchange: Exchange, extension: Any, version: str = "2.2", name: str = "ask") -> Json:
    bundle = example(name)
    exchange.running.clock.now = moment(bundle)
    answer = exchange.post(SIGN, hooked(bundle, extension=extension), version)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.shall("CRD 2.2.1/dev-14", "CRD 2.2.1/resp-28", "CRD 2.2.1/dev-5", "CRD 2.0.1/128", "CRD 2.0.1/116")
@pytest.mark.parametrize("version", VERSIONS)
def test_without_coverage_information_there_is_no_action_and_no_card_of_it(store: Store, version: str) -> None:
    with exchanging(store, TERMS) as exchange:
        found = answered(exchange, {"coverage-info": False}, version)
    assert found["systemActions"] == []
    assert [one["source"]["topic"]["code"] for one in found["cards"]] == ["guideline"]


@pytest.mark.shall("CRD 2.2.1/dev-14", "CRD 2.0.1/128")
def test_cards_are_cut_and_actions_are_not(store: Store) -> None:
    with exchanging(store, TERMS) as exchange:
        kinds = [answered(exchange, {"max-cards": most}) for most in (0, 1, 2)]
        plain = answered(exchange, {"guideline": False})
    assert [len(one["cards"]) for one in kinds] == [0, 1, 2]
    assert all(len(one["systemActions"]) == 1 for one in kinds)
    assert [one["source"]["topic"]["code"] for one in plain["cards"]] == ["coverage-info"]


@pytest.mark.shall(
    "CRD 2.2.1/dev-15",
    "CRD 2.2.1/dev-17",
    "CRD 2.2.1/dev-6",
    "CRD 2.0.1/129",
    "CRD 2.0.1/131",
    "CRD 2.0.1/117",
    "CRD 2.0.1/118",
    "CRD 2.0.1/119",
)
@pytest.mark.parametrize(
    "extension",
    [
        None, {}, {"weather": True, "alt-drug": True}, {"coverage-info": "no"}, {"max-cards": -1}, {"max-cards": True},
        {"max-cards": "3"}, {"coverage-info": None, "guideline": 7}, [], "text",
    ],
)  # fmt: skip
@pytest.mark.parametrize("version", VERSIONS)
def test_nothing_or_nonsense_is_as_if_nothing_had_been_chosen(exchange: Exchange, extension: Any, version: str) -> None:
    assert answered(exchange, extension, version) == answered(exchange, None, version)
    kept = [json.loads(one["request"]) for one in traffic.found(exchange.store, house.TENANT, t.hook_call)]
    assert (extension is None) or {"davinci-crd.configuration": extension} in [one.get("extension") for one in kept]


@pytest.mark.shall("CRD 2.2.1/dev-14", "CRD 2.2.1/dev-6")
@pytest.mark.parametrize(
    "extension", [{"unsolicited-determ": False}, {"coverage-info": False, "unsolicited-determ": True}]
)
def test_a_caller_who_wants_no_number_is_given_none_and_nothing_is_written(store: Store, extension: Json) -> None:
    with exchanging(store, {"unsolicited": True}) as exchange:
        found = answered(exchange, extension, name="approve")
        assert all("satisfied-pa-id" not in str(one) for one in extensions(found))
        assert traffic.found(exchange.store, house.TENANT, t.cases) == []
        assert traffic.found(exchange.store, house.TENANT, t.approval) == []
        assert said(answered(exchange, {}, name="approve"))["pa-needed"] == ["satisfied"]
