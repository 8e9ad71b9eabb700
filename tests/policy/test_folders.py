"""What folders hold: a later one adds to those before it, and every fault of every file is gathered."""

from __future__ import annotations

from pathlib import Path

from priorauth.errors import Fault
from priorauth.policy.catalog import SHIPPED
from priorauth.policy.folders import Laid, laid
from tests.policy.files import SMALL, folder


def faults(place: Path) -> list[str]:
    return [str(fault).removeprefix(f"{place}/") for fault in laid((SHIPPED, place)).faults]


def test_a_payer_without_a_file_that_says_who_it_is_is_a_fault(tmp_path: Path) -> None:
    (folder(tmp_path).parent.parent / "payer.yaml").unlink()
    said = "payer-x/payer.yaml: expected this file, with `payer: payer-x` and `name:`, beside the policies"
    assert faults(tmp_path) == [said]


def test_a_folder_may_add_to_a_shipped_payer_what_it_says(tmp_path: Path) -> None:
    (tmp_path / "masshealth").mkdir()
    text = "payer: masshealth\nname: MassHealth\nnames: [Mass. Medicaid]\nplans: {gold: {hba1c_age: 6 months}}\n"
    (tmp_path / "masshealth" / "payer.yaml").write_text(text, encoding="utf-8")
    found = laid((SHIPPED, tmp_path))
    assert found.faults == []
    payer = found.payers["masshealth"]
    assert payer.name == "MassHealth"
    assert {"Mass. Medicaid", "Mass Health"} <= set(payer.names)
    assert payer.plans == {"gold": {"hba1c_age": "6 months"}}
    assert found.homes() == {"masshealth": (SHIPPED, tmp_path)}


def test_cases_findings_and_a_trace_without_their_version_are_faults(tmp_path: Path) -> None:
    file = folder(tmp_path)
    for end in ("cases", "findings", "trace"):
        file.with_name(f"2020-01-02.{end}.yaml").write_text("policy: payer-x/pumps\n", encoding="utf-8")
    assert faults(tmp_path) == [
        f"payer-x/pumps/2020-01-02.{end}.yaml: expected the version beside it, 2020-01-02.yaml"
        for end in ("cases", "findings", "trace")
    ]


def test_every_file_that_is_not_named_by_a_day_is_a_fault(tmp_path: Path) -> None:
    folder(tmp_path, first="draft")
    folder(tmp_path, SMALL, first="2020-1-1")
    assert [said.partition(": ")[0] for said in faults(tmp_path)] == [
        "payer-x/pumps/2020-1-1.yaml", "payer-x/pumps/draft.yaml",
    ]  # fmt: skip


def test_of_a_version_that_two_folders_have_the_first_is_kept_and_the_second_is_a_fault(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    first, second = folder(one), folder(two)
    found = laid((SHIPPED, one, two))
    assert [path for _, path in found.files["payer-x/pumps"]] == [first]
    assert [fault.file for fault in found.faults] == [str(second)]


def test_what_only_follows_from_another_fault_is_not_said() -> None:
    found = Laid(laid((SHIPPED,)).vocabulary, laid((SHIPPED,)).units, unsure=["no fact is named 'mine'"])
    own, other = (Fault.at_line("a.yaml", 1, f"no fact is named {name!r}") for name in ("mine", "yours"))
    assert list(found.sure([own, other])) == [other]
