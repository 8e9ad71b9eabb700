"""The documents of a case: attached, looked at, given back so that nothing runs, filed in error; reads recorded."""

from __future__ import annotations

import re
from io import BytesIO
from urllib.parse import unquote

import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from priorauth.ledger import tables as t
from priorauth.ledger.acts.files import File, FileDocument
from priorauth.ledger.events import Who
from priorauth.workbench.drafts import bundle, uploads
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench.house import Desk, hidden, plain
from tests.workbench.pages.test_moves import RESULT

CLINIC = house.COORDINATOR
PDF = b"%PDF-1.4 a letter"
SHOWS = next(iter(bundle.kinds()))


def attach(day: Desk, number: str, name: str, content: bytes, **fields: str) -> httpx2.Response:
    """Attach a file by the page."""
    at, headers = f"/c/{number}/documents", day.sign_in(CLINIC)
    marks = hidden(day.running.client.get(at, headers=headers).text, at)
    files = {"file": (name, content, "text/html")} if name else None
    return day.post(at, headers, {**marks, **fields}, files=files)


def documents(day: Desk, number: str) -> list[tuple[str, str, str]]:
    found = rows(day.store, t.document, case_no=number)
    return [(one["name"], one["kind"], one["media"]) for one in found]


def filed(
    day: Desk, number: str, content: bytes = PDF, media: str = "application/pdf", name: str = "letter.pdf"
) -> int:
    """File a document; return its number."""
    act = FileDocument(case=number, file=File(title=name, media=media, content=content))
    return int(house.done(day.store, act, CLINIC).more["document"])


def test_a_case_without_a_document_says_so_and_what_comes_next(day: Desk) -> None:
    number = day.receive("review")
    page = day.get(f"/c/{number}/documents", CLINIC)
    assert page.status_code == 200
    if "No document came with this case yet." in page.text:
        assert "Attach the first one below." in page.text
    assert f'action="/c/{number}/documents"' in page.text
    assert f'action="/c/{number}/documents"' not in day.get(f"/c/{number}/documents", house.NURSE).text


def test_a_result_is_attached_and_the_case_is_run_again(day: Desk) -> None:
    number = day.receive("ask")
    answer = attach(day, number, "lab.json", RESULT)
    assert answer.headers["location"] == f"/c/{number}/documents?said=attached"
    assert (documents(day, number), case(day.store, number)["runs"]) == (
        [("lab.json", "resources", "application/fhir+json")],
        2,
    )
    assert "II.A.T.7" in day.get(f"/c/{number}/documents", house.NURSE).text


def test_a_paper_is_what_its_content_is_whatever_the_browser_says_of_it(day: Desk) -> None:
    number = day.receive("ask")
    assert attach(day, number, "letter.pdf", PDF).headers["location"].endswith("said=attached-paper")
    assert documents(day, number) == [("letter.pdf", "paper", "application/pdf")]
    lies = attach(day, number, "scan.pdf", b"<script>alert(1)</script>")
    assert lies.headers["location"] == f"/c/{number}/documents/2?kept=1"
    assert "kept as a paper for people to read" in day.get(lies.headers["location"], CLINIC).text


def test_a_paper_of_a_kind_with_its_day_counts_as_seen(day: Desk) -> None:
    number = day.receive("ask")
    answer = attach(day, number, "letter.pdf", PDF, shows=SHOWS, dated="2026-11-12")
    assert answer.headers["location"].endswith("said=attached")
    assert [kind for _, kind, _ in documents(day, number)] == ["paper", "resources"]


@pytest.mark.parametrize(
    ("name", "content", "fields", "says"),
    [
        ("", b"", {}, "Choose the file."),
        ("a.pdf", b"", {}, "Choose the file."),
        ("a.pdf", PDF, {"shows": SHOWS}, "Write the day that the paper bears"),
        ("a.pdf", PDF, {"shows": SHOWS, "dated": "12 Nov"}, "Write the day as in 2026-11-27."),
        ("a.json", house.example("ask"), {}, "This is a request of its own"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    day: Desk, name: str, content: bytes, fields: dict[str, str], says: str
) -> None:
    number = day.receive("ask")
    answer = attach(day, number, name, content, **fields)
    assert answer.status_code == 422
    assert says in plain(answer.text)
    if "shows" in fields:
        assert f'<option value="{SHOWS}" selected>' in answer.text
    if "dated" in fields:
        assert f'value="{fields["dated"]}"' in answer.text
    assert documents(day, number) == []


def test_a_file_that_is_too_large_says_what_to_do(day: Desk) -> None:
    number = day.receive("ask")
    answer = attach(day, number, "a.pdf", PDF + b"x" * uploads.MOST_BYTES)
    assert answer.status_code == 422
    assert "Send it in parts." in plain(answer.text)
    assert documents(day, number) == []


def test_a_file_that_is_sent_twice_is_kept_once(day: Desk) -> None:
    number = day.receive("ask")
    at, headers = f"/c/{number}/documents", day.sign_in(CLINIC)
    fields = {**hidden(day.running.client.get(at, headers=headers).text, at), "shows": SHOWS, "dated": "2026-11-12"}
    files = {"file": ("letter.pdf", PDF, "application/pdf")}
    answers = [day.post(at, headers, fields, files=files) for _ in range(2)]
    assert [one.headers["location"] for one in answers] == [f"{at}?said=attached"] * 2
    assert len(documents(day, number)) == 2


@pytest.mark.parametrize(("who", "status"), [(house.OTHER_CLINIC, 404), (house.NURSE, 403), (house.DIRECTOR, 403)])
def test_nobody_else_attaches_anything_here(day: Desk, who: Who, status: int) -> None:
    number = day.receive("ask")
    headers = day.sign_in(who)
    marks = hidden(day.running.client.get("/help/keys", headers=headers).text, "/sign-out")
    answer = day.post(f"/c/{number}/documents", headers, marks, files={"file": ("a.pdf", PDF, "application/pdf")})
    assert answer.status_code == status
    assert documents(day, number) == []


def test_a_document_is_shown_beside_what_is_open_and_that_it_was_opened_is_recorded(day: Desk) -> None:
    number = day.receive("ask")
    filed(day, number, b"HbA1c\x00 8.1 %\x07 <b>", "text/plain", "note.txt")
    page = day.get(f"/c/{number}/documents/1", house.NURSE)
    assert page.status_code == 200
    assert "HbA1c 8.1 % &lt;b&gt;" in page.text
    assert "What is open on the case" in page.text
    assert "II.A.T.7" in page.text
    (event,) = [one for one in rows(day.store, t.event, case_no=number) if one["what"] == "read"]
    assert (event["person"], event["data"]["say"]["of"]) == ("nina", "document 1")


@pytest.mark.parametrize("number", ["0", "9", "x", "1234567", "%D9%A9", "-1"])
def test_a_document_that_is_not_there_is_none(day: Desk, number: str) -> None:
    at = f"/c/{day.receive('ask')}/documents/{number}"
    for path in (at, f"{at}/file", f"{at}/page/1.png"):
        assert day.get(path, house.NURSE).status_code == 404, path


def test_another_clinic_finds_no_document_by_any_address(day: Desk) -> None:
    number = day.receive("ask")
    filed(day, number)
    at = f"/c/{number}/documents"
    for path in (at, f"{at}/1", f"{at}/1/file", f"{at}/1/page/1.png"):
        assert day.get(path, house.OTHER_CLINIC).status_code == 404, path
    assert not [one for one in rows(day.store, t.event, case_no=number) if one["what"] == "read"]


def test_a_file_is_given_back_byte_by_byte_and_no_browser_runs_it(day: Desk) -> None:
    number = day.receive("ask")
    content = b"<script>alert(document.cookie)</script>"
    filed(day, number, content, "text/html", "a.html")
    answer = day.get(f"/c/{number}/documents/1/file", house.NURSE)
    assert answer.content == content
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]
    assert [one["what"] for one in rows(day.store, t.event, case_no=number)].count("read") == 1


@settings(max_examples=12)
@given(name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_a_file_of_any_name_is_saved_under_it(day: Desk, name: str) -> None:
    number = _WITH_NAMES.setdefault(id(day), day.receive("ask"))
    made = filed(day, number, name=name)
    answer = day.get(f"/c/{number}/documents/{made}/file", house.NURSE)
    said = answer.headers["content-disposition"]
    assert answer.status_code == 200
    found = re.fullmatch(r"""attachment; filename="([\w.() -]+)"; filename\*=UTF-8''([\w%.~-]*)""", said, re.ASCII)
    assert found is not None, said
    assert unquote(found[2]) == name


_WITH_NAMES: dict[int, str] = {}


def test_a_picture_is_shown_as_a_picture_and_what_is_none_has_no_page(day: Desk) -> None:
    image = pytest.importorskip("PIL.Image")
    made = BytesIO()
    image.new("RGB", (20, 10)).save(made, "PNG")
    number = day.receive("ask")
    filed(day, number, made.getvalue(), "image/png", "scan.png")
    filed(day, number, b"PK\x03\x04", "application/octet-stream", "notes.docx")
    at = f"/c/{number}/documents"
    assert f'src="{at}/1/page/1.png"' in day.get(f"{at}/1", house.NURSE).text
    leaf = day.get(f"{at}/1/page/1.png", house.NURSE)
    assert (leaf.status_code, leaf.headers["content-type"]) == (200, "image/png")
    assert leaf.content.startswith(b"\x89PNG")
    assert "This file has no page that can be shown here." in plain(day.get(f"{at}/2", house.NURSE).text)
    (event,) = [one for one in rows(day.store, t.event, case_no=number) if one["data"]["say"].get("of") == "document 1"]
    assert (event["what"], event["person"]) == ("read", "nina")
    for leaf_of in ("2/page/1.png", "2/page/x.png"):
        assert day.get(f"{at}/{leaf_of}", house.NURSE).status_code == 404


def test_a_page_of_a_document_that_was_not_opened_before_is_recorded_once(day: Desk) -> None:
    image = pytest.importorskip("PIL.Image")
    made = BytesIO()
    image.new("RGB", (20, 10)).save(made, "PNG")
    number = day.receive("ask")
    filed(day, number, made.getvalue(), "image/png", "scan.png")
    for who in (house.NURSE, house.NURSE, house.DIRECTOR):
        assert day.get(f"/c/{number}/documents/1/page/1.png", who).status_code == 200
    found = [one["person"] for one in rows(day.store, t.event, case_no=number) if one["what"] == "read"]
    assert found == ["nina", "dora"]


def test_a_document_filed_in_error_stays_and_is_read_no_longer(day: Desk) -> None:
    number = day.receive("ask")
    attach(day, number, "lab.json", RESULT)
    at = f"/c/{number}/documents/1"
    bare = day.send(at, f"{at}/error", CLINIC, why=" ")
    assert bare.status_code == 422
    assert "Write why it was filed in error." in bare.text
    done = day.send(at, f"{at}/error", CLINIC, why="Of another member.")
    assert done.headers["location"] == f"/c/{number}/documents?said=wrong-kept"
    assert case(day.store, number)["runs"] == 3
    page = day.get(at, house.NURSE).text
    assert "Filed in error: Of another member." in plain(page)
    assert f'action="{at}/error"' not in page
    assert "filed in error: Of another member." in plain(day.get(f"/c/{number}/documents", house.NURSE).text)
