"""Pieces of CQL: names, literals, and the arguments in which numbers, lengths and tests are handed over."""

from __future__ import annotations

from fractions import Fraction

from priorauth.language import forms as f
from priorauth.values.dates import Duration
from priorauth.values.interval import Number

LARGEST = 2**31 - 1
"""The largest Integer of CQL."""
AS_OF = '"as of"'


class Unsayable(ValueError):
    """Something that CQL cannot hold, such as a number beyond 32 bits."""


def identifier(name: str) -> str:
    """Write a name as a quoted identifier."""
    return f'"{_escaped(name, chr(34))}"'


def string(text: str) -> str:
    """Write a string literal."""
    return f"'{_escaped(text, chr(39))}'"


def whole(number: Number) -> str:
    """Write a whole number; raises Unsayable where it is none or beyond 32 bits."""
    value = Fraction(number)
    if value.denominator != 1 or abs(value) > LARGEST:
        raise Unsayable(f"{number}: expected a whole number that fits an Integer of CQL (32 bits)")
    return str(value.numerator)


def _escaped(text: str, quote: str) -> str:
    kept = "".join(one if one.isprintable() else " " for one in text)
    return kept.replace("\\", "\\\\").replace(quote, "\\" + quote)


def call(function: str, *arguments: str) -> str:
    """Write a call of a function of the shared library."""
    return f"PA.{function}({', '.join(arguments)})"


def boolean(value: object) -> str:
    """Write a truth."""
    return "true" if value else "false"


def texts(values: tuple[str, ...]) -> str:
    """Write a list of texts."""
    return "{" + ", ".join(map(string, values)) + "}" if values else "List<String>{}"


def length(duration: Duration) -> tuple[str, str]:
    """Write a calendar length as two arguments."""
    return whole(duration.count), string(duration.unit)


def compare(wanted: f.Compare | None) -> tuple[str, str]:
    """Write a relation to a number as two arguments; null where there is none."""
    return ("null", "0") if wanted is None else (string(wanted.op), whole(wanted.amount.number))


def test(wanted: f.Test | None) -> tuple[str, str, str]:
    """Write what a row's number is tested by as three arguments."""
    if isinstance(wanted, f.Between):
        return string("between"), whole(wanted.low.number), whole(wanted.high.number)
    return *compare(wanted), "0"


def goal(wanted: f.Compare | None) -> tuple[str, str, str]:
    """Write a relation to a fraction as three arguments."""
    return ("null", "0", "1") if wanted is None else (string(wanted.op), *fraction(wanted.amount.number))


def fraction(number: Number) -> tuple[str, str]:
    """Write a number as its numerator and its denominator."""
    value = Fraction(number)
    return whole(value.numerator), whole(value.denominator)
