"""Lines of the language as CQL, for the tests of the parts that write it."""

from __future__ import annotations

from priorauth.engines.cql import leaf
from priorauth.engines.cql.view import View
from priorauth.facts import vocabulary as vocabularies
from priorauth.language import forms as f
from priorauth.language.check import Checker
from priorauth.language.parse import parse
from priorauth.values import units


def form(text: str) -> f.Form:
    checker = Checker(vocabularies.load(), units.load())
    checked = checker.check(parse(text))
    assert not checker.faults
    return checked


def view() -> View:
    return View(vocabularies.load())


def written(text: str, into: View | None = None) -> str:
    """Write a line; facts and windows stand under their names alone."""
    said = leaf.call(form(text), into or view())
    return said.replace(' by side"', '"').replace('"in: ', '"')
