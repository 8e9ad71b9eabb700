"""Gates over bits say of every member what AND, OR, NOT and counting say of each."""

from __future__ import annotations

from collections.abc import Hashable
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.engines.sql.gates import ALWAYS, NEVER, WORD, Bits, Gates, packed, unpacked

NAMES = ("a", "b", "c", "d")
EVERYBODY = list(product((False, True), repeat=len(NAMES)))
KNOWN: dict[Hashable, Bits] = {
    name: packed(np.array([row[place] for row in EVERYBODY])) for place, name in enumerate(NAMES)
}


def said(gates: Gates, gate: int) -> list[bool]:
    bits = gates.run(KNOWN, gates.needed([gate]), len(EVERYBODY))[gate]
    return [bool(bit) for bit in unpacked(bits, len(EVERYBODY))]


def test_each_gate_is_set_where_its_operator_says() -> None:
    gates = Gates()
    a, b, c, d = (gates.known(name) for name in NAMES)
    assert said(gates, gates.both(a, gates.other(b))) == [row[0] and not row[1] for row in EVERYBODY]
    assert said(gates, gates.either(gates.other(c), d)) == [not row[2] or row[3] for row in EVERYBODY]
    assert said(gates, gates.every((a, b, c, d))) == [all(row) for row in EVERYBODY]
    assert said(gates, gates.some((a, b, c, d))) == [any(row) for row in EVERYBODY]
    assert said(gates, ALWAYS) == [True] * len(EVERYBODY)
    assert said(gates, NEVER) == [False] * len(EVERYBODY)


@pytest.mark.parametrize("many", range(-1, len(NAMES) + 2))
def test_so_many_of_some_gates_are_set(many: int) -> None:
    gates = Gates()
    gate = gates.at_least(many, [gates.known(name) for name in NAMES])
    assert said(gates, gate) == [sum(row) >= many for row in EVERYBODY]


def test_what_is_settled_whoever_it_is_takes_no_line() -> None:
    gates = Gates()
    a, b = gates.known("a"), gates.known("b")
    assert gates.both(a, NEVER) == gates.both(a, gates.other(a)) == gates.other(ALWAYS) == NEVER
    assert gates.either(a, ALWAYS) == gates.either(gates.other(a), a) == ALWAYS
    assert gates.both(a, ALWAYS) == gates.either(a, NEVER) == gates.both(a, a) == gates.other(gates.other(a)) == a
    assert gates.both(a, b) == gates.both(b, a)


def test_only_what_is_needed_is_worked_out() -> None:
    gates = Gates()
    a = gates.known("a")
    gates.known("nobody knows it")
    gate = gates.other(a)
    assert gates.needed([gate]) == [a, gate]
    assert gates.needed([]) == []
    assert said(gates, gate) == [not row[0] for row in EVERYBODY]


@given(st.lists(st.booleans(), max_size=3 * WORD))
def test_bits_are_the_truths_they_were_made_of(truths: list[bool]) -> None:
    bits = packed(np.array(truths, np.bool_))
    assert bits.dtype == np.uint64
    assert [bool(bit) for bit in unpacked(bits, len(truths))] == truths
