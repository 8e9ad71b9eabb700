"""Papers are read while the server runs, one at a time, and what they propose is filed with their case."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest

from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File
from priorauth.ledger.acts.intake import Receive
from priorauth.ledger.care.verify import verify
from priorauth.ledger.events import Who
from priorauth.ledger.schema import open_store
from priorauth.ledger.unread import Unread
from priorauth.server import reading
from priorauth.server.reading import Papers, once
from tests.ledger import house
from tests.ledger.standing import rows
from tests.server.running import Running, named, running

LETTER: Final = b"""Green Valley Endocrinology
Progress Note

Patient: Ask Synthetic    DOB: 06/19/1999
Date of service: 11/12/2026

Assessment: Type 1 diabetes on multiple daily injections, 4 injections a day.
She checks her glucose 5 times a day. HbA1c 8.4 % on 11/02/2026.
She is motivated and has been shown to be able to operate the pump.

Electronically signed by Emma Endocrinologist, MD on 11/12/2026
"""
OF_ANOTHER: Final = LETTER.replace(b"Ask Synthetic", b"Robert Miller").replace(b"06/19/1999", b"01/02/1950")


def send(served: Running, case: str, content: bytes = LETTER, name: str = "note.txt") -> None:
    file = {"paper": (name, content, "text/plain")}
    found = served.client.post(f"/api/v1/cases/{case}/documents", files=file, headers=named(house.COORDINATOR))
    assert found.status_code == 201, found.text


def listed(served: Running, case: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = served.get(f"/api/v1/cases/{case}/documents").json()["documents"]
    return [one["reading"] for one in found]


def test_a_letter_that_was_sent_is_read_and_proposes(served: Running) -> None:
    case = served.receive("ask")
    send(served, case)
    assert [one["status"] for one in listed(served, case)] == ["waiting"]
    assert "priorauth_documents_waiting 1.0" in served.client.get("/metrics").text
    once(served.service)
    [found] = listed(served, case)
    assert (found["status"], found["findings"]["kind"], found["findings"]["dated"]) == (
        "read", "progress-note", "2026-11-12",
    )  # fmt: skip
    facts = {one["proposal"]["fact"]: one["proposal"] for one in found["proposals"]}
    assert facts["hba1c"]["value"] == "8.4 %"
    assert served.get(f"/api/v1/cases/{case}").json()["runs"] == 2
    said = served.client.get("/metrics").text
    assert "priorauth_documents_waiting 0.0" in said
    assert 'priorauth_documents_total{result="read"} 1.0' in said
    line = next(line for line in served.lines() if line["event"] == "documents")
    assert (line["case"], line["document"], line["result"]) == (case, 1, "read")
    assert "Synthetic" not in served.out.getvalue()
    text = served.get(f"/api/v1/cases/{case}/documents/1/text").json()
    assert "able to operate the pump" in text["pages"][0]["text"]


def test_the_same_paper_is_read_once_for_all_cases(served: Running) -> None:
    first, second = served.receive("ask"), served.receive("ask")
    send(served, first)
    once(served.service)
    send(served, second)
    once(served.service)
    assert [one["status"] for case in (first, second) for one in listed(served, case)] == ["read", "read"]
    assert len(rows(served.store, t.pages)) == 1


def test_a_paper_of_another_patient_is_set_aside(served: Running) -> None:
    case = served.receive("ask")
    send(served, case, OF_ANOTHER)
    once(served.service)
    [found] = listed(served, case)
    assert (found["status"], found["proposals"]) == ("kept-as-paper", [])
    assert "of another patient" in found["why"]
    run = served.get(f"/api/v1/cases/{case}/runs/2").json()
    assert "document 1: set aside" in str(run["determinations"][0]["warnings"])


def test_a_paper_that_cannot_be_read_is_kept_with_the_reason_and_not_tried_again(served: Running) -> None:
    case = served.receive("ask")
    send(served, case, b"%PDF-1.7", "scan.pdf")
    for _ in range(2):
        once(served.service)
    [found] = listed(served, case)
    assert (found["status"], "the PDF is damaged" in found["why"]) == ("kept-as-paper", True)
    assert len(rows(served.store, t.reading)) == 1
    assert 'priorauth_documents_total{result="refused"} 1.0' in served.client.get("/metrics").text


def test_what_a_request_holds_within_itself_is_filed_once_and_read(served: Running) -> None:
    bundle = json.loads(house.example("ask"))
    attachment = {"contentType": "text/plain", "data": base64.b64encode(LETTER).decode(), "title": "Note"}
    paper = {
        "resourceType": "DocumentReference", "id": "held", "status": "current", "date": "2026-11-12T10:00:00Z",
        "subject": {"reference": "Patient/ask"}, "content": [{"attachment": attachment}],
    }  # fmt: skip
    twice = [{"fullUrl": f"urn:uuid:{one}", "resource": {**paper, "id": one}} for one in ("held", "again")]
    bundle["entry"] += twice
    number = house.done(served.store, Receive(bundle=json.dumps(bundle).encode()), house.COORDINATOR).case
    once(served.service)
    [found] = rows(served.store, t.document, case_no=number)
    assert (found["name"], found["media"], str(found["dated"]), found["kind"]) == (
        "Note", "text/plain", "2026-11-12", "paper",
    )  # fmt: skip
    assert [one["status"] for one in listed(served, str(number))] == ["read"]


def test_without_the_extra_papers_stay_papers_and_that_is_said_once(
    served: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "NEEDED", ("no_such_library",))
    case = served.receive("ask")
    send(served, case)
    for _ in range(2):
        once(served.service)
    assert [one["status"] for one in listed(served, case)] == ["waiting"]
    said = [line for line in served.lines() if line["event"] == "documents"]
    assert [line["lacking"] for line in said] == [["no_such_library"]]


def test_a_case_that_closes_while_its_paper_is_read_is_left_as_it_is(served: Running) -> None:
    case = served.receive("ask")
    send(served, case)
    paper = rows(served.store, t.document)[0]
    assert served.act(case, "withdraw", house.COORDINATOR).status_code == 200
    left = Unread(case=case, document=1, title="note.txt", sha256=paper["sha256"])
    reading.one_paper(served.service, Papers(), house.TENANT, served.store, left)
    assert rows(served.store, t.reading) == []
    assert 'priorauth_documents_total{result="left"} 1.0' in served.client.get("/metrics").text


def test_what_comes_as_data_and_holds_a_paper_is_filed_and_read(served: Running) -> None:
    attachment = {"contentType": "text/plain", "data": base64.b64encode(LETTER).decode(), "title": "Note"}
    paper = {
        "resourceType": "DocumentReference", "id": "later", "status": "current",
        "subject": {"reference": "Patient/ask"}, "content": [{"attachment": attachment}],
    }  # fmt: skip
    case = served.receive("ask")
    file = {"resources": ("note.json", json.dumps(paper).encode(), "application/fhir+json")}
    found = served.client.post(f"/api/v1/cases/{case}/documents", files=file, headers=named(house.COORDINATOR))
    assert found.json()["more"]["document"] == 1
    once(served.service)
    assert [one["status"] for one in listed(served, case)] == ["kept-as-paper", "read"]


@pytest.mark.parametrize(
    ("who", "kind"), [(house.COORDINATOR, "document, confirmed by"), (house.NURSE, "document, seen by Nina Nurse")]
)
def test_what_each_side_confirms_counts_and_is_no_longer_asked(served: Running, who: Who, kind: str) -> None:
    case = served.receive("ask")
    send(served, case)
    once(served.service)
    assert served.get(f"/api/v1/cases/{case}").json()["to_confirm"] == 2
    assert "hba1c" in asked(served, case)
    [found] = listed(served, case)
    one = next(one for one in found["proposals"] if one["proposal"]["fact"] == "hba1c")
    done = served.act(case, "confirm-proposal", who, document=1, reading=one["reading"], proposal=one["number"])
    assert done.status_code == 200
    assert "hba1c" not in asked(served, case)
    assert served.get(f"/api/v1/cases/{case}").json()["to_confirm"] == 1
    assert kind in served.get(f"/api/v1/cases/{case}/runs/3").text
    said = served.get(f"/api/v1/cases/{case}/runs/2/difference/3").json()["says"]
    assert any("note.txt, page 1" in line for line in said)


def asked(served: Running, case: str) -> set[str]:
    """Return the facts that the newest run asks."""
    last = served.get(f"/api/v1/cases/{case}").json()["runs"]
    made = served.get(f"/api/v1/cases/{case}/runs/{last}").json()["determinations"]
    return {one["fact"] for one in made[0]["questions"]}


ROUND: Final = """
import sys
from priorauth.server import logs, metrics, reading, service
from priorauth.ledger.schema import open_store
from tests.server.running import Moment
stores, clock = {"plan": open_store(sys.argv[1])}, Moment()
reading.once(service.Service(stores, clock, logs.logger(sys.stderr, clock), metrics.Metrics(stores, clock)))
"""


def children(process: int) -> str:
    """Return the processes that a process has begun."""
    return Path(f"/proc/{process}/task/{process}/children").read_text("ascii")


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="it has to be seen that a process begins")
def test_a_server_that_is_killed_while_it_reads_leaves_nothing_half_and_the_next_one_reads(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ledger.db'}"
    store = open_store(url)
    house.furnish(store)
    file = File(title="note.txt", media="text/plain", content=LETTER)
    house.done(store, Receive(bundle=house.example("ask"), files=(file,)), house.COORDINATOR)
    root = str(Path(__file__).parents[2])
    process = subprocess.Popen([sys.executable, "-c", ROUND, url], cwd=root, stderr=subprocess.DEVNULL)
    while not children(process.pid):  # what says which tesseract is installed, then what reads
        assert process.poll() is None
        time.sleep(0.005)
    process.kill()
    process.wait()
    assert rows(store, t.reading) == []
    assert verify(store, house.TENANT).faults == ()
    with running(store) as found:
        once(found.service)
    assert [row["findings"]["kind"] for row in rows(store, t.reading)] == ["progress-note"]
    store.close()
