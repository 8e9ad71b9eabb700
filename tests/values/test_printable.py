"""What would steer a terminal is shown, never sent."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.values.printable import json_text, one_line, page, printable

BIDI = [*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C]


@pytest.mark.parametrize("code", [*range(0x20), 0x7F, *range(0x80, 0xA0), 0x2028, 0x2029, *BIDI, 0xD800, 0xDFFF])
def test_a_character_that_steers_is_escaped(code: int) -> None:
    shown = printable(f"a{chr(code)}b")
    assert shown.isascii()
    assert shown.isprintable()
    assert shown[:2] == "a\\"


def test_text_of_any_language_stands_as_it_is() -> None:
    text = "HbA1c ≥ 8,1 %: Müller, 山田, אבג"
    assert printable(text) == text
    assert json_text(text) == text


def test_an_escape_sequence_is_six_visible_characters() -> None:
    assert printable("\x1b[31m") == "\\x1b[31m"


def test_the_line_breaks_of_a_page_stand() -> None:
    assert page("a\nb\r\n\u2028c\n") == "a\nb\\r\n\\u2028c\n"


@given(st.text())
def test_nothing_that_steers_is_left(text: str) -> None:
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in printable(text))


@given(st.dictionaries(st.text(), st.text()))
def test_json_keeps_its_meaning(value: dict[str, str]) -> None:
    made = json_text(json.dumps(value, ensure_ascii=False))
    assert json.loads(made) == value
    assert not any(unicodedata.category(letter) in {"Cc", "Cs", "Zl", "Zp"} for letter in made)


def test_one_line_is_cut_and_bears_one_space_for_whatever_is_no_visible_character() -> None:
    assert one_line(" a\x1b[0m\n\u202e b\t", 200) == "a [0m b"
    assert one_line("abc def", 4) == "abc"
    assert one_line("\r\n", 10) == ""
