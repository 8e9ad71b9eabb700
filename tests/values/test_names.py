"""Names are letters, digits and few marks."""

from __future__ import annotations

import pytest

from priorauth.values import names

HOSTILE = [
    "",
    "a b",
    "a'b",
    'a"b',
    "a;b",
    "a--",
    "-a",
    "a/b",
    "a\nb",
    "a\n",
    "é",
    "a" * 81,
    "a..b",
    "a,b",
    "\u0661",
    "$a",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_more_than_a_name_is_refused(name: str) -> None:
    for pattern in (names.OUTLINE, names.WORD, names.FACT):
        assert not pattern.takes(name)
    assert "found" in (names.OUTLINE.fault("an id", name) or "")
    assert names.policy(f"payer/{name}") is not None


@pytest.mark.parametrize("name", ["II.A.T.7", "0.3", "1", "EX.1", "II.A.C.7.d", "PA.4", "NCD.A-1", "E0784"])
def test_outline_ids_are_taken(name: str) -> None:
    assert names.OUTLINE.takes(name)
    assert names.OUTLINE.fault("an id", name) is None


def test_the_other_kinds_are_taken() -> None:
    assert names.policy("uhc-medicare-advantage/infusion-pump-therapy") is None
    assert names.WORD.takes("initial-trial")
    assert names.FACT.takes("hba1c_age")
    assert not names.FACT.takes("1_age")
    assert not names.WORD.takes("Upper")
    assert names.policy("payer") is not None
    assert names.policy("a/b/c") is not None


def test_a_name_of_eighty_characters_is_taken_and_one_of_eighty_one_is_not() -> None:
    for pattern in (names.OUTLINE, names.WORD, names.FACT):
        assert pattern.takes("a" * 80)
        assert not pattern.takes("a" * 81)


def test_a_name_that_is_nearly_a_known_one_is_asked_about_and_another_is_not() -> None:
    known = ("hba1c", "request_kind", "fasting_c_peptide")
    assert names.near("hba1", known) == "; did you mean 'hba1c'?"
    assert names.near("request-kind", known) == "; did you mean 'request_kind'?"
    assert names.near("nothing", known) == names.near("hba1c", ()) == ""
