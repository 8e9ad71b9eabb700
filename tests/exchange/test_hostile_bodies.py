"""Whatever is sent: only what the table of faults allows is answered, an OperationOutcome with it; nothing of a body
stands in the log, and no case is half stored.
"""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from sqlalchemy import event, func, select

from priorauth.exchange.trying import case as cases
from priorauth.exchange.trying.checks.subscriptions import made as subscription
from priorauth.exchange.trying.session import HOOKS, Session
from priorauth.exchange.trying.shapes import objects, resources, text
from priorauth.ledger import tables as t
from priorauth.ledger.care.verify import verify
from priorauth.ledger.store import Store
from priorauth.server import limits
from tests.exchange.house import FHIR, Exchange, exchanging
from tests.exchange.kit.started import Started, started
from tests.ledger import house

Json = dict[str, Any]
ALLOWED: Final = {200, 201, 204, 400, 403, 404, 409, 412, 413, 415, 422}
WORD: Final = "Wolkenkuckucksheim"
"""Stands for everything of a member: it is in every body, and in no line of the log."""
CANONICAL: Final = "masshealth.insulin-pumps.adaptive"
PLAN: Final[Json] = {
    "forms": "adaptive",
    "payer": {
        "name": "A Plan",
        "npi": "1234567893",
        "identifiers": ["http://hl7.org/fhir/sid/us-npi|1234567893", "urn:priorauth:payer|masshealth"],
    },
    "partners": {
        "clinic-ehr": {"organisation": "clinic", "npis": ["1999999992", "1245319599"]},
        "other-ehr": {"organisation": "other-clinic"},
    },
}


def secret(value: Any) -> Any:
    """Return JSON in which names, birth dates and numbers of members are a word that must not be seen."""
    match value:
        case dict():
            return {
                name: WORD if name in ("family", "subscriberId", "display") and isinstance(one, str) else secret(one)
                for name, one in value.items()
            }
        case list():
            return [secret(one) for one in value]
        case _:
            return WORD if value == "M-ask" else value


def session(version: str) -> Session:
    made = cases.read(None, "00000000-0000-4000-8000-000000000009")
    return Session(
        "http://localhost/c", "http://localhost/f", version, cases.Case(secret(made.bundle), made.run), lambda: 0
    )


def operations(exchange: Exchange, version: str) -> Iterator[tuple[str, Json]]:
    """Yield the address of each operation that takes a body, and a body that it takes."""
    one = session(version)
    services = objects(exchange.get("/cds-services", version).json(), "services")
    for hook in HOOKS:
        prefetch = next(each["prefetch"] for each in services if each["hook"] == hook)
        call = one.case.hook(hook, prefetch, "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea")
        assert call is not None
        call["prefetch"] |= {"order": one.case.order} if hook == "order-dispatch" else {}
        yield f"/cds-services/{hook}-crd", call
    given = {
        "card": "d1577c69-dfbe-44ad-ba6d-3e05e953b2ea",
        "outcome": "overridden",
        "outcomeTimestamp": "2026-11-24T14:00:00Z",
    }
    yield "/cds-services/order-sign-crd/feedback", {"feedback": [given]}
    package = one.case.package(order=True)
    yield "/fhir/Questionnaire/$questionnaire-package", package
    answered = exchange.post("/fhir/Questionnaire/$questionnaire-package", package, version)
    drafts = [
        each
        for bundle in objects(answered.json(), "parameter", "resource")
        for each in resources(bundle, "QuestionnaireResponse")
    ]
    adaptive = next(each for each in drafts if each.get("contained"))
    begun = exchange.post("/fhir/Questionnaire/$next-question", adaptive, version)
    assert begun.status_code == 200, begun.text
    yield "/fhir/Questionnaire/$next-question", begun.json()
    issue = {"severity": "error", "code": "exception", "details": {"text": WORD}}
    named = ("Questionnaire", "OperationOutcome") if version == "2.0" else ("questionnaire", "operationOutcome")
    errors = [
        {"name": named[0], "valueCanonical": f"https://plan.example/Questionnaire/{CANONICAL}|1"},
        {"name": named[1], "resource": {"resourceType": "OperationOutcome", "issue": [issue]}},
    ]
    yield "/fhir/Questionnaire/$log-questionnaire-errors", {"resourceType": "Parameters", "parameter": errors}
    sets = [
        each for bundle in objects(answered.json(), "parameter", "resource") for each in resources(bundle, "ValueSet")
    ]
    url = {"name": "url", "valueUri": sets[0]["url"]}
    yield "/fhir/ValueSet/$expand", {"resourceType": "Parameters", "parameter": [url]}
    request = one.case.request()
    assert exchange.post("/fhir/Claim/$submit", request, version).status_code == 200
    yield "/fhir/Claim/$submit", request
    yield "/fhir/Claim/$inquire", one.case.inquiry("one")
    yield "/fhir/Subscription", subscription(one, endpoint="https://ehr.clinic.example/told")
    answers = {
        "resourceType": "QuestionnaireResponse",
        "status": "completed",
        "subject": {"reference": "Patient/ask"},
        "authored": "2026-11-24T09:30:00-05:00",
        "item": [{"linkId": "motivated", "answer": [{"valueBoolean": True}]}],
    }
    parts = [
        {"name": "TrackingId", "valueIdentifier": {"system": "urn:priorauth:trying", "value": one.case.run}},
        {"name": "AttachTo", "valueCode": "preauthorization"},
        {"name": "MemberId", "valueIdentifier": {"value": WORD}},
        {"name": "Attachment", "part": [{"name": "Content", "resource": answers}]},
    ]
    yield "/fhir/$submit-attachment", {"resourceType": "Parameters", "parameter": parts}


def is_outcome(body: Any) -> bool:
    return isinstance(body, dict) and body.get("resourceType") == "OperationOutcome" and bool(objects(body, "issue"))


def whole(store: Store) -> list[str]:
    """Return what is wrong with a ledger: its own faults, cases without a run, answers without a case."""
    found = [str(one) for one in verify(store, house.TENANT).faults]
    with store.reading(house.TENANT) as connection:
        known = set(connection.execute(select(t.cases.c.case_no)).scalars())
        run = set(connection.execute(select(t.run.c.case_no)).scalars())
        traced = set(connection.execute(select(t.traced.c.case_no)).scalars())
        asked = set(connection.execute(select(t.ask.c.case_no).where(t.ask.c.case_no.is_not(None))).scalars())
    found += [f"{one} was never run" for one in known - run]
    found += [f"{one} has no number" for one in known - traced]
    found += [f"{one} was answered and is not there" for one in asked - known]
    return [*found, *(f"{one} was stored and not answered" for one in known - asked)]


def thrown(exchange: Exchange, version: str, count: int) -> Counter[tuple[str, str, int]]:
    """Send so many mutated bodies by turns to every operation; return how often what was answered."""
    from tests.exchange.mutating import mutated

    listed = list(operations(exchange, version))
    mix: Counter[tuple[str, str, int]] = Counter()
    wrong: list[tuple[object, ...]] = []
    for number in range(count):
        path, body = listed[number % len(listed)]
        if number < len(listed):
            taken = exchange.post(path, body, version)
            assert taken.status_code < 300, (version, path, taken.text[:500])
        name, data = mutated(body, (int(version.replace(".", "")), number))
        found = exchange.post(path, data, version)
        mix[path.rpartition("/")[2], name, found.status_code] += 1
        fits = found.status_code in ALLOWED and (found.status_code < 400 or is_outcome(found.json()))
        if not fits:
            faults = [one for one in exchange.running.lines() if one["event"] == "fault"]
            at = (faults[-1]["fault"], faults[-1]["place"]) if faults else ()
            wrong.append((version, number, path, name, found.status_code, *at))
    assert wrong == [], "\n".join(map(str, wrong))
    return mix


def held(exchange: Exchange, mix: Counter[tuple[str, str, int]]) -> None:
    """Hold what has to be so afterwards, and show the mix."""
    statuses: Counter[int] = Counter()
    for (_, _, status), times in mix.items():
        statuses[status] += times
    refused = sum(times for status, times in statuses.items() if status >= 400) / mix.total()
    assert 0.2 < refused < 0.95, statuses
    assert whole(exchange.store) == []
    log = exchange.running.out.getvalue()
    assert WORD not in log
    assert '"event": "fault"' not in log
    by_path: dict[str, Counter[int]] = {}
    for (path, _, status), times in mix.items():
        by_path.setdefault(path, Counter())[status] += times
    for path, counted in sorted(by_path.items()):
        print(f"{path:<28}" + "  ".join(f"{status}: {times}" for status, times in sorted(counted.items())))
        assert sum(times for status, times in counted.items() if status >= 400) > 0, path


@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_a_few_mutated_bodies_bring_only_what_is_allowed(store: Store, version: str) -> None:
    with exchanging(store, PLAN) as exchange:
        held(exchange, thrown(exchange, version, 160))


@pytest.mark.slow
@pytest.mark.parametrize("version", ["2.0", "2.2"])
def test_two_thousand_mutated_bodies_against_every_operation_bring_only_what_is_allowed(
    store: Store, version: str
) -> None:
    with exchanging(store, PLAN) as exchange:
        held(exchange, thrown(exchange, version, 2000))


# ---- the rows of the table


def refused(exchange: Exchange, data: bytes, status: int, path: str = "/fhir/Claim/$submit") -> Json:
    found = exchange.post(path, data)
    assert (found.status_code, found.headers["content-type"]) == (status, FHIR)
    assert is_outcome(found.json())
    assert whole(exchange.store) == []
    body: Json = found.json()
    return body


def submitted(number: int = 0) -> bytes:
    one = session("2.2").case
    return json.dumps(cases.Case(one.bundle, f"00000000-0000-4000-8000-{number:012d}").request()).encode()


BROKEN: Final = (
    b"", b"{", b"nothing", b"[1]", b'"text"', b"null", b"\xff\xfe{}",
    b'{"resourceType": "Bundle", "resourceType": "Bundle"}',
    b'{"resourceType": "Bundle", "type": NaN}', b"[" * 61 + b"]" * 61, b'{"a": ' * 61 + b"1" + b"}" * 61,
    b"[" * 100_000,
)  # fmt: skip


@pytest.mark.parametrize("path", ["/fhir/Claim/$submit", "/fhir/Claim/$inquire", "/cds-services/order-sign-crd"])
def test_what_is_no_json_has_a_key_twice_or_nests_too_deep_is_refused(exchange: Exchange, path: str) -> None:
    for data in BROKEN:
        assert refused(exchange, data, 400, path)["issue"][0]["severity"] == "error"


def test_a_body_that_is_larger_than_the_plan_takes_is_refused(store: Store) -> None:
    with exchanging(store, {**PLAN, "most_bytes": 20_000}) as exchange:
        assert refused(exchange, b" " * 20_001, 413)["issue"][0]["code"] == "too-long"
        assert exchange.post("/fhir/Claim/$submit", submitted()).status_code == (
            413 if len(submitted()) > 20_000 else 200
        )


def test_a_body_of_more_entries_than_the_plan_takes_is_refused(exchange: Exchange) -> None:
    made = json.loads(submitted())
    one = {"fullUrl": "urn:uuid:0", "resource": {"resourceType": "Basic"}}
    made["entry"] += [one] * (5_001 - len(made["entry"]))
    refused(exchange, json.dumps(made).encode(), 413)


def test_a_body_that_is_packed_is_no_json(exchange: Exchange) -> None:
    import gzip

    packed = gzip.compress(b" " * 1_000_000)
    found = exchange.post("/fhir/Claim/$submit", packed, headers={"Content-Encoding": "gzip"})
    assert found.status_code in (400, 415)
    assert is_outcome(found.json())


def test_a_stream_that_says_nothing_of_its_size_is_cut_at_the_limit(exchange: Exchange) -> None:
    sent = 0

    def endless() -> Iterator[bytes]:
        nonlocal sent
        while sent < 40_000_000:
            sent += 1_000_000
            yield b" " * 1_000_000

    found = exchange.running.client.post(
        f"/{house.TENANT}/2.2/fhir/Claim/$submit",
        content=endless(),
        headers={"Content-Type": FHIR, "X-Client": "clinic-ehr"},
    )
    assert (found.status_code, is_outcome(found.json())) == (413, True)


def test_a_body_that_says_it_is_too_large_is_refused_before_it_is_read(exchange: Exchange) -> None:
    found = exchange.post("/fhir/Claim/$submit", b"{}", headers={"Content-Length": str(limits.MOST_BODY + 1)})
    assert (found.status_code, is_outcome(found.json())) == (413, True)


NOT_SERVED: Final = (
    ("POST", "/fhir", 404), ("POST", "/fhir/Claim/$nothing", 404), ("GET", "/fhir/Claim/1", 404),
    ("GET", "/fhir/Claim/$submit", 405), ("DELETE", "/fhir/Claim/$submit", 405), ("POST", "/cds-services", 405),
    ("POST", "/cds-services/none", 404), ("POST", "/cds-services/a/b/c", 404), ("PUT", "/fhir/metadata", 405),
)  # fmt: skip


def test_an_address_or_a_method_that_is_not_served_is_told_as_an_outcome(exchange: Exchange) -> None:
    for method, path, status in NOT_SERVED:
        headers = {"X-Client": "clinic-ehr", "Content-Type": FHIR}
        address = f"/{house.TENANT}/2.2{path}"
        found = exchange.running.client.request(method, address, content=b"{}", headers=headers)
        assert (found.status_code, is_outcome(found.json())) == (status, True), path
        assert ("allow" in found.headers) is (status == 405)


def test_a_body_of_another_kind_is_refused(exchange: Exchange) -> None:
    for media in ("application/fhir+xml", "text/plain", "multipart/form-data", "application/octet-stream"):
        found = exchange.post("/fhir/Claim/$submit", b"<Bundle/>", headers={"Content-Type": media})
        assert (found.status_code, is_outcome(found.json())) == (415, True)


def test_the_same_bytes_again_are_the_same_case_and_the_same_answer(store: Store) -> None:
    with exchanging(store, PLAN) as exchange:
        first, second = (exchange.post("/fhir/Claim/$submit", submitted()) for _ in range(2))
        assert (first.status_code, first.content) == (200, second.content)
        assert counted(store) == 1
        other = exchange.post("/fhir/Claim/$submit", submitted(), client="other-ehr")
        assert (other.status_code, counted(store)) == (200, 2)


def test_the_same_number_on_other_bytes_is_a_new_case(store: Store) -> None:
    with exchanging(store, PLAN) as exchange:
        made = json.loads(submitted())
        made["timestamp"] = "2026-11-20T09:46:00-05:00"
        assert exchange.post("/fhir/Claim/$submit", submitted()).status_code == 200
        assert exchange.post("/fhir/Claim/$submit", made).status_code == 200
        assert counted(store) == 2
        assert whole(store) == []


def counted(store: Store) -> int:
    with store.reading(house.TENANT) as connection:
        found: int = connection.execute(select(func.count()).select_from(t.cases)).scalar_one()
    return found


def test_a_fault_of_the_server_has_the_number_of_the_request_and_nothing_of_the_body(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def breaks(*_: object, **__: object) -> None:
        raise RuntimeError(WORD)

    with exchanging(store, PLAN) as exchange:
        monkeypatch.setattr("priorauth.exchange.app.parsed", breaks)
        found = exchange.post("/fhir/Claim/$submit", submitted())
        monkeypatch.undo()
        assert (found.status_code, is_outcome(found.json())) == (500, True)
        named = found.headers["request-id"]
        assert named in found.json()["issue"][0]["details"]["text"]
        assert WORD not in found.text + exchange.running.out.getvalue()
        (line,) = [one for one in exchange.running.lines() if one["event"] == "fault"]
        assert (line["request"], line["fault"]) == (named, "RuntimeError")
        assert whole(store) == []


def test_while_the_database_is_away_a_client_is_told_to_come_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("priorauth.ledger.store.BUSY_SECONDS", 1)

    def hurried(connection: Any, *_: Any) -> None:
        connection.execute("PRAGMA busy_timeout = 200")

    with exchanging(store, PLAN) as exchange:
        event.listen(store.engine, "checkout", hurried)
        with store.writing(house.TENANT):
            found = exchange.post("/fhir/Claim/$submit", submitted())
        event.remove(store.engine, "checkout", hurried)
        assert (found.status_code, is_outcome(found.json())) == (503, True)
        assert int(found.headers["retry-after"]) > 0
        assert whole(store) == []
        assert exchange.post("/fhir/Claim/$submit", submitted()).status_code == 200


# ---- over the wire


@pytest.fixture
def server(store: Store) -> Iterator[Started]:
    with started(store, most_bytes=25_000_000) as found:
        yield found


def raw(server: Started, data: bytes, *, close: bool = False) -> bytes:
    """Send bytes and return what is answered."""
    parts = urlsplit(server.address)
    with socket.create_connection((parts.hostname, parts.port), 20) as there:
        there.sendall(data)
        if close:
            return b""
        found = b""
        while more := there.recv(65_536):
            found += more
        return found


def head(server: Started, more: str) -> bytes:
    path = f"/{house.TENANT}/2.2/fhir/Claim/$submit"
    token = server.token()
    host = urlsplit(server.address).netloc
    named = f"Host: {host}\r\nAuthorization: Bearer {token}\r\nContent-Type: {FHIR}\r\n"
    return f"POST {path} HTTP/1.1\r\n{named}{more}\r\n".encode()


def test_a_client_that_hangs_up_in_the_middle_of_a_body_leaves_nothing(server: Started) -> None:
    data = submitted()
    for share in (0.1, 0.5, 0.99):
        raw(server, head(server, f"Content-Length: {len(data)}\r\n") + data[: int(len(data) * share)], close=True)
    time.sleep(0.3)
    assert counted(server.store) == 0
    assert whole(server.store) == []
    assert WORD not in server.out.getvalue()
    assert server.post("/fhir/Claim/$submit", data).status == 200


def test_a_body_that_does_not_go_on_is_cut_after_a_while_and_others_are_answered(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The limit is a minute; here it is a second."""
    named: Json = dict(limits.Limits.__init__.__kwdefaults__ or {})
    monkeypatch.setattr(limits.Limits.__init__, "__kwdefaults__", {**named, "seconds": 1.0})
    with started(store) as server:
        begun = time.perf_counter()
        found = raw(server, head(server, "Content-Length: 1000\r\n") + b"{")
        assert b" 408 " in found.partition(b"\r\n")[0]
        assert b"OperationOutcome" in found
        assert time.perf_counter() - begun < 15
        assert server.post("/fhir/Claim/$submit", submitted()).status == 200


def test_the_same_request_sent_ten_times_at_once_is_one_case(server: Started) -> None:
    data, found = submitted(), []
    token = server.token()
    parts = urlsplit(server.address)

    def sends() -> None:
        there = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=60)
        headers = {"Authorization": f"Bearer {token}", "Content-Type": FHIR}
        there.request("POST", f"/{house.TENANT}/2.2/fhir/Claim/$submit", data, headers)
        answer = there.getresponse()
        found.append((answer.status, answer.read()))
        there.close()

    threads = [threading.Thread(target=sends) for _ in range(10)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert {status for status, _ in found} <= {200, 409, 503}
    answers = {body for status, body in found if status == 200}
    assert len(answers) == 1
    assert counted(server.store) == 1
    assert whole(server.store) == []


def test_who_asks_too_often_is_told_when_to_come_again(store: Store) -> None:
    from tests.exchange.kit.started import KIT, OTHER, plan

    said = plan("", "http://127.0.0.1:1", "http://127.0.0.1:1")
    slow = {**said["partners"][KIT], "rate": 0.1, "burst": 3}
    with started(store, partners={KIT: slow, OTHER: said["partners"][OTHER]}) as server:
        found = [server.post("/fhir/Claim/$inquire", {}) for _ in range(4)]  # to ask for the token counts too
        assert [one.status for one in found] == [400, 400, 429, 429]
        assert is_outcome(found[-1].body)
        assert int(found[-1].headers["retry-after"]) > 0
        assert server.post("/fhir/Claim/$inquire", {}, client=OTHER).status == 400


def test_of_a_request_the_log_has_who_what_and_how_long_and_nothing_else(store: Store) -> None:
    with exchanging(store, PLAN) as exchange:
        assert exchange.post("/fhir/Claim/$submit", submitted()).status_code == 200
        assert exchange.post("/fhir/Claim/$submit", b"{").status_code == 400
        lines = [one for one in exchange.running.lines() if one["event"] == "request"]
    assert [(one["tenant"], one["client"], one["version"], one["operation"], one["status"]) for one in lines] == [
        ("plan", "clinic-ehr", "2.2", "submit", 200),
        ("plan", "clinic-ehr", "2.2", "submit", 400),
    ]
    assert set(lines[0]) == {
        "at", "level", "event", "request", "method", "route", "status", "ms", "tenant", "client", "version",
        "operation",
    }  # fmt: skip
    assert text({"a": WORD}, "a") not in json.dumps(lines)
