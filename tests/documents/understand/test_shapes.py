"""The language of shapes: what a shape finds, and what is refused."""

from __future__ import annotations

import pytest

from priorauth.documents.understand.shapes import ShapeFault, compiled

LISTS = {"a1c": ["hba1c", "hgb a1c", "a1c"]}


def finds(shape: str, text: str, units: str = "%") -> str | None:
    match = compiled(shape, 1, LISTS, units).find.search(text)
    return None if match is None else match.group()


@pytest.mark.parametrize(
    ("shape", "text", "wanted"),
    [
        ("<a1c> .. {value}", "her A1c today was 8.4 %", "A1c today was 8.4 %"),
        ("<a1c> {value}", "Hgb  Alc 8.4%", "Hgb  Alc 8.4%"),
        ("<a1c> {value}", "HbAlc 8.4%", "HbAlc 8.4%"),
        ("(very )?motivated", "she is motivated", "motivated"),
        ("(very )?motivated", "she is very motivated", "very motivated"),
        ("inject* {often}", "injecting 4-6 times daily", "injecting 4-6 times daily"),
        ("lows? at night", "low at night", "low at night"),
        ("a .. b", "a one two three b", "a one two three b"),
        ("a .. b", "a one two three four b", None),
        ("a ... b", "a one two three four b", "a one two three four b"),
        ("a .. b", "a one; b", None),
        ("low \\d\\d", "a low 44 there", "low 44"),
    ],
)
def test_a_shape_finds_what_it_says(shape: str, text: str, wanted: str | None) -> None:
    assert finds(shape, text) == wanted


@pytest.mark.parametrize("text", ["A1c 3 months earlier", "A1c 10/01/2026", "A1c 8.i %", "A1c 118/72"])
def test_a_number_of_something_else_is_no_value(text: str) -> None:
    assert finds("<a1c> {value}", text) is None


def test_a_shape_is_not_tried_where_its_words_are_not() -> None:
    assert compiled("(a|b) dialysis since", 1, LISTS, "").needs == ("dialysis",)


@pytest.mark.parametrize("shape", ["<none> {value}", "{what}", "(open", "a | b", "(a)?", "{value} {value}"])
def test_a_shape_that_cannot_be_is_refused(shape: str) -> None:
    with pytest.raises(ShapeFault):
        compiled(shape, 1, LISTS, "%")
