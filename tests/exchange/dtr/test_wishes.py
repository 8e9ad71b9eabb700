"""What a call asks for: each parameter in the shapes in which it may come."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from priorauth.exchange.dtr.wishes import Wishes
from priorauth.exchange.wire import Fault


def read(*parameters: dict[str, Any]) -> Wishes:
    call: Any = SimpleNamespace(body={"resourceType": "Parameters", "parameter": list(parameters)})
    return Wishes.read(call)


def test_coverages_and_orders_may_stand_several_times() -> None:
    coverage = {"name": "coverage", "resource": {"resourceType": "Coverage"}}
    order = {"name": "order", "resource": {"resourceType": "MedicationRequest"}}
    found = read(coverage, coverage, order, order, {"name": "other", "valueString": "x"})
    assert (len(found.coverages), len(found.orders)) == (2, 2)


@pytest.mark.parametrize("element", ["valueCanonical", "valueUri", "valueString"])
def test_a_questionnaire_may_be_named_as_canonical_uri_or_string(element: str) -> None:
    assert read({"name": "questionnaire", element: "https://x.example/q|1"}).names == ["https://x.example/q|1"]


def test_a_moment_has_its_zone() -> None:
    context = {"name": "context", "valueString": "c"}
    since = read(context, {"name": "changedsince", "valueInstant": "2026-01-01T00:00:00Z"}).since
    assert since is not None
    assert since.year == 2026
    with pytest.raises(Fault, match="an instant, with its zone"):
        read(context, {"name": "changedsince", "valueInstant": "2026-01-01T00:00:00"})


@pytest.mark.parametrize(
    ("parameter", "at"),
    [
        ({"name": "order", "resource": {"resourceType": "Patient"}}, "Parameters.parameter[0].resource"),
        ({"name": "context", "valueInteger": 1}, "Parameters.parameter[0]"),
        ({"name": "coverage", "resource": {"resourceType": "Coverage"}}, "Parameters.parameter"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(parameter: dict[str, Any], at: str) -> None:
    with pytest.raises(Fault) as refused:
        read(parameter)
    assert (refused.value.status, refused.value.at) == (400, (at,))
