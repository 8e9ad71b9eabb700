"""What is served, as whoever asks is told."""

from __future__ import annotations

import re

import pytest

from priorauth.ledger.store import Store
from tests.exchange.crd.hooking import VERSIONS, Json
from tests.exchange.house import Exchange, exchanging

FIVE = {"code", "type", "name", "description", "default"}
TOKEN = re.compile(r"\{\{(.*?)\}\}")
CARD_TYPES = {
    "coverage-info", "unsolicited-determ", "claim", "insurance", "limits", "network", "appropriate-use", "cost",
    "therapy-alternatives-opt", "therapy-alternatives-req", "clinical-reminder", "duplicate-therapy", "guideline",
    "off-guideline", "contraindication",
}  # fmt: skip


def services(exchange: Exchange, version: str) -> list[Json]:
    answer = exchange.get("/cds-services", version, client=None)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    found: list[Json] = answer.json()["services"]
    return found


@pytest.mark.shall(
    "CDS Hooks/4", "CDS Hooks/5", "CDS Hooks/6", "CDS Hooks/7", "CDS Hooks/9", "CDS Hooks/10", "CDS Hooks/13",
    "CDS Hooks/16", "CRD 2.0.1/4", "CRD 2.0.1/152", "CRD 2.2.1/hook-4",
)  # fmt: skip
@pytest.mark.parametrize("version", VERSIONS)
def test_each_hook_has_one_service_that_says_what_it_is(exchange: Exchange, version: str) -> None:
    found = services(exchange, version)
    hooks = [one["hook"] for one in found]
    assert hooks == ["order-sign", "order-select", "order-dispatch", "appointment-book", "encounter-start"]
    for one in found:
        assert one["id"] == f"{one['hook']}-crd"
        assert one["title"]
        assert one["description"]
        assert exchange.post(f"/cds-services/{one['id']}", {}, version).status_code == 400


@pytest.mark.shall("CRD 2.0.1/196", "CRD 2.0.1/185", "CRD 2.0.1/170", "CRD 2.0.1/204", "CRD 2.0.1/208", "CRD 2.0.1/217")
def test_a_discharge_is_served_where_the_plan_wants_it(store: Store) -> None:
    hooks = [
        "order-sign",
        "order-select",
        "order-dispatch",
        "appointment-book",
        "encounter-start",
        "encounter-discharge",
    ]
    with exchanging(store, {"hooks": hooks}) as exchange:
        assert [one["hook"] for one in services(exchange, "2.0")] == hooks


@pytest.mark.shall("CRD 2.2.1/dev-1", "CRD 2.2.1/dev-2", "CDS Hooks/214")
@pytest.mark.parametrize("version", VERSIONS)
def test_each_service_says_which_version_of_crd_it_speaks(exchange: Exchange, version: str) -> None:
    assert {tuple(one["extension"]["davinci-crd.version"]) for one in services(exchange, version)} == {(version,)}


@pytest.mark.shall(
    "CRD 2.2.1/dev-4", "CRD 2.2.1/dev-5", "CRD 2.2.1/dev-7", "CRD 2.2.1/dev-8", "CRD 2.0.1/108", "CRD 2.0.1/110",
    "CRD 2.0.1/111", "CRD 2.0.1/112", "CRD 2.0.1/113", "CRD 2.0.1/114", "CRD 2.0.1/115", "CRD 2.0.1/116",
    "CRD 2.0.1/120", "CRD 2.0.1/121", "CRD 2.0.1/122",
)  # fmt: skip
@pytest.mark.parametrize("version", VERSIONS)
def test_what_can_be_chosen_has_five_elements_and_names_of_its_own(exchange: Exchange, version: str) -> None:
    for one in services(exchange, version):
        options = one["extension"]["davinci-crd.configuration-options"]
        assert {"coverage-info", "guideline", "max-cards"} <= {option["code"] for option in options}
        for option in options:
            assert option.keys() == FIVE
            assert isinstance(option["default"], {"boolean": bool, "integer": int}[option["type"]])
            assert re.fullmatch(r"[a-z-]+", option["code"])
            assert option["code"] in {*CARD_TYPES, "max-cards"}
        for element in ("code", "name", "description"):
            assert len({option[element] for option in options}) == len(options)


@pytest.mark.shall(
    "CDS Hooks/29", "CDS Hooks/36", "CDS Hooks/55", "CDS Hooks/56", "CDS Hooks/57", "CDS Hooks/59",
    "CRD 2.2.1/found-24", "CRD 2.2.1/found-29", "CRD 2.0.1/42", "CDS Hooks Library/16", "CDS Hooks Library/32",
    "CDS Hooks Library/73", "CDS Hooks Library/89", "CDS Hooks Library/93",
)  # fmt: skip
@pytest.mark.parametrize("version", VERSIONS)
def test_only_what_is_always_needed_is_asked_for_beforehand_by_texts_of_the_context(
    exchange: Exchange, version: str
) -> None:
    texts = {"context.patientId", "context.userId", "context.encounterId", "context.order"}
    for one in services(exchange, version):
        assert one["prefetch"]["patient"] == "Patient/{{context.patientId}}"
        assert one["prefetch"]["coverage"].startswith("Coverage?patient={{context.patientId}}&status=active")
        tokens = {token for template in one["prefetch"].values() for token in TOKEN.findall(template)}
        assert tokens <= texts
        assert not {"Observation", "Condition"} & {template.partition("?")[0] for template in one["prefetch"].values()}


@pytest.mark.shall("CRD 2.2.1/found-15", "CRD 2.0.1/27", "CDS Hooks/211")
def test_a_hook_has_one_service_for_all_coverages_of_the_plan(exchange: Exchange) -> None:
    found = services(exchange, "2.2")
    assert len({one["id"] for one in found}) == len(found) == len({one["hook"] for one in found})
