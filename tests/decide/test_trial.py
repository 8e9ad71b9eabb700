"""The cases beside each policy come out as their sentences say."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from priorauth.decide.trial import KEYS, Trial, beside, run, trials
from priorauth.engines.python.finding import Status
from priorauth.errors import PolicyFaults
from priorauth.policy.catalog import lay, open_catalog
from priorauth.policy.outcome import Outcome
from priorauth.policy.tree import Policy
from tests.policy.files import SMALL, folder

CATALOG = open_catalog()


def _all() -> list[object]:
    return [
        pytest.param(policy, trial, id=f"{policy.id} {policy.version}: {trial.name}")
        for policy in CATALOG.all()
        for trial in (trials(beside(policy), CATALOG) if beside(policy).exists() else ())
    ]


@pytest.mark.parametrize(("policy", "trial"), _all())
def test_the_case_beside_the_policy_comes_out(policy: Policy, trial: Trial) -> None:
    assert list(run(policy, trial, CATALOG)) == []


def test_every_version_has_cases_beside_it() -> None:
    assert [policy.file for policy in CATALOG.all() if not beside(policy).exists()] == []


# ---- what a case may expect

SCOPED = SMALL.replace(
    "  products: [E0784]\n",
    """  products: [E0784]
  unless:
    - {id: "0.3", also: ["0.4"], when: plan_type is contracted-mco, sends_to: the managed care organization}
""",
).replace("    require:", "    when: request_kind is initial\n    require:")
OURS = "plan_type: payer-direct, request_kind: initial"


def said(place: Path, given: str, expected: str) -> list[str]:
    """Run one case of the smallest policy with scope; gives what does not come out, without its place."""
    file = folder(place, SCOPED)
    head = "request: 2026-11-20\ncases:\n  - name: A case\n"
    file.with_suffix(".cases.yaml").write_text(f"{head}    given: {{{given}}}\n    {expected}\n", encoding="utf-8")
    catalog = lay(place)
    policy = catalog.load(file)
    (trial,) = trials(beside(policy), catalog)
    return [line.rpartition("A case: ")[2] for line in run(policy, trial, catalog)]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (f"{OURS}, hba1c: [{{on: 2026-10-01, value: 8 %}}]", "outcome: approve"),
        (f"{OURS}, hba1c: [{{on: 2026-10-01, value: 8 %}}]", "pathway: only"),
        (OURS, "questions: [hba1c]"),
        (OURS, 'expect: {"1": unknown, "0.3": not-met, "0.4": not-met}'),
        ("plan_type: contracted-mco", 'expect: {"0.3": met}'),
        ("plan_type: contracted-mco", "outcome: not-applicable"),
        ("plan_type: contracted-mco", "questions: []"),
        ("request_kind: initial", "questions: [plan_type]"),
        ("request_kind: initial", 'expect: {"0.3": unknown}'),
        ("plan_type: payer-direct, request_kind: repair", "pathway: none"),
    ],
)
def test_a_case_may_expect_outcome_pathway_questions_and_scope(tmp_path: Path, given: str, expected: str) -> None:
    assert said(tmp_path, given, expected) == []


@pytest.mark.parametrize(
    ("expected", "line"),
    [
        ("outcome: approve", "the outcome is request-information, expected approve"),
        ("pathway: onyl", "the pathway is only, expected onyl; did you mean 'only'?"),
        ("pathway: none", "the pathway is only, expected none"),
        ("questions: []", "asked is hba1c, expected nothing"),
        ("questions: [hba1c, motivated]", "asked is hba1c, expected hba1c, motivated"),
        ('expect: {"0.3": met}', "0.3 is not-met, expected met"),
        ('expect: {"03": met}', "no criterion has the id 03; did you mean '0.3'?"),
    ],
)
def test_what_does_not_come_out_is_said(tmp_path: Path, expected: str, line: str) -> None:
    assert said(tmp_path, OURS, expected) == [line]


def test_the_faults_of_all_cases_are_said_at_once_with_what_was_meant(tmp_path: Path) -> None:
    path = tmp_path / "x.cases.yaml"
    path.write_text(
        """request: 2026-11-20
cases:
  - {name: one, outcome: aprove}
  - {name: two, expct: {"1": met}, expect: {"1": mett}}
  - {name: three, questions: [hba1]}
  - {name: four}
  - {name: five, given: {hba1: yes}, outcome: approve}
""",
        encoding="utf-8",
    )
    with pytest.raises(PolicyFaults) as refused:
        trials(path, CATALOG)
    assert [str(fault).removeprefix(f"{path}:").partition("expected ")[0::2] for fault in refused.value.faults] == [
        ("3: outcome: ", f"one of {', '.join(get_args(Outcome))}; found 'aprove'; did you mean 'approve'?"),
        ("4: a case has no key 'expct'; ", f"{', '.join(KEYS)}; did you mean 'expect'?"),
        ("4: 1: ", f"one of {', '.join(get_args(Status))}; found 'mett'; did you mean 'met'?"),
        ("5: no fact is named 'hba1'; did you mean 'hba1c'?", ""),
        ("6: ", "a case with `name:` and one of `expect:`, `outcome:`, `pathway:` and `questions:`"),
        ("7: no fact is named 'hba1'; did you mean 'hba1c'?", ""),
    ]
