"""The page of a document: its words marked, what it states with who agreed; confirmed, rejected, tied, seen."""

from __future__ import annotations

import re
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from priorauth.ledger import tables as t
from priorauth.ledger.acts.decisions import Approve
from priorauth.ledger.events import Who
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench import fax, papers
from tests.workbench.house import Desk, hidden, plain

HBA1C = "HbA1c: 8.4 %"


def own(page: str, says: str) -> str:
    """Return the name of a fact that a page says."""
    found: list[tuple[str, str]] = re.findall(r'<li class="row says[^"]*" id="([\w-]+)"(.*?)</li>', page, re.DOTALL)
    return next(name for name, text in found if says in plain(text))


def press(day: Desk, at: str, do: str, says: str = HBA1C, who: Who = house.NURSE, **fields: str) -> Any:
    """Press the button of a fact."""
    headers = day.sign_in(who)
    page = day.running.client.get(at, headers=headers).text
    marks = hidden(page, f"{at}/confirm")
    return day.post(f"{at}/{do}", headers, {**marks, "of": own(page, says), **fields})


def words(day: Desk, number: str) -> list[tuple[str, str]]:
    return [(one["word"], one["person"]) for one in rows(day.store, t.proposal_word, case_no=number)]


def test_what_a_document_states_stands_by_criterion_with_its_quote_and_page(day: Desk) -> None:
    _, at = papers.with_letter(day)
    text = plain(day.get(at, house.NURSE).text)
    assert "Most recent HbA1c above 7.0 percent" in text
    assert f"{HBA1C} 2 Nov 2026 not confirmed" in text
    assert "hemoglobin A1c was 8.4 % on November 2, 2026 page 1" in text
    assert "Able to operate pump: yes" in text
    assert "The document says it only as likely" in text
    assert "The document says that it is not so." in text
    assert "type 2" not in text.rpartition("What it states: ")[2].lower()


def test_the_text_of_a_page_says_what_its_picture_says(day: Desk) -> None:
    _, at = papers.with_letter(day)
    page = day.get(at, house.NURSE).text
    assert '<mark class="o-open" id="w-q-1-' in page
    assert "hemoglobin A1c was 8.4 % on November 2, 2026</mark>" in page
    assert f"(states {HBA1C}, 2 Nov 2026)" in page
    assert "Her mother has type 2 diabetes." in page


def test_one_press_confirms_and_it_says_by_whom_and_when(day: Desk) -> None:
    number, at = papers.with_letter(day)
    runs = case(day.store, number)["runs"]
    answer = press(day, at, "confirm")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith(f"{at}?page=1&on=q-1-")
    assert words(day, number) == [("confirmed", "nina")]
    assert case(day.store, number)["runs"] == runs + 1
    text = plain(day.get(answer.headers["location"].partition("#")[0], house.NURSE).text)
    assert "Confirmed, in your name. The case was run again." in text
    assert f"{HBA1C} 2 Nov 2026 confirmed by Nina Nurse, nurse, Tue 24 Nov 2026 09:00 EST" in text


def test_a_fact_is_rejected_with_a_reason_or_without_and_can_be_confirmed_after_all(day: Desk) -> None:
    number, at = papers.with_letter(day)
    assert press(day, at, "reject", why="It is of last year.").status_code == 303
    text = plain(day.get(at, house.NURSE).text)
    assert "rejected by Nina Nurse, nurse, Tue 24 Nov 2026 09:00 EST: It is of last year." in text
    assert press(day, at, "confirm").status_code == 303
    assert press(day, at, "reject", "Able to operate pump: yes").status_code == 303
    assert [word for word, _ in words(day, number)] == ["rejected", "confirmed", "rejected"]


def test_the_same_press_twice_is_one_word(day: Desk) -> None:
    number, at = papers.with_letter(day)
    headers = day.sign_in(house.NURSE)
    page = day.running.client.get(at, headers=headers).text
    sent = {**hidden(page, f"{at}/confirm"), "of": own(page, HBA1C)}
    assert [day.post(f"{at}/confirm", headers, sent).status_code for _ in range(2)] == [303, 303]
    assert words(day, number) == [("confirmed", "nina")]


def test_a_reason_that_is_too_long_is_said_and_stays(day: Desk) -> None:
    number, at = papers.with_letter(day)
    answer = press(day, at, "reject", why="x" * 501)
    assert answer.status_code == 422
    assert "Use at most 500 characters" in plain(answer.text)
    assert f'value="{"x" * 501}"' in answer.text
    assert words(day, number) == []


@pytest.mark.parametrize("of", ["", "q-1-99", "q-t0", "x"])
def test_what_the_document_does_not_state_is_confirmed_by_nobody(day: Desk, of: str) -> None:
    number, at = papers.with_letter(day)
    assert press(day, at, "confirm", of=of).status_code == 404
    assert words(day, number) == []


def test_a_clinic_confirms_what_its_own_letter_says_and_that_is_its_answer(day: Desk) -> None:
    number, at = papers.with_letter(day)
    assert press(day, at, "confirm", who=house.COORDINATOR).status_code == 303
    assert words(day, number) == [("confirmed", "cora")]
    assert "confirmed by Cora Coordinator, coordinator" in plain(day.get(at, house.COORDINATOR).text)


@pytest.mark.parametrize(("who", "status"), [(house.OTHER_CLINIC, 404), (house.ADMIN, 403)])
def test_nobody_else_says_anything_of_it(day: Desk, who: Who, status: int) -> None:
    number, at = papers.with_letter(day)
    headers = day.sign_in(who)
    marks = hidden(day.running.client.get("/help/keys", headers=headers).text, "/sign-out")
    for do in ("confirm", "reject"):
        assert day.post(f"{at}/{do}", headers, {**marks, "of": "q-1-0"}).status_code == status
    assert words(day, number) == []


def test_a_document_of_another_patient_says_so_loudly_and_states_nothing(day: Desk) -> None:
    _, at = papers.with_letter(day, fax.pdf(papers.OTHER))
    page = day.get(at, house.NURSE)
    text = plain(page.text)
    assert "Set aside: nothing of this document counts" in text
    assert "It names Maria Gonzalez, born 2 Jan 1950. The request is for Ask Synthetic, born 19 Jun 1999." in text
    assert 'class="wrong" role="alert"' in page.text
    assert "8.4 %" not in text.partition("Text of page 1")[0]
    assert f'action="{at}/confirm"' not in page.text


def test_a_paper_that_cannot_be_read_says_why_and_is_kept(day: Desk) -> None:
    _, at = papers.with_letter(day, b"%PDF-1.4 broken")
    assert "It is kept as a paper for people to read: the PDF is damaged" in plain(day.get(at, house.NURSE).text)


def test_a_paper_that_waits_says_so_and_shows_its_picture(day: Desk) -> None:
    number = day.receive("ask")
    papers.filed(day, number, papers.letter())
    page = day.get(f"/c/{number}/documents/1", house.NURSE)
    assert "What this document states is being read." in plain(page.text)
    assert f'src="/c/{number}/documents/1/page/1.png"' in page.text


def test_a_decided_case_shows_what_was_said_and_asks_for_no_more(day: Desk) -> None:
    said = "Patient: Ask Synthetic          DOB: 06/19/1999\nNovember 12, 2026\n\nMs. Synthetic has type 1 diabetes."
    number, at = papers.with_letter(day, fax.pdf(said), "approve")
    assert f'action="{at}/confirm"' in day.get(at, house.NURSE).text
    house.done(day.store, Approve(case=number), house.NURSE, day.now)
    page = day.get(at, house.NURSE).text
    assert f'action="{at}/confirm"' not in page
    assert "Tie words by hand" not in page


def test_what_is_searched_for_is_listed_and_marked(day: Desk) -> None:
    _, at = papers.with_letter(day)
    page = day.get(f"{at}?find=a1c", house.NURSE).text
    assert "3 places have “a1c”." in plain(page)
    assert 'class="o-hit"' in page
    assert "No places have “insulin pump”." in plain(day.get(f"{at}?find=insulin+pump", house.NURSE).text)


def test_words_are_tied_line_by_line_to_a_fact_with_value_and_day(day: Desk) -> None:
    number, at = papers.with_letter(day)
    line = papers.LETTER.split("\n").index("She probably can operate the pump.") + 1
    picking = day.get(f"{at}?pick=1", house.NURSE).text
    assert f'name="line" value="{line}"' in picking
    headers = day.sign_in(house.NURSE)
    chosen = day.running.client.get(f"{at}?pick=1&line={line}", headers=headers).text
    assert "<blockquote" in chosen
    marks = hidden(chosen, f"{at}/tie")
    wrong = day.post(f"{at}/tie", headers, {**marks, "fact": "hba1c", "value": "high"})
    assert wrong.status_code == 422
    assert "Write the number (%), as the document has it." in plain(wrong.text)
    assert '<option value="hba1c" selected>' in wrong.text
    assert "She probably can operate the pump." in wrong.text.partition("<blockquote")[2][:200]
    done = day.post(f"{at}/tie", headers, {**marks, "fact": "able_to_operate_pump", "value": "yes"})
    assert done.headers["location"] == f"{at}?page=1&said=tied"
    (word,) = rows(day.store, t.proposal_word, case_no=number)
    assert (word["word"], word["person"], word["tied"]["quote"]) == (
        "tied",
        "nina",
        "She probably can operate the pump.",
    )
    text = plain(day.get(at, house.NURSE).text)
    assert "Able to operate pump: yes tied by hand by Nina Nurse, nurse, Tue 24 Nov 2026 09:00 EST" in text
    assert "A person marked these words." in text


def test_a_paper_that_the_policy_asks_for_is_seen_with_one_press(day: Desk) -> None:
    number, at = papers.with_letter(day)
    assert "Seen by me" in day.get(at, house.NURSE).text
    answer = press(day, at, "confirm", "Signed letter of medical necessity")
    assert answer.headers["location"].partition("said=")[2].startswith("confirmed-seen")
    assert words(day, number) == [("confirmed", "nina")]


def test_a_paper_that_nothing_was_read_of_is_seen_with_its_kind_and_day(day: Desk) -> None:
    number, at = papers.with_letter(day, fax.pdf("an order, written by hand"))
    bare = day.send(at, f"{at}/seen", house.NURSE)
    assert bare.status_code == 422
    assert "Choose which paper it is." in plain(bare.text)
    fields = {"paper": "prescription_signed_on", "day": "2026-11-12"}
    assert day.send(at, f"{at}/seen", house.NURSE, **fields).status_code == 303
    assert words(day, number) == [("seen", "nina")]
    assert f'action="{at}/seen"' not in day.get(at, house.COORDINATOR).text


def test_a_page_is_given_in_the_size_that_is_asked_for(day: Desk) -> None:
    _, at = papers.with_letter(day)
    wide = {}
    for size in ("t", "s", "m", "l"):
        headers = day.sign_in(house.NURSE)
        answer = day.running.client.get(f"{at}/page/1.png?size={size}", headers=headers)
        assert answer.headers["content-type"] == "image/png"
        wide[size] = Image.open(BytesIO(answer.content)).width
    assert wide["t"] < wide["s"] < wide["m"] <= wide["l"]


def test_a_picture_that_takes_long_leads_the_browser_back_to_itself_and_in_the_end_says_so(
    day: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    from priorauth.workbench import drawing

    monkeypatch.setattr(drawing, "PICTURE_SECONDS", 0.0)
    _, at = papers.with_letter(day)
    first = day.get(f"{at}/page/2.png?size=s", house.NURSE)
    assert first.status_code == 303
    assert first.headers["location"] == f"{at}/page/2.png?size=s&turned=0&again=1"
    last = day.get(f"{at}/page/2.png?size=l&again=15", house.NURSE)
    assert last.status_code in (200, 303)
    assert last.status_code == 303 or "is not drawn yet" in last.text or last.headers["content-type"] == "image/png"


def test_the_list_of_documents_says_what_each_states(day: Desk) -> None:
    number, _ = papers.with_letter(day)
    other = papers.filed(day, number, fax.pdf(papers.OTHER), name="other.pdf")
    papers.is_read(day, number, other)
    papers.filed(day, number, b"%PDF-1.4 later", name="later.pdf")
    text = plain(day.get(f"/c/{number}/documents", house.NURSE).text)
    assert re.search(r"states \d+ facts, \d+ to confirm", text)
    assert "set aside: the document is of another patient: the birth date differs" in text
    assert "is being read" in text


def test_the_case_and_the_criterion_show_what_documents_state_and_who_agreed(day: Desk) -> None:
    number, at = papers.with_letter(day)
    text = plain(day.get(f"/c/{number}", house.NURSE).text)
    assert "2 facts to confirm · nobody has taken it" in text
    said = "HbA1c: 8.4 % 2 Nov 2026 document, not confirmed · hemoglobin A1c was 8.4 % on November 2, 2026"
    assert f"{said} · letter.pdf, page 1" in text
    assert "Glucose tests as stated: 6 a day" in text
    assert "1 fact to confirm" in text
    press(day, at, "confirm")
    criterion = plain(day.get(f"/c/{number}/criterion/II.A.T.7", house.NURSE).text)
    assert "What documents state of it" in criterion
    assert "confirmed by Nina Nurse, nurse, Tue 24 Nov 2026 09:00 EST" in criterion
    assert "somebody confirmed what the document letter.pdf states: HbA1c" in criterion
