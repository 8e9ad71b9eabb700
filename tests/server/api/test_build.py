"""The description of the interface, and requests drawn from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from priorauth.ledger.schema import open_store
from priorauth.ledger.store import Store
from priorauth.ledger.work import HANDLERS
from priorauth.server.api import bodies
from priorauth.server.limits import Buckets
from tests.ledger import house
from tests.server.running import Running, running

LOCAL = {"Host": "localhost"}


def test_every_act_has_its_address_in_the_description(served: Running) -> None:
    api = served.client.get("/api/v1/openapi.json").json()
    assert api["openapi"].startswith("3.1")
    paths = set(api["paths"])
    assert {f"/cases/{{case}}/acts/{name}" for name in bodies.of_cases()} <= paths
    assert {f"/acts/{name}" for name in bodies.of_tenant()} <= paths
    ours = [act for act in HANDLERS if act.__module__.startswith("priorauth.")]  # other tests have acts of their own
    assert len(bodies.of_cases()) + len(bodies.of_tenant()) == len(ours) - 2


def test_every_reference_of_the_description_is_there_and_every_shape_is_a_schema(served: Running) -> None:
    api = served.client.get("/api/v1/openapi.json").json()
    parts = api["components"]["schemas"]
    used = {one.rpartition("/")[2] for one in _references(api)}
    assert used - set(parts) == set()
    for name in parts:
        whole = {"$ref": f"#/components/schemas/{name}", "components": {"schemas": parts}}
        jsonschema_rs.Draft202012Validator(whole)


def _references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def test_every_operation_says_its_answers_and_asks_for_a_token(served: Running) -> None:
    api = served.client.get("/api/v1/openapi.json").json()
    for path, methods in api["paths"].items():
        for said in methods.values():
            assert said["security"], path
            assert {"401", "422", "429", "503"} <= set(said["responses"]), path
            assert said["summary"].endswith("."), said["summary"]


def _drawn(store: Store, examples: int) -> None:
    """Send requests that are drawn from the description: none may end in a fault, or in what is not described."""
    house.furnish(store)
    with running(store, buckets=Buckets(1e6, 1e6)) as served:
        case = served.receive("review")
        schema = schemathesis.openapi.from_asgi("/api/v1/openapi.json", served.client.app, headers=LOCAL)
        checks = [not_a_server_error, status_code_conformance, content_type_conformance]
        for found in schema.get_all_operations():
            operation: Any = found.ok()  # type: ignore[union-attr]

            @settings(
                max_examples=examples,
                deadline=None,
                derandomize=True,
                database=None,
                phases=[Phase.explicit, Phase.generate],
                suppress_health_check=list(HealthCheck),
            )
            @given(drawn=operation.as_strategy())
            def holds(drawn: Any) -> None:
                if drawn.path_parameters and "case" in drawn.path_parameters:
                    drawn.path_parameters["case"] = case
                drawn.call_and_validate(checks=checks, headers=LOCAL)

            holds()


@pytest.fixture
def file(tmp_path: object) -> Iterator[Store]:
    opened = open_store(f"sqlite:///{tmp_path}/one.db")
    yield opened
    opened.close()


def test_a_few_drawn_requests_end_in_no_fault(file: Store) -> None:
    _drawn(file, 1)


@pytest.mark.slow
def test_many_drawn_requests_end_in_no_fault(store: Store) -> None:
    _drawn(store, 15)
