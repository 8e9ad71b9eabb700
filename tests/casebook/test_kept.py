"""The notation gives the same Bundles, every case checks what decides it, and the tails are thick enough."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path

import pytest

from priorauth import determine
from tests.casebook import __main__ as command
from tests.casebook.cases import OWN
from tests.casebook.kept import every, kept, seals

OURS = [one for one in every() if one.folder == "own"]


def test_the_notation_still_gives_the_same_bundles() -> None:
    """After a case is added or changed on purpose: python -m tests.casebook --seal."""
    listed, now = (OWN / "bundles.sha256").read_text("utf-8").splitlines(), seals().splitlines()
    assert [line for line in now if line not in set(listed)] == []
    assert [line for line in listed if line not in set(now)] == []


def test_no_case_is_told_twice() -> None:
    names = Counter(one.load()["name"] for one in OURS)
    assert [name for name, count in names.items() if count > 3] == []


def test_a_case_may_be_changed_without_changing_it_for_others() -> None:
    name = "own/masshealth-first-request-answers"
    kept(name).load()["bundle"].clear()
    assert kept(name).load()["bundle"]


def test_the_command_writes_every_case_as_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["casebook", str(tmp_path / "out")])
    assert command.main() == 0
    written = sorted((tmp_path / "out").iterdir())
    assert {path.stem for path in written} == {one.name for one in OURS}
    assert json.loads(written[0].read_bytes()) == kept(f"own/{written[0].stem}").load()


def test_every_case_checks_what_decides_it() -> None:
    """An outcome alone may come out right for a wrong reason: a criterion is checked, or what the reasons say."""
    bare = [str(one) for one in OURS if not {"status", "reasons_include"} & set(one.load()["expect"])]
    assert bare == []


def test_the_rare_outcomes_are_met_often_enough_in_every_version_that_can_give_them() -> None:
    """Four payers' policies can wait for time; HUSKY alone knows the other two outcomes."""
    rare = [
        one.load() for one in OURS if one.load()["expect"]["outcome"] in {"not-yet", "not-required", "other-criteria"}
    ]
    seen: Counter[tuple[str, str]] = Counter()
    for case in rare:
        found = determine(case["bundle"], as_of=case["as_of"], judgments=case["judgments"])[0]
        assert found.policy is not None
        seen[found.outcome, f"{found.policy.id} {found.policy.version}"] += 1
    print(dict(seen))
    short = {name for (outcome, name), count in seen.items() if outcome == "not-yet" and count >= 1}
    assert short == {
        "anthem/cg-dme-01 CG-DME-01, effective 07/01/2014",
        "anthem/cg-dme-01 CG-DME-01, effective 07/07/2015",
        "caresource/insulin-infusion-pump MP-MM-1316, effective 05/01/2026",
        "caresource/insulin-infusion-pump MP-MM-1316, revised 02/26/2025",
        "masshealth/insulin-pumps undated",
        "uhc-medicare-advantage/infusion-pump-therapy MCS051.01",
    }
    by_outcome = Counter[str]()
    for (outcome, _), count in seen.items():
        by_outcome[outcome] += count
    assert min(by_outcome.values()) >= 12
    assert seen["other-criteria", "husky/ambulatory-infusion-pumps December 2023"] >= 3
