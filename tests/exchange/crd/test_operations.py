"""Coverage discovery is served where CDS Hooks says, to whom it may be told."""

from __future__ import annotations

from priorauth.exchange.call import ANYBODY
from priorauth.exchange.crd.operations import OPERATIONS
from priorauth.exchange.operations import OPERATIONS as ALL
from tests.exchange.house import Exchange


def test_discovery_hooks_and_feedback_stand_where_cds_hooks_puts_them() -> None:
    assert [(one.method, one.path) for one in OPERATIONS] == [
        ("GET", "/cds-services"),
        ("POST", "/cds-services/{service}"),
        ("POST", "/cds-services/{service}/feedback"),
    ]
    assert set(OPERATIONS) <= set(ALL)


def test_which_services_there_are_is_told_to_anybody_and_hooks_are_for_partners() -> None:
    assert [(one.scope, one.kind) for one in OPERATIONS] == [(ANYBODY, "cds"), ("hook", "cds"), ("hook", "cds")]


def test_every_service_that_is_discovered_can_be_called(exchange: Exchange) -> None:
    services = exchange.get("/cds-services", client=None).json()["services"]
    assert services
    for one in services:
        told = exchange.post(f"/cds-services/{one['id']}", {"hook": one["hook"]})
        assert told.status_code == 400, told.text
        heard = exchange.post(f"/cds-services/{one['id']}/feedback", {"feedback": []})
        assert heard.status_code != 404, heard.text
