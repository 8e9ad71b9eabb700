"""Names, literals and numbers of CQL: nothing breaks out of its quotes, nothing is rounded."""

from __future__ import annotations

from fractions import Fraction

import pytest

from priorauth.engines.cql import pieces
from priorauth.engines.cql.pieces import Unsayable, identifier, string, whole
from priorauth.language import forms as f
from priorauth.values.dates import Duration


def test_names_and_texts_cannot_break_out_of_their_quotes() -> None:
    assert identifier('a "b" \\ c\n') == '"a \\"b\\" \\\\ c "'
    assert string("it's") == "'it\\'s'"


@pytest.mark.parametrize("number", [Fraction(1, 2), 2**31, -(2**31)])
def test_what_no_integer_of_cql_holds_is_refused(number: Fraction | int) -> None:
    with pytest.raises(Unsayable):
        whole(number)


def amount(number: Fraction | int) -> f.Amount:
    return f.Amount(Fraction(number), None, None, str(number), number)


def test_a_test_is_three_arguments_and_a_relation_is_two() -> None:
    assert pieces.compare(None) == ("null", "0")
    assert pieces.compare(f.Compare(">", amount(70))) == ("'>'", "70")
    assert pieces.test(f.Between(amount(54), amount(69))) == ("'between'", "54", "69")
    assert pieces.test(f.Compare("<", amount(54))) == ("'<'", "54", "0")
    assert pieces.test(None) == ("null", "0", "0")


def test_what_is_compared_with_a_measure_is_a_fraction() -> None:
    assert pieces.goal(f.Compare(">=", amount(Fraction(7, 2)))) == ("'>='", "7", "2")
    assert pieces.goal(None) == ("null", "0", "1")


def test_a_length_is_its_count_and_its_unit() -> None:
    assert pieces.length(Duration(6, "month")) == ("6", "'month'")


def test_no_texts_are_an_empty_list_of_texts() -> None:
    assert pieces.texts(()) == "List<String>{}"
    assert pieces.texts(("a", "b")) == "{'a', 'b'}"
