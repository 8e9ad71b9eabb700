"""The way of a call: who may not call is told so before her body is read, a fault is told as an outcome."""

from __future__ import annotations

import json
from typing import Any

import pytest

from priorauth.exchange import app
from priorauth.exchange.call import ANYBODY, Call, Operation, Told
from priorauth.exchange.wire import Fault
from priorauth.ledger.store import Store
from tests.exchange.house import FHIR, PLAN
from tests.ledger import house
from tests.server.running import Running, running


def _echo(call: Call) -> Told:
    return Told({"client": call.client, "version": call.version, "base": call.base, "body": call.body})


def _breaks(call: Call) -> Told:
    raise KeyError(call.body["secret"])


def _refuses(call: Call) -> Told:
    raise Fault(422, "business-rule", "no", "Bundle.entry[0]", headers={"X-Said": call.client})


OPERATIONS = (
    Operation("POST", "/fhir/$echo", _echo, "submit", name="echo"),
    Operation("POST", "/fhir/$break", _breaks, "submit", name="break"),
    Operation("POST", "/fhir/$refuse", _refuses, "submit", name="refuse"),
    Operation("GET", "/fhir/open", _echo, ANYBODY, name="open"),
)


def served(store: Store, plan: dict[str, Any] | None = None, **more: Any) -> Any:
    house.furnish(store, exchange={**PLAN, **(plan or {})})
    return running(store, pages=app.routes(OPERATIONS), **more)


def sent(found: Running, path: str, body: Any, **headers: str) -> Any:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return found.client.post(f"/plan/{path}", content=content, headers={"Content-Type": FHIR, **headers})


def said(answer: Any) -> tuple[int, str, str]:
    body = answer.json()
    assert body["resourceType"] == "OperationOutcome"
    (issue,) = body["issue"]
    return answer.status_code, issue["code"], issue["details"]["text"]


def test_a_call_comes_with_its_version_its_base_and_who_makes_it(store: Store) -> None:
    with served(store) as found:
        for version in ("2.0", "2.2"):
            answer = sent(found, f"{version}/fhir/$echo", {"a": 1}, **{"X-Client": "clinic-ehr"})
            assert answer.json() == {
                "client": "clinic-ehr",
                "version": version,
                "base": f"http://localhost/plan/{version}",
                "body": {"a": 1},
            }
            assert answer.headers["Content-Type"] == FHIR
        assert found.client.get("/plan/2.2/fhir/open").json()["client"] == "open"
        assert found.client.post("/plan/2.2/fhir/%24echo", content=b"{}", headers={"Content-Type": FHIR}).is_success


def test_the_base_is_as_the_plan_says(store: Store) -> None:
    with served(store, {"base": "https://api.plan.example/"}) as found:
        answer = sent(found, "2.2/fhir/$echo", {})
        assert answer.json()["base"] == "https://api.plan.example/plan/2.2"


def test_what_is_not_served_is_not_found(store: Store) -> None:
    with served(store, {"versions": ["2.2"]}) as found:
        assert said(sent(found, "2.0/fhir/$echo", {}))[:2] == (404, "not-found")
        answer = found.client.post("/nobody/2.2/fhir/$echo", content=b"{}", headers={"Content-Type": FHIR})
        assert said(answer)[:2] == (404, "not-found")


def test_a_version_that_was_not_agreed_with_a_partner_is_forbidden_to_it(store: Store) -> None:
    partners = {"old": {"versions": ["2.0"]}}
    with served(store, {"partners": partners}) as found:
        assert said(sent(found, "2.2/fhir/$echo", {}, **{"X-Client": "old"}))[:2] == (403, "forbidden")
        assert sent(found, "2.0/fhir/$echo", {}, **{"X-Client": "old"}).is_success


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"{", {}, 400, "structure"),
        (b"[]", {}, 400, "structure"),
        (b'{"a": 1, "a": 2}', {}, 400, "structure"),
        (b'{"a": ' * 61 + b"1" + b"}" * 61, {}, 400, "structure"),
        (b"{}", {"Content-Type": "application/fhir+xml"}, 415, "not-supported"),
        (b'{"a": "' + b"x" * 1100 + b'"}', {}, 413, "too-long"),
        (b'{"a": "\xff"}', {}, 400, "structure"),
    ],
)
def test_a_body_that_is_none_is_refused(
    store: Store, body: bytes, headers: dict[str, str], status: int, code: str
) -> None:
    with served(store, {"most_bytes": 1000}) as found:
        assert said(sent(found, "2.2/fhir/$echo", body, **headers))[:2] == (status, code)


def test_who_is_not_let_in_is_told_so_before_the_body_is_read(store: Store) -> None:
    with served(store, open_to_all=False) as found:
        status, code, _ = said(sent(found, "2.2/fhir/$echo", b"no JSON at all"))
        assert (status, code) == (401, "login")


def test_a_fault_is_an_outcome_with_the_number_of_the_request_and_nothing_of_the_body(store: Store) -> None:
    with served(store) as found:
        answer = sent(found, "2.2/fhir/$break", {"secret": "Marisol"})
        assert said(answer) == (500, "exception", f"a fault of the server; request {answer.headers['Request-Id']}")
        assert "Marisol" not in found.out.getvalue()
        assert any(line["event"] == "fault" and line["fault"] == "KeyError" for line in found.lines())


def test_what_is_refused_says_where_and_bears_its_headers(store: Store) -> None:
    with served(store) as found:
        answer = sent(found, "2.2/fhir/$refuse", {})
        assert said(answer) == (422, "business-rule", "no")
        assert answer.json()["issue"][0]["expression"] == ["Bundle.entry[0]"]
        assert answer.headers["X-Said"] == "open"


def test_settings_that_cannot_be_read_are_the_plans_own_fault_and_stand_in_its_log(store: Store) -> None:
    house.furnish(store, exchange={"payer": {"nam": "A Plan"}})
    with running(store, pages=app.routes(OPERATIONS)) as found:
        status, code, text = said(sent(found, "2.2/fhir/$echo", {}))
        assert (status, code) == (500, "exception")
        assert "nam" not in text
        assert any("nam" in line.get("wrong", "") for line in found.lines())


def test_a_line_of_the_log_says_who_called_what(store: Store) -> None:
    with served(store) as found:
        sent(found, "2.2/fhir/$echo", {}, **{"X-Client": "clinic-ehr"})
        line = found.lines()[-1]
        assert (line["tenant"], line["client"], line["version"], line["operation"]) == (
            "plan",
            "clinic-ehr",
            "2.2",
            "echo",
        )
