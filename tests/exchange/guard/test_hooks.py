"""Tokens of hooks, without a server: for whom they are, and who issues them."""

from __future__ import annotations

from typing import Any

import pytest

from priorauth.exchange.guard import hooks
from priorauth.exchange.guard.jws import NotBelieved
from priorauth.exchange.guard.keys import Keyring
from priorauth.exchange.plan import plan_of
from tests.exchange.guard.partner import HOOK, Speaker, at, partners
from tests.ledger.house import NOW

KNOWN = plan_of({"exchange": {"partners": partners()}}).partners
EHR = Speaker()


def called(text: str) -> hooks.Called:
    return hooks.called(text, KNOWN, Keyring(), HOOK, NOW)


def test_a_client_is_known_by_the_issuer_of_its_token() -> None:
    assert called(EHR.hook(NOW)).client == "clinic-ehr"


@pytest.mark.parametrize(
    ("said", "client"),
    [
        ("https://ehr.clinic.example", "clinic-ehr"),
        ("https://ehr.clinic.example/", "clinic-ehr"),
        ("https://other.example", "other-ehr"),
        ("https://ehr.clinic.example/x", None),
        ("clinic-ehr", None),
        ("", None),
    ],
)
def test_an_issuer_is_one_that_is_registered_with_a_slash_at_its_end_or_without(said: str, client: str | None) -> None:
    assert hooks.issuer(KNOWN, said) == client


def test_a_partner_that_lists_no_issuer_issues_by_its_own_name() -> None:
    assert hooks.issuer(plan_of({"exchange": {"partners": {"a": {}}}}).partners, "a") == "a"


def test_for_whom_a_token_may_be() -> None:
    base = HOOK.rpartition("/")[0]
    assert hooks.audiences(HOOK) == {HOOK, f"{HOOK}/", base, f"{base}/", f"{HOOK}/feedback", f"{HOOK}/feedback/"}
    assert hooks.audiences(f"{HOOK}/feedback") == hooks.audiences(HOOK)


@pytest.mark.shall("CDS Hooks/176", "CDS Hooks/201")
@pytest.mark.parametrize(
    "lies",
    [
        {"exp": at(NOW, minutes=-2)},
        {"exp": at(NOW, minutes=7)},
        {"iat": at(NOW, minutes=2)},
        {"iat": None},
        {"aud": "x"},
    ],
)
def test_a_token_with_one_thing_wrong_is_refused(lies: dict[str, Any]) -> None:
    with pytest.raises(NotBelieved):
        called(EHR.hook(NOW, **lies))
