"""Our own endpoint: what comes is kept, and the chart is shown to whoever bears its token alone."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from priorauth.exchange.trying import line
from priorauth.exchange.trying.listener import Came, Listener, listening


@pytest.fixture
def here() -> Iterator[Listener]:
    with listening("127.0.0.1", 0) as found:
        yield found


def test_what_comes_is_kept_with_its_headers(here: Listener) -> None:
    assert line.ask("POST", here.address, body=b'{"a": 1}', headers={"X-Own": "2"}).status == 200
    found = here.wait(lambda one: one.body == {"a": 1}, 5)
    assert found is not None
    assert found.headers["x-own"] == "2"
    assert here.wait(lambda one: one.body == {"a": 2}, 0.05) is None


@pytest.mark.parametrize("body", [b"", b"no json", b"[1]", b"[" * 1000])
def test_whatever_comes_is_taken(here: Listener, body: bytes) -> None:
    assert line.ask("POST", here.address, body=body).status == 200
    assert here.wait(lambda one: one.body == {}, 5) is not None


def test_a_chart_is_shown_to_the_token_alone(here: Listener) -> None:
    bearing = {"Authorization": f"Bearer {here.token}"}
    at = f"{here.fhir}/Patient/1"
    assert line.ask("GET", at, headers=bearing).status == 401
    here.chart = {"Patient/1": {"resourceType": "Patient", "id": "1"}}.get
    assert line.ask("GET", at).status == 401
    assert line.ask("GET", at, headers={"Authorization": "Bearer other"}).status == 401
    assert line.ask("GET", at, headers=bearing).json == {"resourceType": "Patient", "id": "1"}
    assert line.ask("GET", f"{here.fhir}/Patient/2", headers=bearing).status == 404


def test_a_batch_is_answered_entry_by_entry(here: Listener) -> None:
    here.chart = {"Patient/1": {"resourceType": "Patient", "id": "1"}}.get
    asked = {"entry": [{"request": {"method": "GET", "url": one}} for one in ("Patient/1", "Patient/2")]}
    bearing = {"Authorization": f"Bearer {here.token}"}
    found = line.ask("POST", here.fhir, body=json.dumps(asked).encode(), headers=bearing)
    assert [one["response"]["status"] for one in found.json["entry"]] == ["200", "404"]
    assert found.json["entry"][0]["resource"]["id"] == "1"
    assert line.ask("POST", here.fhir, body=json.dumps(asked).encode()).status == 401


def test_no_more_is_kept_than_the_last_thousand() -> None:
    found = Listener("http://127.0.0.1:1")
    for number in range(1001):
        found.take(Came({}, {"number": number}))
    assert [one.body["number"] for one in found.came] == list(range(1, 1001))


def test_the_address_may_be_another_than_that_of_this_machine() -> None:
    with listening("127.0.0.1", 0, "https://outside.example/") as found:
        assert (found.address, found.fhir) == ("https://outside.example/notified", "https://outside.example/fhir")
