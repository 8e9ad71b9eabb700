"""Text in any encoding, page by page."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.documents.pages import Page
from priorauth.documents.readers import plain
from tests.documents import papers

NOTE = "Patiente: Zoë Müller, née Brontë.\nHbA1c 8,4 % le 12 février; glycémie ≥ 70.\nRésumé: ½ dose, 5 µg.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_a_text_says_the_same_in_each_encoding(encoding: str) -> None:
    mark = {"utf-16-le": b"\xff\xfe", "utf-16-be": b"\xfe\xff"}.get(encoding, b"")
    assert papers.text(mark + NOTE.encode(encoding)).strip() == NOTE.strip()


@pytest.mark.parametrize("encoding", ["cp1252", "cp437", "mac_roman"])
def test_a_text_of_an_older_machine_is_read_with_its_accents(encoding: str) -> None:
    said = NOTE.replace("≥", ">=").replace("½", "1/2") * 3
    assert plain.decoded(said.encode(encoding)) == said


def test_lines_end_as_each_machine_ends_them_and_a_form_feed_begins_a_page() -> None:
    one, two = papers.pages(b"a\r\nb\rc\nd\x0b e\x0cHbA1c\t8.4\x0c\x0c")
    assert one.text == "a\nb\nc\nd\n e"
    assert (two.number, two.text) == (2, "HbA1c   8.4")
    assert [(word.text, word.start) for word in two.words] == [("HbA1c", 0), ("8.4", 8)]


def test_a_long_text_is_parted_where_a_line_ends() -> None:
    lines = [f"line {number} of a very long note" for number in range(1000)]
    found = papers.pages("\n".join(lines).encode())
    assert len(found) > 3
    assert "\n".join(page.text for page in found).split("\n") == lines


def test_signs_of_boxes_are_those_that_are_meant_and_none_moves() -> None:
    (page,) = papers.pages("❑ DKA  \uf0fe low".encode())
    assert page.text == "☐ DKA  ☑ low"


def test_a_text_that_is_too_long_is_refused() -> None:
    with pytest.raises(plain.TextFault, match="longer than 5,000,000 letters"):
        list(plain.of_text("a" * 5_000_001, range(1, 2)))


@given(st.text(max_size=300), st.integers(1, 3))
def test_every_word_of_every_text_stands_where_it_is_said_to(text: str, most: int) -> None:
    found = [one for one in plain.of_text(text, range(1, most + 1)) if isinstance(one, Page)]
    assert len(found) <= most
    for page in found:
        assert all(page.text[word.start : word.start + len(word.text)] == word.text for word in page.words)


@given(st.binary(max_size=300))
def test_whatever_the_bytes_are_they_are_some_text(content: bytes) -> None:
    assert isinstance(plain.decoded(content), str)
