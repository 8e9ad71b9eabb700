"""A trial runs the cases that stand beside a policy (``<version>.cases.yaml``): rows in, the status of each criterion
out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from priorauth.engines.python.finding import Finding
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.errors import PolicyFaults
from priorauth.facts.case import Case
from priorauth.facts.notation import Notation
from priorauth.policy.catalog import Catalog
from priorauth.policy.tree import Policy
from priorauth.values import dates, strict_yaml
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence


@dataclass(frozen=True, slots=True)
class Trial:
    """One case beside a policy: its sentence, its rows, and what is expected of which criterion."""

    file: str
    line: int
    name: str
    case: Case
    expect: dict[str, str]


def beside(policy: Policy) -> Path:
    """Return the file of cases that belongs to a version."""
    return Path(policy.file).with_suffix(".cases.yaml")


def trials(path: Path, catalog: Catalog) -> tuple[Trial, ...]:
    """Read a file of cases; raises PolicyFaults with the line of the first fault."""
    top = strict_yaml.read_file(path)
    notation = Notation(str(path), catalog.vocabulary, catalog.units)
    listed = top.get("cases")
    if not isinstance(listed, Sequence):
        raise PolicyFaults.at_line(str(path), 1, "expected a list under `cases:`")
    return tuple(_trial(part, top, notation) for part in listed)


def _trial(part: strict_yaml.Value, top: Map, notation: Notation) -> Trial:
    if not isinstance(part, Map) or "name" not in part or not isinstance(part.get("expect"), Map):
        raise PolicyFaults.at_line(
            notation.file, getattr(part, "line", 1), "expected a case with `name:` and `expect:`"
        )
    if unknown := sorted(set(part) - {"name", "given", "expect", "request"}):
        raise PolicyFaults.at_line(notation.file, part.key_lines[unknown[0]], f"a case has no key {unknown[0]!r}")
    try:
        as_of = dates.day(str(part.get("request", top.get("request", ""))))
    except ValueError as fault:
        raise PolicyFaults.at_line(notation.file, part.line, f"request: {fault}") from None
    expect = {criterion: str(status) for criterion, status in part["expect"].items()}  # type: ignore[union-attr]
    return Trial(notation.file, part.line, str(part["name"]), Case(as_of, notation.rows(part.get("given"))), expect)


def run(policy: Policy, trial: Trial, catalog: Catalog) -> Iterator[str]:
    """Yield one line for each criterion whose status is not the expected one."""
    found = statuses(policy, trial.case, catalog)
    for criterion, expected in trial.expect.items():
        seen = found.get(criterion)
        if seen is None:
            yield f"{trial.file}:{trial.line}: {trial.name}: no criterion has the id {criterion}"
        elif expected not in seen:
            was = " and ".join(sorted(seen))
            yield f"{trial.file}:{trial.line}: {trial.name}: {criterion} is {was}, expected {expected}"


def statuses(policy: Policy, case: Case, catalog: Catalog) -> dict[str, set[str]]:
    """Return the status of every numbered criterion of a policy over a case."""
    view = View(case, catalog.vocabulary)
    documents = {id(criterion) for criterion in policy.documents}
    exclusions = {id(criterion) for criterion in (*policy.excluded, *policy.reserved)}
    found: dict[str, set[str]] = {}
    for root in policy.roots():
        inside = "none of" if id(root) in exclusions else "all"
        finding = evaluate(root, view, inside=inside, document=id(root) in documents)
        for one in finding.walk():
            for name in _ids(one):
                found.setdefault(name, set()).add(one.status)
    return found


def _ids(finding: Finding) -> tuple[str, ...]:
    own = finding.criterion.id
    return (own, *finding.criterion.also) if own else finding.criterion.also
