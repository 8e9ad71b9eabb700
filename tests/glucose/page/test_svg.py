import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.glucose.page.svg import drawing, element, path

ANY = st.text(st.characters(codec=None), max_size=40)  # every code point there is, halves of pairs included


@given(words=ANY, value=ANY)
def test_whatever_the_words_are_an_element_is_well_formed_and_has_no_child(words: str, value: str) -> None:
    made = ET.fromstring(element("text", words, class_=value))  # noqa: S314  (our own text)
    assert (made.tag, list(made), set(made.attrib)) == ("text", [], {"class"})


@given(name=ANY, title=ANY, says=ANY)
def test_whatever_its_words_are_a_drawing_is_one_image_with_what_was_given(name: str, title: str, says: str) -> None:
    made = drawing(name, (10, 20), (title, says), [element("path", d="M0 0")])
    assert [part.tag.rpartition("}")[2] for part in ET.fromstring(made)] == ["title", "desc", "path"]  # noqa: S314


@given(words=st.text(st.characters(categories=("L", "N", "P", "S", "Zs")), max_size=40))
def test_words_are_read_back_as_they_were_given(words: str) -> None:
    assert (ET.fromstring(element("text", words)).text or "") == words  # noqa: S314  (our own text)


def test_what_no_xml_can_hold_is_shown_escaped() -> None:
    assert element("text", "a\x00\ud800<b>&\"'") == "<text>a\\x00\\ud800&lt;b&gt;&amp;&quot;&#x27;</text>"


def test_an_attribute_without_a_value_is_left_out_and_underscores_are_hyphens() -> None:
    assert element("path", d="M0 0", stroke_width=1.0, fill=None, class_="x") == (
        '<path d="M0 0" stroke-width="1" class="x"/>'
    )


@pytest.mark.parametrize(
    ("points", "closed", "steps"),
    [
        ([(1, 2)], False, "M1.0 2.0"),
        ([(1, 2), (3, 4.25), (5, 6)], False, "M1.0 2.0L3.0 4.2 5.0 6.0"),
        ([(1, 2), (3, 4)], True, "M1.0 2.0L3.0 4.0Z"),
    ],
)
def test_a_path_goes_through_its_points(points: list[tuple[float, float]], closed: bool, steps: str) -> None:  # noqa: FBT001
    assert path(points, closed=closed) == steps
