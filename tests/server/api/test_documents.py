"""Documents over the network."""

from __future__ import annotations

import json

from priorauth.server.api.documents import MOST_FILES, SANDBOX
from tests.ledger import house
from tests.server.running import Running, named

PAGE = b"<html><script>alert(1)</script></html>"


def _filed(served: Running, case: str, name: str, content: bytes, media: str = "text/html") -> int:
    files = {"resources" if name.endswith(".json") else "paper": (name, content, media)}
    found = served.client.post(f"/api/v1/cases/{case}/documents", files=files, headers=named(house.COORDINATOR))
    assert found.status_code == 201, found.text
    number: int = found.json()["more"]["document"]
    assert found.headers["Location"] == f"/api/v1/cases/{case}/documents/{number}"
    return number


def test_a_document_comes_back_as_it_went_and_no_browser_runs_it(served: Running) -> None:
    case = served.receive("review")
    number = _filed(served, case, "page.html", PAGE)
    found = served.get(f"/api/v1/cases/{case}/documents/{number}", house.NURSE)
    assert found.content == PAGE
    assert found.headers["Content-Disposition"].startswith('attachment; filename="page.html"')
    assert found.headers["Content-Security-Policy"] == SANDBOX
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert found.headers["Content-Type"] == "text/html"
    events = served.get(f"/api/v1/cases/{case}/events", house.NURSE).json()["rows"]
    opened = [one for one in events if one["what"] == "read" and f"document {number}" in json.dumps(one["say"])]
    assert [(one["person"], one["role"]) for one in opened] == [("nina", "nurse")]


def test_a_name_of_a_file_cannot_break_out_of_its_header(served: Running) -> None:
    case = served.receive("review")
    number = _filed(served, case, 'a"; x="é 木.pdf', b"x", "not a media type")
    found = served.get(f"/api/v1/cases/{case}/documents/{number}")
    disposition = found.headers["Content-Disposition"]
    plain = disposition.partition(";")[2].partition("filename*")[0]
    assert plain.count('"') == 2
    assert "filename*=UTF-8''" in disposition
    assert found.headers["Content-Type"] == "application/octet-stream"


def test_resources_make_a_new_run_and_what_cannot_be_read_is_kept_as_a_paper(served: Running) -> None:
    case = served.receive("ask")
    good = {"resourceType": "Bundle", "type": "collection", "entry": []}
    _filed(served, case, "more.json", json.dumps(good).encode())
    assert served.get(f"/api/v1/cases/{case}/runs").json()["runs"][-1]["number"] == 2
    files = {"resources": ("bad.json", b"{no", "application/json")}
    found = served.client.post(f"/api/v1/cases/{case}/documents", files=files, headers=named(house.COORDINATOR))
    assert found.status_code == 201
    assert "unread" in found.json()["more"]
    kinds = [one["kind"] for one in served.get(f"/api/v1/cases/{case}/documents").json()["documents"]]
    assert kinds == ["resources", "paper"]


def test_a_form_has_one_file_of_a_kind_that_is_known(served: Running) -> None:
    case = served.receive("review")
    path = f"/api/v1/cases/{case}/documents"
    who = named(house.COORDINATOR)
    two = [("paper", ("a", b"x")), ("paper", ("b", b"y"))]
    for files in (two, [("else", ("a", b"x"))], [("bundle", ("a", b"x"))]):
        assert served.client.post(path, files=files, headers=who).status_code == 422
    many = [("paper", (str(one), b"x")) for one in range(MOST_FILES + 3)]
    assert served.client.post(path, files=many, headers=who).status_code == 400
    assert served.client.post(path, content=b"x", headers=who).status_code == 415


def test_the_same_key_files_a_document_once(served: Running) -> None:
    case = served.receive("review")
    headers = {**named(house.COORDINATOR), "Idempotency-Key": "k"}
    path = f"/api/v1/cases/{case}/documents?dated=2026-11-20"
    numbers = [
        served.client.post(path, files={"paper": ("a.pdf", b"x")}, headers=headers).json()["more"]["document"]
        for _ in range(2)
    ]
    assert numbers == [1, 1]
    (one,) = served.get(f"/api/v1/cases/{case}/documents").json()["documents"]
    assert (one["dated"], one["filed_by"]) == ("2026-11-20", "cora")


def test_a_document_of_another_clinic_is_not_there(served: Running) -> None:
    case = served.receive("review")
    number = _filed(served, case, "a.pdf", b"x")
    assert served.get(f"/api/v1/cases/{case}/documents/{number}", house.OTHER_CLINIC).status_code == 404
    assert served.get(f"/api/v1/cases/{case}/documents/{number}", house.ADMIN).status_code == 403
    assert served.get(f"/api/v1/cases/{case}/documents/99", house.NURSE).status_code == 404


def test_a_clinic_files_nothing_in_the_case_of_another(served: Running) -> None:
    case = served.receive("review")
    found = served.client.post(
        f"/api/v1/cases/{case}/documents", files={"paper": ("a", b"x")}, headers=named(house.OTHER_CLINIC)
    )
    assert found.status_code == 404
