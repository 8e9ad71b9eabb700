"""What every request has: an id, headers, a line of the log, and somebody who catches what nobody else did."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

from priorauth.server.outer import HEADERS, Outer
from priorauth.server.who import OPEN
from tests.server.running import Running


@pytest.mark.parametrize("path", ["/", "/healthz", "/api/v1/cases", "/nothing", "/api/v1/nothing"])
def test_every_answer_has_the_headers_of_safety_and_an_id(served: Running, path: str) -> None:
    found = served.client.get(path)
    for name, value in HEADERS.items():
        assert found.headers[name] == value or (name, path) == ("Cache-Control", "/plain.css")
    assert len(found.headers["Request-Id"]) == 32


def test_every_answer_of_an_open_server_says_that_it_is_open(served: Running, closed: Running) -> None:
    for path in ("/", "/api/v1/cases", "/nothing"):
        assert OPEN in served.client.get(path).headers
        assert OPEN not in closed.client.get(path).headers


def test_over_tls_a_browser_is_told_to_stay_there(closed: Running) -> None:
    with TestClient(closed.client.app, base_url="https://plan.example") as client:
        assert "max-age" in client.get("/healthz").headers["Strict-Transport-Security"]
    assert "Strict-Transport-Security" not in closed.client.get("/healthz").headers


def test_a_fault_is_answered_and_the_log_says_where_and_not_what(served: Running) -> None:
    async def breaks(scope: Scope, receive: Receive, send: Send) -> None:
        del scope, receive, send
        raise ValueError("Fischer")

    found = TestClient(Outer(breaks, served.service)).get("/")
    assert found.status_code == 500
    assert "Fischer" not in found.text + served.out.getvalue()
    fault = next(line for line in served.lines() if line["event"] == "fault")
    assert (fault["fault"], fault["request"]) == ("ValueError", found.headers["Request-Id"])


def test_the_log_has_the_pattern_of_an_address_and_its_method(served: Running) -> None:
    served.client.get("/api/v1/cases/26-9999/runs/3")
    served.client.request("BREW", "/")
    lines = [(line["method"], line["route"]) for line in served.lines() if line["event"] == "request"]
    assert lines == [("GET", "/api/v1/cases/{case}/runs/{number}"), ("other", "/")]
