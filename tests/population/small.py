"""Policies of a line or two, and what DuckDB says under them of members written by hand."""

from __future__ import annotations

from msgspec.structs import replace

from priorauth.facts import vocabulary as vocabularies
from priorauth.policy.tree import Criterion, Group, Pathway, Policy, Span
from tests import asking
from tests.population.held import decided

VOCABULARY = vocabularies.load()


def step(tree: str, name: str, title: str | None = None) -> Criterion:
    """Read a criterion and number it."""
    return replace(asking.criterion(tree), id=name, title=title)


def policy(*steps: Criterion, name: str = "t/t") -> Policy:
    """Give a policy of one pathway that wants every step."""
    pathway = Pathway("p", "", None, Criterion(Group("all", steps, len(steps))), {})
    return Policy(name, "A title", "1", Span(1, None), 1, {}, (), "current", "t.yaml", "", pathways=(pathway,))


def said(tree: str, *given: str, shared: bool = False) -> list[str]:
    """Give the status of one criterion for each member as DuckDB has it; ``shared``: one request date for all."""
    cases = [asking.case(rows) for rows in given]
    rows = decided(policy(step(tree, "one")), cases, VOCABULARY, as_of=cases[0].as_of if shared else None)
    return [str(row["one"]) for row in rows]


def python(tree: str, *given: str) -> list[str]:
    """Give the same as Python has it."""
    return [str(asking.finding(tree, rows).status) for rows in given]
