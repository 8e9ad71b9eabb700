"""A trial runs the cases that stand beside a policy (``<version>.cases.yaml``): rows in, what is expected out.

A case may expect the status of criteria and of rules of scope by id, the outcome, the pathway that is taken, and which
facts are asked.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, get_args

from priorauth.decide.evidence import Rows
from priorauth.decide.report import asked
from priorauth.engines.python.finding import Finding, Status
from priorauth.engines.python.outcome import decide
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.errors import Fault, PolicyFaults
from priorauth.facts.case import Case
from priorauth.facts.notation import Notation
from priorauth.policy.catalog import Catalog
from priorauth.policy.outcome import Outcome
from priorauth.policy.tree import Policy, heard
from priorauth.values import dates, names, strict_yaml
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence, Text

KEYS: Final = ("name", "given", "expect", "request", "outcome", "pathway", "questions")
_EXPECTED: Final = ("expect", "outcome", "pathway", "questions")
_STATUSES: Final[tuple[str, ...]] = get_args(Status)
_OUTCOMES: Final[tuple[str, ...]] = get_args(Outcome)
NO_PATHWAY: Final = "none"


@dataclass(frozen=True, slots=True)
class Trial:
    """One case beside a policy: its sentence, its rows, and what is expected of which criterion."""

    file: str
    line: int
    name: str
    case: Case
    expect: dict[str, str]
    outcome: str | None = None
    pathway: str | None = None
    """``none`` where none is taken."""
    questions: tuple[str, ...] | None = None
    """The facts that are asked, all of them; None where nothing is expected of them."""


def beside(policy: Policy) -> Path:
    """Return the file of cases that belongs to a version."""
    return Path(policy.file).with_suffix(".cases.yaml")


def trials(path: Path, catalog: Catalog) -> tuple[Trial, ...]:
    """Read a file of cases; raises PolicyFaults with the fault of each case that has one."""
    top = strict_yaml.read_file(path)
    notation = Notation(str(path), catalog.vocabulary, catalog.units)
    listed = top.get("cases")
    if not isinstance(listed, Sequence):
        raise PolicyFaults.at_line(str(path), 1, "expected a list under `cases:`")
    found: list[Trial] = []
    faults: list[Fault] = []
    for part in listed:
        try:
            found.append(_Reader(notation, top).trial(part))
        except PolicyFaults as refused:
            faults += refused.faults
    PolicyFaults.raise_if(faults)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class _Reader:
    notation: Notation
    top: Map
    faults: list[Fault] = field(default_factory=list)

    def trial(self, part: strict_yaml.Value) -> Trial:
        file = self.notation.file
        if not isinstance(part, Map) or "name" not in part or not set(_EXPECTED) & set(part):
            wanted = "expected a case with `name:` and one of `expect:`, `outcome:`, `pathway:` and `questions:`"
            raise PolicyFaults.at_line(file, getattr(part, "line", 1), wanted)
        for key, line in part.key_lines.items():
            if key not in KEYS:
                self.fault(line, f"a case has no key {key!r}; expected {', '.join(KEYS)}{names.near(key, KEYS)}")
        expect = self.statuses(part)
        outcome = self.word(part, "outcome", _OUTCOMES)
        questions = self.questions(part)
        PolicyFaults.raise_if(self.faults)
        try:
            as_of = dates.day(str(part.get("request", self.top.get("request", ""))))
        except ValueError as fault:
            raise PolicyFaults.at_line(file, part.line, f"request: {fault}") from None
        case = Case(as_of, self.notation.rows(part.get("given")))
        pathway = str(part["pathway"]) if "pathway" in part else None
        return Trial(file, part.line, str(part["name"]), case, expect, outcome, pathway, questions)

    def fault(self, line: int, message: str) -> None:
        self.faults.append(Fault.at_line(self.notation.file, line, message))

    def word(self, part: Map, key: str, known: tuple[str, ...]) -> str | None:
        if key not in part:
            return None
        found = str(part[key])
        if found not in known:
            said = f"{key}: expected one of {', '.join(known)}; found {found[:80]!r}{names.near(found, known)}"
            self.fault(part.key_lines[key], said)
        return found

    def statuses(self, part: Map) -> dict[str, str]:
        listed = part.get("expect")
        if listed is None:
            return {}
        if not isinstance(listed, Map):
            self.fault(part.key_lines["expect"], "expected ids with their status under `expect:`")
            return {}
        return {name: self.word(listed, name, _STATUSES) or "" for name in listed}

    def questions(self, part: Map) -> tuple[str, ...] | None:
        listed = part.get("questions")
        if listed is None:
            return None
        if not isinstance(listed, Sequence) or not all(isinstance(one, Text) for one in listed):
            self.fault(part.key_lines["questions"], "expected a list of facts under `questions:`")
            return ()
        for name in map(str, listed):
            if name not in self.notation.vocabulary:
                near = names.near(name, self.notation.vocabulary)
                self.fault(part.key_lines["questions"], f"no fact is named {name!r}{near}")
        return tuple(map(str, listed))


def run(policy: Policy, trial: Trial, catalog: Catalog) -> Iterator[str]:
    """Yield one line for each thing that does not come out as it is expected."""
    for said in _differences(policy, trial, catalog):
        yield f"{trial.file}:{trial.line}: {trial.name}: {said}"


def _differences(policy: Policy, trial: Trial, catalog: Catalog) -> Iterator[str]:
    found = statuses(policy, trial.case, catalog) if trial.expect else {}
    for criterion, expected in trial.expect.items():
        seen = found.get(criterion)
        if seen is None:
            yield f"no criterion has the id {criterion}{names.near(criterion, found)}"
        elif expected not in seen:
            yield f"{criterion} is {' and '.join(sorted(seen))}, expected {expected}"
    if trial.outcome is None and trial.pathway is None and trial.questions is None:
        return
    decision = decide(policy, trial.case, catalog.vocabulary, catalog.common)
    if trial.outcome not in (None, decision.outcome):
        yield f"the outcome is {decision.outcome}, expected {trial.outcome}"
    taken = decision.pathway.id if decision.pathway else NO_PATHWAY
    if trial.pathway not in (None, taken):
        known = [pathway.id for pathway in policy.pathways]
        near = "" if trial.pathway in known else names.near(str(trial.pathway), known)
        yield f"the pathway is {taken}, expected {trial.pathway}{near}"
    if trial.questions is not None:
        facts = {question.fact for question in asked(decision, Rows(decision.view))[0]}
        if facts != set(trial.questions):
            words = (", ".join(sorted(one)) or "nothing" for one in (facts, set(trial.questions)))
            yield "asked is {}, expected {}".format(*words)


def statuses(policy: Policy, case: Case, catalog: Catalog) -> dict[str, set[str]]:
    """Return the status of every numbered criterion, rule of scope and note of a policy over a case."""
    view = View(case, heard(policy, catalog.vocabulary))
    documents = {id(criterion) for criterion in policy.documents}
    exclusions = {id(criterion) for criterion in (*policy.excluded, *policy.reserved)}
    found: dict[str, set[str]] = {}
    for root in policy.roots():
        inside = "none of" if id(root) in exclusions else "all"
        finding = evaluate(root, view, inside=inside, document=id(root) in documents)
        for name in policy.paragraphs(root):
            found.setdefault(name, set()).add(finding.status)
        for one in finding.walk():
            for name in _ids(one):
                found.setdefault(name, set()).add(one.status)
    return found


def _ids(finding: Finding) -> tuple[str, ...]:
    own = finding.criterion.id
    return (own, *finding.criterion.also) if own else finding.criterion.also
