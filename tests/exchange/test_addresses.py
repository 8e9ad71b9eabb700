"""Under which address a plan is served."""

from __future__ import annotations

from starlette.requests import Request

from priorauth.exchange.addresses import base_of
from priorauth.exchange.plan import Plan

ASKED = Request(
    {
        "type": "http",
        "scheme": "http",
        "server": ("localhost", 80),
        "path": "/",
        "headers": [(b"host", b"a.example:8080")],
    }
)


def test_it_is_what_the_plan_says_or_else_what_the_request_does() -> None:
    assert base_of(ASKED, Plan(base="https://b.example/"), "plan", "2.2") == "https://b.example/plan/2.2"
    assert base_of(ASKED, Plan(), "plan", None) == "http://a.example:8080/plan"
