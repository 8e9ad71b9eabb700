"""Reading criteria: every fault is said with its line, none is repaired, and no file breaks the reader."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary as vocabularies
from priorauth.policy import document
from priorauth.policy.load import MAX_CRITERIA, whole
from priorauth.policy.tree import Group, Leaf, Policy
from priorauth.values import units
from tests.policy.files import folder, require


def load(place: Path, text: str) -> Policy:
    return document.load(folder(place, text), vocabularies.load(), units.load())


def faults(place: Path, text: str) -> tuple[str, ...]:
    with pytest.raises(PolicyFaults) as refused:
        load(place, text)
    return tuple(str(fault).replace(f"{place}/", "") for fault in refused.value.faults)


def test_a_line_that_cannot_be_read_is_shown_with_a_caret_below_the_place(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, require("when: latest hba1c abve 7.0 %"))
    place, text, caret = found.splitlines()
    assert place.startswith("payer-x/pumps/2020-01-01.yaml:14: expected ")
    assert text[caret.index("^") :].startswith("abve")


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    found = faults(tmp_path, require("all:\n  - latest hba1c > 7.0 kg\n  - nothing_here\n  - {when: diabetes, id: A}"))
    assert [fault.split(":")[1] for fault in found] == ["15", "16", "17"]
    assert "kg does not become %" in found[0]
    assert "no fact is named 'nothing_here'" in found[1]
    assert "expected a title" in found[2]


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("{}", "expected exactly one of when, all, any"),
        ("when: diabetes\nall: [diabetes]", "found when and all"),
        ("all: []", "expected at least one part under `all:`"),
        ("at least: 3\nof: [diabetes, motivated]", "expected `at least: k`"),
        (f"at least: {'9' * 5_000}\nof: [diabetes]", "expected `at least: k`"),
        ("when: diabetes\nwhy: no", "a criterion has no key 'why'"),
        ("when: [diabetes]", "expected one line of the language"),
        ("all: [{id: A, title: a, when: diabetes}, {id: A, title: b, when: motivated}]", "the id A stands already"),
        (
            "all: [{id: A.1, title: a, when: diabetes}, {id: a-1, title: b, when: motivated}]",
            "the id a-1 stands already",
        ),
        ("id: 'x\"; DROP TABLE member'\ntitle: a\nwhen: diabetes", ":14: expected an id of letters and digits"),
        ('id: A\nalso: ["B\' OR 1"]\ntitle: a\nwhen: diabetes', ":15: expected an id of letters and digits"),
        ("import: medicare/ncd-280-14", "imports are not possible here"),
        ("when: diabetes\nonly for: [E0874]", "names no product or kind of product: 'E0874'; did you mean "),
        ("when: diabetes\nonly for: [implantible]", "'implantible'; did you mean 'implantable'?"),
        ("when: diabetes\nonly for: []", "expected products under `only for:`, as [E0784, A9274]"),
        ("when: diabetes\nonly for: {a: b}", "expected a list of words under `only for:`"),
        ("when: diabetes\nonly of: [E0784]", "a criterion has no key 'only of'"),
    ],
)
def test_a_criterion_that_means_nothing_is_refused(tmp_path: Path, lines: str, said: str) -> None:
    assert any(said in fault for fault in faults(tmp_path, require(lines)))


def test_an_or_beside_a_line_makes_a_group_of_which_one_part_is_enough(tmp_path: Path) -> None:
    policy = load(tmp_path, require("when: latest hba1c > 7.0 %\nor: [judged hba1c_exception_granted, motivated]"))
    group = policy.pathways[0].require.test
    assert isinstance(group, Group)
    assert (group.kind, group.k, len(group.parts)) == ("any", 1, 3)


def test_a_part_that_is_just_a_line_is_a_criterion_without_an_id(tmp_path: Path) -> None:
    group = load(tmp_path, require("all: [diabetes, motivated]")).pathways[0].require.test
    assert isinstance(group, Group)
    assert [part.id for part in group.parts] == [None, None]
    assert all(isinstance(part.test, Leaf) for part in group.parts)


def test_only_for_is_a_guard_on_the_product_and_stands_beside_another(tmp_path: Path) -> None:
    text = require("all:\n  - diabetes\n  - {only for: E0784, only when: pregnancy, when: motivated}")
    group = load(tmp_path, text).pathways[0].require.test
    assert isinstance(group, Group)
    guard = group.parts[1].guard
    assert guard is not None
    assert isinstance(guard.test, Group)
    assert [part.test.text for part in guard.test.parts if isinstance(part.test, Leaf)] == [
        "product_code is E0784",
        "pregnancy",
    ]


READING = "\nreadings:\n  long: {value: 12 months, allowed: %s, why: none given, who: payer}\n"
USED = require("when: latest hba1c within long > 7.0 %")


def test_a_reading_stands_where_a_length_is_expected(tmp_path: Path) -> None:
    policy = load(tmp_path, USED + READING % "3 months..2 years")
    assert policy.readings is not None
    assert policy.readings["long"].text == "12 months"


@pytest.mark.parametrize(
    "allowed", ["13 months..2 years", "3 months", "3 parsecs..36 months", "3 %..4 %", "months..2 years"]
)
def test_a_reading_outside_its_span_or_with_a_span_of_another_kind_is_refused(tmp_path: Path, allowed: str) -> None:
    assert any("reading long" in fault for fault in faults(tmp_path, USED + READING % allowed))


def test_an_override_of_another_kind_is_refused(tmp_path: Path) -> None:
    file = folder(tmp_path, USED + READING % "3 months..2 years")
    for value in ("7 %", "3 years", "long", ""):
        with pytest.raises(PolicyFaults, match="reading long"):
            document.load(file, vocabularies.load(), units.load(), {"long": value})
    chosen = document.load(file, vocabularies.load(), units.load(), {"long": "6 months"})
    assert chosen.readings is not None
    assert chosen.readings["long"].text == "6 months"


def test_whole_numbers_have_a_limit() -> None:
    assert (whole("12"), whole("1" * 10), whole("-1"), whole("")) == (12, None, None, None)


# ---- strangers


def nested(levels: int) -> str:
    text = "diabetes"
    for _ in range(levels):
        text = f"{{all: [{text}]}}"
    return f"all: [{text}]"


HOSTILE = {
    "a deep tree": require(nested(60)),
    "a deep list that never ends": require("all: " + "[" * 100_000),
    "a wide tree": require(f"all: [{', '.join(['diabetes'] * 90_000)}]"),
    "a long line": require("when: " + "a" * 500_000),
    "a long number": require("when: latest hba1c > " + "9" * 300 + " %"),
    "a long fraction": require("when: latest hba1c > 7." + "0" * 300 + "1 %"),
    "a list that multiplies itself": "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "a merge": "a: &a {b: c}\nd: {<<: *a}\n",
    "a tag": "a: !!python/object:os.system [x]\n",
    "two documents": "a: b\n---\na: b\n",
    "a huge file": require("when: diabetes") + "#" * 3_000_000,
    "no text": "\x00\x01",
    "nothing": "",
    "a list": "[a, b]",
    "a key of many lines": require("? [when]\n: diabetes"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_its_faults_are_short(tmp_path: Path, name: str) -> None:
    found = faults(tmp_path, HOSTILE[name])
    assert len("\n".join(found)) < 10_000


def test_numbers_too_long_to_count_with_are_no_numbers(tmp_path: Path) -> None:
    text = require("when: diabetes").replace("encoding: 1", f"encoding: {'1' * 5_000}")
    text = text.replace("    require:", f"    grants: {{months: {'9' * 5_000}}}\n    require:")
    assert [fault.partition(": ")[2][:60] for fault in faults(tmp_path, text)] == [
        "expected a whole number under `encoding:`",
        "months: expected a whole number above zero, found 9999999999",
    ]


def test_more_criteria_than_the_limit_are_one_fault(tmp_path: Path) -> None:
    found = faults(tmp_path, require(f"all: [{', '.join(['diabetes'] * (MAX_CRITERIA + 5))}]"))
    assert [fault.split(": ", 1)[1] for fault in found] == [f"expected at most {MAX_CRITERIA} criteria"]


def test_a_length_of_time_beyond_the_calendar_reaches_its_first_day(tmp_path: Path) -> None:
    policy = load(tmp_path, require("when: latest hba1c within 99999999999999999999 months > 7.0 %"))
    assert isinstance(policy.pathways[0].require.test, Leaf)


@pytest.mark.parametrize(
    ("lines", "k"),
    [
        ("all: [motivated, diabetes, pregnancy]", 3),
        ("any: [motivated, diabetes, pregnancy]", 1),
        ("ways: [motivated, diabetes, pregnancy]", 1),
        ("at least: 2\nof: [motivated, diabetes, pregnancy]", 2),
    ],
)
def test_so_many_parts_of_a_group_have_to_hold(tmp_path: Path, lines: str, k: int) -> None:
    test = load(tmp_path, require(lines)).pathways[0].require.test
    assert isinstance(test, Group)
    assert test.k == k
