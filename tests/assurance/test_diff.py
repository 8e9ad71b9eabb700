"""A diff names what changed by outline id, and says whether it means something else for anybody."""

from __future__ import annotations

from pathlib import Path

from priorauth.assurance import diff as diffs
from priorauth.assurance.diff import Change, diff, meanings
from priorauth.policy.tree import Policy
from tests.asking import criterion
from tests.assurance.planted import SOUND, catalog, laid


def versions(folder: Path, new: str) -> tuple[Policy, Policy]:
    one, two = catalog(folder, d2020=SOUND, d2024=new).versions("payer-x/monitors")
    return one, two


def test_a_changed_threshold_is_named_with_both_tests(tmp_path: Path) -> None:
    changes = list(diff(*versions(tmp_path, SOUND.replace("> 7.0 %", "> 6.5 %"))))
    before, after = (f"latest hba1c within 12 months > {limit} %" for limit in ("7.0", "6.5"))
    assert changes == [Change("A.1", "test changed", before, after)]


def test_another_title_alone_is_a_change_of_title(tmp_path: Path) -> None:
    changes = list(diff(*versions(tmp_path, SOUND.replace("title: Motivated", "title: Willing"))))
    assert changes == [Change("A.2", "title changed", "Motivated", "Willing")]


def test_what_silence_means_anew_is_a_change_and_changes_a_meaning(tmp_path: Path) -> None:
    heard = f"{SOUND}\nsilence:\n  motivated: {{means: no, reason: The text says so.}}\n"
    one, two = versions(tmp_path, heard)
    assert list(diff(one, two)) == [Change("silence of motivated", "reading changed", "", "no: The text says so.")]
    found = meanings(laid(catalog(tmp_path, d2020=SOUND, d2024=heard)))
    assert (found["A.1"], found["A.2"]) == (True, False)


def test_the_same_text_twice_has_no_changes(tmp_path: Path) -> None:
    assert list(diff(*versions(tmp_path, SOUND))) == []


def test_only_the_criterion_with_another_threshold_means_something_else(tmp_path: Path) -> None:
    found = meanings(laid(catalog(tmp_path, d2020=SOUND, d2024=SOUND.replace("> 7.0 %", "> 6.5 %"))))
    shared = {name: same for name, same in found.items() if not name.startswith("common.")}
    assert shared == {"A.1": False, "A.2": True, "X.1": True, "D.1": True}


def test_a_group_is_said_on_one_line_with_its_guard() -> None:
    parts = "motivated, {id: B, title: Has it, when: diabetes}, age >= 18 years"
    tree = f"{{at least: 2, of: [{parts}], only when: current_pump_works}}"
    assert diffs.test(criterion(tree)) == "at least 2 [motivated; B; age >= 18 years] only when (current_pump_works)"
