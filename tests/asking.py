"""Asks one line of the language of rows written by hand: the shortest way from a sentence to a result."""

from __future__ import annotations

from pathlib import Path

from priorauth.engines.python import leaf
from priorauth.engines.python.finding import Finding, Result
from priorauth.engines.python.tree import evaluate
from priorauth.engines.python.view import View
from priorauth.facts import vocabulary as vocabularies
from priorauth.facts.case import Case
from priorauth.facts.notation import Notation
from priorauth.facts.vocabulary import Vocabulary
from priorauth.policy.load import Reader
from priorauth.policy.silence import MEANS
from priorauth.policy.tree import Criterion, Leaf, Silence, hearing
from priorauth.values import dates, strict_yaml
from priorauth.values import units as unit_tables
from priorauth.values.strict_yaml import Mapping as Map

AS_OF = "2026-11-21"


def case(given: str = "{}", as_of: str = AS_OF) -> Case:
    """Read rows from the notation of priorauth.facts.notation."""
    top = strict_yaml.read_bytes(f"given:\n{_indented(given)}".encode(), "given")
    notation = Notation("given", vocabularies.load(), unit_tables.load())
    return Case(dates.day(as_of), notation.rows(top["given"]))


def view(given: str = "{}", as_of: str = AS_OF) -> View:
    """Give a view of rows."""
    return View(case(given, as_of), vocabularies.load())


def criterion(tree: str) -> Criterion:
    """Read a criterion: a line of the language or a mapping."""
    top = strict_yaml.read_bytes(f"tree:\n{_indented(tree)}".encode(), "tree")
    reader = Reader("tree", vocabularies.load(), unit_tables.load())
    found = reader.criterion(top["tree"])
    assert found is not None, reader.faults
    assert not reader.faults
    return found


def finding(tree: str, given: str = "{}", as_of: str = AS_OF) -> Finding:
    """Evaluate a criterion over rows."""
    return evaluate(criterion(tree), view(given, as_of))


def ask(line: str, given: str = "{}", as_of: str = AS_OF) -> Result:
    """Evaluate one line over rows."""
    test = criterion(line).test
    assert isinstance(test, Leaf)
    return leaf.evaluate(test.form, view(given, as_of))


def conformance(path: Path, top: Map, one: Map) -> tuple[Criterion, Case]:
    """Read one case of a conformance file: what it asks, and the rows that it is asked of."""
    vocabulary, units = vocabularies.load(), unit_tables.load()
    reader = Reader(str(path), vocabulary, units)
    readings = Map()
    readings.line, readings.key_lines = one.line, {}
    for name, value in one["readings"].items() if "readings" in one else ():  # type: ignore[union-attr]
        row = Map({"value": value, "why": value, "who": value})
        row.line, row.key_lines = one.line, {}
        readings[name], readings.key_lines[name] = row, one.line
    reader.named_readings(readings, {})
    found = reader.criterion(one["tree"] if "tree" in one else one["leaf"])
    assert found is not None, reader.faults
    assert not reader.faults
    rows = Notation(str(path), vocabulary, units).rows(one.get("given"))
    return found, Case(dates.day(str(one.get("request", top["request"]))), rows)


def heard(top: Map) -> Vocabulary:
    """Give the vocabulary as a conformance file has silence heard."""
    return hearing(vocabularies.load(), silence(top))


def silence(top: Map) -> tuple[Silence, ...]:
    """Read what a conformance file says of silence."""
    listed = top.get("silence", Map())
    assert isinstance(listed, Map)
    return tuple(Silence(name, MEANS[str(means)], "the file says so") for name, means in listed.items())


def _indented(text: str) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines())
