"""Letters and faxes in a browser: read for real, confirmed by a person, offered to the clinic, tied by hand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from priorauth.language.english import labels
from priorauth.ledger import tables as t
from priorauth.ledger.acts.intake import Receive
from priorauth.server import reading
from tests.ledger import house
from tests.ledger.standing import case, rows
from tests.workbench import browser as b
from tests.workbench import fax, faxed, papers
from tests.workbench.scenarios.conftest import MANAGER, Room
from tests.workbench.scenarios.test_states import keeps

pytestmark = pytest.mark.slow
PHONE = 360


def press(seat: b.Seat, fact: str, name: str = "Confirm") -> None:
    """Press a button of a fact, wherever it stands on the page of the document."""
    said = labels().one(fact)
    row = seat.page.locator("li.says").filter(has_text=f"{said[0].upper()}{said[1:]}").first
    with seat.page.expect_navigation():
        row.get_by_role("button", name=re.compile(rf"^{name}")).click()


@pytest.mark.parametrize("payer", faxed.FAXES)
def test_a_case_of_each_payer_is_decided_from_a_fax_and_the_audit_names_who_confirmed(
    room: Room, tmp_path: Path, payer: str
) -> None:
    wanted = faxed.FAXES[payer]
    act = Receive(bundle=faxed.request(payer))
    number = str(house.done(room.store, act, house.COORDINATOR, room.desk.now).case)
    assert case(room.store, number)["state"] == "with-clinic"
    paper = tmp_path / "fax.tif"
    paper.write_bytes(fax.fax(*wanted.text))
    with room.seat(house.COORDINATOR) as seat:
        seat.go(f"/c/{number}/documents")
        seat.page.get_by_label("The file").set_input_files(paper)
        seat.press("Attach it")
        assert seat.sees("is being read")
    reading.once(room.desk.running.service)
    with room.seat(house.NURSE) as seat:
        seat.go(f"/c/{number}")
        assert seat.sees("to confirm · ")
        seat.page.locator("[data-open] a[data-document]").first.click()
        for fact in wanted.facts:
            press(seat, fact)
            assert seat.sees("Confirmed, in your name.")
        seat.shot(f"{payer}-fax")
        seat.page.get_by_role("link", name="The case").click()
        assert seat.sees("confirmed by Nina Nurse") or seat.page.get_by_text("Shown (").count()
        with seat.page.expect_navigation():
            seat.press("Approve")
    assert case(room.store, number)["state"] == "approved"
    with room.seat(MANAGER) as seat:
        seat.go(f"/c/{number}/audit")
        told = seat.page.inner_text("main")
        assert "Document 1 was read; facts proposed:" in told
        for fact in wanted.facts:
            by = r"Nina Nurse, nurse\n(?:(?!\d\d:\d\d ).*\n)*?"  # and what else she said in that minute
            said = rf"{by}{labels().one(fact)} of document 1, page \d, was confirmed\."
            assert re.search(said, told, re.IGNORECASE), told
        assert "By Nina Nurse, nurse." in told


def test_a_clinics_letter_fills_its_form_and_counts_only_after_a_yes(room: Room, tmp_path: Path) -> None:
    letter = tmp_path / "letter.pdf"
    letter.write_bytes(papers.letter())
    with room.seat(house.COORDINATOR, java_script_enabled=False) as seat:
        seat.go("/clinic/check")
        seat.page.get_by_label("Files", exact=True).set_input_files([house.EXAMPLES / "ask.json", letter])
        seat.press("Check it")
        for _ in range(5):
            if not seat.page.get_by_text("It is being read").count():
                break
            seat.press("Check again")
        assert seat.sees("2 things are missing")
        assert seat.sees("Your letter.pdf says: hemoglobin A1c was 8.4 % on November 2, 2026 (page 1).")
        boxes = seat.page.locator("input[name=yes]")
        assert not [one for one in boxes.all() if one.is_checked()]
        for one in boxes.all():
            one.check()
        seat.press("Check again")
        assert seat.sees("Ready to approve")
        assert rows(room.store, t.cases) == []


def test_a_nurse_draws_a_rectangle_around_words_and_ties_them(room: Room) -> None:
    number, at = papers.with_letter(room.desk)
    with room.seat(house.NURSE) as seat:
        seat.go(at)
        seat.page.get_by_role("link", name="Tie words by hand").click()
        seat.page.locator("svg.over").wait_for(state="attached")
        seat.page.wait_for_load_state("networkidle")
        own = seat.page.locator("li.says").filter(has_text="Able to operate pump").get_attribute("id")
        box = seat.page.locator(f'svg.over rect[data-of="{own}"]').first.bounding_box()
        assert box is not None
        mouse = seat.page.mouse
        mouse.move(box["x"] - 4, box["y"] - 3)
        mouse.down()
        mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        mouse.move(box["x"] + box["width"] + 4, box["y"] + box["height"] + 3)
        with seat.page.expect_navigation():
            mouse.up()
        assert seat.page.locator("blockquote").inner_text().rstrip(".") == "can operate the pump"
        seat.page.get_by_label("What they state").select_option("able_to_operate_pump")
        seat.page.get_by_label("Value").fill("yes")
        seat.press("Tie the words")
        assert seat.sees("tied by hand by Nina Nurse, nurse")
    (word,) = rows(room.store, t.proposal_word, case_no=number)
    assert (word["word"], word["tied"]["quote"].rstrip(".")) == ("tied", "can operate the pump")


def test_a_nurse_goes_through_a_document_with_the_keyboard_and_confirms_without_javascript(room: Room) -> None:
    _, at = papers.with_letter(room.desk)
    with room.seat(house.NURSE) as seat:
        seat.go(at)
        keys = seat.page.keyboard
        named = "document.activeElement.closest('[data-open]')?.id"
        keys.press("n")
        first = seat.page.evaluate(named)
        keys.press("n")
        second = seat.page.evaluate(named)
        assert first
        assert second
        assert first != second
        keys.press("p")
        assert seat.page.evaluate(named) == first
        assert seat.page.locator(f'svg.over rect.now[data-of="{first}"]').count() == 1
        for key, wanted in (("+", "size=l"), ("-", ""), ("]", "page=2"), ("[", "page=1")):
            with seat.page.expect_navigation():
                keys.press(key)
            assert wanted in seat.page.url, key
        keys.press("/")
        keys.type("A1c")
        with seat.page.expect_navigation():
            keys.press("Enter")
        assert seat.sees("3 places have “A1c”.")
    with room.seat(house.NURSE, java_script_enabled=False) as seat:
        seat.go(at)
        press(seat, "hba1c")
        assert seat.sees("confirmed by Nina Nurse, nurse")


def test_every_state_of_a_document_can_be_read_by_everybody_at_every_width(room: Room) -> None:
    number, at = papers.with_letter(room.desk)
    other = papers.filed(room.desk, number, fax.pdf(papers.OTHER), name="other.pdf")
    papers.is_read(room.desk, number, other)
    waits = papers.filed(room.desk, number, fax.pdf("an order"), name="waits.pdf")
    broken = papers.filed(room.desk, number, b"%PDF-1.4 broken", name="broken.pdf")
    papers.is_read(room.desk, number, broken)
    text = papers.filed(room.desk, number, b"HbA1c 8.1 % on 2 November 2026\n", name="note.txt", media="text/plain")
    papers.is_read(room.desk, number, text)
    line = papers.LETTER.split("\n").index("She probably can operate the pump.") + 1
    listed = (
        (at, "What it states"),
        (f"{at}?size=l&page=2", "Page 2 of 2"),
        (f"{at}?find=A1c", "3 places have"),
        (f"{at}?pick=1", "Lines of page 1"),
        (f"{at}?pick=1&line={line}", "What they state"),
        (f"/c/{number}/documents/{other}", "Set aside: nothing of this document counts"),
        (f"/c/{number}/documents/{waits}", "is being read"),
        (f"/c/{number}/documents/{broken}", "kept as a paper for people to read"),
        (f"/c/{number}/documents/{text}", "HbA1c"),
        (f"/c/{number}/documents", "set aside"),
        (f"/c/{number}", "to confirm"),
        (f"/c/{number}/criterion/II.A.T.7", "What documents state of it"),
    )
    for who in (house.NURSE, house.COORDINATOR):
        with room.seat(who) as seat:
            for place, (path, says) in enumerate(listed):
                if who is house.COORDINATOR and path == f"/c/{number}":
                    continue
                seat.page.goto("about:blank")
                seat.go(path)
                keeps(seat, says)
                seat.page.set_viewport_size({"width": PHONE, "height": 900})
                assert seat.overflows() == 0, path
                seat.page.set_viewport_size({"width": b.WIDE, "height": 900})
                if who is house.NURSE:
                    seat.shot(f"document-{place}")
