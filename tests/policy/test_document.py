"""A policy file as a whole: its head, its parts, and what only the whole shows."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from priorauth.errors import PolicyFaults
from priorauth.facts import vocabulary as vocabularies
from priorauth.policy import document
from priorauth.policy.catalog import SHIPPED
from priorauth.policy.tree import Policy
from priorauth.values import dates, units
from tests.policy.files import SMALL, folder, require


def load(place: Path, text: str) -> Policy:
    return document.load(folder(place, text), vocabularies.load(), units.load())


def refused(place: Path, text: str) -> str:
    with pytest.raises(PolicyFaults) as fault:
        load(place, text)
    return str(fault.value)


def test_the_smallest_policy_is_read_whole(tmp_path: Path) -> None:
    policy = load(tmp_path, SMALL)
    assert (policy.id, policy.version, policy.encoding, policy.products) == ("payer-x/pumps", "one", 1, ("E0784",))
    assert dates.iso(policy.effective.first) == "2020-01-01"
    assert policy.effective.last is None
    assert policy.required is None
    assert len(policy.sha256) == 64


@pytest.mark.parametrize("key", ["policy", "title", "version", "effective", "source", "applies", "authorization"])
def test_a_policy_without_a_part_of_its_head_is_refused(tmp_path: Path, key: str) -> None:
    text = "\n".join(line for line in SMALL.splitlines() if not line.startswith((f"{key}:", "  products")))
    assert f"expected `{key}:`" in refused(tmp_path, text)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("authorization: always", "authorisation: always", "a policy has no key 'authorisation'"),
        ("until: open", "until: 2019-12-31", "the version ends before it begins"),
        ("until: open", "until: 2019-02-30", "until: expected a date that exists"),
        ("by: request date", "by: moonlight", "expected `by:` one of"),
        ("    require:", "    grants: 12 months\n    require:", "expected a mapping under `grants:`, as {months: 12}"),
        ("    require:", "    grants: {months: 12 months}\n    require:", "months: expected a whole number above zero"),
        ("    require:", "    grants: {months: 0}\n    require:", "months: expected a whole number above zero"),
        ("latest hba1c", "latest hba1", "no fact is named 'hba1'; did you mean 'hba1c'?"),
        (
            "latest hba1c within 12 months > 7.0 %",
            "request_kind is inital",
            "no value 'inital'; did you mean 'initial'?",
        ),
        ("within 12 months", "since enrolment", "no anchor is named 'enrolment'; expected one of"),
        ("authorization: always", "autorization: always", "did you mean 'authorization'?"),
        ("[E0784]", "[E9999]", "no product code 'E9999' in the vocabulary"),
        ("[E0784]", "{a: b}", "expected a list of words under `products:`"),
        ("pathways:", "pathways: []\nnotes:", "expected a list under `pathways:`"),
        (
            "    require:",
            "    when: latest hba1c > 7.0 %\n    require:",
            "a pathway is chosen by `fact is value` alone",
        ),
        ("title: Pumps", "title: [Pumps]", "expected one word or line under `title:`"),
    ],
)
def test_a_fault_of_the_head_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refused(tmp_path, SMALL.replace(old, new, 1))


def test_a_pathway_that_guards_alone_could_satisfy_is_refused(tmp_path: Path) -> None:
    text = require(
        "all:\n  - {when: motivated, only when: age < 21 years}\n  - {when: diabetes, only when: age < 3 years}"
    )
    assert "guards alone could satisfy this pathway" in refused(tmp_path, text)


def test_a_reading_that_nothing_uses_is_refused(tmp_path: Path) -> None:
    text = SMALL + "readings:\n  spare: {value: 3 months, why: none, who: payer}\n"
    assert "reading spare is used by no criterion" in refused(tmp_path, text)


def test_an_id_under_not_encoded_may_not_be_encoded_too(tmp_path: Path) -> None:
    text = SMALL + 'not encoded:\n  - {id: "1", reason: it is}\n'
    assert "the id 1 stands already in line" in refused(tmp_path, text)


TEXTS = [path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob("*/*/????-??-??.yaml"))[-3:]]


@given(st.data())
def test_a_torn_policy_is_read_or_refused_and_never_breaks_the_reader(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    lines = data.draw(st.sampled_from(TEXTS)).splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(lines) - 1))
        indent = len(lines[place]) - len(lines[place].lstrip())
        lines[place] = data.draw(
            st.sampled_from(
                [
                    "",
                    lines[place] * 2,
                    " " * indent + "- x",
                    " " * indent + "when: [a]",
                    lines[place][: indent + 5],
                    "  x: y",
                ]
            )
        )
    with contextlib.suppress(PolicyFaults):
        assert load(tmp_path_factory.mktemp("torn"), "\n".join(lines)).pathways


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("policy: payer-x/pumps", "policy: payer-x/pumps;x", ":1: expected a policy id, payer/policy"),
        ("pathway: only", 'pathway: "only\'--"', ":11: expected a pathway's name of small letters"),
        ("    title: The only way", "    title: a\n    grants: {'a b': 1}", ":13: expected what is granted of small"),
        ("    title: The only way", "    title: a\n    grants: 3", ":13: expected a mapping under `grants:`"),
        ("authorization: always", "authorization: always\nnot encoded: [{id: 'a b', reason: x}]", "expected an id of"),
        (
            "authorization: always",
            "authorization: always\nreadings: {a b: {value: 1, why: x, who: y}}",
            "a reading's name",
        ),
    ],
)
def test_what_is_no_name_is_refused_with_its_line(tmp_path: Path, was: str, now: str, said: str) -> None:
    assert said in refused(tmp_path, SMALL.replace(was, now))


def test_a_pathway_stands_once(tmp_path: Path) -> None:
    again = SMALL + SMALL[SMALL.index("  - pathway") :].replace('"1"', '"2"')
    assert "the pathway only stands twice" in refused(tmp_path, again)


def test_only_for_names_products_of_the_policy(tmp_path: Path) -> None:
    excluded = "excluded:\n  - {id: X, title: Not, only for: [E0784, A9274], when: motivated}\n"
    found = refused(tmp_path, SMALL + excluded)
    assert "`only for:` names A9274, which is none of the policy's products" in found
    assert load(tmp_path, SMALL + excluded.replace(", A9274", "")).excluded[0].guard is not None


GUARDED = "{when: motivated, only when: pregnancy}"


@pytest.mark.parametrize(
    ("lines", "vacuous"),
    [
        (f"all: [{GUARDED}, diabetes]", False),
        (f"all: [{GUARDED}]", True),
        (f"all: [{{all: [{GUARDED}]}}, {GUARDED}]", True),
        (f"all: [{{all: [{GUARDED}, diabetes]}}, {GUARDED}]", False),
        (f"any: [{{all: [{GUARDED}]}}, diabetes]", True),
        (f"any: [{{all: [{GUARDED}, diabetes]}}, diabetes]", False),
        (f"any: [{GUARDED}, diabetes]", False),
        (f"none of: [{{all: [{GUARDED}]}}]", False),
    ],
)
def test_a_pathway_that_guards_alone_could_satisfy_is_refused_however_deep(
    tmp_path: Path,
    lines: str,
    vacuous: bool,  # noqa: FBT001  # drawn
) -> None:
    text = require(f'id: "1"\ntitle: Guards\n{lines}')
    if vacuous:
        assert "guards alone could satisfy this pathway" in refused(tmp_path, text)
    else:
        assert load(tmp_path, text).pathways


@pytest.mark.parametrize(("until", "last"), [("2020-01-01", "2020-01-01"), ("2020-12-31", "2020-12-31")])
def test_a_version_may_be_in_force_for_a_day(tmp_path: Path, until: str, last: str) -> None:
    found = load(tmp_path, SMALL.replace("until: open", f"until: {until}")).effective.last
    assert dates.iso(found or 0) == last
