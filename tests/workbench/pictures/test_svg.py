"""SVG as text: everything from outside is escaped, words are measured so that they fit, rows so that none touch."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from priorauth.workbench.pictures import svg
from tests.workbench.pictures import seen

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(said=WORDS, value=WORDS)
def test_whatever_the_words_they_are_words(said: str, value: str) -> None:
    found = svg.root("name", (100, 50), (said, said), svg.group("row", svg.text(1, 2, said, fill=value), title=said))
    if "\ufffe" in found or "\uffff" in found:
        return  # no XML at all, and to a browser a letter like any other
    drawn = seen.root(found)
    assert [one.tag.removeprefix(seen.SVG) for one in drawn.iter()] == ["svg", "title", "desc", "g", "title", "text"]


def test_an_attribute_cannot_be_left() -> None:
    assert 'fill="&#34; onload=&#34;alert(1)"' in svg.text(0, 0, "", fill='" onload="alert(1)')


def test_numbers_have_one_decimal_at_most_so_that_the_bytes_are_the_same_everywhere() -> None:
    assert svg.line(1 / 3, 2, 3.0, 4.26) == '<line x1="0.3" y1="2" x2="3" y2="4.3" stroke="currentColor"/>'


def test_a_picture_has_a_title_and_a_description_that_it_names() -> None:
    drawn = seen.root(svg.root("one", (10, 10), ("what", "says")))
    assert drawn.get("role") == "img"
    assert [one.get("id") for one in drawn] == str(drawn.get("aria-labelledby")).split()


@given(said=WORDS, room=st.floats(20, 400))
def test_what_is_cut_fits(said: str, room: float) -> None:
    assert svg.wide(svg.short(said, room)) <= room
    for line in svg.lines(said, room):
        assert svg.wide(line) <= room


@given(said=st.text("abc W1", min_size=1), x=st.floats(0, 300))
def test_words_begin_where_they_fit(said: str, x: float) -> None:
    fits = svg.short(said, 200)
    begins = svg.begin(x, fits, 200)
    assert begins >= 0
    assert begins + svg.wide(fits) <= 200.001


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 30)).map(lambda one: (one[0], one[0] + one[1]))))
def test_spans_of_one_row_never_touch(spans: list[tuple[float, float]]) -> None:
    rows = svg.packed(spans, gap=1)
    for place, (low, high) in enumerate(spans):
        for other in range(place):
            a, b = spans[other]
            assert rows[other] != rows[place] or high + 1 <= a or low >= b + 1


def test_a_pattern_has_an_id_of_its_own() -> None:
    (pattern,) = ET.fromstring(svg.hatching("t-hatch"))  # noqa: S314 - our own text
    assert pattern.get("id") == "t-hatch"


@pytest.mark.slow  # starts a browser
def test_no_words_are_wider_in_a_browser_than_measured() -> None:
    said = [
        "window: 22 Oct 2026 to 20 Nov 2026",
        "8.7 %: too old",
        "WWMM mw @",
        "illicit (II.A.T.7)",
        "äöü ΩЖ 糖病",
    ]
    texts = [svg.text(0, 20 * place + 20, one) for place, one in enumerate(said)]
    texts.append(svg.text(0, 200, said[0], font_weight="bold"))
    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        page.set_content(svg.root("t", (720, 300), ("", ""), *texts))
        found = page.eval_on_selector_all("text", "all => all.map(one => one.getComputedTextLength())")
        browser.close()
    for one, width in zip(said, found, strict=False):
        assert width <= svg.wide(one), one
    assert found[-1] <= svg.wide(said[0], svg.SMALL * svg.BOLD)
