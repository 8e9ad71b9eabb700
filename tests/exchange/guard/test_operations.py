"""What the guard serves is told to anybody, and stands in the table of all that is served."""

from __future__ import annotations

import pytest

from priorauth.exchange import app
from priorauth.exchange.call import ANYBODY
from priorauth.exchange.guard.operations import GUARD
from priorauth.exchange.operations import OPERATIONS
from priorauth.exchange.plan import VERSIONS


def test_what_a_partner_needs_before_it_has_a_token_asks_for_none() -> None:
    assert {one.scope for one in GUARD} == {ANYBODY}
    assert set(GUARD) <= set(OPERATIONS)


@pytest.mark.shall(
    *("PAS 2.2.1/conf-1", "PAS 2.2.1/conf-3", "PAS 2.2.1/spec-6", "CRD 2.2.1/found-15", "DTR 2.2.0/spec-6"),
    "DTR 2.0.1/23",
)
def test_a_plan_has_one_address_a_version_under_which_all_is_served() -> None:
    served = [one.path for one in app.routes() if "OPTIONS" not in one.methods]  # type: ignore[attr-defined] # routes
    for operation in OPERATIONS:
        bases = [path.removesuffix(operation.path) for path in served if path.endswith(operation.path)]
        wanted = [""] if operation.kind == "oauth" else [f"/{version}" for version in VERSIONS]
        assert {f"/{{tenant}}{one}" for one in wanted} <= set(bases), operation.path
    assert {path.split("/")[1] for path in served} == {"{tenant}"}
    assert {path.split("/")[2] for path in served} <= {*VERSIONS, "oauth", ".well-known"}
