"""The conformance files keep their shape: what another engine reads in them is well formed, and no form is left out."""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from priorauth.facts import vocabulary
from priorauth.facts.notation import Notation
from priorauth.language import contents
from priorauth.language import forms as f
from priorauth.language.check import Checker
from priorauth.language.parse import Reading, parse, parse_reading
from priorauth.policy.load import Reader
from priorauth.policy.tree import leaves
from priorauth.values import dates, strict_yaml, units
from priorauth.values.strict_yaml import Mapping, Sequence

FOLDER = Path(__file__).resolve().parent.parent / "conformance"
FILES = sorted(FOLDER.glob("*.yaml"))

# The file of each form; a regimen and a condition share one class.
FORMS: dict[str, tuple[type, ...]] = {
    "latest": (f.Latest,),
    "any": (f.AnyRow,),
    "no": (f.NoRow,),
    "count": (f.Count,),
    "days-with": (f.DaysWith,),
    "daily-average": (f.Average,),
    "share": (f.Share,),
    "spread": (f.Spread,),
    "sum": (f.Sum,),
    "spaced": (f.Spaced,),
    "longest-gap": (f.Gap,),
    "regimen-throughout": (f.Throughout,),
    "condition-throughout": (f.Throughout,),
    "condition-on": (f.On,),
    "regimen-on": (f.On,),
    "attestation": (f.Stated,),
    "lasts": (f.Lasts,),
    "documented": (f.Documented,),
    "attribute-is": (f.Is,),
    "attribute-compare": (f.Has,),
    "age": (f.Age,),
    "before-since": (f.Earlier, f.Later),
    "date-within": (f.Recent,),
    "offset": (f.Offset,),
    "no-worse": (f.NoWorse,),
    "judged": (f.Judged,),
    "refused": (f.Refused,),
}
ACROSS = ("windows", "groups", "sources", "mentions", "stated-by", "only-for", "silence")
VERDICTS = {"met", "not-met", "unknown", "conflict"}
WHYS = {
    "no-data",
    "outside-window",
    "undated",
    "not-whole",
    "partial",
    "may-be-newer",
    "unit",
    "too-few",
    "mention",
    "no-anchor",
    "hint",
    "time",
    "pending",
    "needs-judgment",
    "none-on-file",
    "on-file-fails",
}
KEYS = {"name", "request", "leaf", "tree", "readings", "given", "verdict", "value", "evidence", "why"}


class Example(NamedTuple):
    """One case of a conformance file."""

    file: str
    case: Mapping

    @property
    def name(self) -> str:
        return str(self.case["name"])

    @property
    def place(self) -> str:
        return f"{self.file}:{self.case.line}"

    @property
    def readings(self) -> dict[str, Reading]:
        listed = self.case.get("readings", Mapping())
        assert isinstance(listed, Mapping), self.place
        return {name: parse_reading(str(text), name) for name, text in listed.items()}

    def refs(self) -> set[str]:
        found = Notation(self.file, vocabulary.load(), units.load()).rows(self.case["given"])
        return {row.ref for rows in found.values() for row in rows}


@cache
def top(path: Path) -> Mapping:
    return strict_yaml.read_file(path)


def examples(path: Path) -> Iterator[Example]:
    cases = top(path)["cases"]
    assert isinstance(cases, Sequence)
    for case in cases:
        assert isinstance(case, Mapping)
        yield Example(path.name, case)


def every_example() -> list[Example]:
    return [example for path in FILES for example in examples(path)]


def checked(example: Example) -> f.Form:
    form = parse(str(example.case["leaf"]), example.readings)
    checker = Checker(vocabulary.load(), units.load())
    form = checker.check(form)
    assert checker.faults == [], f"{example.place}: {checker.faults}"
    return form


def test_every_form_of_the_language_has_a_file() -> None:
    assert {path.stem for path in FILES} == {*FORMS, *ACROSS}
    shown = {form for forms in FORMS.values() for form in forms}
    assert shown == set(f.Form.__args__)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_names_its_form_its_day_and_its_cases(path: Path) -> None:
    file = top(path)
    assert set(file) - {"silence"} == {"form", "request", "cases"}
    assert file["form"] == path.stem
    dates.day(str(file["request"]))
    assert len(list(examples(path))) >= 10


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_file_shows_met_not_met_and_unknown(path: Path) -> None:
    wanted = {"met", "not-met", "unknown"} - ({"not-met"} if path.stem == "documented" else set())
    shown = {str(example.case["verdict"]) for example in examples(path)}
    assert wanted <= shown
    if path.stem == "documented":
        assert "not-met" not in shown


def test_no_two_cases_of_a_file_bear_the_same_name() -> None:
    for path in FILES:
        names = [example.name for example in examples(path)]
        assert sorted(set(names)) == sorted(names), path.name


def test_a_case_has_the_keys_that_another_engine_expects() -> None:
    for example in every_example():
        case = example.case
        assert set(case) <= KEYS, example.place
        assert {"name", "given", "verdict"} <= set(case), example.place
        assert len({"leaf", "tree"} & set(case)) == 1, example.place
        allowed = VERDICTS | ({"not-applicable"} if "tree" in case else set())
        assert case["verdict"] in allowed, example.place
        if "why" in case:
            assert case["verdict"] == "unknown", example.place
            assert case["why"] in WHYS, example.place
        if "request" in case:
            dates.day(str(case["request"]))


def test_every_reason_for_an_unknown_is_shown() -> None:
    assert {str(example.case["why"]) for example in every_example() if "why" in example.case} == WHYS


def test_every_name_is_a_sentence() -> None:
    for example in every_example():
        assert example.name[0].isupper() or example.name[0].isdecimal(), example.place
        assert " " in example.name, example.place
        assert not example.name.endswith("."), example.place


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_leaf_fits_the_language_and_the_vocabulary(path: Path) -> None:
    for example in examples(path):
        if "tree" in example.case:
            continue
        form = checked(example)
        if path.stem in FORMS:
            assert isinstance(form, FORMS[path.stem]), example.place
        if isinstance(form, f.Throughout) and path.stem in FORMS:
            assert (form.compare is not None) == (path.stem == "regimen-throughout"), example.place
        if isinstance(form, f.On) and path.stem in FORMS:
            assert (form.compare is not None) == (path.stem == "regimen-on"), example.place
        assert set(contents.readings_of(form)) == set(example.readings), (
            f"{example.place}: a reading that the leaf does not name"
        )


def test_every_tree_is_a_criterion_that_a_policy_may_hold() -> None:
    for example in every_example():
        if "tree" not in example.case:
            continue
        reader = Reader(example.file, vocabulary.load(), units.load(), example.readings)
        criterion = reader.criterion(example.case["tree"])
        assert reader.faults == [], example.place
        assert criterion is not None
        assert list(leaves(criterion)), example.place


def test_every_row_can_be_read_and_every_piece_of_evidence_is_one_of_them() -> None:
    for example in every_example():
        refs = example.refs()
        evidence = example.case.get("evidence", Sequence())
        assert isinstance(evidence, Sequence), example.place
        assert {str(ref) for ref in evidence} <= refs, example.place


def test_a_value_is_written_in_the_unit_of_its_fact_or_plain() -> None:
    for example in every_example():
        if "value" not in example.case:
            continue
        form = checked(example)
        fact = vocabulary.load()[form.fact]
        number, _, unit = str(example.case["value"]).partition(" ")
        assert (units.number(number) / fact.resolution).denominator == 1, example.place
        if isinstance(form, f.Count | f.DaysWith | f.Spaced):
            assert unit == "", example.place
        else:
            assert unit == ("%" if isinstance(form, f.Share) else fact.unit), example.place


def test_there_are_enough_cases_to_hold_an_engine_by() -> None:
    assert len(every_example()) >= 300
