"""Explained findings: what a proof names and a person has looked at, in ``<version>.findings.yaml`` beside the policy.

::

    policy: anthem/cg-dme-01
    version: 2015-07-07
    findings:
      - {criterion: DG.2, finding: redundant, why: What the text says there, and why it is kept.}

A finding without an explanation fails the proof, and so does an explanation of what is no longer found.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from priorauth.assurance.prove import Found, Kind
from priorauth.errors import PolicyFaults
from priorauth.policy.tree import Policy
from priorauth.values import strict_yaml
from priorauth.values.dates import iso
from priorauth.values.strict_yaml import Mapping as Map
from priorauth.values.strict_yaml import Sequence


@dataclass(frozen=True, slots=True)
class Explained:
    """One finding that a person has looked at."""

    name: str
    kind: str
    why: str
    line: int


def beside(policy: Policy) -> Path:
    """Return the file of findings that belongs to a version."""
    return Path(policy.file).with_suffix(".findings.yaml")


def explained(policy: Policy) -> tuple[Explained, ...]:
    """Read the explanations of a version; none where there is no file; raises PolicyFaults."""
    path = beside(policy)
    if not path.exists():
        return ()
    top = strict_yaml.read_file(path)
    for key, expected in (("policy", policy.id), ("version", iso(policy.effective.first))):
        if str(top.get(key)) != expected:
            raise PolicyFaults.at_line(str(path), 1, f"expected `{key}: {expected}`")
    listed = top.get("findings")
    if not isinstance(listed, Sequence):
        raise PolicyFaults.at_line(str(path), 1, "expected a list under `findings:`")
    return tuple(_explained(row, str(path)) for row in listed)


def _explained(row: strict_yaml.Value, file: str) -> Explained:
    if not isinstance(row, Map) or set(row) != {"criterion", "finding", "why"}:
        raise PolicyFaults.at_line(file, getattr(row, "line", 1), "expected `criterion:`, `finding:` and `why:`")
    if str(row["finding"]) not in get_args(Kind):
        raise PolicyFaults.at_line(file, row.line, f"expected a finding, one of {', '.join(get_args(Kind))}")
    return Explained(str(row["criterion"]), str(row["finding"]), str(row["why"]), row.line)


def unexplained(found: list[Found], known: tuple[Explained, ...]) -> tuple[Found, ...]:
    """Return the findings that nobody has explained."""
    said = {(one.name, one.kind) for one in known}
    return tuple(one for one in found if (one.name, one.kind) not in said)


def stale(found: list[Found], known: tuple[Explained, ...]) -> Iterator[Explained]:
    """Return the explanations of what is not found."""
    seen = {(one.name, one.kind) for one in found}
    return (one for one in known if (one.name, one.kind) not in seen)


def why(found: Found, known: tuple[Explained, ...]) -> str | None:
    """Return the explanation of a finding, if there is one."""
    return next((one.why for one in known if (one.name, one.kind) == (found.name, found.kind)), None)
