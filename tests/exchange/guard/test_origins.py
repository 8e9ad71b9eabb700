"""Browsers: a page of a listed site may call, any page may read what everybody may know, and no other anything."""

from __future__ import annotations

import httpx2
import pytest

from priorauth.ledger.store import Store
from tests.exchange.guard.partner import Door, Speaker, guarding

HOME = "https://ehr.clinic.example"
ALLOWED = "access-control-allow-origin"
HOOK = "/plan/2.2/cds-services/order-sign-crd"


def preflight(door: Door, path: str, origin: str = HOME) -> httpx2.Response:
    headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    return door.running.client.options(path, headers=headers)


@pytest.mark.shall("CDS Hooks/208")
def test_a_page_of_a_listed_site_may_call_hooks_from_a_browser(store: Store) -> None:
    with guarding(store, {"origins": [HOME]}) as door:
        asked = preflight(door, HOOK)
        assert asked.status_code == 204
        assert asked.headers[ALLOWED] == HOME
        assert asked.headers["access-control-allow-methods"] == "POST"
        assert {"Authorization", "Content-Type"} <= set(asked.headers["access-control-allow-headers"].split(", "))
        assert "access-control-allow-credentials" not in asked.headers
        found = door.hook(Speaker().hook(door.now), Origin=HOME)
        assert (found.status_code, found.headers[ALLOWED]) == (200, HOME)
        refused = door.hook("a.b.c", Origin=HOME)
        assert (refused.status_code, refused.headers[ALLOWED]) == (401, HOME)
        cors = door.running.client.get("/plan/2.2/fhir/metadata").json()["rest"][0]["security"]["cors"]
        assert cors is True


def test_a_page_of_another_site_may_read_nothing(store: Store) -> None:
    with guarding(store, {"origins": [HOME]}) as door:
        for origin in ("https://evil.example", f"{HOME}.evil.example", "null", "http://ehr.clinic.example"):
            assert preflight(door, HOOK, origin).status_code == 403
            found = door.hook(Speaker().hook(door.now), Origin=origin)
            assert ALLOWED not in found.headers
            assert found.headers["vary"] == "Origin"


def test_what_everybody_may_know_every_page_may_read(door: Door) -> None:
    for path in ("/plan/2.2/cds-services", "/plan/.well-known/smart-configuration", "/plan/oauth/jwks"):
        assert door.running.client.get(path, headers={"Origin": "https://a.example"}).headers[ALLOWED] == "*"
    assert ALLOWED not in door.running.client.get("/plan/2.2/cds-services").headers
    assert preflight(door, "/plan/oauth/token").status_code == 204
    assert preflight(door, "/other/2.2/cds-services/a").status_code == 403
