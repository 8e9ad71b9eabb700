"""``ValueSet/$expand`` over HTTP: by address, with its version or without, narrowed, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from tests.exchange.dtr.test_package import base
from tests.exchange.house import Exchange

PATH = "/fhir/ValueSet/$expand"


def url(exchange: Exchange, fact: str = "infusion-drug") -> str:
    return f"{base(exchange)}/ValueSet/{fact}"


def codes(found: Any) -> list[str]:
    assert found.status_code == 200, found.text
    return [one["code"] for one in found.json()["expansion"]["contains"]]


def asking(**more: Any) -> dict[str, Any]:
    kinds = {"url": "valueUri", "filter": "valueString", "count": "valueInteger", "offset": "valueInteger"}
    return {
        "resourceType": "Parameters",
        "parameter": [{"name": name, kinds[name]: value} for name, value in more.items()],
    }


def test_a_value_set_is_expanded_by_its_address_in_the_body_or_in_the_query(exchange: Exchange) -> None:
    posted = exchange.post(PATH, asking(url=url(exchange)))
    assert codes(posted)[:3] == ["insulin", "deferoxamine", "floxuridine"]
    assert posted.json() == exchange.get(PATH, params={"url": url(exchange)}).json()
    version = posted.json()["version"]
    assert codes(exchange.get(PATH, params={"url": f"{url(exchange)}|{version}"})) == codes(posted)
    assert codes(exchange.get(PATH, params={"url": url(exchange), "valueSetVersion": version})) == codes(posted)
    assert exchange.get(PATH, params={"url": f"{url(exchange)}|other"}).status_code == 404


@pytest.mark.shall("DTR 2.2.0/oper-5", "DTR 2.0.1/240", "DTR 2.0.1/312")
def test_an_expansion_is_of_the_day_and_can_be_narrowed(exchange: Exchange) -> None:
    found = exchange.post(PATH, asking(url=url(exchange), filter="OPIOID"))
    assert codes(found) == ["other-opioid"]
    assert found.json()["expansion"]["timestamp"] == "2026-11-24"
    assert codes(exchange.post(PATH, asking(url=url(exchange), offset=1, count=2))) == ["deferoxamine", "floxuridine"]


def test_a_value_set_that_is_sent_is_known_by_its_address(exchange: Exchange) -> None:
    assert codes(exchange.post(PATH, {"resourceType": "ValueSet", "url": url(exchange)}))
    sent = {"name": "valueSet", "resource": {"resourceType": "ValueSet", "url": url(exchange)}}
    assert codes(exchange.post(PATH, {"resourceType": "Parameters", "parameter": [sent]}))


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (asking(url="http://hl7.org/fhir/ValueSet/observation-codes"), 404),
        (asking(), 400),
        ({"resourceType": "ValueSet"}, 400),
        (asking(url="infusion-drug", count=-1), 404),
    ],
)
def test_what_is_not_given_out_here_is_refused(exchange: Exchange, body: dict[str, Any], status: int) -> None:
    found = exchange.post(PATH, body)
    assert (found.status_code, found.json()["resourceType"]) == (status, "OperationOutcome")


def test_a_count_below_zero_is_refused(exchange: Exchange) -> None:
    assert exchange.post(PATH, asking(url=url(exchange), count=-1)).status_code == 400
