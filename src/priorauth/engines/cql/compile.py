"""A policy as a library of CQL: its parameters, its definitions, and which definition is which criterion.

The rows of a case come in as parameters (:mod:`priorauth.engines.cql.parameters` writes them); what the lines mean
stands in the shared library that :func:`priorauth.engines.cql.types.shared` gives.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from priorauth.engines.cql.outcome import TAKEN, named, taken
from priorauth.engines.cql.pieces import AS_OF, identifier, string
from priorauth.engines.cql.tree import Trees
from priorauth.engines.cql.types import VERSION, types
from priorauth.engines.cql.view import View, parameter
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.tree import Criterion, Policy, heard
from priorauth.values.dates import iso


@dataclass(frozen=True, slots=True)
class Library:
    """A library of CQL: its name, its text, the facts whose rows it takes, and which definition is which criterion.

    ``criteria`` has one entry for each criterion, in the order of the policy: the name of its definition.
    """

    name: str
    text: str
    facts: tuple[str, ...]
    criteria: tuple[tuple[str, Criterion], ...]


def library(policy: Policy, vocabulary: Vocabulary, common: tuple[Criterion, ...] = ()) -> Library:
    """Write one version of a policy as CQL; raises Unsayable for a number that CQL cannot hold."""
    version = f"{policy.id}@{iso(policy.effective.first)}"
    head = [
        f"{policy.title}, {policy.version}, of {policy.id}, in force from {iso(policy.effective.first)}",
        f"Written by `priorauth policies cql {version}`; change the policy, not this file.",
        *(f"Reading {name}: {one.text} ({one.who}). {one.why}" for name, one in (policy.readings or {}).items()),
    ]
    trees = Trees(View(heard(policy, vocabulary)))
    names = {
        name: trees.criterion(root.criterion, name, in_all=root.inside == "all", document=root.document)
        for name, root in named(policy, common)
    }
    trees.view.define(TAKEN, taken(policy, names))
    return _written(trees, name_of(policy.id), iso(policy.effective.first), head)


def of_trees(name: str, criteria: Iterable[tuple[str, Criterion]], vocabulary: Vocabulary) -> Library:
    """Write trees that are no policy, each with its name, such as the cases of a conformance file."""
    trees = Trees(View(vocabulary))
    for own, criterion in criteria:
        trees.criterion(criterion, own, in_all=True, document=False)
    return _written(trees, name, VERSION, [])


def name_of(policy: str) -> str:
    """Return the name of the library of a policy: ``masshealth/insulin-pumps`` is ``MasshealthInsulinPumps``."""
    words = "".join(one if one.isascii() and one.isalnum() else " " for one in policy).split()
    return "".join(word[:1].upper() + word[1:] for word in words)


def _written(trees: Trees, name: str, version: str, head: list[str]) -> Library:
    """Write everything that was defined."""
    view = trees.view
    lines = [f"// {' '.join(line.split())}" for line in head]
    lines += [f"library {name} version {string(version)}", "using FHIR version '4.0.1'"]
    lines += [
        f"include PriorAuth version {string(VERSION)} called PA",
        "",
        *_parameters(view),
        "",
        "context Patient",
    ]
    for defined, text in view.defines.items():
        lines.append("")
        if defined in view.notes:
            lines.append(f"// {' '.join(view.notes[defined].split())}")
        lines.append(f"define {identifier(defined)}: {text}")
    return Library(name, "\n".join(lines) + "\n", tuple(sorted(view.facts)), tuple(trees.criteria))


def _parameters(view: View) -> Iterator[str]:
    """Declare what a case hands in."""
    written: Mapping[str, str] = types()
    yield f"parameter {AS_OF} Integer"
    yield f'parameter "settled" List<{written["Word"]}>'
    for name, shape in sorted(view.facts.items()):
        yield f"parameter {parameter(name)} List<{written[shape]}>"
        if shape != "Said":
            yield f"parameter {parameter(name, whole=True)} List<{written['Whole']}>"
