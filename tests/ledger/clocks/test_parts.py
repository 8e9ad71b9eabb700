"""Texts, figures and sources of a file of clocks: what is wrong is said with its line."""

from __future__ import annotations

import pytest

from priorauth.ledger.clocks.parts import Parts, kinds, urgency
from priorauth.ledger.clocks.rules import Amount, Figure, Source
from priorauth.values import strict_yaml

FIGURE = "f: {is: 7 calendar days, cite: a law, verified: yes}\n"


def read(text: str) -> tuple[Parts, strict_yaml.Mapping]:
    return Parts("x.yaml"), strict_yaml.read_bytes(text.encode(), "x.yaml")


def said(parts: Parts) -> list[str]:
    return [str(fault) for fault in parts.faults]


def test_a_figure_is_read_with_its_source() -> None:
    parts, row = read(FIGURE)
    assert parts.figure(row, "f") == Figure(Amount(7, "calendar days"), Source("a law", verified=True))
    assert parts.figure(row, "g") is None
    assert parts.figures(row, ()) == {"f": parts.figure(row, "f")}
    assert said(parts) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("f: 7 calendar days\n", "x.yaml:1: expected `f: {is, cite, verified}`"),
        (
            "f: {is: 7 days, cite: a, verified: yes}\n",
            "x.yaml:1: expected `is:` with a number and one of hours, counted",
        ),
        ("f: {is: seven hours, cite: a, verified: yes}\n", "x.yaml:1: expected `is:` with a number"),
        ("f:\n  is: 7 hours\n  cite: a\n", "x.yaml:2: expected `verified:` one of no, yes"),
        ("f:\n  is: 7 hours\n  cite: a\n  verified: perhaps\n", "x.yaml:4: expected `verified:` one of no, yes, found"),
        ("f: {is: 7 hours, verified: yes}\n", "x.yaml:1: expected `cite:` with a text"),
        ("f: {is: 7 hours, cite: a, verified: yes, more: b}\n", "x.yaml:1: `f:` has no key 'more'"),
        ("F G: {is: 7 hours, cite: a, verified: yes}\n", "x.yaml:1: expected a figure's name of small letters"),
    ],
)
def test_a_figure_that_is_none_is_a_fault(text: str, expected: str) -> None:
    parts, row = read(text)
    parts.figures(row, ())
    assert said(parts)[0].startswith(expected)


def test_a_figure_that_is_left_out_and_has_to_be_there_is_a_fault() -> None:
    parts, row = read("a: b\n")
    parts.needed(row, "within")
    assert said(parts) == ["x.yaml:1: expected `within:` with is, cite and verified"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "e: {by: {is: 7 hours, cite: a, verified: yes}, who: plan, grounds: [g]}\n",
            "expected an extension in calendar",
        ),
        (f"e: {{{FIGURE.strip().replace('f:', 'by:')}, who: plan}}\n", "expected `grounds:` with at least one ground"),
        (
            f"e: {{{FIGURE.strip().replace('f:', 'by:')}, who: plan, grounds: [x]}}\n",
            "expected `grounds:` of g; found 'x'",
        ),
        (
            f"e: {{{FIGURE.strip().replace('f:', 'by:')}, who: me, grounds: [g]}}\n",
            "expected `who:` one of plan, member",
        ),
        (
            f"e: {{{FIGURE.strip().replace('f:', 'by:')}, who: plan, grounds: [g], times: 0}}\n",
            "expected `times:` with a",
        ),
        ("e: soon\n", "expected a mapping of at most 1,000 keys under `extension:`"),
    ],
)
def test_an_extension_that_is_none_is_a_fault(text: str, expected: str) -> None:
    parts, row = read(text)
    parts.extension(row["e"], ["g"], 1)
    assert any(one.startswith(f"x.yaml:1: {expected}") for one in said(parts)), said(parts)


def test_lists_and_words_are_held_to_what_is_known() -> None:
    parts, row = read("urgency: soon\nkinds: [pre-service, pre-service]\nrows: [a]\nw: b\nautomatic: yes\n")
    assert urgency(parts, row) == "standard"
    assert kinds(parts, row, ("pre-service",)) == ("pre-service", "pre-service")
    parts.rows(row["rows"], "rows")
    parts.rows(row["w"], "w")
    parts.words(row, "w")
    assert parts.yes(row, "automatic")
    assert not parts.yes(row, "nothing")
    assert said(parts) == [
        "x.yaml:1: expected `urgency:` one of standard, expedited, found 'soon'",
        "x.yaml:2: a word stands twice under `kinds:`",
        "x.yaml:3: expected a mapping of at most 1,000 keys under `rows:`",
        "x.yaml:4: expected a list of at most 1,000 mappings under `w:`",
        "x.yaml:4: expected a list of words under `w:`",
    ]


def test_a_name_is_small_letters_and_digits() -> None:
    parts, _ = read("a: b\n")
    assert parts.named("a name", "mh-std", 1)
    assert not parts.named("a name", "MH std", 2)
    assert said(parts)[0].startswith("x.yaml:2: expected a name of small letters")
