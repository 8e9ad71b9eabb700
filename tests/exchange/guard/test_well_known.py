"""What a server says of itself, to anybody."""

from __future__ import annotations

import pytest

from priorauth.exchange.guard import scopes
from priorauth.exchange.guard.keys import keys
from priorauth.ledger.store import Store
from tests.exchange.guard.partner import BASE, Door, guarding, jwks

AT = "/.well-known/smart-configuration"


@pytest.mark.shall("DTR 2.2.0/spec-120", "PAS 2.2.1/spec-4")
@pytest.mark.parametrize("path", [AT, f"/2.2/fhir{AT}", f"/2.0/fhir{AT}"])
def test_smarts_configuration_stands_at_the_plan_and_at_each_version(door: Door, path: str) -> None:
    found = door.running.client.get(f"/plan{path}", headers={"Accept": "application/json"})
    assert found.status_code == 200
    assert found.headers["content-type"] == "application/json"
    said = found.json()
    assert said["token_endpoint"] == f"{BASE}/oauth/token"
    assert said["grant_types_supported"] == ["client_credentials"]
    assert said["token_endpoint_auth_methods_supported"] == ["private_key_jwt"]
    assert said["token_endpoint_auth_signing_alg_values_supported"] == ["RS384", "ES384"]
    assert set(said["scopes_supported"]) == set(scopes.supported())
    assert {"client-confidential-asymmetric", "permission-v2"} <= set(said["capabilities"])
    assert "tls_client_certificate_bound_access_tokens" not in said


def test_what_it_names_is_there(door: Door) -> None:
    said = door.running.client.get(f"/plan{AT}").json()
    host = BASE.removesuffix("/plan")
    assert door.running.client.post(said["token_endpoint"].removeprefix(host)).status_code == 400
    found = keys(door.running.client.get(said["jwks_uri"].removeprefix(host)).json())
    assert [one.algorithms for one in found] == [("ES256",)]
    assert jwks() == {"keys": []}


def test_where_a_proxy_brings_certificates_tokens_may_be_bound_to_them(store: Store) -> None:
    with guarding(store, {"certificate_header": "Client-Cert"}) as door:
        assert door.running.client.get(f"/plan{AT}").json()["tls_client_certificate_bound_access_tokens"] is True


def test_a_plan_that_is_not_there_has_none(door: Door) -> None:
    assert door.running.client.get(f"/other{AT}").status_code == 404
