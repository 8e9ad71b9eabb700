"""What a plan's settings say of its provider; the flow itself is tested with the addresses (test_elsewhere)."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from priorauth.ledger.work import Refusal
from priorauth.workbench.signin import oidc
from priorauth.workbench.signin.people import Plan

SAID = {"issuer": "https://login.example", "client": "us"}


def _plan(**settings: Any) -> Plan:
    return Plan("plan", "A plan", ZoneInfo("UTC"), settings)


def test_a_plan_may_have_none_and_names_what_it_needs_where_it_has_one() -> None:
    assert oidc.provider(_plan()) is None
    found = oidc.provider(_plan(oidc={**SAID, "people": {"s": "nina"}}))
    assert found is not None
    assert (found.title, found.email, found.people) == (oidc.TITLE, False, {"s": "nina"})


@pytest.mark.parametrize(
    "said",
    ["https://login.example", {"issuer": "x"}, {**SAID, "secret": "in the settings"}, {**SAID, "people": ["nina"]}],
)
def test_settings_that_make_no_sense_and_a_secret_among_them_are_refused(said: object) -> None:
    with pytest.raises(Refusal, match="the setting oidc of plan"):
        oidc.provider(_plan(oidc=said))
