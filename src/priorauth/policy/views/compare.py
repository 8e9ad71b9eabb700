"""Policies side by side for one product and one kind of request: one row an idea, one column a policy.

Every cell is drawn from the tree: the outline id, how it counts, and its tests in few words. What the product and the
kind of request settle by themselves has fallen away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Literal, cast

from priorauth.facts.vocabulary import Vocabulary
from priorauth.language.english import labels
from priorauth.language.terse import terse
from priorauth.policy.tree import Criterion, Leaf, Policy, Route
from priorauth.policy.views.narrow import Known, narrow, of_request
from priorauth.policy.views.page import sentence
from priorauth.values import strict_yaml
from priorauth.values.printable import paged

PATH = Path(__file__).parents[2] / "policies" / "concepts.yaml"
Role = Literal["must", "one way", "excluded if", "paper", "a person decides if", "instead"]
LEGEND = """\
- **must**: needed for an approval.
- **one way**: one of several ways to an approval; the policy's page says which go together.
- **excluded if**: speaks against an approval.
- **paper**: has to be on file.
- **a person decides if**: no approval by software alone.
- **instead**: may stand in place of the written criteria.

Tests after one id are parts of that criterion; the policy's page says how they are joined. A length of time in brackets
counts back from the request. A dash: not asked."""


@dataclass(frozen=True, slots=True)
class Concepts:
    """The idea to which each fact belongs, in the order of the rows, and what a product settles beside its codes."""

    of_fact: Mapping[str, str]
    given: Mapping[str, Mapping[str, tuple[str, ...]]]

    def known(self, vocabulary: Vocabulary, product: str | None, kind: str | None) -> Known:
        """Return what a request settles by itself."""
        found = of_request(vocabulary, product, kind)
        for fact, values in self.given.items():
            found.update((fact, value) for value, products in values.items() if product in products)
        return found

    def row(self, fact: str) -> str:
        """Return the name of the row of a fact."""
        return self.of_fact.get(fact) or labels().spelled(fact).capitalize()


@dataclass(frozen=True, slots=True)
class Asked:
    """One test of a policy: the nearest outline id, how it counts, its row and its words."""

    row: str
    id: str
    role: Role
    words: str


@cache
def concepts(path: Path = PATH) -> Concepts:
    """Load the concepts; raises PolicyFaults."""
    top = strict_yaml.read_file(path)
    rows = cast("Mapping[str, list[str]]", top["concepts"])
    given = cast("Mapping[str, Mapping[str, list[str]]]", top["given"])
    return Concepts(
        {str(fact): title for title, facts in rows.items() for fact in facts},
        {fact: {value: tuple(map(str, listed)) for value, listed in row.items()} for fact, row in given.items()},
    )


def asked(policy: Policy, vocabulary: Vocabulary, known: Known) -> Iterator[Asked]:
    """Yield every test that a policy puts to such a request, in the order of the file."""
    taken = next((one for one in policy.pathways if one.when is None or narrow(one.when, known) is True), None)
    roots: list[tuple[Criterion, Role]] = [(taken.require, "must")] if taken else []
    roots += [(policy.individual, "instead")] if policy.individual else []
    roots += [(one, "excluded if") for one in policy.excluded]
    roots += [(one, "paper") for one in policy.documents]
    roots += [(one, "a person decides if") for one in policy.reserved]
    for root, role in roots:
        left = narrow(root, known, "all" if role in ("must", "paper") else "any")
        if not isinstance(left, bool):
            yield from _asked(left, _Way(role, "", role), vocabulary)


@dataclass(frozen=True, slots=True)
class _Way:
    """The way down to a criterion: how it counts, what is cited for it and how that counts, negated, for whom."""

    role: Role
    cited: str
    counts: Role
    against: bool = False
    only: str = ""


def _asked(criterion: Criterion, way: _Way, vocabulary: Vocabulary) -> Iterator[Asked]:
    if criterion.id:
        way = replace(way, cited=criterion.id, counts=way.role)
    if criterion.guard:
        way = replace(way, only=f"{way.only} (only where {sentence(criterion.guard, vocabulary)})")
    test = criterion.test
    if isinstance(test, Leaf):
        said = terse(test.form, vocabulary) + way.only
        yield Asked(concepts().row(test.form.fact), way.cited, way.counts, f"not: {said}" if way.against else said)
        return
    if test.kind in ("any", "at least", "ways") and len(test.parts) > test.k and way.role == "must":
        way = replace(way, role="one way")
    if test.kind == "none of":
        way = replace(way, against=not way.against)
    for part in test.parts:
        yield from _asked(part, way, vocabulary)


@dataclass(frozen=True, slots=True)
class Test:
    """What a cell says of one criterion: how it counts, its outline id (perhaps empty), and its tests in few words."""

    role: Role
    id: str
    words: str


@dataclass(frozen=True, slots=True)
class Beside:
    """Policies side by side. ``states``: why a policy does not decide such a request, None where it does.

    ``rows``: an idea with a cell for each policy, empty where it does not ask.
    """

    policies: tuple[Policy, ...]
    states: tuple[str | None, ...]
    rows: tuple[tuple[str, tuple[tuple[Test, ...], ...]], ...]


def beside(policies: Iterable[Policy], vocabulary: Vocabulary, product: str | None, kind: str | None) -> Beside:
    """Hold policies side by side for one product and one kind of request."""
    columns = tuple(policies)
    known = concepts().known(vocabulary, product, kind)
    cells = [_column(policy, vocabulary, known) for policy in columns]
    order = list(dict.fromkeys(concepts().of_fact.values()))
    names = dict.fromkeys(row for row in order if any(row in cell for cell in cells))
    names.update(dict.fromkeys(row for cell in cells for row in cell))
    states = tuple(_state(policy, product, known) for policy in columns)
    rows = [
        (row, tuple(() if state else tuple(cell.get(row, ())) for state, cell in zip(states, cells, strict=True)))
        for row in names
    ]
    return Beside(columns, states, tuple(row for row in rows if any(row[1])))


def table(policies: Iterable[Policy], vocabulary: Vocabulary, product: str | None, kind: str | None) -> str:
    """Write the comparison in Markdown."""
    found = beside(policies, vocabulary, product, kind)
    what = f"product {product}" if product else "every product"
    lines = [f"# Who asks what: {what}, {kind or 'any'} request", "", *LEGEND.splitlines(), ""]
    lines.append(f"| | {' | '.join(f'{policy.payer}: {policy.version}' for policy in found.policies)} |")
    lines.append(f"|---{'|---' * len(found.policies)}|")
    lines.append(f"| Decides here | {' | '.join(_cell([state or 'yes']) for state in found.states)} |")
    for row, cells in found.rows:
        lines.append(f"| {row} | {' | '.join(_cell([_markdown(one) for one in cell]) for cell in cells)} |")
    return paged(lines)


def _markdown(one: Test) -> str:
    return f"**{f'{one.role}, {one.id}' if one.id else one.role}**: {one.words}"


def _column(policy: Policy, vocabulary: Vocabulary, known: Known) -> dict[str, list[Test]]:
    """Return the cells of one policy by row: tests of one criterion that count alike stand together."""
    together: dict[tuple[str, str, Role], list[str]] = {}
    for one in asked(policy, vocabulary, known):
        together.setdefault((one.row, one.id, one.role), []).append(one.words)
    cells: dict[str, list[Test]] = {}
    for (row, name, role), said in together.items():
        cells.setdefault(row, []).append(Test(role, name, "; ".join(dict.fromkeys(said))))
    return cells


def _state(policy: Policy, product: str | None, known: Known) -> str | None:
    """Return why a policy does not decide such a request; None where it does."""
    if not policy.takes(product):
        return "no: does not speak about this product"
    for routes in (policy.elsewhere, policy.other_criteria):
        if sent := _sent(routes, known):
            return f"no: goes to {sent}"
    if policy.required and narrow(policy.required, known) is False:
        return "no authorization is asked"
    if not any(one.when is None or narrow(one.when, known) is not False for one in policy.pathways):
        return "no pathway: a person decides"
    return None


def _sent(routes: tuple[Route, ...], known: Known) -> str | None:
    return next((route.to for route in routes if narrow(route.when, known, "any") is True), None)


def _cell(parts: list[str]) -> str:
    return "<br>".join(parts).replace("|", "\\|") or "-"
