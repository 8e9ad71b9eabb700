"""The file of a case says what it is given, criterion by criterion, as a tagged PDF of always the same bytes."""

import datetime as dt
import io
from ctypes.util import find_library

from msgspec import structs
from pypdf import PdfReader

from priorauth.letters import page, paper
from priorauth.letters.casefile import CaseFile, Table, found, page_of, printed
from tests.letterbook import decided
from tests.parts import need

FILE = CaseFile(
    case="26-0117",
    plan="A <plan>",
    on=dt.date(2026, 11, 24),
    zone="America/New_York",
    about=(("State", "with-nurse"),),
    before=(Table("Items", ("Item", "Product"), (("1", "E0784"),)), Table("Clocks", ("Clock",), ())),
    determinations=(decided("examples/ask.json"),),
    after=(Table("What happened", ("When", "What"), (("today", "A paper <b>came</b>."),)),),
)


def test_it_says_what_it_is_given_and_of_what_there_is_nothing() -> None:
    text = page.text(page_of(FILE))
    for said in ("A <plan>", "File of case 26-0117", "E0784", "A paper <b>came</b>.", "24 November 2026"):
        assert said in text
    assert text.count("There is nothing of this kind.") == 1


def test_each_criterion_of_the_run_stands_with_what_is_on_file_and_what_does_not_count() -> None:
    made = found(decided("examples/ask.json"))
    assert made.outcome == "request-information"
    by_name = {one.name.partition(" ")[0]: one for one in made.criteria}
    assert {"II.A.T.4", "II.A.T.5", "II.A.T.7"} <= set(by_name)
    assert by_name["II.A.T.4"].status == "shown"
    assert any("insulin injections 4.0 a day" in said for said in by_name["II.A.T.4"].shown)
    assert any("too old" in said for said in by_name["II.A.T.7"].refused)
    text = page.text(page_of(FILE))
    assert all(one.name in text for one in made.criteria)


def test_a_character_that_the_fonts_lack_stands_as_its_number() -> None:
    text = page.text(page_of(structs.replace(FILE, plan="Plan 中")))
    assert "Plan [U+4E2D]" in text


def test_the_same_facts_give_the_same_bytes_tagged_titled_and_dated_by_what_happened_last() -> None:
    need(find_library("pango-1.0"), paper.PANGO)
    made = printed(FILE)
    assert printed(FILE) == made
    read = PdfReader(io.BytesIO(made))
    assert read.metadata is not None
    assert read.metadata.title == "File of case 26-0117"
    assert "pdfuaid:part" in read.root_object["/Metadata"].get_data().decode()  # type: ignore[attr-defined]  # a stream
    assert "20261124" in str(read.metadata.creation_date_raw) or "2026-11-24" in str(read.metadata.creation_date_raw)
