"""A proof names what can never decide, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from priorauth.assurance import findings
from priorauth.assurance.boundary import cases
from priorauth.assurance.prove import prove
from priorauth.assurance.replay import Contradicted
from priorauth.engines.python.windows import Span
from priorauth.errors import PolicyFaults
from priorauth.values.truth import MET, NOT_MET, UNKNOWN, Truth
from tests.assurance.planted import FAULTY, SOUND, catalog, laid
from tests.assurance.shipped import NAMES, POLICIES, proved

COMMON = {"common.quantity", "common.coverage"}


def found(folder: Path, text: str) -> dict[str, str]:
    proof = prove(laid(catalog(folder, d2020=text)))
    return {one.name: one.kind for one in proof.found}


def test_where_every_criterion_can_decide_nothing_is_named(tmp_path: Path) -> None:
    proof = prove(laid(catalog(tmp_path, d2020=SOUND)))
    assert proof.found == []
    assert {"A.1", "A.2", "X.1", "D.1"} <= proof.approvals.keys() & proof.refusals.keys()


def test_a_weaker_test_beside_a_stronger_one_is_redundant(tmp_path: Path) -> None:
    assert found(tmp_path, FAULTY)["A.2"] == "redundant"


def test_an_alternative_that_another_one_holds_already_is_named(tmp_path: Path) -> None:
    assert found(tmp_path, FAULTY)["A.3.b"] in ("shadowed", "dead")


def test_what_nobody_can_meet_is_contradictory(tmp_path: Path) -> None:
    assert found(tmp_path, FAULTY)["A.4.b"] == "contradictory"


def test_a_pathway_behind_a_wider_one_is_unreachable(tmp_path: Path) -> None:
    assert found(tmp_path, FAULTY)["again"] == "unreachable"


def test_an_exclusion_of_all_who_meet_a_pathway_swallows_it(tmp_path: Path) -> None:
    proof = prove(laid(catalog(tmp_path, d2020=FAULTY)))
    swallowed = [one for one in proof.found if one.kind == "swallowed"]
    assert [one.name for one in swallowed] == ["renewal"]
    assert "X.1" in swallowed[0].text


def test_every_witness_comes_out_as_the_proof_says(tmp_path: Path) -> None:
    proof = prove(laid(catalog(tmp_path, d2020=SOUND)))
    assert {shown.outcome for shown in proof.approvals.values()} == {"approve"}
    assert "approve" not in {shown.outcome for shown in proof.refusals.values()}


def test_a_window_that_opens_a_day_early_in_the_evaluator_is_caught(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def member(span: Span, first: int, last: int) -> Truth:
        if last < span.start_first or first > span.end_last:
            return NOT_MET
        return MET if first >= span.start_last and last <= span.end_first else UNKNOWN

    monkeypatch.setattr(Span, "member", member)
    asked = laid(catalog(tmp_path, d2020=SOUND))
    with pytest.raises(Contradicted, match=r"\(line \d+\): solver unknown, evaluator (not )?met"):
        list(cases(prove(asked)))


def test_a_finding_is_explained_by_its_name_and_kind_and_an_explanation_of_nothing_is_stale(tmp_path: Path) -> None:
    known = catalog(tmp_path, d2020=FAULTY)
    policy = known.versions("payer-x/monitors")[0]
    named = prove(laid(known)).found
    text = "policy: payer-x/monitors\nversion: 2020-01-01\nfindings:\n"
    text += "  - {criterion: A.2, finding: redundant, why: As the text has it.}\n"
    text += "  - {criterion: A.1, finding: dead, why: Long mended.}\n"
    findings.beside(policy).write_text(text, encoding="utf-8")
    said = findings.explained(policy)
    assert "A.2" not in {one.name for one in findings.unexplained(named, said)}
    assert [one.name for one in findings.stale(named, said)] == ["A.1"]


def test_a_file_of_findings_for_another_version_is_refused(tmp_path: Path) -> None:
    policy = catalog(tmp_path, d2020=SOUND).versions("payer-x/monitors")[0]
    findings.beside(policy).write_text(
        "policy: payer-x/monitors\nversion: 1999-01-01\nfindings: []\n", encoding="utf-8"
    )
    with pytest.raises(PolicyFaults, match="expected `version: 2020-01-01`"):
        findings.explained(policy)


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(POLICIES)), ids=NAMES)
def test_nothing_unexplained_is_found_in_a_shipped_policy(place: int) -> None:
    proof = proved(place)
    said = findings.explained(POLICIES[place])
    assert findings.unexplained(proof.found, said) == ()
    assert list(findings.stale(proof.found, said)) == []


@pytest.mark.slow
@pytest.mark.parametrize("place", range(len(POLICIES)), ids=NAMES)
def test_every_criterion_of_a_shipped_policy_decides_both_ways_or_is_named(place: int) -> None:
    proof = proved(place)
    paths = {one.name: one.node.path for one in proof.named}
    named = [paths[one.name] for one in proof.found if one.name in paths]
    for one in proof.named:
        if not (one.name in proof.approvals and one.name in proof.refusals):
            assert any(one.node.path[: len(path)] == path for path in named), one.name
