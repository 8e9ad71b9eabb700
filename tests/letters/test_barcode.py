"""The case number as bars, read back by hand."""

import re

import pytest
from barcode.charsets import code128

from priorauth.letters.barcode import BAR, QUIET, svg


def read(picture: str) -> str:
    """Return what a Code 128 barcode says (sets B and C)."""
    bars = [(int(x), int(width)) for x, width in re.findall(r'x="(\d+)" y="0" width="(\d+)"', picture)]
    end = max(x + width for x, width in bars)
    dark = {place for x, width in bars for place in range(x, x + width, BAR)}
    modules = "".join("1" if place in dark else "0" for place in range(QUIET, end, BAR))
    codes = {pattern: number for number, pattern in enumerate(code128.CODES)}
    values = [codes[modules[at : at + 11]] for at in range(0, len(modules) - 13, 11)]
    start, *said, check = values
    assert (start + sum(place * value for place, value in enumerate(said, 1))) % 103 == check
    text, digits = "", start == 105
    for value in said:
        if value in (99, 100) and digits == (value == 100):
            digits = value == 99
        else:
            text += f"{value:02d}" if digits else chr(value + 32)
    return text


@pytest.mark.parametrize("number", ["26-0117", "A1", "MH-2026-000117"])
def test_the_bars_say_the_case_number(number: str) -> None:
    assert read(svg(number)) == number


def test_the_same_number_gives_the_same_picture() -> None:
    assert svg("26-0117") == svg("26-0117") != svg("26-0118")


@pytest.mark.parametrize("number", ["", "26\u20130117", "a\nb"])
def test_a_number_that_has_no_bars_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="printable ASCII"):
        svg(number)
