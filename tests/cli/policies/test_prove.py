"""``priorauth policies prove``: what is proved of a policy looked at by a person, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from priorauth.assurance import findings
from priorauth.cli.main import main
from priorauth.policy.catalog import Catalog
from tests.assurance.planted import FAULTY, SOUND, catalog

ID = "payer-x/monitors"
OLD = f"{ID}@2020-01-01"
HEAD = f"policy: {ID}\nversion: 2020-01-01\nfindings:\n"
LOOSER = SOUND.replace("> 7.0 %", "> 6.5 %")


def explain(known: Catalog, *rows: str) -> None:
    (policy,) = known.versions(ID)
    listed = "".join(f"  - {row}\n" for row in rows)
    findings.beside(policy).write_text(HEAD + listed, encoding="utf-8")


def test_a_policy_all_of_whose_findings_are_explained_exits_0(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    known = catalog(tmp_path, d2020=FAULTY)
    command = ["policies", "prove", ID, "--policies", str(tmp_path)]
    assert main([*command, "--json"]) == 1
    named = json.loads(capsys.readouterr().out)["findings"]
    explain(
        known, *(json.dumps({**{key: one[key] for key in ("criterion", "finding")}, "why": "Kept."}) for one in named)
    )
    assert main(command) == 0
    said = capsys.readouterr().out
    assert said.count("    Kept.") == len(named) > 0
    assert "NOT EXPLAINED" not in said


def test_an_explanation_of_what_is_no_longer_found_exits_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    explain(catalog(tmp_path, d2020=SOUND), "{criterion: A.1, finding: dead, why: Long mended.}")
    assert main(["policies", "prove", ID, "--policies", str(tmp_path)]) == 1
    assert "NO LONGER FOUND: dead: A.1 (line 4)" in capsys.readouterr().out


def test_two_versions_as_json_name_who_is_approved_by_one_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    catalog(tmp_path, d2020=LOOSER, d2024=SOUND)
    assert main(["policies", "prove", OLD, "--against", ID, "--json", "--policies", str(tmp_path)]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["one"], made["two"]) == (OLD, f"{ID}@2024-01-01")
    (pathway,) = made["pathways"]
    assert pathway["relation"] == "looser"
    assert pathway["only the first"]["in the way"] == ["A.1"]
    assert pathway["only the second"] is None


def test_to_prove_nothing_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "prove"]) == 2
    assert "expected one policy, or --payers HCPCS" in capsys.readouterr().err


def test_a_kind_or_a_product_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "prove", "--payers", "E0784", "--kind", "first"]) == 2
    assert capsys.readouterr().err.startswith("--kind: expected one of initial")
    assert main(["policies", "prove", "--payers", "E1"]) == 2
    assert capsys.readouterr().err.startswith("--payers: expected one of E0779")


def test_of_a_text_that_was_not_read_there_is_nothing_to_prove(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["policies", "prove", "masshealth/insulin-pumps@2026-11-28"]) == 0
    assert capsys.readouterr().out.startswith("masshealth/insulin-pumps@2026-11-28: the text is known and was not read")
    assert main(["policies", "prove", "masshealth/insulin-pumps@2026-11-28", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"unread": ["masshealth/insulin-pumps@2026-11-28"]}
