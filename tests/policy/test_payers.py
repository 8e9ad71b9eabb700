"""Who a payer is: every fault of its file at once, and readings held to the policies that have them."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.cli.policies.check import check_all
from priorauth.errors import PolicyFaults
from priorauth.policy import payers
from priorauth.policy.catalog import open_catalog
from tests.policy.files import SMALL, folder

READING = """readings:
  look_back: {value: 12 months, allowed: 3 months..24 months, why: The text gives none., who: payer}
"""
WITH_READING = SMALL.replace("within 12 months", "within look_back") + READING


def written(place: Path, text: str) -> Path:
    file = place / "payer-x" / "payer.yaml"
    file.parent.mkdir(exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def faults(place: Path, text: str) -> list[str]:
    with pytest.raises(PolicyFaults) as refused:
        payers.load(written(place, text))
    return [str(fault).replace(f"{place}/payer-x/", "") for fault in refused.value.faults]


def test_a_payer_is_read_whole(tmp_path: Path) -> None:
    text = "payer: payer-x\nname: X\nnames: [X, Y]\nidentifiers: ['s|1']\nreadings: {a: 1}\nplans: {gold-1: {b: 2}}\n"
    payer = payers.load(written(tmp_path, text))
    assert (payer.id, payer.name, payer.names, payer.identifiers) == ("payer-x", "X", ("X", "Y"), ("s|1",))
    assert (payer.readings, payer.plans) == ({"a": "1"}, {"gold-1": {"b": "2"}})
    assert list(payer.known()) == ["x", "y", "s|1"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: X\n", "payer.yaml:1: expected `payer:` with a line"),
        ("payer: payer-x\n", "payer.yaml:1: expected `name:` with a line"),
        ("payer: payer-y\nname: X\n", "payer.yaml:1: expected `payer: payer-x`, as the folder says, found payer-y"),
        ("name: X\npayer: a'b\n", "payer.yaml:2: expected a payer of small letters and digits"),
        ("payer: payer-x\nname: [X]\n", "payer.yaml:2: expected `name:` with a line"),
        ("payer: payer-x\nname: X\nnames: X\n", "payer.yaml:3: expected a list of at most 1,000 lines under `names:`"),
        ("payer: payer-x\nname: X\nnames:\n- [X]\n", "payer.yaml:4: expected a line of at most 200 characters"),
        ("payer: payer-x\nname: X\nnames:\n- Y\n- y\n", "payer.yaml:5: 'y' stands twice under `names:`"),
        ("payer: payer-x\nname: X\nplan: {}\n", "payer.yaml:3: a payer has no key 'plan'"),
        ("payer: payer-x\nname: X\nreadings: [a]\n", "payer.yaml:3: expected a mapping of at most 1,000 keys"),
        ("payer: payer-x\nname: X\nreadings: {a: [1]}\n", "payer.yaml:3: expected a value of the reading a"),
        ("payer: payer-x\nname: X\nreadings: {A b: 1}\n", "payer.yaml:3: expected a reading's name of small letters"),
        (
            "payer: payer-x\nname: X\nplans: {gold: 1}\n",
            "expected a mapping of at most 1,000 keys under `plans: gold:`",
        ),
        ("payer: payer-x\nname: X\nplans: {'a;b': {}}\n", "payer.yaml:3: expected a plan of letters and digits"),
    ],
)
def test_a_fault_names_file_line_and_what_was_expected(tmp_path: Path, text: str, said: str) -> None:
    (found,) = faults(tmp_path, text)
    assert said in found


def test_every_fault_is_said_at_once(tmp_path: Path) -> None:
    text = "payer: Q\nname: []\nnames: X\nplans: {'a b': [], c: {D: 1}}\nwho: me\n"
    assert [fault.split(":")[1] for fault in faults(tmp_path, text)] == ["5", "1", "2", "3", "4", "4", "4"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("readings: {look_back: 25 months}", "4: reading look_back: expected 3 months..24 months, found 25 months"),
        ("readings: {look_back: 7 %}", "4: reading look_back: expected a value like 12 months, found 7 %"),
        ("readings: {look_back: soon}", "4: reading look_back: expected "),
        ("readings: {no_such: 1}", "4: no policy of payer-x has a reading named 'no_such'"),
        ("plans: {gold: {look_back: 1 month}}", "4: reading look_back: expected 3 months..24 months, found 1 month"),
    ],
)
def test_a_reading_that_no_policy_has_or_admits_is_refused_by_every_command(
    tmp_path: Path, more: str, said: str
) -> None:
    file = folder(tmp_path, WITH_READING)
    written(tmp_path, f"payer: payer-x\nname: X\nnames: []\n{more}\n")
    for run in (lambda: open_catalog(tmp_path), lambda: check_all([file], ())):
        with pytest.raises(PolicyFaults) as refused:
            run()
        assert f"payer.yaml:{said}" in str(refused.value)


def test_a_reading_within_what_is_allowed_is_taken(tmp_path: Path) -> None:
    folder(tmp_path, WITH_READING)
    written(tmp_path, "payer: payer-x\nname: X\nreadings: {look_back: 6 months}\n")
    (policy,) = open_catalog(tmp_path).versions("payer-x/pumps")
    assert policy.readings is not None
    assert policy.readings["look_back"].text == "6 months"


def test_two_payers_do_not_claim_one_name(tmp_path: Path) -> None:
    folder(tmp_path)
    written(tmp_path, "payer: payer-x\nname: X\nnames: [masshealth]\n")
    with pytest.raises(PolicyFaults, match="'masshealth' is a name or identifier of the payer masshealth already"):
        open_catalog(tmp_path)


@pytest.mark.parametrize("names", ["[Payer Y, Payer Y]", "[Payer Y, payer y]", "[payer y, PAYER Y]"])
def test_a_name_stands_once_in_whatever_case(tmp_path: Path, names: str) -> None:
    (fault,) = faults(tmp_path, f"payer: payer-x\nname: X\nnames: {names}\n")
    assert "stands twice under `names:`" in fault


def test_an_order_names_each_policy_once(tmp_path: Path) -> None:
    head = "payer: payer-x\nname: X\norder: "
    assert payers.load(written(tmp_path, f"{head}[b, a]\n")).order == ("b", "a")
    for wrong in ("[a, a]", "[]", "a", "[[a]]"):
        assert faults(tmp_path, f"{head}{wrong}\n") == [
            "payer.yaml:3: expected names of policies, each once, under `order:`"
        ]
    assert faults(tmp_path, f"{head}[A b]\n")[0].startswith("payer.yaml:3: expected a policy's name of small letters")


def test_of_what_two_folders_say_of_a_payer_the_later_adds_and_sets(tmp_path: Path) -> None:
    first = payers.load(
        written(tmp_path, "payer: payer-x\nname: X\nreadings: {a: 1, b: 1}\nplans: {p: {a: 2}}\norder: [m]\n")
    )
    second = payers.load(
        written(
            tmp_path, "payer: payer-x\nname: XX\nidentifiers: [i]\nreadings: {b: 3}\nplans: {p: {b: 4}, q: {a: 5}}\n"
        )
    )
    both = payers.together((first, second))
    assert (both.name, both.names, both.identifiers) == ("XX", ("X",), ("i",))
    assert (both.readings, both.order) == ({"a": "1", "b": "3"}, ("m",))
    assert both.plans == {"p": {"a": "2", "b": "4"}, "q": {"a": "5"}}
    assert payers.together((first,)) == first
