"""Problem details."""

from __future__ import annotations

from typing import get_args

import msgspec

from priorauth.ledger.work import Code, Refused
from priorauth.server.problem import MEDIA, Problem


def test_every_way_in_which_the_ledger_refuses_has_a_status() -> None:
    for code in get_args(Code.__value__ if hasattr(Code, "__value__") else Code):
        found = Problem.of(Refused(code=code, reason="a reason"))
        assert 400 <= found.status < 600
        said = msgspec.json.decode(found.answer().body)
        assert said["type"] == f"urn:priorauth:problem:{code}"
        assert said["detail"] == "a reason"


def test_a_stale_version_says_what_has_changed() -> None:
    found = Problem.of(Refused(code="stale", reason="changed", since=({"what": "routed"},))).answer()
    assert (found.status_code, found.media_type) == (409, MEDIA)
    assert msgspec.json.decode(found.body)["since"] == [{"what": "routed"}]


def test_what_is_not_known_may_be_repeated() -> None:
    found = Problem.of(Refused(code="not-known", reason="broke")).answer()
    assert (found.status_code, "Retry-After" in found.headers) == (503, True)
