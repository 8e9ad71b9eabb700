"""The log: ids alone."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import msgspec
import pytest

from priorauth.server import logs
from priorauth.server.demo.requests import made
from priorauth.server.logs import Passed, logger, place
from tests.ledger import house
from tests.server.running import FHIR, Moment, Running, named


def test_a_line_is_json_with_its_moment() -> None:
    out = io.StringIO()
    logger(out, Moment()).info("request", case="26-0001")
    assert json.loads(out.getvalue()) == {
        "at": "2026-11-24T14:00:00.000000Z",
        "level": "info",
        "case": "26-0001",
        "event": "request",
    }


def test_a_fault_is_told_by_its_kind_and_place_and_never_by_what_it_says() -> None:
    out = io.StringIO()
    logs.fault(logger(out, Moment()), "worker", ValueError("Fischer, Cleo"), worker="sweep")
    line = json.loads(out.getvalue())
    assert (line["event"], line["level"], line["worker"]) == ("worker", "error", "sweep")
    assert (line["fault"], line["place"]) == ("ValueError", "outside of priorauth")
    assert "Fischer" not in out.getvalue()


def test_a_warning_of_a_library_is_passed_on_without_what_filled_it_in() -> None:
    out = io.StringIO()
    library = logging.getLogger("a library")
    library.addHandler(Passed(logger(out, Moment())))
    library.propagate = False
    fault = ValueError("Fischer, Cleo")
    library.error("it failed for %s", "Fischer", exc_info=(ValueError, fault, None))
    line = json.loads(out.getvalue())
    assert (line["library"], line["says"], line["fault"]) == ("a library", "it failed for %s", "ValueError")
    assert "Fischer" not in out.getvalue()


def test_the_place_of_a_fault_is_a_line_of_ours() -> None:
    with pytest.raises(ValueError, match="no day") as fault:
        made(5, "no day")
    assert place(fault.value).startswith("values/dates.py:")
    assert place(ValueError()) == "outside of priorauth"


def _said_of(bundle: bytes) -> set[str]:
    """What a Bundle says of a member: names, identifiers, day of birth."""
    found: set[str] = set()
    for entry in msgspec.json.decode(bundle)["entry"]:
        resource = entry["resource"]
        if resource["resourceType"] == "Patient":
            found |= {resource["name"][0]["family"], *resource["name"][0]["given"], resource["birthDate"]}
            found |= {resource["id"], *(one["value"] for one in resource["identifier"])}
        if resource["resourceType"] == "Coverage":
            found.add(resource["subscriberId"])
    return found


def test_nothing_of_a_member_is_in_the_log_or_the_figures(served: Running) -> None:
    """Requests that are taken, refused, broken and read leave ids of cases and people, and nothing of the member."""
    words: set[str] = set()
    for one in made(6, "2026-11-23"):
        words |= _said_of(one.bundle)
        found = served.client.post("/api/v1/cases", content=one.bundle, headers={**named(house.COORDINATOR), **FHIR})
        case = found.json()["case"]
        for path in ("", "/events", "/runs/1", "/documents", "/clocks"):
            assert served.get(f"/api/v1/cases/{case}{path}", house.NURSE).status_code == 200
    name = max(words, key=len)
    patient = json.dumps({"resourceType": "Bundle", "entry": [{"resource": {"resourceType": "Patient", "id": name}}]})
    served.client.post("/api/v1/cases", content=patient, headers=FHIR)
    served.client.post("/api/v1/cases", content=patient[:-3], headers=FHIR)
    served.get(f"/api/v1/cases/{name}")
    served.get(f"/api/v1/cases?owner={name}&after={name}&{name}={name}")
    served.client.post(f"/{name}", headers={"X-Person": name})
    served.client.post(f"/api/v1/cases/26-0001/documents?{name}", files={"paper": (f"{name}.pdf", b"x")})
    said = served.out.getvalue() + served.client.get("/metrics").text
    assert len(words) > 12
    assert [word for word in words if word in said] == []


def test_the_log_says_of_each_request_who_what_and_how_long(served: Running) -> None:
    case = served.receive("ask")
    line = next(one for one in served.lines() if one.get("act") == "receive")
    assert (line["tenant"], line["person"], line["role"], line["case"]) == ("plan", "cora", "coordinator", case)
    assert (line["route"], line["method"], line["status"]) == ("/api/v1/cases", "POST", 201)
    assert line["ms"] > 0
    assert len(line["request"]) == 32


def test_a_name_in_an_address_is_not_in_the_log(served: Running) -> None:
    served.get("/api/v1/cases/Fischer")
    served.get("/Fischer")
    assert "Fischer" not in served.out.getvalue()


@pytest.mark.parametrize("path", sorted(Path("src/priorauth/server").rglob("*.py")), ids=str)
def test_no_module_of_the_server_prints_or_logs_a_fault_as_it_is(path: Path) -> None:
    text = path.read_text("utf-8")
    assert "print(" not in text
    assert ".exception(" not in text.replace(".add_exception", "")
