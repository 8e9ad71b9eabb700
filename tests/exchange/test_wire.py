"""What goes over the wire: bodies within limits, bare or in Parameters, faults as outcomes."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.exchange.wire import DEEPEST, Fault, answer, issue, listed, outcome, parsed, resource_of

BUNDLE = {"resourceType": "Bundle"}


@pytest.mark.parametrize(
    "body", [BUNDLE, {"resourceType": "Parameters", "parameter": [{"name": "resource", "resource": BUNDLE}]}]
)
def test_a_resource_comes_bare_or_in_parameters(body: dict[str, Any]) -> None:
    assert resource_of(body, "Bundle") == BUNDLE


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"resourceType": "Patient"},
        {"resourceType": "Parameters"},
        {"resourceType": "Parameters", "parameter": {}},
        {"resourceType": "Parameters", "parameter": [{"name": "a", "resource": BUNDLE}, {"resource": BUNDLE}]},
        {"resourceType": "Parameters", "parameter": [{"resource": {"resourceType": "Patient"}}]},
    ],
)
def test_another_resource_or_several_are_refused(body: dict[str, Any]) -> None:
    with pytest.raises(Fault) as refused:
        resource_of(body, "Bundle")
    assert refused.value.status == 400


def test_where_parameters_are_wanted_they_are_the_resource() -> None:
    body = {"resourceType": "Parameters", "parameter": []}
    assert resource_of(body, "Parameters") is body


@given(st.binary(max_size=200))
def test_any_bytes_are_an_object_or_a_fault_with_a_status(data: bytes) -> None:
    assert _status(data) in (None, 400, 413)


def _status(data: bytes) -> int | None:
    try:
        parsed(data, most_bytes=100)
    except Fault as fault:
        return fault.status
    return None


def test_nesting_is_limited() -> None:
    def nested(deep: int) -> bytes:
        return b'{"a":' * deep + b"1" + b"}" * deep

    assert parsed(nested(DEEPEST), most_bytes=10_000)
    with pytest.raises(Fault):
        parsed(nested(DEEPEST + 1), most_bytes=10_000)


def test_a_fault_is_an_outcome_with_its_places() -> None:
    fault = Fault(400, "structure", "expected a Claim", "Bundle.entry[0]")
    made = msgspec.json.decode(fault.answer().body)
    assert made == outcome(issue("error", "structure", "expected a Claim", "Bundle.entry[0]"))
    assert made["issue"][0]["expression"] == ["Bundle.entry[0]"]


def test_an_answer_may_be_bytes_that_were_kept() -> None:
    assert answer(b'{"a":1}').body == answer({"a": 1}).body


@pytest.mark.parametrize("value", [None, [], {}, {"a": None}, {"a": {}}, {"a": ["b", 1]}])
def test_a_list_that_is_none_has_no_objects(value: object) -> None:
    assert listed(value, "a") == []
