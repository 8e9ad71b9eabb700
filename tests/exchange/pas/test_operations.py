"""PAS is served where its guides say."""

from __future__ import annotations

from priorauth.exchange.operations import OPERATIONS as ALL
from priorauth.exchange.pas.operations import OPERATIONS


def test_a_request_is_taken_at_its_operation() -> None:
    (submit,) = [one for one in OPERATIONS if one.path == "/fhir/Claim/$submit"]
    assert (submit.method, submit.scope, submit.kind) == ("POST", "submit", "fhir")
    assert set(OPERATIONS) <= set(ALL)
