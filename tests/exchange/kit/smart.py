"""The checks of the suite on SMART backend services: how a client is given a token."""

from __future__ import annotations

from tests.exchange.kit.rows import Row
from tests.exchange.kit.run import Run


def other_grant(run: Run, row: Row) -> None:
    del row
    assert run.started.asked(grant_type="authorization_code").status == 400


def other_assertion_type(run: Run, row: Row) -> None:
    del row
    told = run.started.asked(client_assertion_type="urn:ietf:params:oauth:client-assertion-type:saml2-bearer")
    assert told.status in {400, 401}


def token(run: Run, row: Row) -> None:
    del row
    assert run.started.asked().status in {200, 201}


def token_said(run: Run, row: Row) -> None:
    del row
    said = run.started.asked().body
    assert said["access_token"]
    assert said["token_type"].lower() == "bearer"
    assert isinstance(said["expires_in"], int)
    assert isinstance(said["scope"], str)


def configuration(run: Run, row: Row) -> None:
    for version in ("2.0", "2.2"):
        told = run.started.get("/fhir/.well-known/smart-configuration", version, headers={"Accept": "application/json"})
        assert told.status == 200, row.kit
        assert told.headers["content-type"].partition(";")[0] == "application/json"
        assert told.body["token_endpoint"].startswith("http")
