"""Leaves as calls of the shared CQL library."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import pytest

from priorauth.export import cql_forms
from priorauth.export.cql_forms import Unsayable, call, identifier, string, whole
from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.vocabulary import Vocabulary
from priorauth.language import forms as f
from priorauth.language.check import Checker
from priorauth.language.parse import parse
from priorauth.values import units


@dataclass
class Plain:
    """Names that say what they name."""

    vocabulary: Vocabulary

    def fact(self, name: str) -> str:
        return name

    def anchor(self, name: str) -> str:
        return f"<{name}>"

    def frame(self, windows: tuple[f.Window, ...], compared: tuple[str, str] | None = None) -> str:
        words = [cql_forms.said(window) for window in windows]
        return f"[{' '.join([*words, compared[0]] if compared else words)}]"


def form(text: str) -> f.Form:
    checker = Checker(vocabularies.load(), units.load())
    checked = checker.check(parse(text))
    assert not checker.faults
    return checked


def written(text: str) -> str:
    return call(form(text), Plain(vocabularies.load()))


@pytest.mark.parametrize(
    ("leaf", "expected"),
    [
        ("latest hba1c within 12 months > 7.0 %", "PA.Latest(hba1c, [within 12 months], '>', 70, 90)"),
        ("motivated", "PA.Yes(motivated)"),
        ("age < 18 years on service", "PA.Age(birth_date, <service>, '<', 18)"),
        ("diabetes throughout 6 months", "PA.ConditionThroughout(diabetes, <request>, 6, 'month')"),
        (
            "daily average of glucose_self_test within 30 days >= 3.5 /d",
            "PA.Average(glucose_self_test, [within 30 days], '>=', 7, 2)",
        ),
        (
            "count of hypoglycemia between 54 mg/dL and 69 mg/dL >= 2",
            "PA.CountRows(hypoglycemia, [], 'between', 54, 69, '>=', 2, 1)",
        ),
        (
            "any c_peptide <= 1.1 ng/mL with fasting_glucose <= 225 mg/dL",
            "PA.AnyRow(c_peptide, [], '<=', 110, fasting_glucose, '<=', 225)",
        ),
        ("no severe_hypoglycemia within 6 months", "PA.NoRow(severe_hypoglycemia, [within 6 months])"),
        ("birth_date < 2015-10-01", "PA.Has(birth_date, '<', 735872)"),
    ],
)
def test_a_leaf_is_one_call(leaf: str, expected: str) -> None:
    assert written(leaf) == expected


def test_silence_is_laid_over_what_goes_undocumented() -> None:
    assert written("judged end_stage_complication") == (
        "PA.Silence(PA.Yes(end_stage_complication), end_stage_complication.silent"
        " and not end_stage_renal_disease.hinted, false)"
    )


def test_a_comparison_over_time_is_made_on_each_side_and_on_both() -> None:
    said = written("count of hypoglycemia within 6 months no worse than before prior_approval by 1")
    assert said.count("PA.NoWorse(") == 3
    assert "[within 6 months as long before prior_approval]" in said
    assert said.count("if hypoglycemia.both then") == 2


def test_names_and_texts_cannot_break_out_of_their_quotes() -> None:
    assert identifier('a "b" \\ c\n') == '"a \\"b\\" \\\\ c "'
    assert string("it's") == "'it\\'s'"


@pytest.mark.parametrize("number", [Fraction(1, 2), 2**31, -(2**31)])
def test_what_no_integer_of_cql_holds_is_refused(number: Fraction | int) -> None:
    with pytest.raises(Unsayable):
        whole(number)
