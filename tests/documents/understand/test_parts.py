"""Parts that speak from another day."""

from __future__ import annotations

from priorauth.documents.pages import Page
from priorauth.documents.understand import head, parts, rules
from priorauth.documents.understand.sentences import sentences
from priorauth.values import dates

NOTE = """CLINIC NOTE
Date of service: 11/03/2026

A1c 8.1 %.
-- text below carried forward from visit 05/12/2026, reviewed --
  A1c today 8.8%.
-- end of carried forward text --
She walks.

ENCOUNTER 10-MAR-2026   WT 106.0 kg
"""


def test_text_that_was_carried_forward_speaks_from_its_own_visit() -> None:
    page, known = Page(number=1, text=NOTE), rules.load()
    told = list(parts.told(sentences(page, known.headings), page, head.head([page], known)))
    days = {one.text.strip()[:9]: (None if one.day is None else dates.iso(one.day), one.carried) for one in told}
    assert days["A1c today"] == ("2026-05-12", True)
    assert days["A1c 8.1 %"] == (None, False)
    assert days["She walks"] == (None, False)
    assert days["ENCOUNTER"] == ("2026-03-10", False)


def test_text_that_was_pulled_in_ends_where_its_end_is_marked() -> None:
    text = NOTE.replace("text below carried forward from visit", "pulled in from note of").replace(
        "end of carried forward text", "end of pulled-in text"
    )
    page, known = Page(number=1, text=text), rules.load()
    told = list(parts.told(sentences(page, known.headings), page, head.head([page], known)))
    assert [one.carried for one in told if one.text.strip().startswith(("A1c today", "She walks"))] == [True, False]


def test_the_line_of_a_fax_machine_is_no_part_of_a_page() -> None:
    text = "10/09/2026 11:02   FAX 555 0142   FRONT DESK   P.02/04\nNOTE"
    assert parts.without_fax_line(text) == " " * text.index("\n") + "\nNOTE"


def test_the_line_around_a_stretch_has_its_words() -> None:
    text = "a\n   DOS 10/08/2026   Okonjo  \nb"
    start, end = parts.line_of(text, 8, 12)
    assert text[start:end] == "DOS 10/08/2026   Okonjo"
