"""A document as its page shows it: the page and size that are asked for, marks, hits, small pages, chosen words."""

from __future__ import annotations

from priorauth.server import reads
from priorauth.workbench.forms import Form
from priorauth.workbench.view import sheet, stated
from priorauth.workbench.view.sheet import Sheet
from tests.ledger import house
from tests.workbench import fax, papers
from tests.workbench.house import Desk, visit


def shown(
    day: Desk, content: bytes | None = None, query: str = "", *, read: bool = True, form: Form | None = None
) -> Sheet:
    case = day.receive("ask")
    number = papers.filed(day, case, papers.letter() if content is None else content)
    if read:
        papers.is_read(day, case, number)
    there = visit(day, house.NURSE, "document", f"/?{query}", case=case, number=str(number))
    found = stated.read(there, case)[-1]
    kept = reads.content(day.store, house.NURSE, found.sha256)
    return sheet.sheet(there, found, kept, stated.stated(there, (found,)), form or Form())


def test_the_first_page_is_shown_with_what_is_stated_on_it(day: Desk) -> None:
    found = shown(day)
    assert (found.number, found.count, found.size, found.drawn, found.soon) == (1, 2, "m", True, False)
    assert found.leaf is not None
    assert {one.how for one in found.leaf.rectangles} == {"open"}
    assert [(one.number, one.now) for one in found.thumbs] == [(1, True), (2, False)]
    assert found.thumbs[1].says == "1 fact"


def test_what_is_searched_for_opens_the_first_page_that_has_it(day: Desk) -> None:
    found = shown(day, query="find=diabetes++education")
    assert (found.number, len(found.hits), found.thumbs[1].says) == (2, 1, "1 fact, 1 found")
    assert found.leaf is not None
    assert "hit" in {one.how for one in found.leaf.rectangles}


def test_a_page_or_size_that_is_not_there_is_the_nearest_that_is(day: Desk) -> None:
    for query, number in (("page=99", 2), ("page=0", 1), ("page=x", 1), ("page=-1", 1)):
        assert shown(day, query=f"{query}&size=huge").number == number, query


def test_addresses_keep_what_is_looked_at(day: Desk) -> None:
    found = shown(day, query="page=2&size=l&find=A1c")
    assert found.to() == "?page=2&size=l&find=A1c"
    assert found.to(page=1, find="") == "?page=1&size=l"
    assert (found.larger, found.smaller) == ("", "m")
    assert found.picture(1, "m", 0) == "page/1.png"
    assert found.picture(1, "t", 90) == "page/1.png?size=t&turned=90"


def test_words_are_chosen_by_lines_by_a_rectangle_and_by_the_form_that_is_shown_again(day: Desk) -> None:
    line = papers.LETTER.split("\n").index("She probably can operate the pump.") + 1
    by_line = shown(day, query=f"pick=1&line={line}")
    assert by_line.chosen is not None
    assert by_line.chosen.quote == "She probably can operate the pump."
    assert by_line.leaf is not None
    assert "chosen" in {one.how for one in by_line.leaf.rectangles}
    box = next(one for one in by_line.leaf.rectangles if one.how == "chosen")
    area = f"{box.left / 1000},{box.top / 1000},{(box.left + box.wide) / 1000:.4f},{(box.top + box.high) / 1000:.4f}"
    by_area = shown(day, query=f"pick=1&area={area}")
    assert by_area.chosen is not None
    assert by_area.chosen.quote == by_line.chosen.quote
    typed = Form({"page": ("1",), "first": (str(by_line.chosen.first),), "last": (str(by_line.chosen.last),)})
    assert shown(day, form=typed).chosen == by_line.chosen
    assert shown(day, query="line=9999").chosen is None


def test_a_paper_that_waits_to_be_read_has_its_picture_and_no_text_yet(day: Desk) -> None:
    found = shown(day, read=False)
    assert (found.drawn, found.leaf, found.soon) == (True, None, True)


def test_a_text_without_pages_of_its_own_is_shown_as_text(day: Desk) -> None:
    found = shown(day, b"HbA1c 8.1 % on 2 November 2026\n")
    assert (found.drawn, found.thumbs, found.count) == (False, (), 1)
    assert found.leaf is not None
    assert found.leaf.lines[0].text == "HbA1c 8.1 % on 2 November 2026"


def test_a_long_fax_has_small_pages_near_and_where_something_is(day: Desk) -> None:
    long = fax.pdf(*(["a page of the fax"] * 70), papers.LETTER)
    found = shown(day, long)
    assert found.count == 71
    assert [one.number for one in found.thumbs] == [1, 2, 3, 4, 5, 6, 7, 71]
