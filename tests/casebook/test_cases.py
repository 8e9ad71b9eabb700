"""Cases from their notation: what a case says over its chart, and what is refused with its place."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.casebook.cases import CaseFault, built, over

FILE = """payer: anthem
charts:
  first:
    request: {on: 2026-06-15, product: E0784, kind: I, diagnosis: E10.65, ordered: 2026-06-09, plan: ppo, sex: male,
      born: 1980-01-01}
    chart:
      a1c: hba1c 8.4 % on 2026-05-01
      smbg: log of 3 days to 2026-06-14 at 06:40 168
    form: {motivated: yes, pregnancy: no}
cases:
  one:
    name: One.
    why: 1.a.
    expect: {outcome: approve, pathway: none, status: {1.a: met, 9: none}}
    from: first
    PART
"""


def made(tmp_path: Path, part: str = "") -> dict[str, Any]:
    file = tmp_path / "p.yaml"
    file.write_text(FILE.replace("PART", part), "utf-8")
    return dict(built(file))["p-one"]


def ids(case: dict[str, Any]) -> list[str]:
    return [entry["resource"]["id"] for entry in case["bundle"]["entry"]][5:-3]


def test_a_case_is_its_chart_where_it_says_nothing_else(tmp_path: Path) -> None:
    case = made(tmp_path)
    assert ids(case) == ["a1c", "smbg-0614-1", "smbg-0613-1", "smbg-0612-1"]
    assert (case["judgments"], case["as_of"], case["policy"]) == (None, None, None)
    assert case["expect"] == {"outcome": "approve", "pathway": None, "status": {"1.a": "met", "9": None}}
    assert case["bundle"]["entry"][1]["resource"]["id"] == "p-one"


def test_what_is_taken_away_is_gone_also_one_of_a_run(tmp_path: Path) -> None:
    assert ids(made(tmp_path, "chart: {a1c: none, smbg-0613-1: none}")) == ["smbg-0614-1", "smbg-0612-1"]


def test_judgments_name_the_request(tmp_path: Path) -> None:
    case = made(tmp_path, "judged: {settle.1.a: yes, settle.1.a.why: Seen.}")
    assert case["judgments"]["basedOn"] == [{"reference": "Claim/request-p-one"}]
    assert [one["answer"][0] for one in case["judgments"]["item"]] == [{"valueBoolean": True}, {"valueString": "Seen."}]


def test_a_patch_reaches_any_resource(tmp_path: Path) -> None:
    case = made(tmp_path, """patch: {Coverage: '{"status": "cancelled"}', Observation/a1c: '{"status": "amended"}'}""")
    found = {entry["resource"]["id"]: entry["resource"] for entry in case["bundle"]["entry"]}
    assert (found["coverage"]["status"], found["a1c"]["status"]) == ("cancelled", "amended")


def test_a_layer_keeps_its_order() -> None:
    below = {"form": {"a": "1", "b": "2", "c": "3"}}
    assert list(over(below, {"form": {"b": "9", "d": "4"}})["form"].items())[1:] == [("b", "9"), ("c", "3"), ("d", "4")]
    assert list(over(below, {"form": {"a (last)": "7"}})["form"]) == ["b", "c", "a"]
    assert list(over(below, {"form": {"a": "none"}})["form"]) == ["b", "c"]


@pytest.mark.parametrize(
    ("part", "said"),
    [
        ("chart: {a1c: high}", "expected words of a chart"),
        ("chart: {gone: none}", "expected 'gone'"),
        ("answers: {a: yes}", "found answers"),
        ("request: {colour: red}", "found colour"),
        ("request: {born: none}", "expected 'born'"),
        ("patch: {Nobody: '{}'}", "found Nobody"),
    ],
)
def test_a_case_that_cannot_be_built_is_refused_with_its_place(tmp_path: Path, part: str, said: str) -> None:
    with pytest.raises(CaseFault, match=r"p.yaml, one: ") as refused:
        made(tmp_path, part)
    assert said in str(refused.value)
